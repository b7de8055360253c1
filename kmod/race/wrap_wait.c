// SPDX-License-Identifier: GPL-2.0-only
/*
 * Wait queues. Who wakes one is ordered with those who look at it afterwards, by its lock, and with
 * the tasks that it wakes.
 */
#include <linux/list.h>
#include <linux/wait.h>

#include "wait.h"
#include "wrap.h"

/* Under the lock of the queue. What is no task is only an address. */
static void wake_locked(struct wait_queue_head *queue, const char *what, unsigned long pc)
{
	struct wait_queue_entry *entry;

	race_release(queue, what, pc);
	list_for_each_entry(entry, &queue->head, entry)
		if (entry->private)
			race_release(race_wakes_of(entry->private), what, pc);
}

static void wake(struct wait_queue_head *queue, const char *what, unsigned long pc)
{
	unsigned long flags;

	spin_lock_irqsave(&queue->lock, flags);
	wake_locked(queue, what, pc);
	spin_unlock_irqrestore(&queue->lock, flags);
}

RACE_WRAP(typeof(__wake_up(NULL, 0, 0, NULL)), __wake_up, struct wait_queue_head *queue,
	  unsigned int mode, int count, void *key)
{
	wake(queue, "wake_up", _RET_IP_);
	return __wake_up(queue, mode, count, key);
}

RACE_WRAP(void, __wake_up_sync_key, struct wait_queue_head *queue, unsigned int mode, void *key)
{
	wake(queue, "wake_up_sync", _RET_IP_);
	__wake_up_sync_key(queue, mode, key);
}

RACE_WRAP(void, __wake_up_sync, struct wait_queue_head *queue, unsigned int mode)
{
	wake(queue, "wake_up_sync", _RET_IP_);
	__wake_up_sync(queue, mode);
}

RACE_WRAP(void, __wake_up_locked, struct wait_queue_head *queue, unsigned int mode, int count)
{
	wake_locked(queue, "wake_up_locked", _RET_IP_);
	__wake_up_locked(queue, mode, count);
}

RACE_WRAP(void, __wake_up_locked_key, struct wait_queue_head *queue, unsigned int mode, void *key)
{
	wake_locked(queue, "wake_up_locked", _RET_IP_);
	__wake_up_locked_key(queue, mode, key);
}

RACE_WRAP(void, __wake_up_locked_sync_key, struct wait_queue_head *queue, unsigned int mode,
	  void *key)
{
	wake_locked(queue, "wake_up_locked_sync", _RET_IP_);
	__wake_up_locked_sync_key(queue, mode, key);
}

RACE_WRAP(void, prepare_to_wait, struct wait_queue_head *queue, struct wait_queue_entry *entry,
	  int state)
{
	prepare_to_wait(queue, entry, state);
	race_acquire(queue, "prepare_to_wait", _RET_IP_);
}

RACE_WRAP(bool, prepare_to_wait_exclusive, struct wait_queue_head *queue,
	  struct wait_queue_entry *entry, int state)
{
	bool first = prepare_to_wait_exclusive(queue, entry, state);

	race_acquire(queue, "prepare_to_wait_exclusive", _RET_IP_);
	return first;
}

RACE_WRAP(long, prepare_to_wait_event, struct wait_queue_head *queue,
	  struct wait_queue_entry *entry, int state)
{
	long err = prepare_to_wait_event(queue, entry, state);

	race_acquire(queue, "prepare_to_wait_event", _RET_IP_);
	return err;
}

RACE_WRAP(void, finish_wait, struct wait_queue_head *queue, struct wait_queue_entry *entry)
{
	finish_wait(queue, entry);
	race_acquire(queue, "finish_wait", _RET_IP_);
}

/* A function that takes the lock of the queue. */
#define CHANGE(name)								\
	RACE_WRAP(void, name, struct wait_queue_head *queue,			\
		  struct wait_queue_entry *entry)				\
	{									\
		name(queue, entry);						\
		race_acquire(queue, #name, _RET_IP_);				\
	}

CHANGE(add_wait_queue)
CHANGE(add_wait_queue_exclusive)
CHANGE(add_wait_queue_priority)
CHANGE(remove_wait_queue)

/* These are called with the lock, and let go of it while they wait. */
RACE_WRAP(int, do_wait_intr, wait_queue_head_t *queue, wait_queue_entry_t *entry)
{
	int err;

	race_unlock(&queue->lock, "wait_event_interruptible_locked", _RET_IP_);
	err = do_wait_intr(queue, entry);
	race_lock(&queue->lock, "wait_event_interruptible_locked", _RET_IP_);
	race_acquire(queue, "wait_event_interruptible_locked", _RET_IP_);
	return err;
}

RACE_WRAP(int, do_wait_intr_irq, wait_queue_head_t *queue, wait_queue_entry_t *entry)
{
	int err;

	race_unlock(&queue->lock, "wait_event_interruptible_locked_irq", _RET_IP_);
	err = do_wait_intr_irq(queue, entry);
	race_lock(&queue->lock, "wait_event_interruptible_locked_irq", _RET_IP_);
	race_acquire(queue, "wait_event_interruptible_locked_irq", _RET_IP_);
	return err;
}
