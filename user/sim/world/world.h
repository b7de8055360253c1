/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of the world that both worlds share need of each other. */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include <linux/sched.h>

/* Task @cpu, running, with nothing pending. */
void sim_task_reset(struct task_struct *task, int cpu);
/* Does the pending @signal end a wait in @state? */
static inline bool sim_signal_ends(int signal, unsigned int state)
{
	return (signal && state & TASK_INTERRUPTIBLE) || (signal > 1 && state & TASK_WAKEKILL);
}

void sim_percpu_reset(void);
void sim_warnings_reset(void);
extern bool sim_quiet;

/* The native world wakes the thread whose task state has changed; the explored one sees it. */
void sim_kick(struct task_struct *task);
/* Sleeps in the task's state until it is running again, a signal comes, or @deadline does. */
void sim_sleep(s64 deadline);

#endif /* SIM_WORLD_H */
