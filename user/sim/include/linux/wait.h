/* SPDX-License-Identifier: GPL-2.0-only */
/* Queues of tasks that sleep until something is so. */
#ifndef SIM_WAIT_H
#define SIM_WAIT_H

#include <linux/err.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

typedef struct {
	raw_spinlock_t lock;
	struct list_head sleepers;
} wait_queue_head_t;

struct sim_sleeper {
	struct list_head list;
	struct task_struct *task;
};

void init_waitqueue_head(wait_queue_head_t *queue);
void wake_up_all(wait_queue_head_t *queue);
/* In the queue, and the task's state says that it sleeps. */
void sim_wait_prepare(wait_queue_head_t *queue, struct sim_sleeper *sleeper, unsigned int state);
void sim_wait_finish(wait_queue_head_t *queue, struct sim_sleeper *sleeper);

#define wait_event(queue, condition) do { \
	struct sim_sleeper sim_sleeper = { }; \
	\
	for (;;) { \
		sim_wait_prepare(&(queue), &sim_sleeper, TASK_UNINTERRUPTIBLE); \
		if (condition) \
			break; \
		schedule(); \
	} \
	sim_wait_finish(&(queue), &sim_sleeper); \
} while (0)

#define wait_event_interruptible(queue, condition) ({ \
	struct sim_sleeper sim_sleeper = { }; \
	int sim_err = 0; \
	\
	for (;;) { \
		sim_wait_prepare(&(queue), &sim_sleeper, TASK_INTERRUPTIBLE); \
		if (condition) \
			break; \
		if (signal_pending(current)) { \
			sim_err = -ERESTARTSYS; \
			break; \
		} \
		schedule(); \
	} \
	sim_wait_finish(&(queue), &sim_sleeper); \
	sim_err; })

#endif /* SIM_WAIT_H */
