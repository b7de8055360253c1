/* SPDX-License-Identifier: GPL-2.0-only */
/* What a task does at the end of its exit, last in, first out. */
#ifndef SIM_TASK_WORK_H
#define SIM_TASK_WORK_H

#include <linux/sched.h>

struct callback_head {
	struct callback_head *next;
	void (*func)(struct callback_head *work);
};

enum task_work_notify_mode { TWA_NONE };

/* In no list. */
#define SIM_UNQUEUED	((struct callback_head *)-1)

#define init_task_work(work, function) \
	((void)((work)->func = (function), (work)->next = SIM_UNQUEUED))

/* The caller adds to its own, or -ESRCH. */
int task_work_add(struct task_struct *task, struct callback_head *work,
		  enum task_work_notify_mode notify);

#endif /* SIM_TASK_WORK_H */
