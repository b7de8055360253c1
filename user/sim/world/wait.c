// SPDX-License-Identifier: GPL-2.0-only
/* Queues of tasks that sleep until something is so. */
#include <linux/wait.h>

void init_waitqueue_head(wait_queue_head_t *queue)
{
	raw_spin_lock_init(&queue->lock);
	INIT_LIST_HEAD(&queue->sleepers);
}

void wake_up_all(wait_queue_head_t *queue)
{
	struct sim_sleeper *sleeper;

	raw_spin_lock(&queue->lock);
	list_for_each_entry(sleeper, &queue->sleepers, list)
		wake_up_process(sleeper->task);
	raw_spin_unlock(&queue->lock);
}

void sim_wait_prepare(wait_queue_head_t *queue, struct sim_sleeper *sleeper, unsigned int state)
{
	raw_spin_lock(&queue->lock);
	if (!sleeper->task)
		list_add_tail(&sleeper->list, &queue->sleepers);
	sleeper->task = current;
	set_current_state(state);
	raw_spin_unlock(&queue->lock);
}

void sim_wait_finish(wait_queue_head_t *queue, struct sim_sleeper *sleeper)
{
	__set_current_state(TASK_RUNNING);
	raw_spin_lock(&queue->lock);
	list_del(&sleeper->list);
	raw_spin_unlock(&queue->lock);
}
