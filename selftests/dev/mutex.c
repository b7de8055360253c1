// SPDX-License-Identifier: GPL-2.0-only
/* The mutex that handles own: grants, deadlines, events, death. */
#include <sys/epoll.h>

#include "kselftest_harness.h"
#include "../dev/device.h"

FIXTURE(mutex) {
	int device;
	int a;
	int b;
};

FIXTURE_SETUP(mutex)
{
	self->device = device_open();
	ASSERT_LE(0, self->device);
	self->a = create(self->device, mutex_args());
	ASSERT_LE(0, self->a);
	self->b = clone_handle(self->a);
	ASSERT_LE(0, self->b);
}

FIXTURE_TEARDOWN(mutex)
{
	close(self->a);
	close(self->b);
	close(self->device);
}

TEST_F(mutex, tokens_grow)
{
	struct quartet_lock first, second;

	ASSERT_EQ(0, mutex_lock(self->a, 0, &first));
	EXPECT_EQ(0, first.result);
	EXPECT_EQ(0, mutex_unlock(self->a));
	ASSERT_EQ(0, mutex_lock(self->b, 0, &second));
	EXPECT_LT(first.token, second.token);
	EXPECT_EQ(second.token, mutex_state(self->a).token);
	EXPECT_REFUSED(ESTALE, grant_command(self->b, QUARTET_UNLOCK, first.token));
	EXPECT_EQ(0, grant_command(self->b, QUARTET_UNLOCK, second.token));
}

TEST_F(mutex, one_holds)
{
	ASSERT_EQ(0, mutex_lock(self->a, 0, NULL));
	EXPECT_REFUSED(EAGAIN, mutex_lock(self->b, QUARTET_TRY, NULL));
	EXPECT_REFUSED(EDEADLK, mutex_lock(self->a, 0, NULL));
	EXPECT_REFUSED(EDEADLK, mutex_lock(self->a, QUARTET_TRY, NULL));
	EXPECT_REFUSED(EPERM, mutex_unlock(self->b));
	EXPECT_EQ(QUARTET_MUTEX_HELD | QUARTET_MUTEX_MINE, mutex_state(self->a).state);
	EXPECT_EQ(QUARTET_MUTEX_HELD, mutex_state(self->b).state);
	EXPECT_EQ(getpid(), mutex_state(self->b).owner_pid);
	EXPECT_EQ(0, mutex_unlock(self->a));
	EXPECT_REFUSED(EPERM, mutex_unlock(self->a));
	EXPECT_EQ(0, mutex_state(self->b).state);
	EXPECT_EQ(0, mutex_state(self->b).owner_pid);
}

/* One thread, two handles: who would unlock? */
TEST_F(mutex, waits_for_itself)
{
	ASSERT_EQ(0, mutex_lock(self->a, 0, NULL));
	EXPECT_REFUSED(EDEADLK, mutex_lock(self->b, 0, NULL));
	EXPECT_EQ(0, mutex_state(self->a).waiters);
}

TEST_F(mutex, deadline)
{
	__u64 start = now_ns(CLOCK_MONOTONIC);

	EXPECT_EQ(0, mutex_lock_until(self->a, 0, 1));
	EXPECT_EQ(0, mutex_unlock(self->a));
	/* Of another process, or it would be a deadlock. */
	pid_t child = fork();

	if (!child) {
		if (mutex_lock(self->a, 0, NULL))
			_exit(1);
		pause();
	}
	while (!mutex_state(self->b).state)
		usleep(1000);
	EXPECT_REFUSED(ETIMEDOUT, mutex_lock_until(self->b, 0, in_ms(20)));
	EXPECT_LE(20 * MSEC, now_ns(CLOCK_MONOTONIC) - start);
	EXPECT_REFUSED(ETIMEDOUT, mutex_lock_until(self->b, 0, 1));
	EXPECT_REFUSED(EINVAL, mutex_lock_until(self->b, QUARTET_TRY, 1));
	EXPECT_EQ(0, mutex_state(self->b).waiters);
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
}

