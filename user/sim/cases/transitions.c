// SPDX-License-Identifier: GPL-2.0-only
/* The spinlocks' counters: summed over the CPUs, and reset on each. */
#include <quartet/spinlock.h>

#include <lock/transitions.h>
#include "cases.h"

static void expect_sums(u64 queued, const char *when)
{
	u64 sums[QUARTET_TRANSITIONS];
	int i;

	quartet_spin_transitions(sums);
	for (i = 0; i < QUARTET_TRANSITIONS; i++)
		if (sums[i] != (i == QUARTET_TRANSITION_QUEUED ? queued : 0))
			sim_fail("assertion: %s: counter %d is %llu", when, i, sums[i]);
}

static void count_and_reset(void)
{
	int cpu;

	quartet_count(QUARTET_TRANSITION_QUEUED);
	for (cpu = 1; cpu < 3; cpu++)
		per_cpu(quartet_transition_counts, cpu).count[QUARTET_TRANSITION_QUEUED]++;
	expect_sums(3, "one on each of three CPUs");
	quartet_transitions_reset();
	expect_sums(0, "after the reset");
}

const struct sim_case transitions_sums = {
	.name = "transitions-sums",
	.what = "counters are summed over the CPUs, and reset on each",
	.threads = { count_and_reset },
};
