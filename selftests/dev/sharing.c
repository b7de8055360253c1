// SPDX-License-Identifier: GPL-2.0-only
/* One handle in several hands: sent to others, tasks that share descriptors, threads that exit. */
#include "kselftest_harness.h"
#include "../dev/kinds.h"

FIXTURE(sharing) {
	int device;
	int a;
	int b;
};

FIXTURE_SETUP(sharing)
{
	self->device = device_open();
	ASSERT_LE(0, self->device);
	self->a = create(self->device, mutex_args());
	ASSERT_LE(0, self->a);
	self->b = clone_handle(self->a);
	ASSERT_LE(0, self->b);
}

FIXTURE_TEARDOWN(sharing)
{
	close(self->a);
	close(self->b);
	close(self->device);
}

/* It is the same handle, so the same owner; what it was granted here ends with us, not with it. */
TEST_F(sharing, sent)
{
	int sockets[2], only;
	pid_t child;

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, sockets));
	only = clone_handle(self->a);
	child = fork();
	if (!child) {
		int sent;

		close(only);
		sent = receive_descriptor(sockets[1]);
		if (!(mutex_state(sent).state & QUARTET_MUTEX_MINE) || mutex_unlock(sent) ||
		    mutex_lock(sent, 0, NULL))
			_exit(1);
		for (;;)
			pause();
	}
	ASSERT_EQ(0, mutex_lock(only, 0, NULL));
	ASSERT_TRUE(send_descriptor(sockets[0], only));
	close(only);
	/* Now it is the child's alone, and so is the lock. */
	while (mutex_state(self->a).owner_pid != child)
		usleep(1000);
	EXPECT_EQ(3, mutex_state(self->a).handles);
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
	EXPECT_EQ(2, mutex_state(self->a).handles);
	EXPECT_EQ(QUARTET_MUTEX_INCONSISTENT, mutex_state(self->a).state);
}

/* On its way, and nobody has it: it is closed with the socket. */
TEST_F(sharing, sent_and_never_received)
{
	int sockets[2], only = clone_handle(self->a);

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, sockets));
	ASSERT_EQ(0, mutex_lock(only, 0, NULL));
	ASSERT_TRUE(send_descriptor(sockets[0], only));
	close(only);
	EXPECT_EQ(QUARTET_MUTEX_HELD, mutex_state(self->a).state);
	close(sockets[0]);
	close(sockets[1]);
	EXPECT_EQ(QUARTET_MUTEX_INCONSISTENT, mutex_state(self->a).state);
}

static int lock_and_exit(void *data)
{
	_exit(mutex_lock(*(int *)data, 0, NULL) ? 1 : 7);
}

/* Two tasks with one table of descriptors are two processes. */
TEST_F(sharing, one_of_two_sharers_exits)
{
	static char stack[65536];
	pid_t child = clone(lock_and_exit, stack + sizeof(stack), CLONE_FILES | CLONE_VM | SIGCHLD,
			    &self->a);

	ASSERT_LT(0, child);
	EXPECT_EQ(7, wait_for(child));
	EXPECT_EQ(QUARTET_MUTEX_INCONSISTENT, mutex_state(self->a).state);
	EXPECT_REFUSED(EPERM, mutex_unlock(self->a));
}

static void *lock_in_thread(void *data)
{
	return (void *)(long)mutex_lock(*(int *)data, 0, NULL);
}

TEST_F(sharing, thread_exits)
{
	pthread_t thread;
	void *err;

	pthread_create(&thread, NULL, lock_in_thread, &self->a);
	pthread_join(thread, &err);
	EXPECT_EQ(NULL, err);
	EXPECT_EQ(QUARTET_MUTEX_HELD | QUARTET_MUTEX_MINE, mutex_state(self->a).state);
	EXPECT_EQ(0, mutex_unlock(self->a));
}

/* A process of several threads that is killed is one death. */
TEST_F(sharing, threads_are_killed)
{
	struct quartet_lock args;
	pthread_t thread;
	pid_t child = fork();

	if (!child) {
		pthread_create(&thread, NULL, lock_in_thread, &self->a);
		for (;;)
			pause();
	}
	while (!mutex_state(self->b).state)
		usleep(1000);
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
	ASSERT_EQ(0, mutex_lock_until(self->b, 0, in_ms(5000)));
	EXPECT_EQ(child, mutex_state(self->b).dead_pid);
	EXPECT_EQ(0, grant_command(self->b, QUARTET_CONSISTENT, 0));
	EXPECT_EQ(0, mutex_unlock(self->b));
	EXPECT_EQ(0, mutex_lock(self->a, 0, &args));
	EXPECT_EQ(0, args.result);
}

TEST_HARNESS_MAIN
