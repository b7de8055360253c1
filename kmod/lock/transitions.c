// SPDX-License-Identifier: GPL-2.0-only
/* Sums, shows and resets the counters of transitions.h. */
#include <linux/export.h>
#include <linux/seq_file.h>

#include <quartet/spinlock.h>

#include "transitions.h"

DEFINE_PER_CPU(struct quartet_transition_counts, quartet_transition_counts);

static const char *const transition_names[QUARTET_TRANSITIONS] = {
	[QUARTET_TRANSITION_PENDING]	= "pending",
	[QUARTET_TRANSITION_QUEUED]	= "queued",
	[QUARTET_TRANSITION_DEPTH3]	= "depth3",
	[QUARTET_TRANSITION_HANDOFF]	= "handoff",
	[QUARTET_TRANSITION_EMPTIED]	= "emptied",
	[QUARTET_TRANSITION_NESTED]	= "nested",
	[QUARTET_TRANSITION_FALLBACK]	= "fallback",
	[QUARTET_TRANSITION_RETRY]	= "retry",
	[QUARTET_TRANSITION_YIELD]	= "yield",
};

/**
 * quartet_spin_transitions() - how often each state transition was taken
 * @sums: QUARTET_TRANSITIONS counters, by enum quartet_spin_transition
 *
 * Sums over all spinlocks since load or reset, from counters that run on and
 * may lose increments: read a difference of two calls as zero or not.
 *
 * Context: any.
 */
void quartet_spin_transitions(u64 *sums)
{
	unsigned int cpu, i;

	for (i = 0; i < QUARTET_TRANSITIONS; i++) {
		sums[i] = 0;
		for_each_possible_cpu(cpu)
			sums[i] += READ_ONCE(per_cpu(quartet_transition_counts, cpu).count[i]);
	}
}
EXPORT_SYMBOL_GPL(quartet_spin_transitions);

int quartet_transitions_show(struct seq_file *m, void *unused)
{
	u64 sums[QUARTET_TRANSITIONS];
	unsigned int i;

	quartet_spin_transitions(sums);
	for (i = 0; i < QUARTET_TRANSITIONS; i++)
		seq_printf(m, "%-10s %llu\n", transition_names[i], sums[i]);
	return 0;
}

/* Increments that cross this one may survive it or be lost. */
void quartet_transitions_reset(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		memset(per_cpu_ptr(&quartet_transition_counts, cpu), 0,
		       sizeof(struct quartet_transition_counts));
}
