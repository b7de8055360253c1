// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fuzzer of /dev/quartet: rounds of processes that work against each other, guided by what
 * of the module they reach. The kernel survives, nobody loses what was granted, nobody
 * keeps it who is dead, and nothing is left. In the environment:
 *
 *	FUZZ_SECONDS	how long
 *	FUZZ_SEED	of all choices but those of the scheduler
 *	FUZZ_PLAN	this plan only, as a round that has failed has told it
 *	FUZZ_GO_ON	do not end with the first fault that only the fuzzer notices
 *	FUZZ_GUIDED	fail if the module is not built to tell what is reached
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>

#include "kselftest_harness.h"
#include "fuzz.h"

static unsigned int number_of(const char *variable, unsigned int otherwise)
{
	return getenv(variable) ? strtoul(getenv(variable), NULL, 0) : otherwise;
}

static void *shared_memory(size_t size)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

static unsigned int reached(void)
{
	return __atomic_load_n(&trace->seen_count, __ATOMIC_RELAXED);
}

FIXTURE(fuzz) {
	unsigned int seconds, seed, rounds;
};

FIXTURE_SETUP(fuzz)
{
	trace_open();
	self->seconds = number_of("FUZZ_SECONDS", guided ? 30 : 3);
	self->seed = number_of("FUZZ_SEED", getpid() ^ now_ns(CLOCK_REALTIME));
	shared = shared_memory(sizeof(*shared));
	device = device_open();
	ASSERT_LE(0, device);
	undertaker_start();
	/* What workers leave behind is reaped here. */
	ASSERT_EQ(0, prctl(PR_SET_CHILD_SUBREAPER, 1));
	words_init();
	words_seed(self->seed);
}

FIXTURE_TEARDOWN(fuzz)
{
	close(device);
}

static void run_one(const struct plan *plan)
{
	unsigned int before = reached();

	if (round_run(plan) && reached() != before)
		plan_keep(plan);
}

/* Whether one more round is wanted. */
static bool go_on(unsigned int round)
{
	if (!shared->failed)
		return true;
	record_show();
	printf("# round %u: %s\n", round, shared->fault);
	fflush(stdout);
	return getenv("FUZZ_GO_ON");
}

TEST_F_TIMEOUT(fuzz, nothing_is_left, 7200)
{
	__u64 end = now_ns(CLOCK_MONOTONIC) + self->seconds * 1000ULL * MSEC;
	const char *given = getenv("FUZZ_PLAN");
	unsigned int faults = 0;
	struct plan plan;

	TH_LOG("%u seconds, FUZZ_SEED=%u", self->seconds, self->seed);
	ASSERT_TRUE(!given || plan_parse(&plan, given));
	do {
		if (!given)
			plan = plan_next();
		run_one(&plan);
		faults += shared->failed;
	} while (go_on(self->rounds++) && now_ns(CLOCK_MONOTONIC) < end);
	if (!shared->failed)
		check_nothing_left();
	EXPECT_EQ(0, faults + shared->failed)
		TH_LOG("the last one: %s", shared->fault);
	TH_LOG("%u rounds, %u plans kept, %u places reached", self->rounds, plan_kept(), reached());
	if (guided || getenv("FUZZ_GUIDED"))
		EXPECT_LT(0, reached());
}

TEST_HARNESS_MAIN
