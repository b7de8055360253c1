// SPDX-License-Identifier: GPL-2.0-only
/* Handles that travel: sockets, copies of descriptors, descriptors that are closed meanwhile. */
#include <sys/socket.h>
#include <sys/syscall.h>

#include "kselftest_harness.h"
#include "story.h"

FIXTURE(lock) {
	int mine;
	int other;
	int pair[2];
};

FIXTURE_SETUP(lock)
{
	story_begin();
	self->mine = new_object(mutex_args());
	ASSERT_LE(0, self->mine);
	self->other = clone_handle(self->mine);
	ASSERT_LE(0, self->other);
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, self->pair));
}

FIXTURE_TEARDOWN(lock)
{
	close(self->mine);
	close(self->other);
	close(self->pair[0]);
	close(self->pair[1]);
	story_end();
}

union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int))];
};

static int send_descriptor(int socket, int fd)
{
	char byte = 0;
	struct iovec data = { &byte, 1 };
	union control control = { .header = {
		.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET,
		.cmsg_type = SCM_RIGHTS,
	} };
	struct msghdr message = {
		.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof(control),
	};

	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	return sendmsg(socket, &message, 0) == 1 ? 0 : -1;
}

static int receive_descriptor(int socket)
{
	char byte;
	struct iovec data = { &byte, 1 };
	union control control;
	struct msghdr message = {
		.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	int fd = -1;

	if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) == 1 && message.msg_controllen)
		memcpy(&fd, CMSG_DATA(&control.header), sizeof(fd));
	return fd;
}

/* Locks by a handle of its own, sends it into the pair of sockets, closes it, and stays. */
static pid_t sender(const int *pair, int from, __u32 flags)
{
	pid_t child = start();

	if (!child) {
		int handle = clone_handle(from);

		close(pair[1]);
		if (mutex_lock(handle, flags, NULL) || send_descriptor(pair[0], handle))
			_exit(1);
		close(handle);
		shared[0] = 1;
		for (;;)
			pause();
	}
	return child;
}

/*
 * A process locks, passes the handle to another, closes its own descriptor and lives on. The lock
 * is held, and the receiver unlocks it.
 * Reported of passed descriptors: VividCortex/godaemon #15.
 */
TEST_F(lock, passed_and_unlocked_there)
{
	pid_t child = sender(self->pair, self->other, 0);
	struct quartet_lock args;
	int passed;

	passed = receive_descriptor(self->pair[1]);
	ASSERT_LE(0, passed);
	ASSERT_TRUE(SOON(shared[0]));
	EXPECT_EQ(FD_CLOEXEC, fcntl(passed, F_GETFD));
	EXPECT_TRUE(is_mine(passed));
	EXPECT_REFUSED(EAGAIN, mutex_lock(self->other, QUARTET_TRY, NULL));
	EXPECT_EQ(0, mutex_unlock(passed));
	EXPECT_EQ(0, mutex_lock(self->other, QUARTET_TRY, &args));
	EXPECT_EQ(0, args.result);
	close(passed);
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
	EXPECT_TRUE(is_mine(self->other));
}

/*
 * A process locks, passes the handle to another, and dies. The lock dies with who asked; the
 * receiver has a handle without it, and the next one is told.
 * Reported of passed descriptors: VividCortex/godaemon #15.
 */
TEST_F(lock, passed_and_then_the_giver_dies)
{
	pid_t child = sender(self->pair, self->other, 0);
	int passed = receive_descriptor(self->pair[1]);

	ASSERT_LE(0, passed);
	ASSERT_TRUE(SOON(shared[0]));
	ASSERT_TRUE(is_mine(passed));
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
	EXPECT_FALSE(is_mine(passed));
	EXPECT_REFUSED(EPERM, mutex_unlock(passed));
	EXPECT_DIED(child, self->other);
	close(passed);
}

/*
 * A process locks BY_HANDLE, passes the handle to another, and dies. The lock goes with the handle:
 * the receiver has it, and unlocks it.
 * Reported of passed descriptors: VividCortex/godaemon #15.
 */
TEST_F(lock, passed_for_good)
{
	pid_t child = sender(self->pair, self->other, QUARTET_BY_HANDLE);
	int passed = receive_descriptor(self->pair[1]);
	struct quartet_lock args;

	ASSERT_LE(0, passed);
	ASSERT_TRUE(SOON(shared[0]));
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
	EXPECT_TRUE(is_mine(passed));
	EXPECT_REFUSED(EAGAIN, mutex_lock(self->other, QUARTET_TRY, NULL));
	EXPECT_EQ(0, mutex_unlock(passed));
	EXPECT_EQ(0, mutex_lock(self->other, QUARTET_TRY, &args));
	EXPECT_EQ(0, args.result);
	close(passed);
}

