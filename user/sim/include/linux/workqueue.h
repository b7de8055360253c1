/* SPDX-License-Identifier: GPL-2.0-only */
/* Work that is queued on a CPU, and done when the thread of that CPU calls sim_work(). */
#ifndef SIM_WORKQUEUE_H
#define SIM_WORKQUEUE_H

#include <linux/list.h>
#include <linux/sched.h>

/**
 * struct work_struct - something to do
 * @queued: in its CPU's list, under the lock of world/work.c
 */
struct work_struct {
	struct list_head list;
	void (*func)(struct work_struct *work);
	bool queued;
};

#define INIT_WORK(work, function) \
	((void)((work)->func = (function), (work)->queued = false))

/* False if it is queued already. */
bool schedule_work_on(int cpu, struct work_struct *work);
#define schedule_work(work)	schedule_work_on(smp_processor_id(), work)
#define queue_work(queue, work)	schedule_work(work)
/* If it is queued the caller does it; nobody else is at it. */
#define flush_work(work)	((void)(cancel_work_sync(work) && ((work)->func(work), true)))
/* Nobody does it meanwhile, but perhaps the caller. */
bool cancel_work_sync(struct work_struct *work);
/* A worker takes the CPU from the caller, and does all that is queued there. */
void sim_work(void);

/* What is delayed never comes: cases call what it would do. */
struct delayed_work { struct work_struct work; };

#define INIT_DELAYED_WORK(delayed, function)	INIT_WORK(&(delayed)->work, function)
#define to_delayed_work(w)	container_of(w, struct delayed_work, work)
#define queue_delayed_work(queue, delayed, jiffies)	((void)(delayed), (void)(jiffies))
#define mod_delayed_work(queue, delayed, jiffies)	queue_delayed_work(queue, delayed, jiffies)
#define cancel_delayed_work_sync(delayed)	((void)(delayed))
#define nsecs_to_jiffies(ns)	((ns) / NSEC_PER_MSEC)

#endif /* SIM_WORKQUEUE_H */
