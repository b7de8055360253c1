// SPDX-License-Identifier: GPL-2.0-only
/* libquartet's mutexes: each function, what it grants and how it fails. */
#include <sys/time.h>

#include "kselftest_harness.h"
#include "../lib/lib.h"

FIXTURE(mutex) {
	struct quartet_mutex *a;
	struct quartet_mutex *b;
};

FIXTURE_SETUP(mutex)
{
	ASSERT_EQ(0, quartet_mutex_create(&self->a, NULL, NULL));
	ASSERT_EQ(0, quartet_mutex_clone(&self->b, self->a));
}

FIXTURE_TEARDOWN(mutex)
{
	quartet_mutex_close(self->a);
	quartet_mutex_close(self->b);
}

static __u32 state_of(const struct quartet_mutex *mutex)
{
	struct quartet_mutex_info info;

	return quartet_mutex_state(mutex, &info) ? ~0U : info.state;
}

TEST_F(mutex, lock_and_unlock)
{
	struct quartet_mutex_grant grant, next;

	ASSERT_EQ(0, quartet_mutex_lock(self->a, &grant));
	EXPECT_EQ(0, grant.dead_pid);
	EXPECT_EQ(0, grant.died.tv_sec);
	EXPECT_EQ(QUARTET_MUTEX_HELD | QUARTET_MUTEX_MINE, state_of(self->a));
	EXPECT_EQ(-EDEADLK, quartet_mutex_lock(self->a, NULL));
	EXPECT_EQ(-EAGAIN, quartet_mutex_trylock(self->b, NULL));
	EXPECT_EQ(-EPERM, quartet_mutex_unlock(self->b, 0));
	EXPECT_EQ(-ESTALE, quartet_mutex_unlock(self->a, grant.token + 1));
	EXPECT_EQ(0, quartet_mutex_unlock(self->a, grant.token));
	ASSERT_EQ(0, quartet_mutex_trylock(self->b, &next));
	EXPECT_LT(grant.token, next.token);
	EXPECT_EQ(-EINVAL, quartet_mutex_consistent(self->b, 0));
	EXPECT_EQ(0, quartet_mutex_unlock(self->b, 0));
}

/* What a child asks for with the flag is there after it has exited. */
TEST_F(mutex, set_flags)
{
	pid_t child = fork();

	if (!child)
		_exit(quartet_mutex_set_flags(self->a, QUARTET_BY_HANDLE) ||
		      quartet_mutex_lock(self->a, NULL));
	EXPECT_EQ(0, wait_for(child));
	EXPECT_EQ(QUARTET_MUTEX_HELD | QUARTET_MUTEX_MINE, state_of(self->a));
	EXPECT_EQ(0, quartet_mutex_unlock(self->a, 0));
	EXPECT_EQ(-EINVAL, quartet_mutex_set_flags(self->a, QUARTET_TRY));
	EXPECT_EQ(0, quartet_mutex_set_flags(self->a, QUARTET_BY_HANDLE));
	EXPECT_EQ(0, quartet_mutex_set_flags(self->a, 0));
	child = fork();
	if (!child)
		_exit(quartet_mutex_lock(self->a, NULL));
	EXPECT_EQ(0, wait_for(child));
	EXPECT_EQ(QUARTET_MUTEX_INCONSISTENT, state_of(self->a));
}

/* Has it, and whatever is done to it by this process is no deadlock, until it is killed. */
static pid_t holder(struct quartet_mutex *mutex, const struct quartet_mutex *watch)
{
	pid_t child = fork();

	if (!child) {
		if (quartet_mutex_lock(mutex, NULL))
			_exit(1);
		for (;;)
			pause();
	}
	while (!state_of(watch))
		usleep(1000);
	return child;
}