/* Locks by the handle until it is killed; returns when it has it. */
static pid_t holder(int handle, int watch)
{
	pid_t child = fork();

	if (!child) {
		if (mutex_lock(handle, 0, NULL))
			_exit(1);
		for (;;)
			pause();
	}
	while (!(mutex_state(watch).state & QUARTET_MUTEX_HELD))
		usleep(1000);
	return child;
}

TEST_F(mutex, owner_dies)
{
	struct quartet_lock args;
	pid_t child = holder(self->a, self->b);

	EXPECT_EQ(child, mutex_state(self->b).owner_pid);
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
	EXPECT_EQ(QUARTET_MUTEX_INCONSISTENT, mutex_state(self->b).state);
	ASSERT_EQ(0, mutex_lock(self->b, 0, &args));
	EXPECT_EQ(QUARTET_OWNER_DIED, args.result);
	EXPECT_EQ(child, args.dead_pid);
	EXPECT_EQ(child, mutex_state(self->b).dead_pid);
	EXPECT_STREQ(mutex_state(self->b).owner_comm, args.dead_comm);
	EXPECT_GT(MSEC * 10000, now_ns(CLOCK_REALTIME) - args.dead_ns);
	EXPECT_REFUSED(EPERM, grant_command(self->a, QUARTET_CONSISTENT, args.token));
	EXPECT_REFUSED(ESTALE, grant_command(self->b, QUARTET_CONSISTENT, args.token - 1));
	EXPECT_EQ(0, grant_command(self->b, QUARTET_CONSISTENT, args.token));
	EXPECT_REFUSED(EINVAL, grant_command(self->b, QUARTET_CONSISTENT, args.token));
	EXPECT_EQ(0, mutex_unlock(self->b));
	ASSERT_EQ(0, mutex_lock(self->b, 0, &args));
	EXPECT_EQ(0, args.result);
}

TEST_F(mutex, signal_ends_a_wait)
{
	pid_t child = holder(self->a, self->b);

	alarm_in_ms(20);
	EXPECT_REFUSED(EINTR, mutex_lock(self->b, 0, NULL));
	EXPECT_EQ(0, mutex_state(self->b).waiters);
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
}

struct lock_call {
	pthread_t thread;
	int handle;
	int error;
	struct quartet_lock args;
};

static void *lock_in_thread(void *data)
{
	struct lock_call *call = data;

	call->error = mutex_lock(call->handle, 0, &call->args) ? errno : 0;
	return NULL;
}

static void start_lock(struct lock_call *call, int handle, int watch)
{
	call->handle = handle;
	pthread_create(&call->thread, NULL, lock_in_thread, call);
	mutex_awaits(watch, 1);
}

TEST_F(mutex, waiter_gets_what_the_dead_had)
{
	struct lock_call call;
	pid_t child = holder(self->a, self->b);

	start_lock(&call, self->b, self->a);
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
	pthread_join(call.thread, NULL);
	EXPECT_EQ(0, call.error);
	EXPECT_EQ(QUARTET_OWNER_DIED, call.args.result);
	EXPECT_EQ(child, call.args.dead_pid);
}

TEST_F(mutex, unrepaired_is_of_no_use)
{
	int c = clone_handle(self->a), d = clone_handle(self->a);
	struct lock_call call;
	pid_t child = holder(self->a, self->b);

	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
	ASSERT_EQ(0, mutex_lock(self->b, 0, NULL));
	start_lock(&call, c, self->a);
	EXPECT_REFUSED(EINPROGRESS, mutex_lock(d, QUARTET_ASYNC, NULL));
	EXPECT_EQ(0, mutex_unlock(self->b));
	pthread_join(call.thread, NULL);
	EXPECT_EQ(ENOTRECOVERABLE, call.error);
	EXPECT_EQ(-ENOTRECOVERABLE, next_event(d).error);
	EXPECT_REFUSED(ENOTRECOVERABLE, mutex_lock(self->b, QUARTET_TRY, NULL));
	EXPECT_EQ(QUARTET_MUTEX_INCONSISTENT | QUARTET_MUTEX_UNRECOVERABLE,
		  mutex_state(self->a).state);
	close(c);
	close(d);
}

