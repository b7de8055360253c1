// SPDX-License-Identifier: GPL-2.0-only
/* The torture on memo tables: good engines pass, broken ones are caught, bad input is refused. */
#include "kselftest_harness.h"
#include "../torture/memo_run.h"
#include "histogram.h"

FIXTURE(memo) {
	int fd;
	struct quartet_torture_memo args;
};

FIXTURE_SETUP(memo)
{
	self->fd = torture_open();
	ASSERT_LE(0, self->fd);
	self->args = memo_args(QUARTET_MEMO_KIND_RCU);
}

FIXTURE_TEARDOWN(memo)
{
	close(self->fd);
}

#define EXPECT_GOOD(args) do { \
	const struct quartet_torture_memo *_done = args; \
	EXPECT_EQ(QUARTET_ENDED_BY_TIME, _done->result.ended); \
	EXPECT_LT(0, _done->result.grants); \
	EXPECT_EQ(0, _done->result.violations) \
		TH_LOG("kind %u, pattern %u: twice %llu, again %llu, wrong %llu, bytes off %llu", \
		       _done->request.kind, _done->pattern, _done->twice, _done->again, \
		       _done->wrong, _done->bytes_off); \
} while (0)

static const enum quartet_memo_kind engines[] = {
	QUARTET_MEMO_KIND_RCU, QUARTET_MEMO_KIND_LOCK, QUARTET_MEMO_KIND_MONITOR,
};

#define for_each_engine(kind) \
	for (size_t _i = 0; _i < sizeof(engines) / sizeof(*engines) && \
	     ((kind) = engines[_i], true); _i++)

TEST_F(memo, every_pattern)
{
	enum quartet_memo_kind kind;

	for_each_engine(kind) {
		for (__u32 pattern = 0; pattern < QUARTET_MEMO_PATTERNS; pattern++) {
			self->args = memo_args(kind);
			self->args.pattern = pattern;
			ASSERT_EQ(0, memo_run(self->fd, &self->args)) TH_LOG("%u", pattern);
			EXPECT_GOOD(&self->args);
			EXPECT_LT(0, self->args.stats[QUARTET_MEMO_STAT_MISSES]);
			EXPECT_LT(0, self->args.computed);
		}
	}
}

TEST_F(memo, busted_is_flagged)
{
	for (__u32 kind = QUARTET_MEMO_KIND_BUSTED_RCU;
	     kind <= QUARTET_MEMO_KIND_BUSTED_MONITOR; kind++) {
		self->args = memo_args(kind);
		RUN_UNTIL(self->args.twice, memo_run(self->fd, &self->args));
		EXPECT_LE(self->args.twice, self->args.result.violations);
	}
}

TEST_F(memo, peer)
{
	self->args.request.kind = QUARTET_MEMO_KIND_RHASHTABLE;
	self->args.pattern = QUARTET_MEMO_PATTERN_HITS;
	ASSERT_EQ(0, memo_run(self->fd, &self->args));
	EXPECT_GOOD(&self->args);
	EXPECT_EQ(0, self->args.computed);
}

TEST_F(memo, what_patterns_are_for)
{
	self->args.request.threads = 8;
	RUN_UNTIL(self->args.stats[QUARTET_MEMO_STAT_JOINED], memo_run(self->fd, &self->args));
	self->args.pattern = QUARTET_MEMO_PATTERN_DYING;
	RUN_UNTIL(self->args.stats[QUARTET_MEMO_STAT_PROMOTIONS] &&
		  self->args.stats[QUARTET_MEMO_STAT_ERRORS], memo_run(self->fd, &self->args));
	self->args.pattern = QUARTET_MEMO_PATTERN_LEAVING;
	RUN_UNTIL(self->args.stats[QUARTET_MEMO_STAT_LEFT], memo_run(self->fd, &self->args));
	self->args.pattern = QUARTET_MEMO_PATTERN_PRESSURE;
	RUN_UNTIL(self->args.stats[QUARTET_MEMO_STAT_EVICTIONS], memo_run(self->fd, &self->args));
	self->args.pattern = QUARTET_MEMO_PATTERN_MISSES;
	ASSERT_EQ(0, memo_run(self->fd, &self->args));
	EXPECT_EQ(0, self->args.stats[QUARTET_MEMO_STAT_HITS]);
	self->args.pattern = QUARTET_MEMO_PATTERN_HITS;
	ASSERT_EQ(0, memo_run(self->fd, &self->args));
	EXPECT_LT(self->args.stats[QUARTET_MEMO_STAT_MISSES],
		  self->args.stats[QUARTET_MEMO_STAT_HITS]);
}

