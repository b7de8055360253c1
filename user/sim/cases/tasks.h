/* SPDX-License-Identifier: GPL-2.0-only */
/* What every case leaves its tasks like, whatever was locked. */
#ifndef SIM_TASKS_H
#define SIM_TASKS_H

#include <sim/case.h>

static inline void tasks_end(void)
{
	unsigned int i;

	for (i = 0; i < SIM_THREADS; i++) {
		if (sim_task(i)->usage)
			sim_fail("leak: T%u is still referenced", i);
		if (sim_task(i)->preempt_count)
			sim_fail("leak: T%u ends with preemption off, %d times", i,
				 sim_task(i)->preempt_count);
		if (sim_task(i)->__state != TASK_RUNNING)
			sim_fail("leak: T%u ends in a state to sleep in", i);
	}
}

/* Waits until thread @n sleeps, or is about to and cannot be kept from it. */
static inline void task_await_sleep(unsigned int n)
{
	while (READ_ONCE(sim_task(n)->__state) == TASK_RUNNING)
		cpu_relax();
}

#endif /* SIM_TASKS_H */