TEST_F(mutex, close_is_death)
{
	struct quartet_lock args;

	ASSERT_EQ(0, mutex_lock(self->a, 0, NULL));
	close(self->a);
	ASSERT_EQ(0, mutex_lock(self->b, 0, &args));
	EXPECT_EQ(QUARTET_OWNER_DIED, args.result);
	EXPECT_EQ(getpid(), args.dead_pid);
}

TEST_F(mutex, asynchronous)
{
	struct quartet_event event;

	ASSERT_EQ(0, mutex_lock(self->a, QUARTET_ASYNC, NULL));
	EXPECT_FALSE(is_readable(self->a, 0));
	EXPECT_REFUSED(EINPROGRESS, mutex_lock(self->b, QUARTET_ASYNC, NULL));
	EXPECT_REFUSED(EBUSY, mutex_lock(self->b, QUARTET_ASYNC, NULL));
	EXPECT_REFUSED(EBUSY, mutex_lock(self->b, 0, NULL));
	EXPECT_FALSE(is_readable(self->b, 0));
	EXPECT_EQ(1, mutex_state(self->a).waiters);
	EXPECT_EQ(0, mutex_unlock(self->a));
	EXPECT_TRUE(is_readable(self->b, 1000));
	EXPECT_EQ(QUARTET_MUTEX_HELD, mutex_state(self->a).state);
	event = next_event(self->b);
	EXPECT_EQ(QUARTET_EVENT_LOCK, event.what);
	EXPECT_EQ(0, event.error);
	EXPECT_EQ(event.token, mutex_state(self->a).token);
	EXPECT_FALSE(is_readable(self->b, 0));
	EXPECT_EQ(0, mutex_unlock(self->b));
}

TEST_F(mutex, asynchronous_ends)
{
	ASSERT_EQ(0, mutex_lock(self->a, 0, NULL));
	EXPECT_REFUSED(EINPROGRESS, mutex_lock_until(self->b, QUARTET_ASYNC, in_ms(10)));
	EXPECT_EQ(-ETIMEDOUT, next_event(self->b).error);
	EXPECT_REFUSED(EINPROGRESS, mutex_lock(self->b, QUARTET_ASYNC, NULL));
	EXPECT_EQ(0, ioctl(self->b, QUARTET_CANCEL, 0));
	EXPECT_EQ(-ECANCELED, next_event(self->b).error);
	EXPECT_EQ(0, mutex_state(self->a).waiters);
	EXPECT_REFUSED(EINPROGRESS, mutex_lock(self->b, QUARTET_ASYNC, NULL));
	close(self->b);
	EXPECT_EQ(0, mutex_state(self->a).waiters);
	EXPECT_EQ(0, mutex_unlock(self->a));
	EXPECT_EQ(0, mutex_state(self->a).state);
}

static int get_slot(int handle, __u32 flags)
{
	struct quartet_pool_get args = { .size = sizeof(args), .flags = flags };

	return ioctl(handle, QUARTET_POOL_GET, &args);
}

static int put_slot(int handle)
{
	struct quartet_pool_put args = { .size = sizeof(args) };

	return ioctl(handle, QUARTET_POOL_PUT, &args);
}

static int watch(int epoll, int how, int handle, __u32 events)
{
	struct epoll_event event = { .events = events, .data.fd = handle };

	return epoll_ctl(epoll, how, handle, &event);
}

/* Which handle epoll tells of, or -1. */
static int told_of(int epoll, int ms)
{
	struct epoll_event event;

	return epoll_wait(epoll, &event, 1, ms) == 1 ? event.data.fd : -1;
}

