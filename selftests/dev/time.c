// SPDX-License-Identifier: GPL-2.0-only
/*
 * Deadlines: of either clock, in time namespaces, past and as far as numbers go; and what a memo
 * keeps for as long as it was told. Only order and errnos are looked at, never how long it took.
 */
#include <sched.h>
#include <sys/timerfd.h>

#include "kselftest_harness.h"
#include "../dev/blocked.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME	0x00000080
#endif

#define SEC		1000000000ULL
#define DAY		(86400 * SEC)
#define LATEST		((1ULL << 63) - 1)
/* Beyond the wheel of the kernel's ordinary timers, whatever its ticks. */
#define FAR		(50 * DAY)
/* Not at once, though its milliseconds are 0 in 32 bits. */
#define WRAPPED		((1ULL << 32) * MSEC)

FIXTURE(deadline) {
	int device;
	int holder;
	int waiter;
	__u64 token;
};

FIXTURE_VARIANT(deadline) {
	enum blocked_in kind;
};

FIXTURE_VARIANT_ADD(deadline, lock) { .kind = IN_LOCK };
FIXTURE_VARIANT_ADD(deadline, get_slot) { .kind = IN_GET_SLOT };
FIXTURE_VARIANT_ADD(deadline, get_value) { .kind = IN_GET_VALUE };

FIXTURE_SETUP(deadline)
{
	self->device = device_open();
	ASSERT_LE(0, self->device);
	self->holder = blocked_create(self->device, variant->kind);
	ASSERT_LE(0, self->holder);
	self->waiter = clone_handle(self->holder);
	ASSERT_LE(0, self->waiter);
	ASSERT_EQ(0, ask(self->holder, variant->kind, 0, no_deadline, &self->token));
}

FIXTURE_TEARDOWN(deadline)
{
	close(self->holder);
	close(self->waiter);
	close(self->device);
}

/* A process that waits until then, and exits with 0, or an errno. */
static pid_t start_waiter(int handle, enum blocked_in kind, struct deadline deadline)
{
	pid_t child = fork();

	if (!child)
		_exit(wait_for_grant(handle, kind, deadline));
	return child;
}

#define EXPECT_ASYNC(deadline) \
	EXPECT_REFUSED(EINPROGRESS, ask(self->waiter, variant->kind, QUARTET_ASYNC, deadline, \
					NULL))

static const __u32 clocks[] = { QUARTET_CLOCK_REALTIME, QUARTET_CLOCK_MONOTONIC };

/* Past deadlines of both clocks wait for nothing, in either way. */
TEST_F(deadline, past)
{
	const __u64 past[] = { 0, 1, SEC };
	int i, j;

	for (i = 0; i < 2; i++) {
		for (j = 0; j < 3; j++) {
			EXPECT_EQ(ETIMEDOUT, wait_for(start_waiter(self->waiter, variant->kind,
								   until(clocks[i], past[j]))));
			EXPECT_ASYNC(until(clocks[i], past[j]));
			EXPECT_EQ(-ETIMEDOUT, next_event(self->waiter).error);
		}
	}
	EXPECT_EQ(0, waiters_of(self->holder, variant->kind));
}

/* What is free is taken, however late it is. */
TEST_F(deadline, past_takes_what_is_free)
{
	int i;

	EXPECT_EQ(0, give_up(self->holder, variant->kind, self->token));
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, ask(self->waiter, variant->kind, 0, until(clocks[i], 0),
				 &self->token));
		EXPECT_EQ(0, give_up(self->waiter, variant->kind, self->token));
	}
}

TEST_F(deadline, numbers)
{
	int i;

	EXPECT_EQ(0, give_up(self->holder, variant->kind, self->token));
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, ask(self->waiter, variant->kind, 0, until(clocks[i], LATEST),
				 &self->token));
		EXPECT_EQ(0, give_up(self->waiter, variant->kind, self->token));
		EXPECT_REFUSED(EINVAL, ask(self->waiter, variant->kind, 0,
					   until(clocks[i], LATEST + 1), NULL));
		EXPECT_REFUSED(EINVAL, ask(self->waiter, variant->kind, QUARTET_ASYNC,
					   until(clocks[i], ~0ULL), NULL));
	}
	EXPECT_REFUSED(EINVAL, ask(self->waiter, variant->kind, 0,
				   until(QUARTET_CLOCK_MONOTONIC + 1, LATEST), NULL));
}

