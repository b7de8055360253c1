// SPDX-License-Identifier: GPL-2.0-only
/* Containers: user, PID, network and time namespaces, and clocks that are set. */
#include <grp.h>
#include <sys/syscall.h>

#include "kselftest_harness.h"
#include "story.h"

#define NAME	"service"
#define NSEC	1000000000ULL

FIXTURE(service) {
	int device;
	int handle;
};

FIXTURE_SETUP(service)
{
	story_begin();
	self->device = device_open();
	ASSERT_LE(0, self->device);
	self->handle = create_named(self->device, mutex_args(), NAME);
	ASSERT_LE(0, self->handle);
}

FIXTURE_TEARDOWN(service)
{
	unlink_named(self->device, NAME);
	close(self->handle);
	close(self->device);
	story_end();
}

/* What a process of a story exits with when its kernel lacks what it needs. */
#define LACKS	77

/* Ends the story if the process said so; else its status. */
#define STATUS_OR_SKIP(process, what) ({ \
	int _status = wait_for(process); \
	if (_status == LACKS) \
		SKIP(return, "no " what " namespaces"); \
	_status; \
})

/*
 * Two services in containers with networks of their own take the same name. They do not meet, as
 * abstract sockets would not.
 * Reported of abstract sockets: opensvc/multipath-tools #111, nginx/unit #670.
 */
TEST_F(service, two_networks)
{
	pid_t child;

	ASSERT_EQ(0, mutex_lock(self->handle, 0, NULL));
	child = start();
	if (!child) {
		int own;

		if (unshare(CLONE_NEWNET))
			_exit(LACKS);
		if (!WAS_REFUSED(ENOENT, open_named(self->device, NAME)))
			_exit(1);
		own = create_named(self->device, mutex_args(), NAME);
		if (own < 0 || mutex_lock(own, QUARTET_TRY, NULL))
			_exit(2);
		_exit(mutex_state(own).handles != 1);
	}
	EXPECT_EQ(0, STATUS_OR_SKIP(child, "network"));
	EXPECT_EQ(1, mutex_state(self->handle).handles);
	EXPECT_TRUE(is_mine(self->handle));
}

/*
 * Containers share the host's network, as with --net=host. They meet at the name, like processes
 * of the host.
 * Reported of abstract sockets: moby/moby #14767, ClusterLabs/libqb #246.
 */
TEST_F(service, one_network_for_all)
{
	pid_t child;

	ASSERT_EQ(0, mutex_lock(self->handle, 0, NULL));
	child = start();
	if (!child) {
		if (unshare(CLONE_NEWPID | CLONE_NEWNS))
			_exit(LACKS);
		_exit(!WAS_REFUSED(EAGAIN, mutex_lock(open_named(self->device, NAME),
						      QUARTET_TRY, NULL)));
	}
	EXPECT_EQ(0, STATUS_OR_SKIP(child, "PID"));
}

/*
 * A container's network ends while a process elsewhere still uses an object that got its name
 * there. The handle goes on working.
 * Reported of abstract sockets: opensvc/multipath-tools #111.
 */
TEST_F(service, network_ends_before_the_handle)
{
	pid_t child = start();

	if (!child) {
		int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), handle, other;

		if (unshare(CLONE_NEWNET))
			_exit(LACKS);
		handle = create_named(self->device, mutex_args(), NAME);
		if (handle < 0 || setns(home, CLONE_NEWNET))
			_exit(1);
		/* The kernel takes networks down when it comes to it. */
		usleep(200000);
		other = clone_handle(handle);
		_exit(mutex_lock(handle, 0, NULL) ||
		      !WAS_REFUSED(EAGAIN, mutex_lock(other, QUARTET_TRY, NULL)));
	}
	EXPECT_EQ(0, STATUS_OR_SKIP(child, "network"));
}

/* The first process of a new PID namespace: 0 in it. -1 if there are none. */
static pid_t start_container(void)
{
	pid_t child = syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, NULL, NULL, NULL, NULL);

	if (!child)
		alarm(20);
	return child;
}

/*
 * A container is killed while its service has the lock, and a new one is started, twenty times. All
 * of them are process 1 inside; each gets the lock at once, and no two are taken for each other.
 * Reported of pid files: stellar/stellar-core #652, phusion/baseimage-docker #227.
 */
TEST_F(service, container_restarts)
{
	int i;

	for (i = 0; i < 20; i++) {
		pid_t container = start_container();

		if (container < 0)
			SKIP(return, "no PID namespaces");
		if (!container) {
			struct quartet_lock args;
			int handle = open_named(self->device, NAME);

			if (getpid() != 1 || mutex_lock(handle, QUARTET_TRY, &args) ||
			    args.result != (i ? QUARTET_OWNER_DIED : 0))
				_exit(1);
			/* The one before was in another namespace. */
			if (args.dead_pid)
				_exit(2);
			if (i && grant_command(handle, QUARTET_CONSISTENT, args.token))
				_exit(3);
			shared[0] = i + 1;
			for (;;)
				pause();
		}
		EXPECT_TRUE(SOON(shared[0] == i + 1));
		EXPECT_EQ(container, mutex_state(self->handle).owner_pid);
		ASSERT_EQ(-SIGKILL, kill_and_wait(container));
	}
	EXPECT_EQ(QUARTET_MUTEX_INCONSISTENT, mutex_state(self->handle).state);
}

