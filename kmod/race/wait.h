/* SPDX-License-Identifier: GPL-2.0-only */
/* What orders a task with who wakes it. */
#ifndef QUARTET_RACE_WAIT_H
#define QUARTET_RACE_WAIT_H

#include <linux/sched.h>

/* Beside the clocks of its end and of kthread_stop(). */
static inline const void *race_wakes_of(const struct task_struct *task)
{
	return (const char *)task + 2;
}

#endif /* QUARTET_RACE_WAIT_H */
