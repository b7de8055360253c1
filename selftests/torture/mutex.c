// SPDX-License-Identifier: GPL-2.0-only
/* The torture on sleeping locks: good ones pass, broken ones are caught, bad input is refused. */
#include "kselftest_harness.h"
#include "../torture/mutex_run.h"
#include "histogram.h"

FIXTURE(mutex) {
	int fd;
	struct quartet_torture_mutex args;
};

FIXTURE_SETUP(mutex)
{
	self->fd = torture_open();
	ASSERT_LE(0, self->fd);
	self->args = mutex_args(QUARTET_MUTEX_KIND_QUARTET);
}

FIXTURE_TEARDOWN(mutex)
{
	close(self->fd);
}

#define EXPECT_GOOD(args) do { \
	const struct quartet_torture_mutex *_done = args; \
	EXPECT_EQ(QUARTET_ENDED_BY_TIME, _done->result.ended); \
	EXPECT_LT(0, _done->result.grants); \
	EXPECT_EQ(0, _done->result.violations); \
	EXPECT_EQ(0, _done->result.inversions); \
} while (0)

static void mix(struct quartet_torture_mutex *args)
{
	args->request.trylock_permille = 100;
	args->interruptible_permille = 200;
	args->killable_permille = 200;
	args->signal_us = 200;
	args->nap_permille = 20;
}

TEST_F(mutex, every_kind)
{
	static const enum quartet_mutex_kind kinds[] = {
		QUARTET_MUTEX_KIND_QUARTET, QUARTET_MUTEX_KIND_MUTEX, QUARTET_MUTEX_KIND_RT_MUTEX,
		QUARTET_MUTEX_KIND_SEMAPHORE, QUARTET_MUTEX_KIND_FIFO,
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		self->args = mutex_args(kinds[i]);
		mix(&self->args);
		ASSERT_EQ(0, mutex_run(self->fd, &self->args));
		EXPECT_GOOD(&self->args);
		EXPECT_LT(0, self->args.interrupted) TH_LOG("kind %u", kinds[i]);
	}
}

TEST_F(mutex, every_form_of_quartet)
{
	static const __u64 starve[] = { 0, 1000000, ~0ULL };

	/* Twice and eight times as many threads as the four CPUs of most kernels here. */
	for (int i = 0; i < 6; i++) {
		self->args = mutex_args(QUARTET_MUTEX_KIND_QUARTET);
		mix(&self->args);
		self->args.request.threads = i < 3 ? 8 : 32;
		self->args.starve_ns = starve[i % 3];
		self->args.timeout_permille = 200;
		self->args.async_permille = 100;
		self->args.rt_permille = 250;
		self->args.request.duration_ns = 1000 * MSEC;
		ASSERT_EQ(0, mutex_run(self->fd, &self->args));
		EXPECT_GOOD(&self->args);
		EXPECT_LT(0, self->args.timed_out);
		EXPECT_LT(0, self->args.stats[QUARTET_MUTEX_STAT_HANDOFFS]);
		EXPECT_LT(0, self->args.stats[QUARTET_MUTEX_STAT_CANCELLED]);
		EXPECT_LT(0, self->args.interrupted);
		EXPECT_EQ(!~starve[i % 3], !self->args.result.order_checks);
	}
}

TEST_F(mutex, hotplug)
{
	if (access("/sys/devices/system/cpu/cpu1/online", F_OK))
		SKIP(return, "no CPU here can go offline");
	mix(&self->args);
	self->args.timeout_permille = 200;
	self->args.async_permille = 100;
	self->args.rt_permille = 250;
	self->args.request.onoff_ms = 20;
	self->args.request.duration_ns = 2000 * MSEC;
	ASSERT_EQ(0, mutex_run(self->fd, &self->args));
	EXPECT_GOOD(&self->args);
	EXPECT_LT(0, self->args.result.offlined);
}

TEST_F(mutex, hog)
{
	self->args.request.flags = QUARTET_TORTURE_HOG;
	ASSERT_EQ(0, mutex_run(self->fd, &self->args));
	EXPECT_GOOD(&self->args);
	EXPECT_LT(0, self->args.result.order_checks);
}

TEST_F(mutex, idle_histogram_counts_what_its_maximum_says)
{
	static __u64 hist[QUARTET_HIST_BUCKETS];

	self->args.idle_hist = (uintptr_t)hist;
	self->args.idle_hist_len = QUARTET_HIST_BUCKETS;
	ASSERT_EQ(0, mutex_run(self->fd, &self->args));
	EXPECT_LT(0, hist[quartet_hist_index(self->args.idle_max_ns)]);
}

/*
 * Sixty-four who all starve, on one CPU: each hand-off must give the receiver the CPU at once.
 * Otherwise the lock is nobody's while the unlocker thinks, and a grant takes as long as a thought.
 */