/*
 * A service in a container dies with the lock. The container sees the dead process by its own
 * number, and the host by the host's.
 * Reported of pid files: getpaseo/paseo #5128, openclaw/openclaw #88342.
 */
TEST_F(service, pid_as_each_sees_it)
{
	pid_t container = start_container();

	if (container < 0)
		SKIP(return, "no PID namespaces");
	if (!container) {
		pid_t worker = start();

		if (!worker)
			_exit(mutex_lock(self->handle, 0, NULL) ? 1 : 0);
		if (wait_for(worker))
			_exit(1);
		_exit(mutex_state(self->handle).dead_pid != worker);
	}
	EXPECT_EQ(0, wait_for(container));
	EXPECT_LT(container, mutex_state(self->handle).dead_pid);
	EXPECT_EQ(QUARTET_MUTEX_INCONSISTENT, mutex_state(self->handle).state);
}

/*
 * The host has the lock, and a container asks who has it. The owner has no number there, so what is
 * told is 0.
 * Reported of pid files: openclaw/openclaw #4015.
 */
TEST_F(service, owner_outside_of_the_container)
{
	pid_t container;

	ASSERT_EQ(0, mutex_lock(self->handle, 0, NULL));
	container = start_container();
	if (container < 0)
		SKIP(return, "no PID namespaces");
	if (!container)
		_exit(mutex_state(self->handle).owner_pid || !is_held(self->handle));
	EXPECT_EQ(0, wait_for(container));
	EXPECT_EQ(getpid(), mutex_state(self->handle).owner_pid);
}

static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t written = write(fd, text, strlen(text));

	close(fd);
	return written == strlen(text) ? 0 : -1;
}

static void become_nobody(void)
{
	if (setgroups(0, NULL) || setresgid(1000, 1000, 1000) || setresuid(1000, 1000, 1000))
		_exit(98);
	prctl(PR_SET_DUMPABLE, 1);
}

/* How many names the caller may open. */
static int count_names(int device)
{
	struct quartet_list args = { .size = sizeof(args) };

	return ioctl(device, QUARTET_LIST, &args) ? -1 : (int)args.count;
}

/*
 * A user makes a user namespace and is root in it. That is no right to another user's name: it
 * cannot be opened, unlinked, or listed from there.
 * Reported of shared sockets: moby/moby #14767.
 */
TEST_F(service, root_of_a_user_namespace)
{
	pid_t child = start();

	if (!child) {
		become_nobody();
		if (unshare(CLONE_NEWUSER) || write_text("/proc/self/setgroups", "deny") ||
		    write_text("/proc/self/uid_map", "0 1000 1") ||
		    write_text("/proc/self/gid_map", "0 1000 1"))
			_exit(LACKS);
		if (getuid())
			_exit(1);
		if (!WAS_REFUSED(EACCES, open_named(self->device, NAME)))
			_exit(2);
		if (!WAS_REFUSED(EPERM, unlink_named(self->device, NAME)))
			_exit(3);
		_exit(count_names(self->device) ? 4 : 0);
	}
	EXPECT_EQ(0, STATUS_OR_SKIP(child, "user"));
}

/*
 * A rootless container has a user and a network namespace of its own. Its root makes names there,
 * opens them, and unlinks them, without any right outside.
 * Reported of rootless containers: openclaw/openclaw #88342.
 */
TEST_F(service, rootless_container)
{
	pid_t child = start();

	if (!child) {
		int handle, other;

		become_nobody();
		if (unshare(CLONE_NEWUSER | CLONE_NEWNET) ||
		    write_text("/proc/self/setgroups", "deny") ||
		    write_text("/proc/self/uid_map", "0 1000 1") ||
		    write_text("/proc/self/gid_map", "0 1000 1"))
			_exit(LACKS);
		handle = create_named(self->device, mutex_args(), NAME);
		other = open_named(self->device, NAME);
		if (handle < 0 || other < 0 || mutex_lock(other, QUARTET_TRY, NULL))
			_exit(1);
		if (count_names(self->device) != 1)
			_exit(2);
		_exit(unlink_named(self->device, NAME) ? 3 : 0);
	}
	EXPECT_EQ(0, STATUS_OR_SKIP(child, "user"));
	EXPECT_EQ(1, mutex_state(self->handle).handles);
}

/* Asks for what others have, with a deadline @ms from now: is it kept, to not less than that? */
static bool keeps_deadline(int handle, __u32 flags, __u64 ms)
{
	__u64 deadline = in_ms(ms);

	if (flags & QUARTET_ASYNC) {
		if (!WAS_REFUSED(EINPROGRESS, mutex_lock_until(handle, flags, deadline)))
			return false;
		if (next_event(handle).error != -ETIMEDOUT)
			return false;
	} else if (!WAS_REFUSED(ETIMEDOUT, mutex_lock_until(handle, flags, deadline))) {
		return false;
	}
	return now_ns(CLOCK_MONOTONIC) >= deadline;
}