/* For as long as the event is not read. */
TEST_F(mutex, epoll_of_several_handles)
{
	int epoll = epoll_create1(EPOLL_CLOEXEC), c = clone_handle(self->a);
	int pool = create(self->device, pool_args(1)), getter = clone_handle(pool);

	ASSERT_EQ(0, watch(epoll, EPOLL_CTL_ADD, self->b, EPOLLIN));
	ASSERT_EQ(0, watch(epoll, EPOLL_CTL_ADD, c, EPOLLIN));
	ASSERT_EQ(0, watch(epoll, EPOLL_CTL_ADD, getter, EPOLLIN));
	ASSERT_EQ(0, mutex_lock(self->a, 0, NULL));
	ASSERT_EQ(0, get_slot(pool, 0));
	EXPECT_REFUSED(EINPROGRESS, mutex_lock(self->b, QUARTET_ASYNC, NULL));
	EXPECT_REFUSED(EINPROGRESS, mutex_lock(c, QUARTET_ASYNC, NULL));
	EXPECT_REFUSED(EINPROGRESS, get_slot(getter, QUARTET_ASYNC));
	EXPECT_EQ(-1, told_of(epoll, 0));
	EXPECT_EQ(0, mutex_unlock(self->a));
	EXPECT_EQ(self->b, told_of(epoll, 1000));
	EXPECT_EQ(self->b, told_of(epoll, 0));
	EXPECT_EQ(QUARTET_EVENT_LOCK, next_event(self->b).what);
	EXPECT_EQ(-1, told_of(epoll, 0));
	EXPECT_EQ(0, put_slot(pool));
	EXPECT_EQ(getter, told_of(epoll, 1000));
	EXPECT_EQ(QUARTET_EVENT_SLOT, next_event(getter).what);
	EXPECT_EQ(0, mutex_unlock(self->b));
	EXPECT_EQ(c, told_of(epoll, 1000));
	close(c);
	EXPECT_EQ(-1, told_of(epoll, 0));
	close(getter);
	close(pool);
	close(epoll);
}

/* Once for each event, whether it is read or not. */
TEST_F(mutex, epoll_edge_triggered)
{
	int i, epoll = epoll_create1(EPOLL_CLOEXEC);

	ASSERT_EQ(0, watch(epoll, EPOLL_CTL_ADD, self->b, EPOLLIN | EPOLLET));
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, mutex_lock(self->a, 0, NULL));
		EXPECT_REFUSED(EINPROGRESS, mutex_lock(self->b, QUARTET_ASYNC, NULL));
		EXPECT_EQ(-1, told_of(epoll, 0));
		EXPECT_EQ(0, mutex_unlock(self->a));
		EXPECT_EQ(self->b, told_of(epoll, 1000));
		EXPECT_EQ(-1, told_of(epoll, 0));
		EXPECT_TRUE(is_readable(self->b, 0));
		EXPECT_EQ(0, next_event(self->b).error);
		EXPECT_EQ(0, mutex_unlock(self->b));
	}
	close(epoll);
}

/* Once, until it is asked for again: then also of what is there already. */
TEST_F(mutex, epoll_oneshot)
{
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	ASSERT_EQ(0, watch(epoll, EPOLL_CTL_ADD, self->b, EPOLLIN | EPOLLONESHOT));
	ASSERT_EQ(0, mutex_lock(self->a, 0, NULL));
	EXPECT_REFUSED(EINPROGRESS, mutex_lock(self->b, QUARTET_ASYNC, NULL));
	EXPECT_EQ(0, mutex_unlock(self->a));
	EXPECT_EQ(self->b, told_of(epoll, 1000));
	EXPECT_EQ(-1, told_of(epoll, 0));
	EXPECT_EQ(0, watch(epoll, EPOLL_CTL_MOD, self->b, EPOLLIN | EPOLLONESHOT));
	EXPECT_EQ(self->b, told_of(epoll, 0));
	EXPECT_EQ(0, next_event(self->b).error);
	EXPECT_EQ(0, mutex_unlock(self->b));
	ASSERT_EQ(0, mutex_lock(self->a, 0, NULL));
	EXPECT_REFUSED(EINPROGRESS, mutex_lock(self->b, QUARTET_ASYNC, NULL));
	EXPECT_EQ(0, mutex_unlock(self->a));
	EXPECT_EQ(-1, told_of(epoll, 20));
	EXPECT_EQ(0, watch(epoll, EPOLL_CTL_MOD, self->b, EPOLLIN | EPOLLONESHOT));
	EXPECT_EQ(self->b, told_of(epoll, 0));
	close(epoll);
}

