/* SPDX-License-Identifier: GPL-2.0-only */
/* A kernel thread: one at a time, which is a thread of the case. */
#ifndef SIM_KTHREAD_H
#define SIM_KTHREAD_H

#include <linux/err.h>
#include <linux/sched.h>

struct task_struct *sim_kthread_run(int (*function)(void *data), void *data);
#define kthread_run(function, data, name)	sim_kthread_run(function, data)
bool kthread_should_stop(void);
int kthread_stop(struct task_struct *task);

#endif /* SIM_KTHREAD_H */