/* In a time namespace whose monotonic clock is off by that many seconds: what came of it. */
static pid_t wait_off_by(int handle, const char *seconds)
{
	pid_t manager = start();
	char offset[64];

	if (!manager) {
		pid_t child;

		snprintf(offset, sizeof(offset), "monotonic %s 0\n", seconds);
		if (unshare(CLONE_NEWTIME) || write_text("/proc/self/timens_offsets", offset))
			_exit(LACKS);
		child = start();
		if (!child)
			_exit(!keeps_deadline(handle, 0, 300) ||
			      !keeps_deadline(handle, QUARTET_ASYNC, 300));
		_exit(wait_for(child));
	}
	return manager;
}

/*
 * A container that was moved here has a monotonic clock that is a day ahead of the host's. Its
 * deadlines are kept by its own clock, blocking and asynchronous.
 * Reported of futexes in time namespaces: checkpoint-restore/criu #1232.
 */
TEST_F(service, clock_a_day_ahead)
{
	int other = clone_handle(self->handle);

	ASSERT_EQ(0, mutex_lock(self->handle, 0, NULL));
	EXPECT_EQ(0, STATUS_OR_SKIP(wait_off_by(other, "86400"), "time"));
	close(other);
}

/*
 * A container's monotonic clock is a second behind the host's. Its deadlines do not end at once,
 * but by its own clock.
 * Reported of futexes in time namespaces: checkpoint-restore/criu #1232, openjdk/crac #53.
 */
TEST_F(service, clock_a_second_behind)
{
	int other = clone_handle(self->handle);

	while (now_ns(CLOCK_MONOTONIC) < 3 * NSEC)
		usleep(100000);
	ASSERT_EQ(0, mutex_lock(self->handle, 0, NULL));
	EXPECT_EQ(0, STATUS_OR_SKIP(wait_off_by(other, "-1"), "time"));
	close(other);
}

static void set_clock_by(long seconds)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	now.tv_sec += seconds;
	clock_settime(CLOCK_REALTIME, &now);
}

/*
 * Somebody sets the clock an hour back, and later forward again, while a program waits with a
 * deadline of real time. The wait under way is as long as it was.
 * Reported of clocks that are set: wolfcw/libfaketime #503.
 */
TEST_F(service, clock_is_set_while_one_waits)
{
	int other = clone_handle(self->handle);
	__u64 start_ns = now_ns(CLOCK_MONOTONIC);
	pid_t child;

	ASSERT_EQ(0, mutex_lock(self->handle, 0, NULL));
	child = start();
	if (!child) {
		struct quartet_lock args = {
			.size = sizeof(args), .flags = QUARTET_DEADLINE,
			.deadline_ns = now_ns(CLOCK_REALTIME) + 300 * MSEC,
			.clock = QUARTET_CLOCK_REALTIME,
		};

		_exit(ioctl(other, QUARTET_LOCK, &args) ? errno : 0);
	}
	ASSERT_TRUE(mutex_awaits(self->handle, 1));
	set_clock_by(-3600);
	EXPECT_EQ(ETIMEDOUT, wait_for(child));
	set_clock_by(3600);
	EXPECT_LE(300 * MSEC, now_ns(CLOCK_MONOTONIC) - start_ns);
	close(other);
}

/*
 * A program gives the longest deadline that there is, or one of a century. It waits, and can be
 * told to stop; one of 0 waits for nothing.
 * Reported of timeouts: wolfcw/libfaketime #493.
 */
TEST_F(service, deadlines_far_away)
{
	static const __u64 far[] = { INT64_MAX, 3155760000 * NSEC, 50 * 86400 * NSEC };
	int other = clone_handle(self->handle), i;
	pid_t owner;

	EXPECT_EQ(0, mutex_lock_until(self->handle, 0, 0));
	EXPECT_EQ(0, mutex_unlock(self->handle));
	owner = holder(self->handle, 0);
	EXPECT_REFUSED(ETIMEDOUT, mutex_lock_until(other, 0, 0));
	EXPECT_REFUSED(EINVAL, mutex_lock_until(other, 0, 1ULL << 63));
	for (i = 0; i < 3; i++) {
		pid_t child = start();

		if (!child)
			_exit(mutex_lock_until(other, 0, far[i]) ? errno : 0);
		ASSERT_TRUE(mutex_awaits(self->handle, 1));
		usleep(20000);
		EXPECT_EQ(0, ioctl(other, QUARTET_CANCEL, 0));
		EXPECT_EQ(ECANCELED, wait_for(child));
		EXPECT_REFUSED(EINPROGRESS, mutex_lock_until(other, QUARTET_ASYNC, far[i]));
		EXPECT_FALSE(is_readable(other, 20));
		EXPECT_EQ(0, ioctl(other, QUARTET_CANCEL, 0));
		EXPECT_EQ(-ECANCELED, next_event(other).error);
	}
	EXPECT_EQ(-SIGKILL, kill_and_wait(owner));
	close(other);
}

TEST_HARNESS_MAIN