/* Time and memory run out, threads get signals, and CPUs change. */
TEST_F(memo, disturbed)
{
	static const enum quartet_memo_pattern patterns[] = {
		QUARTET_MEMO_PATTERN_STAMPEDE, QUARTET_MEMO_PATTERN_MIXED,
		QUARTET_MEMO_PATTERN_DYING, QUARTET_MEMO_PATTERN_ZIPF,
	};
	enum quartet_memo_kind kind;

	for_each_engine(kind) {
		for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
			self->args = memo_args(kind);
			self->args.pattern = patterns[i];
			self->args.scan_us = 1000;
			self->args.signal_us = 700;
			self->args.request.stutter_ms = 50;
			self->args.request.shuffle_ms = 10;
			ASSERT_EQ(0, memo_run(self->fd, &self->args));
			EXPECT_GOOD(&self->args);
		}
		EXPECT_LT(0, self->args.stats[QUARTET_MEMO_STAT_EVICTIONS]);
	}
}

TEST_F(memo, hotplug)
{
	if (access("/sys/devices/system/cpu/cpu1/online", F_OK))
		SKIP(return, "no CPU here can go offline");
	self->args.request.onoff_ms = 20;
	self->args.request.duration_ns = 2000 * MSEC;
	self->args.pattern = QUARTET_MEMO_PATTERN_MIXED;
	self->args.scan_us = 1000;
	ASSERT_EQ(0, memo_run(self->fd, &self->args));
	EXPECT_GOOD(&self->args);
	EXPECT_LT(0, self->args.result.offlined);
}

/* By the registered functions, and by the same with a number of one's own. */
TEST_F(memo, work)
{
	self->args.pattern = QUARTET_MEMO_PATTERN_MISSES;
	for (__u32 work = QUARTET_MEMO_WORK_CPU; work <= QUARTET_MEMO_WORK_IO; work++) {
		for (__u32 amount = 0; amount <= 100; amount += 100) {
			self->args.work = work;
			self->args.amount = amount;
			ASSERT_EQ(0, memo_run(self->fd, &self->args));
			EXPECT_GOOD(&self->args);
		}
	}
}

/* Who waits as for a device leaves the CPU to others, on one CPU as well. */
TEST_F(memo, concurrency_is_not_parallelism)
{
	unsigned long one = 1;
	__u64 alone;

	self->args.pattern = QUARTET_MEMO_PATTERN_MISSES;
	self->args.work = QUARTET_MEMO_WORK_IO;
	self->args.amount = 10000;
	self->args.request.cpus = (uintptr_t)&one;
	self->args.request.cpus_size = sizeof(one);
	self->args.request.duration_ns = 1000 * MSEC;
	self->args.request.threads = 1;
	ASSERT_EQ(0, memo_run(self->fd, &self->args));
	EXPECT_EQ(1, self->args.cpus);
	alone = self->args.result.grants;
	self->args.request.threads = 8;
	RUN_UNTIL(self->args.result.grants > 2 * alone, memo_run(self->fd, &self->args));
}

TEST_F(memo, histogram_counts_all_values)
{
	static __u64 hist[QUARTET_HIST_BUCKETS];
	__u64 counted = 0;

	self->args.request.wait_hist = (uintptr_t)hist;
	self->args.request.wait_hist_len = QUARTET_HIST_BUCKETS;
	ASSERT_EQ(0, memo_run(self->fd, &self->args));
	for (int i = 0; i < QUARTET_HIST_BUCKETS; i++)
		counted += hist[i];
	EXPECT_EQ(self->args.result.grants, counted);
	EXPECT_LT(0, hist[quartet_hist_index(self->args.result.max_wait_ns)]);
}

