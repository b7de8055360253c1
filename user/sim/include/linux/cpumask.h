/* SPDX-License-Identifier: GPL-2.0-only */
/* Sets of CPUs, of which there is one: all. */
#ifndef SIM_CPUMASK_H
#define SIM_CPUMASK_H

#include <linux/smp.h>

#define cpu_possible_mask	NULL

/* From @start on, all round. */
#define for_each_cpu_wrap(cpu, mask, start) \
	for (unsigned int sim_turn = ((void)(mask), (cpu) = (start), 0); \
	     sim_turn < num_possible_cpus(); \
	     sim_turn++, (cpu) = ((cpu) + 1) % num_possible_cpus())

#endif /* SIM_CPUMASK_H */