TEST_F(mutex, deadlines)
{
	struct timespec past = { .tv_sec = -5 }, bad = { .tv_nsec = 1000000000 };
	struct timespec far = { .tv_sec = LONG_MAX }, soon;
	pid_t child;

	/* Nothing to wait for: whatever the time is. */
	EXPECT_EQ(0, quartet_mutex_timedlock(self->a, CLOCK_MONOTONIC, &past, NULL));
	EXPECT_EQ(0, quartet_mutex_unlock(self->a, 0));
	EXPECT_EQ(0, quartet_mutex_timedlock(self->a, CLOCK_REALTIME, &far, NULL));
	EXPECT_EQ(0, quartet_mutex_unlock(self->a, 0));
	EXPECT_EQ(0, quartet_mutex_timedlock(self->a, CLOCK_REALTIME, NULL, NULL));
	EXPECT_EQ(0, quartet_mutex_unlock(self->a, 0));
	EXPECT_EQ(-EINVAL, quartet_mutex_timedlock(self->a, CLOCK_MONOTONIC, &bad, NULL));
	EXPECT_EQ(-EINVAL, quartet_mutex_timedlock(self->a, CLOCK_BOOTTIME, &past, NULL));
	child = holder(self->a, self->b);
	soon = in_ms(CLOCK_MONOTONIC, 20);
	EXPECT_EQ(-ETIMEDOUT, quartet_mutex_timedlock(self->b, CLOCK_MONOTONIC, &soon, NULL));
	EXPECT_TRUE(is_over(CLOCK_MONOTONIC, &soon));
	soon = in_ms(CLOCK_REALTIME, 20);
	EXPECT_EQ(-ETIMEDOUT, quartet_mutex_timedlock(self->b, CLOCK_REALTIME, &soon, NULL));
	EXPECT_TRUE(is_over(CLOCK_REALTIME, &soon));
	EXPECT_EQ(-ETIMEDOUT, quartet_mutex_timedlock(self->b, CLOCK_MONOTONIC, &past, NULL));
	kill_and_wait(child);
}

TEST_F(mutex, owner_died)
{
	struct quartet_mutex_grant grant;
	struct quartet_mutex_info info;
	pid_t child = holder(self->a, self->b);
	struct timespec now;

	kill_and_wait(child);
	ASSERT_EQ(QUARTET_OWNER_DIED, quartet_mutex_lock(self->b, &grant));
	clock_gettime(CLOCK_REALTIME, &now);
	EXPECT_EQ(child, grant.dead_pid);
	EXPECT_GE(10, now.tv_sec - grant.died.tv_sec);
	EXPECT_GT(1000000000, grant.died.tv_nsec);
	ASSERT_EQ(0, quartet_mutex_state(self->a, &info));
	EXPECT_STREQ(info.dead_comm, grant.dead_comm);
	EXPECT_EQ(-ESTALE, quartet_mutex_consistent(self->b, grant.token - 1));
	EXPECT_EQ(0, quartet_mutex_consistent(self->b, grant.token));
	EXPECT_EQ(0, quartet_mutex_unlock(self->b, grant.token));
	EXPECT_EQ(0, quartet_mutex_lock(self->b, &grant));
	EXPECT_EQ(0, grant.dead_pid);
}

TEST_F(mutex, not_repaired)
{
	kill_and_wait(holder(self->a, self->b));
	/* It is told without a grant to tell of, too. */
	ASSERT_EQ(QUARTET_OWNER_DIED, quartet_mutex_trylock(self->b, NULL));
	EXPECT_EQ(0, quartet_mutex_unlock(self->b, 0));
	EXPECT_EQ(-ENOTRECOVERABLE, quartet_mutex_lock(self->b, NULL));
}

TEST_F(mutex, asynchronous)
{
	struct quartet_event event;
	struct timespec soon = in_ms(CLOCK_MONOTONIC, 10);
	int fd = quartet_mutex_fd(self->b);

	ASSERT_EQ(0, quartet_mutex_lock_async(self->a, 0, NULL, NULL));
	EXPECT_EQ(-EINPROGRESS, quartet_mutex_lock_async(self->b, 0, NULL, NULL));
	EXPECT_EQ(-EBUSY, quartet_mutex_lock(self->b, NULL));
	EXPECT_FALSE(is_readable(fd, 0));
	EXPECT_EQ(0, quartet_mutex_unlock(self->a, 0));
	EXPECT_TRUE(is_readable(fd, 1000));
	EXPECT_EQ(0, quartet_event_read(fd, &event, NULL, 0));
	EXPECT_EQ(QUARTET_EVENT_LOCK, event.what);
	EXPECT_EQ(0, event.error);
	EXPECT_EQ(0, quartet_mutex_unlock(self->b, event.token));

	ASSERT_EQ(0, quartet_mutex_lock(self->a, NULL));
	EXPECT_EQ(-EINPROGRESS,
		  quartet_mutex_lock_async(self->b, CLOCK_MONOTONIC, &soon, NULL));
	EXPECT_EQ(0, quartet_event_read(fd, &event, NULL, 0));
	EXPECT_EQ(-ETIMEDOUT, event.error);
	EXPECT_EQ(-EINPROGRESS, quartet_mutex_lock_async(self->b, 0, NULL, NULL));
	EXPECT_EQ(0, quartet_cancel(fd));
	EXPECT_EQ(0, quartet_event_read(fd, &event, NULL, 0));
	EXPECT_EQ(-ECANCELED, event.error);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	EXPECT_EQ(-EAGAIN, quartet_event_read(fd, &event, NULL, 0));
}

