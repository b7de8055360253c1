// SPDX-License-Identifier: GPL-2.0-only
/* The torture on pools: good ones pass, a broken one is caught, bad input is refused. */
#include "kselftest_harness.h"
#include "../torture/pool_run.h"
#include "histogram.h"

FIXTURE(pool) {
	int fd;
	struct quartet_torture_pool args;
};

FIXTURE_SETUP(pool)
{
	self->fd = torture_open();
	ASSERT_LE(0, self->fd);
	self->args = pool_args(QUARTET_POOL_KIND_QUARTET);
}

FIXTURE_TEARDOWN(pool)
{
	close(self->fd);
}

#define EXPECT_GOOD(args) do { \
	const struct quartet_torture_pool *_done = args; \
	EXPECT_EQ(QUARTET_ENDED_BY_TIME, _done->result.ended); \
	EXPECT_LT(0, _done->result.grants); \
	EXPECT_EQ(0, _done->result.violations); \
	EXPECT_EQ(0, _done->lost); \
	EXPECT_EQ(0, _done->dirty); \
} while (0)

TEST_F(pool, every_pattern)
{
	for (__u32 pattern = 0; pattern < QUARTET_POOL_PATTERNS; pattern++) {
		self->args = pool_args(QUARTET_POOL_KIND_QUARTET);
		self->args.pattern = pattern;
		ASSERT_EQ(0, pool_run(self->fd, &self->args)) TH_LOG("pattern %u", pattern);
		EXPECT_GOOD(&self->args);
		EXPECT_LT(0, self->args.stats[QUARTET_POOL_STAT_FRESH]);
		EXPECT_EQ(self->args.result.grants, self->args.stats[QUARTET_POOL_STAT_PUTS]);
		EXPECT_EQ(self->args.allocated, self->args.freed + self->args.cached);
		EXPECT_EQ(0, self->args.failed);
	}
}

TEST_F(pool, every_peer)
{
	static const enum quartet_pool_kind kinds[] = {
		QUARTET_POOL_KIND_CACHE, QUARTET_POOL_KIND_MEMPOOL, QUARTET_POOL_KIND_OBJPOOL,
		QUARTET_POOL_KIND_SEED,
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		self->args = pool_args(kinds[i]);
		if (pool_run(self->fd, &self->args)) {
			EXPECT_EQ(EOPNOTSUPP, errno);
			EXPECT_EQ(QUARTET_POOL_KIND_OBJPOOL, kinds[i]);
			continue;
		}
		EXPECT_GOOD(&self->args);
	}
}

TEST_F(pool, busted_is_flagged)
{
	self->args = pool_args(QUARTET_POOL_KIND_BUSTED);
	RUN_UNTIL(self->args.result.violations, pool_run(self->fd, &self->args));
}

/* Counted on the CPU that has them, in any context: an interrupt may lose an increment. */
TEST_F(pool, every_context)
{
	static struct quartet_torture_contender all[1024];
	__u64 grants[3] = { 0 };

	self->args.request.flags = QUARTET_TORTURE_SOFTIRQ | QUARTET_TORTURE_HARDIRQ;
	self->args.request.contenders = (uintptr_t)all;
	self->args.request.contenders_len = 1024;
	ASSERT_EQ(0, pool_run(self->fd, &self->args));
	EXPECT_GOOD(&self->args);
	for (__u32 i = 0; i < self->args.result.contenders_total; i++)
		grants[all[i].context] += all[i].grants;
	EXPECT_LT(0, grants[QUARTET_CONTEXT_TASK]);
	EXPECT_LT(0, grants[QUARTET_CONTEXT_SOFTIRQ]);
	EXPECT_LT(0, grants[QUARTET_CONTEXT_HARDIRQ]);
}

TEST_F(pool, zeroed)
{
	self->args.request.flags = QUARTET_TORTURE_ZERO;
	ASSERT_EQ(0, pool_run(self->fd, &self->args));
	EXPECT_GOOD(&self->args);
	self->args.request.kind = QUARTET_POOL_KIND_CACHE;
	ASSERT_EQ(0, pool_run(self->fd, &self->args));
	EXPECT_GOOD(&self->args);
}

/* A pool keeps its objects constructed; of a slab cache each get constructs. */
TEST_F(pool, constructed)
{
	__u64 gets;

	self->args.pattern = QUARTET_POOL_PATTERN_LOCAL;
	self->args.ctor_ns = 20000;
	ASSERT_EQ(0, pool_run(self->fd, &self->args));
	EXPECT_GOOD(&self->args);
	gets = self->args.result.grants;
	self->args.request.kind = QUARTET_POOL_KIND_CACHE;
	ASSERT_EQ(0, pool_run(self->fd, &self->args));
	EXPECT_LT(self->args.result.grants, gets);
}

TEST_F(pool, scanned)
{
	self->args.scan_us = 200;
	self->args.request.flags = QUARTET_TORTURE_SOFTIRQ | QUARTET_TORTURE_HARDIRQ;
	self->args.request.duration_ns = 1000 * MSEC;
	RUN_UNTIL(self->args.stats[QUARTET_POOL_STAT_RECLAIMED] &&
		  self->args.stats[QUARTET_POOL_STAT_VICTIM], pool_run(self->fd, &self->args));
	EXPECT_GOOD(&self->args);
}

/* A pool that is emptied all the time asks often; who gets nothing goes on with what he has. */
TEST_F(pool, out_of_memory)
{
	self->args.scan_us = 200;
	self->args.fail_permille = 300;
	self->args.pattern = QUARTET_POOL_PATTERN_MIX;
	self->args.request.flags = QUARTET_TORTURE_SOFTIRQ | QUARTET_TORTURE_HARDIRQ;
	self->args.request.threads = 4;
	RUN_UNTIL(self->args.failed, pool_run(self->fd, &self->args));
	EXPECT_GOOD(&self->args);
	EXPECT_EQ(self->args.allocated, self->args.freed + self->args.cached);
}

