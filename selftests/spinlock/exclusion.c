// SPDX-License-Identifier: GPL-2.0-only
/* Mutual exclusion of every kind of spinlock, in every context it serves. */
#include "kselftest_harness.h"
#include "../torture/spin_run.h"

FIXTURE(exclusion) {
	int fd;
};

FIXTURE_VARIANT(exclusion) {
	enum quartet_spin_kind kind;
	__u32 interrupts;	/* the contexts it serves besides tasks */
};

#define INTERRUPTS (QUARTET_TORTURE_SOFTIRQ | QUARTET_TORTURE_HARDIRQ)

FIXTURE_VARIANT_ADD(exclusion, queued) { QUARTET_SPIN_QUEUED, INTERRUPTS };
FIXTURE_VARIANT_ADD(exclusion, cas) { QUARTET_SPIN_CAS, INTERRUPTS };
FIXTURE_VARIANT_ADD(exclusion, yield) { QUARTET_SPIN_YIELD, 0 };
FIXTURE_VARIANT_ADD(exclusion, ticket) { QUARTET_SPIN_TICKET, INTERRUPTS };
FIXTURE_VARIANT_ADD(exclusion, raw) { QUARTET_SPIN_RAW, INTERRUPTS };

FIXTURE_SETUP(exclusion)
{
	self->fd = torture_open();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(exclusion)
{
	close(self->fd);
}

static void check_run(struct __test_metadata *_metadata, int fd, struct quartet_torture_spin *args)
{
	ASSERT_EQ(0, spin_run(fd, args));
	EXPECT_LT(0, args->grants);
	EXPECT_EQ(0, args->violations);
	EXPECT_EQ(0, args->inversions);
	EXPECT_EQ(QUARTET_ENDED_BY_TIME, args->ended);
}

TEST_F(exclusion, threads)
{
	/* From a queue that is never empty to one that comes and goes. */
	const struct { __u64 hold_ns, think_ns; } loads[] = {
		{ 0, 0 }, { 1000, 1000 }, { 20000, 20000 }, { 20000, 60000 },
	};

	for (int i = 0; i < 4; i++) {
		struct quartet_torture_spin args = spin_args(variant->kind);

		args.hold_ns = loads[i].hold_ns;
		args.think_ns = loads[i].think_ns;
		check_run(_metadata, self->fd, &args);
	}
}

TEST_F(exclusion, trylock)
{
	struct quartet_torture_contender contenders[4];
	struct quartet_torture_spin args = spin_args(variant->kind);
	__u64 tries = 0, grants = 0;

	args.trylock_permille = 500;
	args.contenders = (unsigned long)contenders;
	args.contenders_len = 4;
	check_run(_metadata, self->fd, &args);
	for (int i = 0; i < 4; i++) {
		tries += contenders[i].tries;
		grants += contenders[i].grants;
		EXPECT_LE(contenders[i].failed_tries, contenders[i].tries);
	}
	EXPECT_LT(0, tries);
	EXPECT_EQ(args.grants, grants);
}

TEST_F(exclusion, more_threads_than_cpus)
{
	struct quartet_torture_spin args = spin_args(variant->kind);

	args.threads = 24;
	check_run(_metadata, self->fd, &args);
}

TEST_F(exclusion, interrupts)
{
	__u32 flags[] = {
		QUARTET_TORTURE_SOFTIRQ,
		QUARTET_TORTURE_HARDIRQ,
		QUARTET_TORTURE_SOFTIRQ | QUARTET_TORTURE_HARDIRQ,
		QUARTET_TORTURE_SOFTIRQ | QUARTET_TORTURE_HARDIRQ | QUARTET_TORTURE_NEST,
	};

	for (int i = 0; i < 4; i++) {
		struct quartet_torture_contender contenders[64] = { };
		struct quartet_torture_spin args = spin_args(variant->kind);
		__u64 interrupts = 0;

		args.flags = flags[i];
		args.contenders = (unsigned long)contenders;
		args.contenders_len = 64;
		if (flags[i] & ~(variant->interrupts | QUARTET_TORTURE_NEST)) {
			EXPECT_EQ(-1, spin_run(self->fd, &args));
			EXPECT_EQ(EINVAL, errno);
			continue;
		}
		check_run(_metadata, self->fd, &args);
		ASSERT_LT(args.threads, args.contenders_total);
		for (int c = args.threads; c < 64; c++)
			interrupts += contenders[c].grants;
		EXPECT_LT(0, interrupts);
	}
}

TEST_F(exclusion, stutter_and_shuffle)
{
	struct quartet_torture_spin args = spin_args(variant->kind);

	args.stutter_ms = 30;
	args.shuffle_ms = 20;
	check_run(_metadata, self->fd, &args);
}

TEST_F(exclusion, hotplug)
{
	struct quartet_torture_spin args = spin_args(variant->kind);

	args.onoff_ms = 20;
	args.duration_ns = 1000 * MSEC;
	if (access("/sys/devices/system/cpu/cpu1/online", F_OK))
		SKIP(return, "no CPU here can go offline");
	check_run(_metadata, self->fd, &args);
	EXPECT_LT(0, args.offlined);
}

/*
 * The negative control: a lock that does not exclude must be seen not to. Up to ten runs, as two
 * CPUs must meet in it, and a busy host may run the emulated ones one after the other.
 */
TEST(busted_is_flagged)
{
	struct quartet_torture_spin run = { };
	int fd = torture_open();

	if (one_cpu())
		SKIP(return, "needs two CPUs");
	ASSERT_LE(0, fd);
	for (int i = 0; i < 10 && !run.violations; i++) {
		run = spin_args(QUARTET_SPIN_BUSTED);
		run.seed = i;
		ASSERT_EQ(0, spin_run(fd, &run));
	}
	EXPECT_LT(0, run.violations);
	close(fd);
}

TEST_HARNESS_MAIN