/*
 * A process locks BY_HANDLE, sends the handle, and dies, and nobody has received it when the socket
 * is closed. That is the last close of the handle, and the next one is told.
 * Reported of descriptors in flight: asterinas/asterinas #2176.
 */
TEST_F(lock, passed_for_good_and_lost)
{
	pid_t child = sender(self->pair, self->other, QUARTET_BY_HANDLE);

	ASSERT_TRUE(SOON(shared[0]));
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
	EXPECT_REFUSED(EAGAIN, mutex_lock(self->other, QUARTET_TRY, NULL));
	close(self->pair[0]);
	close(self->pair[1]);
	self->pair[0] = -1;
	self->pair[1] = -1;
	ASSERT_TRUE(SOON(!is_held(self->other)));
	EXPECT_DIED(child, self->other);
}

/*
 * The handle is still in the socket, received by nobody, when the process that locked by it dies.
 * The lock ends with that process.
 * Reported of descriptors in flight: asterinas/asterinas #2176.
 */
TEST_F(lock, in_flight_when_the_asker_dies)
{
	pid_t child = sender(self->pair, self->other, 0);

	ASSERT_TRUE(SOON(shared[0]));
	EXPECT_REFUSED(EAGAIN, mutex_lock(self->other, QUARTET_TRY, NULL));
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
	EXPECT_DIED(child, self->other);
}

/*
 * The handle is still in the socket when both ends of that are closed. That was its last close, so
 * the lock ends, though its owner lives.
 * Reported of descriptors in flight: libuv/libuv #4358.
 */
TEST_F(lock, in_flight_when_the_socket_closes)
{
	pid_t child = sender(self->pair, self->other, 0);

	ASSERT_TRUE(SOON(shared[0]));
	EXPECT_REFUSED(EAGAIN, mutex_lock(self->other, QUARTET_TRY, NULL));
	close(self->pair[1]);
	self->pair[1] = -1;
	ASSERT_TRUE(SOON(!is_held(self->other)));
	EXPECT_DIED(child, self->other);
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
}

/* The kernel collects cycles when some socket is closed. */
static bool is_collected(int handle)
{
	close(socket(AF_UNIX, SOCK_STREAM, 0));
	return !is_held(handle);
}

/*
 * A socket travels through itself, together with a locked handle, and everything is closed: only
 * the kernel's collector of such cycles finds it. Then the lock ends, and the next one is told.
 * Reported of descriptors in flight: asterinas/asterinas #2176.
 */
TEST_F(lock, lost_in_a_cycle_of_sockets)
{
	int handle = clone_handle(self->other);

	ASSERT_EQ(0, mutex_lock(handle, 0, NULL));
	ASSERT_EQ(0, send_descriptor(self->pair[0], self->pair[1]));
	ASSERT_EQ(0, send_descriptor(self->pair[0], self->pair[0]));
	ASSERT_EQ(0, send_descriptor(self->pair[0], handle));
	close(handle);
	close(self->pair[0]);
	close(self->pair[1]);
	self->pair[0] = -1;
	self->pair[1] = -1;
	ASSERT_TRUE(SOON(is_collected(self->other)));
	EXPECT_DIED(getpid(), self->other);
}

/*
 * A program makes a copy of the descriptor by dup(), and closes one of the two. The lock stays
 * until the other is closed as well.
 * Reported of flock: awslabs/aws-c-common #1192.
 */
TEST_F(lock, one_of_two_copies_is_closed)
{
	int copy = dup(self->mine);

	ASSERT_EQ(0, mutex_lock(self->mine, 0, NULL));
	close(self->mine);
	EXPECT_TRUE(is_mine(copy));
	EXPECT_REFUSED(EDEADLK, mutex_lock(copy, QUARTET_TRY, NULL));
	EXPECT_REFUSED(EAGAIN, mutex_lock(self->other, QUARTET_TRY, NULL));
	close(copy);
	EXPECT_DIED(getpid(), self->other);
	self->mine = -1;
}

/*
 * A daemon redirects its output by dup2(), over the descriptor that happens to be the locked
 * handle. That closes it, and the next one is told.
 * Reported of redirected descriptors: Xpra-org/xpra #3421.
 */
TEST_F(lock, dup2_over_the_handle)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	ASSERT_EQ(0, mutex_lock(self->mine, 0, NULL));
	ASSERT_EQ(self->mine, dup2(null, self->mine));
	EXPECT_REFUSED(ENOTTY, ioctl(self->mine, QUARTET_UNLOCK, NULL));
	EXPECT_DIED(getpid(), self->other);
	close(null);
}

