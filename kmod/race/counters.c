// SPDX-License-Identifier: GPL-2.0-only
/* Sums over CPUs. */
#include <linux/string.h>

#include "counters.h"

DEFINE_PER_CPU(u64[RACE_COUNTERS_END], race_counters);

u64 race_counter_sum(enum race_counter counter)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu(race_counters, cpu)[counter]);
	return sum;
}

/* What is counted at this moment may be lost, or not. */
void race_counters_clear(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		memset(per_cpu(race_counters, cpu), 0, sizeof(race_counters));
}