/* Waits that are far from their end can be cancelled, and are granted. */
TEST_F(deadline, far_blocking)
{
	const struct deadline far[] = {
		until(QUARTET_CLOCK_REALTIME, now_ns(CLOCK_REALTIME) + FAR),
		until(QUARTET_CLOCK_MONOTONIC, now_ns(CLOCK_MONOTONIC) + FAR),
		until(QUARTET_CLOCK_MONOTONIC, WRAPPED),
		until(QUARTET_CLOCK_REALTIME, LATEST),
		until(QUARTET_CLOCK_MONOTONIC, LATEST),
	};
	pid_t child;
	int i;

	for (i = 0; i < ARRAY_SIZE(far); i++) {
		child = start_waiter(self->waiter, variant->kind, far[i]);
		EXPECT_TRUE(awaits(self->holder, variant->kind, 1, child, child));
		EXPECT_EQ(0, ioctl(self->waiter, QUARTET_CANCEL, 0));
		EXPECT_EQ(ECANCELED, wait_for(child));
	}
}

TEST_F(deadline, far_asynchronous)
{
	const struct deadline far[] = {
		until(QUARTET_CLOCK_REALTIME, now_ns(CLOCK_REALTIME) + FAR),
		until(QUARTET_CLOCK_MONOTONIC, now_ns(CLOCK_MONOTONIC) + FAR),
		until(QUARTET_CLOCK_MONOTONIC, WRAPPED),
		until(QUARTET_CLOCK_REALTIME, LATEST),
		until(QUARTET_CLOCK_MONOTONIC, LATEST),
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(far); i++) {
		EXPECT_ASYNC(far[i]);
		EXPECT_FALSE(is_readable(self->waiter, 20));
		EXPECT_EQ(1, waiters_of(self->holder, variant->kind));
		EXPECT_EQ(0, ioctl(self->waiter, QUARTET_CANCEL, 0));
		EXPECT_EQ(-ECANCELED, next_event(self->waiter).error);
	}
	/* The last one is granted. */
	EXPECT_ASYNC(far[1]);
	EXPECT_EQ(0, give_up(self->holder, variant->kind, self->token));
	EXPECT_EQ(0, next_event(self->waiter).error);
}

/* The event of a deadline comes, before a timer of the caller's that is set for later. */
TEST_F(deadline, near_asynchronous)
{
	const struct itimerspec later = { .it_value.tv_sec = 5 };
	int i, timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	struct pollfd both[2] = {
		{ .fd = self->waiter, .events = POLLIN }, { .fd = timer, .events = POLLIN },
	};

	for (i = 0; i < 2; i++) {
		EXPECT_EQ(0, timerfd_settime(timer, 0, &later, NULL));
		EXPECT_ASYNC(until(clocks[i], now_ns(i ? CLOCK_MONOTONIC : CLOCK_REALTIME) +
				   20 * MSEC));
		EXPECT_EQ(1, poll(both, 2, -1));
		EXPECT_EQ(POLLIN, both[0].revents);
		EXPECT_EQ(-ETIMEDOUT, next_event(self->waiter).error);
	}
	close(timer);
}

/* A later deadline does not wait for an earlier one's, nor the other way round. */
TEST_F(deadline, one_after_the_other)
{
	__u64 near, start = now_ns(CLOCK_MONOTONIC);

	EXPECT_ASYNC(until(QUARTET_CLOCK_MONOTONIC, start + FAR));
	EXPECT_EQ(0, ioctl(self->waiter, QUARTET_CANCEL, 0));
	EXPECT_EQ(-ECANCELED, next_event(self->waiter).error);
	EXPECT_ASYNC(until(QUARTET_CLOCK_MONOTONIC, in_ms(20)));
	EXPECT_EQ(-ETIMEDOUT, next_event(self->waiter).error);
	near = in_ms(30);
	EXPECT_ASYNC(until(QUARTET_CLOCK_MONOTONIC, near));
	EXPECT_EQ(0, ioctl(self->waiter, QUARTET_CANCEL, 0));
	EXPECT_EQ(-ECANCELED, next_event(self->waiter).error);
	EXPECT_ASYNC(no_deadline);
	EXPECT_FALSE(is_readable(self->waiter, 100));
	EXPECT_LT(near, now_ns(CLOCK_MONOTONIC));
	EXPECT_EQ(1, waiters_of(self->holder, variant->kind));
}