static void ignore(int signal)
{
}

/* Once, to a handler; @flags say whether calls are restarted after it. */
static void send_signal_soon(int flags)
{
	const struct sigaction action = { .sa_handler = ignore, .sa_flags = flags };
	const struct itimerval timer = { .it_value.tv_usec = 20000 };

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
}

/* The handler decides: a lock is interrupted or goes on waiting, and so is a read of events. */
TEST_F(mutex, signals)
{
	struct timespec late = in_ms(CLOCK_MONOTONIC, 10000);
	pid_t child = holder(self->a, self->b), killer;
	struct quartet_event event;

	send_signal_soon(0);
	EXPECT_EQ(-EINTR, quartet_mutex_timedlock(self->b, CLOCK_MONOTONIC, &late, NULL));
	late = in_ms(CLOCK_MONOTONIC, 100);
	send_signal_soon(SA_RESTART);
	EXPECT_EQ(-ETIMEDOUT, quartet_mutex_timedlock(self->b, CLOCK_MONOTONIC, &late, NULL));
	EXPECT_EQ(-EINPROGRESS, quartet_mutex_lock_async(self->b, 0, NULL, NULL));
	send_signal_soon(0);
	EXPECT_EQ(-EINTR, quartet_event_read(quartet_mutex_fd(self->b), &event, NULL, 0));
	send_signal_soon(SA_RESTART);
	killer = fork();
	if (!killer) {
		usleep(200000);
		_exit(kill(child, SIGKILL) ? 1 : 7);
	}
	EXPECT_EQ(0, quartet_event_read(quartet_mutex_fd(self->b), &event, NULL, 0));
	EXPECT_EQ(QUARTET_OWNER_DIED, event.result);
	EXPECT_EQ(7, wait_for(killer));
	wait_for(child);
}

TEST_F(mutex, names)
{
	const struct quartet_mutex_params params = {
		.name = "lib-mutex", .mode = 0600, .starve_ns = QUARTET_STARVE_FIFO,
	};
	struct quartet_mutex *named, *other = NULL;

	EXPECT_EQ(-ENOENT, quartet_mutex_open(&other, NULL, params.name));
	ASSERT_EQ(0, quartet_mutex_create(&named, NULL, &params));
	EXPECT_EQ(-EEXIST, quartet_mutex_create(&other, NULL, &params));
	ASSERT_EQ(0, quartet_mutex_open(&other, NULL, params.name));
	EXPECT_EQ(0, quartet_device_unlink(NULL, params.name));
	EXPECT_EQ(0, quartet_mutex_lock(named, NULL));
	EXPECT_EQ(-EAGAIN, quartet_mutex_trylock(other, NULL));
	quartet_mutex_close(named);
	EXPECT_EQ(QUARTET_OWNER_DIED, quartet_mutex_trylock(other, NULL));
	quartet_mutex_close(other);
	EXPECT_EQ(-EINVAL, quartet_mutex_create(&other, NULL, &(struct quartet_mutex_params){
		.flags = ~QUARTET_NO_DETECT,
	}));
}

TEST_F(mutex, import)
{
	struct quartet_mutex *same, *none = NULL;
	struct quartet_memo *memo = NULL;
	int fd = dup(quartet_mutex_fd(self->a)), ends[2];

	EXPECT_EQ(-ENOTTY, quartet_memo_import(&memo, fd));
	ASSERT_EQ(0, quartet_mutex_import(&same, fd));
	EXPECT_EQ(fd, quartet_mutex_fd(same));
	EXPECT_EQ(0, quartet_mutex_lock(self->a, NULL));
	EXPECT_EQ(0, quartet_mutex_unlock(same, 0));
	quartet_mutex_close(same);
	EXPECT_EQ(-1, fcntl(fd, F_GETFD));
	EXPECT_EQ(-EBADF, quartet_mutex_import(&none, -1));
	ASSERT_EQ(0, pipe(ends));
	EXPECT_EQ(-ENOTTY, quartet_mutex_import(&none, ends[0]));
	EXPECT_EQ(0, fcntl(ends[0], F_GETFD));
	EXPECT_EQ(NULL, none);
	quartet_mutex_close(NULL);
}

TEST_HARNESS_MAIN