#define EXPECT_REFUSED_WITH(error, field, value) do { \
	struct quartet_torture_memo changed = self->args; \
	changed.field = value; \
	EXPECT_EQ(-1, memo_run(self->fd, &changed)); \
	EXPECT_EQ(error, errno); \
} while (0)

TEST_F(memo, bad_request)
{
	EXPECT_REFUSED_WITH(EINVAL, request.size, sizeof(struct quartet_torture_memo) - 1);
	EXPECT_REFUSED_WITH(E2BIG, request.size, 0xffffffff);
	EXPECT_REFUSED_WITH(EINVAL, request.kind, QUARTET_MEMO_KINDS);
	EXPECT_REFUSED_WITH(EINVAL, request.flags, 1);
	EXPECT_REFUSED_WITH(EINVAL, request.reserved, 1);
	EXPECT_REFUSED_WITH(EINVAL, request.threads, 0);
	EXPECT_REFUSED_WITH(EINVAL, request.threads, QUARTET_TORTURE_MAX_THREADS + 1);
	EXPECT_REFUSED_WITH(EINVAL, request.trylock_permille, 1);
	EXPECT_REFUSED_WITH(EINVAL, request.hold_ns, QUARTET_TORTURE_MAX_WORK_NS + 1);
	EXPECT_REFUSED_WITH(EINVAL, request.duration_ns, 0);
	EXPECT_REFUSED_WITH(EINVAL, request.wait_hist_len, 1);
	EXPECT_REFUSED_WITH(EINVAL, request.contenders_len, 1);
	EXPECT_REFUSED_WITH(EINVAL, request.cpus_size, 8);
}

TEST_F(memo, bad_numbers)
{
	EXPECT_REFUSED_WITH(EINVAL, pattern, QUARTET_MEMO_PATTERNS);
	EXPECT_REFUSED_WITH(EINVAL, work, QUARTET_MEMO_WORKS);
	EXPECT_REFUSED_WITH(EINVAL, amount, 1);
	EXPECT_REFUSED_WITH(EINVAL, scan_us, QUARTET_TORTURE_MAX_PERIOD_MS * 1000 + 1);
	EXPECT_REFUSED_WITH(EINVAL, signal_us, QUARTET_TORTURE_MAX_PERIOD_MS * 1000 + 1);
	EXPECT_REFUSED_WITH(EINVAL, timeout_ns, QUARTET_TORTURE_MAX_WORK_NS + 1);
	EXPECT_REFUSED_WITH(EINVAL, reserved, 1);
	self->args.work = QUARTET_MEMO_WORK_CPU;
	EXPECT_REFUSED_WITH(EINVAL, request.flags, 0);
	self->args.pattern = QUARTET_MEMO_PATTERN_MISSES;
	EXPECT_REFUSED_WITH(EINVAL, amount, QUARTET_TORTURE_MAX_AMOUNT + 1);
}

TEST_F(memo, what_the_kind_has_not)
{
	self->args.request.kind = QUARTET_MEMO_KIND_BUSTED_LOCK;
	EXPECT_REFUSED_WITH(EINVAL, pattern, QUARTET_MEMO_PATTERN_MISSES);
	EXPECT_REFUSED_WITH(EINVAL, request.threads, QUARTET_TORTURE_BUSTED_THREADS + 1);
	self->args.request.kind = QUARTET_MEMO_KIND_RHASHTABLE;
	EXPECT_REFUSED_WITH(EINVAL, pattern, QUARTET_MEMO_PATTERN_ZIPF);
	self->args.pattern = QUARTET_MEMO_PATTERN_HITS;
	EXPECT_REFUSED_WITH(EINVAL, scan_us, 1000);
}

TEST_HARNESS_MAIN