/* What the thread's lock became. */
struct lock_call {
	int handle;
	int error;
};

static void *lock_by_call(void *arg)
{
	struct lock_call *call = arg;

	call->error = mutex_lock(call->handle, 0, NULL) ? errno : 0;
	return NULL;
}

/*
 * One thread waits for the lock, and another closes the descriptor under it. The wait goes on by
 * the file that the call has; what it is granted ends with that file, and nobody is left waiting.
 * Reported of closed descriptors: kohlschutter/junixsocket #13.
 */
TEST_F(lock, closed_by_another_thread)
{
	struct lock_call call = { .handle = clone_handle(self->mine) };
	pthread_t thread;

	ASSERT_EQ(0, mutex_lock(self->mine, 0, NULL));
	ASSERT_EQ(0, pthread_create(&thread, NULL, lock_by_call, &call));
	ASSERT_TRUE(mutex_awaits(self->mine, 1));
	close(call.handle);
	EXPECT_EQ(1, mutex_state(self->mine).waiters);
	EXPECT_EQ(0, mutex_unlock(self->mine));
	EXPECT_EQ(0, pthread_join(thread, NULL));
	EXPECT_EQ(0, call.error);
	EXPECT_TRUE(SOON(!is_held(self->other)));
	EXPECT_DIED(getpid(), self->other);
}

/*
 * One thread waits for the lock, and another puts a new handle at the same number by dup2(). The
 * wait is the old handle's; a command by that number is the new one's.
 * Reported of reused descriptors: irods/irods #4944.
 */
TEST_F(lock, replaced_under_a_waiter)
{
	struct lock_call call = { .handle = clone_handle(self->mine) };
	int another = new_object(mutex_args());
	pthread_t thread;

	ASSERT_EQ(0, mutex_lock(self->mine, 0, NULL));
	ASSERT_EQ(0, pthread_create(&thread, NULL, lock_by_call, &call));
	ASSERT_TRUE(mutex_awaits(self->mine, 1));
	ASSERT_EQ(call.handle, dup2(another, call.handle));
	EXPECT_EQ(0, mutex_lock(call.handle, QUARTET_TRY, NULL));
	EXPECT_TRUE(is_mine(another));
	EXPECT_EQ(1, mutex_state(self->mine).waiters);
	EXPECT_EQ(0, mutex_unlock(self->mine));
	EXPECT_EQ(0, pthread_join(thread, NULL));
	EXPECT_EQ(0, call.error);
	EXPECT_TRUE(is_mine(another));
	close(call.handle);
	close(another);
}

/*
 * A debugger takes a copy of the owner's handle by pidfd_getfd(). The owner's close does not end
 * the lock then, but its death does.
 * Reported of copies by debuggers: nelhage/reptyr #37.
 */
TEST_F(lock, copied_by_a_debugger)
{
	pid_t owner = start();
	int copy, pidfd;

	if (!owner) {
		int handle = clone_handle(self->other);

		if (mutex_lock(handle, 0, NULL))
			_exit(1);
		shared[0] = handle;
		while (!shared[1])
			usleep(1000);
		close(handle);
		shared[1] = 2;
		for (;;)
			pause();
	}
	ASSERT_TRUE(SOON(shared[0]));
	pidfd = syscall(SYS_pidfd_open, owner, 0);
	copy = syscall(SYS_pidfd_getfd, pidfd, shared[0], 0);
	close(pidfd);
	if (copy < 0)
		SKIP(return, "no pidfd_getfd()");
	shared[1] = 1;
	ASSERT_TRUE(SOON(shared[1] == 2));
	EXPECT_TRUE(is_mine(copy));
	EXPECT_EQ(-SIGKILL, kill_and_wait(owner));
	EXPECT_FALSE(is_mine(copy));
	EXPECT_DIED(owner, self->other);
	close(copy);
}

/*
 * A script opens the handle again by its path in /proc/self/fd, as it would a lock file. There is
 * no file behind it: the open fails, and the lock is as it was.
 * Reported of descriptors by path: bmc/daemonize #34.
 */
TEST_F(lock, opened_again_by_its_path)
{
	char path[64];

	ASSERT_EQ(0, mutex_lock(self->mine, 0, NULL));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", self->mine);
	EXPECT_EQ(-1, open(path, O_RDWR | O_CLOEXEC));
	EXPECT_TRUE(is_mine(self->mine));
}

TEST_HARNESS_MAIN