/* What a closed handle was to be told of in a moment harms no other. */
TEST_F(deadline, closed_before_it)
{
	int i, handles[32];

	for (i = 0; i < 32; i++)
		handles[i] = clone_handle(self->holder);
	for (i = 0; i < 32; i++)
		EXPECT_REFUSED(EINPROGRESS, ask(handles[i], variant->kind, QUARTET_ASYNC,
						until(QUARTET_CLOCK_MONOTONIC, in_ms(30)), NULL));
	for (i = 0; i < 32; i++)
		close(handles[i]);
	/* The memory is another's after a grace period. */
	usleep(20000);
	for (i = 0; i < 32; i++)
		handles[i] = clone_handle(self->holder);
	usleep(50000);
	EXPECT_EQ(0, waiters_of(self->holder, variant->kind));
	EXPECT_ASYNC(until(QUARTET_CLOCK_MONOTONIC, in_ms(1)));
	EXPECT_EQ(-ETIMEDOUT, next_event(self->waiter).error);
	for (i = 0; i < 32; i++)
		close(handles[i]);
}

/* By so much, and for others, too. */
static int step_clock(long seconds)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	now.tv_sec += seconds;
	return clock_settime(CLOCK_REALTIME, &now);
}

/* A wait under way keeps its end; one that begins anew, or later, sees the clock as it is. */
TEST_F(deadline, clock_is_set)
{
	struct deadline hour = until(QUARTET_CLOCK_REALTIME, now_ns(CLOCK_REALTIME) + 3600 * SEC);
	int status, other = clone_handle(self->holder);
	pid_t child;

	child = start_waiter(self->waiter, variant->kind, hour);
	EXPECT_TRUE(awaits(self->holder, variant->kind, 1, child, child));
	EXPECT_REFUSED(EINPROGRESS, ask(other, variant->kind, QUARTET_ASYNC, hour, NULL));
	ASSERT_EQ(0, step_clock(7200));
	EXPECT_FALSE(is_readable(other, 50));
	EXPECT_EQ(2, waiters_of(self->holder, variant->kind));
	EXPECT_EQ(0, kill(child, SIGSTOP));
	EXPECT_EQ(child, waitpid(child, &status, WUNTRACED));
	EXPECT_EQ(0, kill(child, SIGCONT));
	EXPECT_EQ(ETIMEDOUT, wait_for(child));
	EXPECT_EQ(ETIMEDOUT, wait_for(start_waiter(self->waiter, variant->kind, hour)));
	EXPECT_EQ(0, step_clock(-7200));
	EXPECT_EQ(1, waiters_of(self->holder, variant->kind));
	close(other);
}

/* Back in time, it is as far away as it says. */
TEST_F(deadline, clock_is_set_back)
{
	struct deadline past = until(QUARTET_CLOCK_REALTIME, now_ns(CLOCK_REALTIME));

	ASSERT_EQ(0, step_clock(-60));
	EXPECT_ASYNC(past);
	EXPECT_FALSE(is_readable(self->waiter, 50));
	EXPECT_EQ(0, step_clock(60));
	EXPECT_EQ(1, waiters_of(self->holder, variant->kind));
}

/* Children from now on live in a time namespace whose monotonic clock is so many seconds ahead. */
static bool enter_time(long seconds)
{
	char text[64];
	int fd, len;

	if (unshare(CLONE_NEWTIME))
		return false;
	fd = open("/proc/self/timens_offsets", O_WRONLY | O_CLOEXEC);
	len = snprintf(text, sizeof(text), "monotonic %ld 0", seconds);
	if (write(fd, text, len) != len)
		len = -1;
	close(fd);
	return len > 0;
}

