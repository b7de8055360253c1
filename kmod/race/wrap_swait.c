// SPDX-License-Identifier: GPL-2.0-only
/* Simple wait queues, of tasks only. */
#include <linux/list.h>
#include <linux/swait.h>

#include "wait.h"
#include "wrap.h"

static void wake(struct swait_queue_head *queue, const char *what, unsigned long pc)
{
	struct swait_queue *entry;
	unsigned long flags;

	raw_spin_lock_irqsave(&queue->lock, flags);
	race_release(queue, what, pc);
	list_for_each_entry(entry, &queue->task_list, task_list)
		race_release(race_wakes_of(entry->task), what, pc);
	raw_spin_unlock_irqrestore(&queue->lock, flags);
}

RACE_WRAP(void, swake_up_one, struct swait_queue_head *queue)
{
	wake(queue, "swake_up_one", _RET_IP_);
	swake_up_one(queue);
}

RACE_WRAP(void, swake_up_all, struct swait_queue_head *queue)
{
	wake(queue, "swake_up_all", _RET_IP_);
	swake_up_all(queue);
}

RACE_WRAP(void, prepare_to_swait_exclusive, struct swait_queue_head *queue,
	  struct swait_queue *entry, int state)
{
	prepare_to_swait_exclusive(queue, entry, state);
	race_acquire(queue, "prepare_to_swait_exclusive", _RET_IP_);
}

RACE_WRAP(long, prepare_to_swait_event, struct swait_queue_head *queue,
	  struct swait_queue *entry, int state)
{
	long err = prepare_to_swait_event(queue, entry, state);

	race_acquire(queue, "prepare_to_swait_event", _RET_IP_);
	return err;
}

RACE_WRAP(void, finish_swait, struct swait_queue_head *queue, struct swait_queue *entry)
{
	finish_swait(queue, entry);
	race_acquire(queue, "finish_swait", _RET_IP_);
}