/* Granted in time; the next one has none. */
TEST_F(mutex, deadline_of_an_earlier_request)
{
	ASSERT_EQ(0, mutex_lock(self->a, 0, NULL));
	EXPECT_REFUSED(EINPROGRESS, mutex_lock_until(self->b, QUARTET_ASYNC, in_ms(30)));
	EXPECT_EQ(0, mutex_unlock(self->a));
	EXPECT_EQ(0, next_event(self->b).error);
	EXPECT_REFUSED(EINPROGRESS, mutex_lock(self->a, QUARTET_ASYNC, NULL));
	EXPECT_EQ(0, mutex_unlock(self->b));
	EXPECT_EQ(0, next_event(self->a).error);
	EXPECT_REFUSED(EINPROGRESS, mutex_lock(self->b, QUARTET_ASYNC, NULL));
	EXPECT_FALSE(is_readable(self->b, 100));
}

/* The grant is there before the cancel: it is not lost. */
TEST_F(mutex, cancel_too_late)
{
	struct quartet_event event;

	ASSERT_EQ(0, mutex_lock(self->a, 0, NULL));
	EXPECT_REFUSED(EINPROGRESS, mutex_lock(self->b, QUARTET_ASYNC, NULL));
	EXPECT_EQ(0, mutex_unlock(self->a));
	EXPECT_EQ(0, ioctl(self->b, QUARTET_CANCEL, 0));
	event = next_event(self->b);
	EXPECT_EQ(0, event.error);
	EXPECT_EQ(0, grant_command(self->b, QUARTET_UNLOCK, event.token));
}

TEST_F(mutex, unlock_drops_the_event)
{
	ASSERT_EQ(0, mutex_lock(self->a, 0, NULL));
	EXPECT_REFUSED(EINPROGRESS, mutex_lock(self->b, QUARTET_ASYNC, NULL));
	EXPECT_EQ(0, mutex_unlock(self->a));
	EXPECT_EQ(0, mutex_unlock(self->b));
	EXPECT_FALSE(is_readable(self->b, 0));
	EXPECT_EQ(0, mutex_lock(self->b, 0, NULL));
}

static void *cancelled_in_thread(void *data)
{
	return (void *)(long)WAS_REFUSED(ECANCELED, mutex_lock(*(int *)data, 0, NULL));
}

TEST_F(mutex, cancel_ends_a_blocking_call)
{
	pid_t child = holder(self->a, self->b);
	pthread_t thread;
	void *cancelled;

	pthread_create(&thread, NULL, cancelled_in_thread, &self->b);
	EXPECT_TRUE(mutex_awaits(self->a, 1));
	EXPECT_EQ(0, ioctl(self->b, QUARTET_CANCEL, 0));
	pthread_join(thread, &cancelled);
	EXPECT_TRUE(cancelled);
	EXPECT_EQ(0, mutex_state(self->a).waiters);
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
}

/* A locks first, B second; each then wants the other's. */
TEST_F(mutex, cycle_of_two_processes)
{
	int first = self->a, second = create(self->device, mutex_args());
	int theirs[2] = { clone_handle(first), clone_handle(second) };
	bool refused;
	pid_t child;

	ASSERT_EQ(0, mutex_lock(first, 0, NULL));
	child = fork();
	if (!child) {
		if (mutex_lock(theirs[1], 0, NULL))
			_exit(1);
		_exit(WAS_REFUSED(EDEADLK, mutex_lock(theirs[0], 0, NULL)) ? 2 : 7);
	}
	ASSERT_TRUE(mutex_awaits(first, 1));
	/* Who comes last is refused: the child is counted a moment before it waits. */
	refused = WAS_REFUSED(EDEADLK, mutex_lock(second, 0, NULL));
	EXPECT_EQ(0, mutex_unlock(first));
	EXPECT_EQ(refused ? 7 : 2, wait_for(child));
}