TEST_F(pool, stolen)
{
	if (one_cpu())
		SKIP(return, "one CPU: nobody to steal from");
	self->args.pattern = QUARTET_POOL_PATTERN_STARVATION;
	self->args.request.threads = 8;
	self->args.request.duration_ns = 1000 * MSEC;
	RUN_UNTIL(self->args.stats[QUARTET_POOL_STAT_NEAR], pool_run(self->fd, &self->args));
	EXPECT_GOOD(&self->args);
	/* From other nodes exactly if there are any. */
	EXPECT_EQ(!access("/sys/devices/system/node/node1", F_OK),
		  !!self->args.stats[QUARTET_POOL_STAT_FAR]);
}

TEST_F(pool, disturbed)
{
	self->args.request.stutter_ms = 20;
	self->args.request.shuffle_ms = 10;
	self->args.request.threads = 7;
	ASSERT_EQ(0, pool_run(self->fd, &self->args));
	EXPECT_GOOD(&self->args);
}

TEST_F(pool, hotplug)
{
	if (access("/sys/devices/system/cpu/cpu1/online", F_OK))
		SKIP(return, "no CPU here can go offline");
	self->args.request.onoff_ms = 20;
	self->args.request.duration_ns = 2000 * MSEC;
	self->args.scan_us = 1000;
	ASSERT_EQ(0, pool_run(self->fd, &self->args));
	EXPECT_GOOD(&self->args);
	EXPECT_LT(0, self->args.result.offlined);
}

TEST_F(pool, histogram_counts_all_gets)
{
	static __u64 hist[QUARTET_HIST_BUCKETS];
	__u64 counted = 0;

	self->args.request.wait_hist = (uintptr_t)hist;
	self->args.request.wait_hist_len = QUARTET_HIST_BUCKETS;
	ASSERT_EQ(0, pool_run(self->fd, &self->args));
	for (int i = 0; i < QUARTET_HIST_BUCKETS; i++)
		counted += hist[i];
	EXPECT_EQ(self->args.result.grants, counted);
	EXPECT_LT(0, hist[quartet_hist_index(self->args.result.max_wait_ns)]);
}

#define EXPECT_REFUSED_WITH(error, field, value) do { \
	struct quartet_torture_pool changed = self->args; \
	changed.field = value; \
	EXPECT_EQ(-1, pool_run(self->fd, &changed)); \
	EXPECT_EQ(error, errno); \
} while (0)

TEST_F(pool, bad_request)
{
	EXPECT_REFUSED_WITH(EINVAL, request.size, sizeof(struct quartet_torture_pool) - 1);
	EXPECT_REFUSED_WITH(E2BIG, request.size, 0xffffffff);
	EXPECT_REFUSED_WITH(EINVAL, request.kind, QUARTET_POOL_KINDS);
	EXPECT_REFUSED_WITH(EINVAL, request.flags, 1U << 3);
	EXPECT_REFUSED_WITH(EINVAL, request.reserved, 1);
	EXPECT_REFUSED_WITH(EINVAL, request.threads, 0);
	EXPECT_REFUSED_WITH(EINVAL, request.threads, QUARTET_TORTURE_MAX_THREADS + 1);
	EXPECT_REFUSED_WITH(EINVAL, request.trylock_permille, 1);
	EXPECT_REFUSED_WITH(EINVAL, request.hold_ns, QUARTET_TORTURE_MAX_WORK_NS + 1);
	EXPECT_REFUSED_WITH(EINVAL, request.think_ns, QUARTET_TORTURE_MAX_WORK_NS + 1);
	EXPECT_REFUSED_WITH(EINVAL, request.duration_ns, 0);
	EXPECT_REFUSED_WITH(EINVAL, request.wait_hist_len, 1);
	EXPECT_REFUSED_WITH(EINVAL, request.contenders_len, 1);
	EXPECT_REFUSED_WITH(EINVAL, request.cpus_size, 8);
}

TEST_F(pool, bad_numbers)
{
	EXPECT_REFUSED_WITH(EINVAL, pattern, QUARTET_POOL_PATTERNS);
	EXPECT_REFUSED_WITH(EINVAL, object_size, QUARTET_TORTURE_MIN_OBJECT - 8);
	EXPECT_REFUSED_WITH(EINVAL, object_size, QUARTET_TORTURE_MAX_OBJECT + 8);
	EXPECT_REFUSED_WITH(EINVAL, object_size, 260);
	EXPECT_REFUSED_WITH(EINVAL, ctor_ns, QUARTET_TORTURE_MAX_WORK_NS + 1);
	EXPECT_REFUSED_WITH(EINVAL, scan_us, QUARTET_TORTURE_MAX_PERIOD_MS * 1000 + 1);
	EXPECT_REFUSED_WITH(EINVAL, fail_permille, 1001);
	self->args.request.flags = QUARTET_TORTURE_ZERO;
	EXPECT_REFUSED_WITH(EINVAL, ctor_ns, 1);
}

TEST_F(pool, what_the_kind_has_not)
{
	self->args.request.kind = QUARTET_POOL_KIND_SEED;
	EXPECT_REFUSED_WITH(EINVAL, scan_us, 1000);
	EXPECT_REFUSED_WITH(EINVAL, request.flags, QUARTET_TORTURE_SOFTIRQ);
	self->args.request.kind = QUARTET_POOL_KIND_CACHE;
	EXPECT_REFUSED_WITH(EINVAL, scan_us, 1000);
	EXPECT_REFUSED_WITH(EINVAL, fail_permille, 1);
}

TEST_HARNESS_MAIN