/* What a process of that namespace finds: 7, or where it went wrong. */
static int try_in_time(int holder, int waiter, enum blocked_in kind)
{
	pid_t child;

	if (wait_for_grant(waiter, kind, until(QUARTET_CLOCK_MONOTONIC, in_ms(20))) != ETIMEDOUT)
		return 1;
	if (!WAS_REFUSED(EINPROGRESS, ask(waiter, kind, QUARTET_ASYNC,
					  until(QUARTET_CLOCK_MONOTONIC, in_ms(20)), NULL)))
		return 2;
	if (!is_readable(waiter, 5000) || next_event(waiter).error != -ETIMEDOUT)
		return 3;
	/* Less than the namespace is behind, and not over yet. */
	if (!WAS_REFUSED(EINPROGRESS, ask(waiter, kind, QUARTET_ASYNC,
					  until(QUARTET_CLOCK_MONOTONIC, in_ms(4000)), NULL)))
		return 4;
	if (is_readable(waiter, 50) || ioctl(waiter, QUARTET_CANCEL, 0) ||
	    next_event(waiter).error != -ECANCELED)
		return 5;
	child = start_waiter(waiter, kind, until(QUARTET_CLOCK_MONOTONIC, in_ms(60000)));
	if (!awaits(holder, kind, 1, child, child))
		return 6;
	if (ioctl(waiter, QUARTET_CANCEL, 0) || wait_for(child) != ECANCELED)
		return 8;
	/* The largest value is far away there, too; the real-time clock is the same everywhere. */
	child = start_waiter(waiter, kind, until(QUARTET_CLOCK_MONOTONIC, LATEST));
	if (!awaits(holder, kind, 1, child, child))
		return 9;
	if (ioctl(waiter, QUARTET_CANCEL, 0) || wait_for(child) != ECANCELED)
		return 10;
	if (wait_for_grant(waiter, kind, until(QUARTET_CLOCK_MONOTONIC, 0)) != ETIMEDOUT)
		return 11;
	if (!WAS_REFUSED(EINPROGRESS,
			 ask(waiter, kind, QUARTET_ASYNC,
			     until(QUARTET_CLOCK_REALTIME, now_ns(CLOCK_REALTIME) + 60 * SEC),
			     NULL)))
		return 12;
	if (is_readable(waiter, 50) || ioctl(waiter, QUARTET_CANCEL, 0) ||
	    next_event(waiter).error != -ECANCELED)
		return 13;
	return 7;
}

/* In a process that enters the namespace, and has a child there; 77 if there are none. */
static int try_ahead(int holder, int waiter, enum blocked_in kind, long seconds)
{
	pid_t child = fork(), inner;

	if (!child) {
		if (!enter_time(seconds))
			_exit(77);
		inner = fork();
		if (!inner)
			_exit(try_in_time(holder, waiter, kind));
		_exit(wait_for(inner));
	}
	return wait_for(child);
}

TEST_F(deadline, namespace_a_day_ahead)
{
	int tried = try_ahead(self->holder, self->waiter, variant->kind, 86400);

	if (tried == 77)
		SKIP(return, "this kernel has no time namespaces");
	EXPECT_EQ(7, tried);
}

/* Its clock must not be before 0. */
TEST_F(deadline, namespace_behind)
{
	int tried;

	while (now_ns(CLOCK_MONOTONIC) < 6 * SEC)
		usleep(100000);
	tried = try_ahead(self->holder, self->waiter, variant->kind, -5);
	if (tried == 77)
		SKIP(return, "this kernel has no time namespaces");
	EXPECT_EQ(7, tried);
}

/* How long results are kept. */
static struct quartet_create lifetimes(__u64 ttl_ns, __u64 err_ttl_ns)
{
	struct quartet_create args = memo_args();

	args.ttl_ns = ttl_ns;
	args.err_ttl_ns = err_ttl_ns;
	return args;
}