static void *lock_and_unlock(void *data)
{
	int handle = *(int *)data;
	long failed = 0;
	int i;

	for (i = 0; i < 1000; i++)
		failed += mutex_lock(handle, 0, NULL) || mutex_unlock(handle);
	return (void *)failed;
}

/* Threads of one process are different waiters. */
TEST_F(mutex, threads_contend)
{
	pthread_t threads[2];
	int handles[2] = { self->a, self->b };
	void *failed;
	int i;

	for (i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, lock_and_unlock, &handles[i]);
	for (i = 0; i < 2; i++) {
		pthread_join(threads[i], &failed);
		EXPECT_EQ(NULL, failed);
	}
}

/* A child that was forked keeps the handle, but not what its parent had been granted. */
TEST_F(mutex, parent_dies_before_its_child)
{
	int ready[2];
	pid_t grandchild;
	pid_t child;
	struct quartet_lock args;

	ASSERT_EQ(0, pipe(ready));
	child = fork();
	if (!child) {
		if (mutex_lock(self->a, 0, NULL))
			_exit(1);
		grandchild = fork();
		if (!grandchild) {
			for (;;)
				pause();
		}
		write(ready[1], &grandchild, sizeof(grandchild));
		for (;;)
			pause();
	}
	ASSERT_EQ(sizeof(grandchild), read(ready[0], &grandchild, sizeof(grandchild)));
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
	ASSERT_EQ(0, mutex_lock_until(self->b, 0, in_ms(5000)));
	EXPECT_EQ(child, mutex_state(self->b).dead_pid);
	EXPECT_EQ(0, grant_command(self->b, QUARTET_CONSISTENT, 0));
	EXPECT_EQ(0, mutex_unlock(self->b));
	kill(grandchild, SIGKILL);
	EXPECT_EQ(0, mutex_lock(self->a, 0, &args));
	EXPECT_EQ(0, args.result);
}

/* The child exits first: the parent asked, and goes on. */
TEST_F(mutex, child_exits_before_its_parent)
{
	pid_t child;

	ASSERT_EQ(0, mutex_lock(self->a, 0, NULL));
	child = fork();
	if (!child)
		_exit(mutex_state(self->a).state & QUARTET_MUTEX_MINE ? 7 : 1);
	EXPECT_EQ(7, wait_for(child));
	EXPECT_EQ(QUARTET_MUTEX_HELD | QUARTET_MUTEX_MINE, mutex_state(self->a).state);
}

/* Whichever thread or process uses it: the owner is the handle. */
TEST_F(mutex, child_unlocks)
{
	pid_t child;

	ASSERT_EQ(0, mutex_lock(self->a, 0, NULL));
	child = fork();
	if (!child)
		_exit(mutex_unlock(self->a) ? 1 : 7);
	EXPECT_EQ(7, wait_for(child));
	EXPECT_EQ(0, mutex_state(self->a).state);
}

/* That is a close, and no death, while the parent has the handle. */
TEST_F(mutex, exec_closes)
{
	pid_t child;

	ASSERT_EQ(0, mutex_lock(self->a, 0, NULL));
	child = fork();
	if (!child) {
		execl("/bin/true", "true", NULL);
		_exit(1);
	}
	EXPECT_EQ(0, wait_for(child));
	EXPECT_EQ(QUARTET_MUTEX_HELD | QUARTET_MUTEX_MINE, mutex_state(self->a).state);
}

TEST_F(mutex, dup_is_the_same_handle)
{
	int same = dup(self->a);

	ASSERT_EQ(0, mutex_lock(self->a, 0, NULL));
	close(self->a);
	EXPECT_EQ(QUARTET_MUTEX_HELD | QUARTET_MUTEX_MINE, mutex_state(same).state);
	EXPECT_EQ(0, mutex_unlock(same));
	close(same);
	EXPECT_EQ(0, mutex_state(self->b).state);
	EXPECT_EQ(1, mutex_state(self->b).handles);
}

TEST_HARNESS_MAIN