TEST_F(mutex, starving_crowd_does_not_collapse)
{
	__u64 hist[QUARTET_HIST_BUCKETS] = { }, cpu = 1;

	self->args.request.threads = 64;
	self->args.request.cpus = (uintptr_t)&cpu;
	self->args.request.cpus_size = sizeof(cpu);
	self->args.request.hold_ns = 1000;
	self->args.request.think_ns = 2 * MSEC;
	self->args.request.duration_ns = 2000 * MSEC;
	self->args.nap_permille = 1000;		/* so that the others come meanwhile */
	self->args.starve_ns = 0;
	self->args.idle_hist = (uintptr_t)hist;
	self->args.idle_hist_len = QUARTET_HIST_BUCKETS;
	ASSERT_EQ(0, mutex_run(self->fd, &self->args));
	EXPECT_GOOD(&self->args);
	EXPECT_LT(32, self->args.stats[QUARTET_MUTEX_STAT_HANDOFFS]);
	EXPECT_GT(self->args.request.think_ns / 2, quartet_hist_percentile(hist, 5000));
}

TEST_F(mutex, busted_is_flagged)
{
	self->args = mutex_args(QUARTET_MUTEX_KIND_BUSTED);
	RUN_UNTIL(self->args.result.violations, mutex_run(self->fd, &self->args));
}

TEST_F(mutex, overtaking_is_flagged)
{
	self->args = mutex_args(QUARTET_MUTEX_KIND_BUSTED_LIFO);
	RUN_UNTIL(self->args.result.inversions, mutex_run(self->fd, &self->args));
	EXPECT_EQ(0, self->args.result.violations);
}

/* Twice: what was stuck is all gone. */
TEST_F_TIMEOUT(mutex, lost_wakeup_is_flagged, 120)
{
	self->args = mutex_args(QUARTET_MUTEX_KIND_BUSTED_WAKE);
	ASSERT_EQ(0, mutex_run(self->fd, &self->args));
	EXPECT_EQ(QUARTET_ENDED_STUCK, self->args.result.ended);
	self->args = mutex_args(QUARTET_MUTEX_KIND_QUARTET);
	ASSERT_EQ(0, mutex_run(self->fd, &self->args));
	EXPECT_GOOD(&self->args);
}

#define EXPECT_REFUSED_WITH(error, field, value) do { \
	struct quartet_torture_mutex changed = self->args; \
	changed.field = value; \
	EXPECT_EQ(-1, mutex_run(self->fd, &changed)); \
	EXPECT_EQ(error, errno); \
} while (0)

TEST_F(mutex, bad_input)
{
	EXPECT_REFUSED_WITH(EINVAL, request.size, sizeof(struct quartet_torture_mutex) - 1);
	EXPECT_REFUSED_WITH(EINVAL, request.kind, QUARTET_MUTEX_KINDS);
	EXPECT_REFUSED_WITH(EINVAL, request.flags, 1U << 1);
	EXPECT_REFUSED_WITH(EINVAL, request.reserved, 1);
	EXPECT_REFUSED_WITH(EINVAL, request.threads, QUARTET_TORTURE_MAX_THREADS + 1);
	EXPECT_REFUSED_WITH(EINVAL, nap_permille, 1001);
	EXPECT_REFUSED_WITH(EINVAL, timeout_ns, QUARTET_TORTURE_MAX_WORK_NS + 1);
	EXPECT_REFUSED_WITH(EINVAL, signal_us, QUARTET_TORTURE_MAX_PERIOD_MS * 1000 + 1);
	EXPECT_REFUSED_WITH(EINVAL, rt_permille, 1001);
	EXPECT_REFUSED_WITH(EINVAL, killable_permille, 1001);
	EXPECT_REFUSED_WITH(EINVAL, idle_hist_len, 1);
	EXPECT_REFUSED_WITH(EINVAL, idle_hist, (uintptr_t)&self->args);
	self->args.request.trylock_permille = 501;
	EXPECT_REFUSED_WITH(EINVAL, async_permille, 500);
	EXPECT_REFUSED_WITH(EINVAL, async_permille, 0xffffffff);
	self->args.idle_hist_len = QUARTET_HIST_BUCKETS;
	EXPECT_REFUSED_WITH(EFAULT, idle_hist, 8);
}

TEST_F(mutex, form_that_the_kind_has_not)
{
	self->args.request.kind = QUARTET_MUTEX_KIND_MUTEX;
	EXPECT_REFUSED_WITH(EINVAL, timeout_permille, 1);
	EXPECT_REFUSED_WITH(EINVAL, async_permille, 1);
	self->args.request.kind = QUARTET_MUTEX_KIND_RT_MUTEX;
	EXPECT_REFUSED_WITH(EINVAL, timeout_permille, 1);
	self->args.request.kind = QUARTET_MUTEX_KIND_SEMAPHORE;
	EXPECT_REFUSED_WITH(EINVAL, async_permille, 1);
}

TEST_HARNESS_MAIN