static int get_key(int memo, const char *key, struct quartet_memo_get *args)
{
	static char value[8];

	*args = (struct quartet_memo_get){
		.size = sizeof(*args), .key = address(key), .key_len = strlen(key),
		.value = address(value), .value_size = sizeof(value),
	};
	return ioctl(memo, QUARTET_MEMO_GET, args);
}

/* Leads, and says that the result is a value, or the error if it is not 0. */
static int compute(int memo, const char *key, int error)
{
	struct quartet_memo_fulfil args = { .size = sizeof(args), .error = error };
	struct quartet_memo_get get;

	if (get_key(memo, key, &get) || get.what != QUARTET_ANSWER_LEAD)
		return -1;
	args.token = get.token;
	if (!error) {
		args.value = address("v");
		args.value_len = 1;
	}
	return ioctl(memo, QUARTET_MEMO_FULFIL, &args);
}

static __u64 entries(int memo)
{
	struct quartet_memo_info args = { .size = sizeof(args) };

	return ioctl(memo, QUARTET_MEMO_STATE, &args) ? ~0ULL : args.entries;
}

/* Until so many are left; nobody asks for them meanwhile. */
static bool has_left(int memo, __u64 n)
{
	int i;

	for (i = 0; i < 200 && entries(memo) != n; i++)
		usleep(100000);
	return entries(memo) == n;
}

/* The longest lifetimes end no result, whatever is added to the present. */
TEST(longest_lifetimes)
{
	const __u64 longest[] = {
		QUARTET_FOR_EVER, QUARTET_FOR_EVER - 1, LATEST + 1, LATEST, LATEST - SEC,
	};
	int i, memo, device = device_open();
	struct quartet_memo_get get;

	for (i = 0; i < ARRAY_SIZE(longest); i++) {
		memo = create(device, lifetimes(longest[i], longest[i]));
		ASSERT_LE(0, memo);
		EXPECT_EQ(0, compute(memo, "value", 0));
		EXPECT_EQ(0, compute(memo, "error", -ENOENT));
		usleep(10000);
		EXPECT_EQ(0, get_key(memo, "value", &get));
		EXPECT_EQ(QUARTET_ANSWER_VALUE, get.what);
		EXPECT_EQ(0, get_key(memo, "error", &get));
		EXPECT_EQ(QUARTET_ANSWER_ERROR, get.what);
		EXPECT_EQ(-ENOENT, get.error);
		close(memo);
	}
	close(device);
}

/* The sweep goes by the shorter lifetime, and comes again. */
TEST(sweeps_by_the_shorter_lifetime)
{
	const __u64 longer[] = { QUARTET_FOR_EVER, QUARTET_FOR_EVER - 1, 3600 * SEC };
	int i, value, error, device = device_open();

	for (i = 0; i < ARRAY_SIZE(longer); i++) {
		value = create(device, lifetimes(10 * MSEC, longer[i]));
		error = create(device, lifetimes(longer[i], 10 * MSEC));
		EXPECT_EQ(0, compute(value, "first", 0));
		EXPECT_EQ(0, compute(value, "kept", -ENOENT));
		EXPECT_EQ(0, compute(error, "first", -ENOENT));
		EXPECT_EQ(0, compute(error, "kept", 0));
		EXPECT_TRUE(has_left(value, 1) && has_left(error, 1));
		EXPECT_EQ(0, compute(value, "second", 0));
		EXPECT_EQ(0, compute(error, "second", -ENOENT));
		EXPECT_TRUE(has_left(value, 1) && has_left(error, 1));
		close(value);
		close(error);
	}
	close(device);
}

/* One of the two lifetimes may be 0: nothing of that sort is kept. */
TEST(sweeps_without_the_other_lifetime)
{
	int device = device_open();
	int value = create(device, lifetimes(10 * MSEC, 0));
	int error = create(device, lifetimes(0, 10 * MSEC));

	EXPECT_EQ(0, compute(value, "key", 0));
	EXPECT_EQ(0, compute(error, "key", -ENOENT));
	EXPECT_TRUE(has_left(value, 0) && has_left(error, 0));
	close(value);
	close(error);
	close(device);
}

TEST_HARNESS_MAIN
