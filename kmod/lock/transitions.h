/* SPDX-License-Identifier: GPL-2.0-only */
/* Counters of the state transitions in the spinlocks' slow paths. */
#ifndef QUARTET_TRANSITIONS_H
#define QUARTET_TRANSITIONS_H

#include <linux/percpu.h>
#include <linux/quartet_torture.h>

struct seq_file;

struct quartet_transition_counts {
	unsigned long count[QUARTET_TRANSITIONS];
};

DECLARE_PER_CPU(struct quartet_transition_counts, quartet_transition_counts);

/*
 * Not atomic against an interrupt on the architectures where this_cpu_inc()
 * would have to mask interrupts: an increment may be lost, see the enum.
 */
static inline void quartet_count(enum quartet_spin_transition transition)
{
	raw_cpu_inc(quartet_transition_counts.count[transition]);
}

int quartet_transitions_show(struct seq_file *m, void *unused);
void quartet_transitions_reset(void);

#endif /* QUARTET_TRANSITIONS_H */
