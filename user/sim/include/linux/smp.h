/* SPDX-License-Identifier: GPL-2.0-only */
/* CPUs, of which each thread is one. */
#ifndef SIM_SMP_H
#define SIM_SMP_H

#include <linux/kernel.h>
#include <linux/sched.h>

/* All, but in a case that wants few: those with threads, and the last one, where the rest runs. */
extern unsigned int sim_cpus;
void sim_want_cpus(unsigned int n);

#define num_possible_cpus()	sim_cpus
#define for_each_possible_cpu(cpu) \
	for ((cpu) = 0; (cpu) < num_possible_cpus(); (cpu)++)
#define for_each_online_cpu(cpu)	for_each_possible_cpu(cpu)

/* Runs it here, as that CPU: only for a CPU that is idle. -ENXIO if it was said to be offline. */
int smp_call_function_single(int cpu, void (*function)(void *data), void *data, int wait);

#endif /* SIM_SMP_H */
