// SPDX-License-Identifier: GPL-2.0-only
/* A sleeping lock that is handed over in strict order. */
#include <linux/hrtimer.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "fifo_lock.h"

#define FORGETFUL_HANDOVERS	64	/* one in so many is forgotten */

struct fifo_waiter {
	struct list_head list;
	struct task_struct *task;
	bool granted;
};

void fifo_lock_init(struct fifo_lock *lock, enum fifo_order order)
{
	raw_spin_lock_init(&lock->wait_lock);
	lock->order = order;
	lock->held = false;
	lock->handovers = 0;
	INIT_LIST_HEAD(&lock->waiters);
}

bool fifo_trylock(struct fifo_lock *lock)
{
	bool taken;

	raw_spin_lock(&lock->wait_lock);
	taken = !lock->held;
	lock->held = true;
	raw_spin_unlock(&lock->wait_lock);
	return taken;
}

static bool try_or_queue(struct fifo_lock *lock, struct fifo_waiter *self)
{
	bool taken;

	raw_spin_lock(&lock->wait_lock);
	taken = !lock->held;
	lock->held = true;
	if (!taken)
		list_add_tail(&self->list, &lock->waiters);
	raw_spin_unlock(&lock->wait_lock);
	return taken;
}

/* Return: false if it was too late to give up: the lock is ours. */
static bool leave_queue(struct fifo_lock *lock, struct fifo_waiter *self)
{
	bool waiting;

	raw_spin_lock(&lock->wait_lock);
	waiting = !self->granted;
	if (waiting)
		list_del(&self->list);
	raw_spin_unlock(&lock->wait_lock);
	return waiting;
}

/* Return: 0 once granted, or why it is to be given up. */
static int sleep_until_granted(struct fifo_waiter *self, unsigned int state, ktime_t *deadline)
{
	for (;;) {
		set_current_state(state);
		/* Pairs with the release in fifo_unlock(). */
		if (smp_load_acquire(&self->granted))
			return 0;
		if (signal_pending_state(state, current))
			return -EINTR;
		if (!schedule_hrtimeout_range(deadline, 0, HRTIMER_MODE_ABS))
			return -ETIMEDOUT;
	}
}

/*
 * fifo_lock() - take the lock, or give up
 * @state: to sleep in; says which signals it heeds
 * @deadline: absolute, or NULL
 *
 * Return: 0, -EINTR or -ETIMEDOUT.
 */
int fifo_lock(struct fifo_lock *lock, unsigned int state, ktime_t *deadline)
{
	struct fifo_waiter self = { .task = current };
	int err;

	if (try_or_queue(lock, &self))
		return 0;
	err = sleep_until_granted(&self, state, deadline);
	__set_current_state(TASK_RUNNING);
	return err && leave_queue(lock, &self) ? err : 0;
}

static struct fifo_waiter *next_waiter(struct fifo_lock *lock)
{
	if (lock->order == FIFO_NEWEST)
		return list_last_entry(&lock->waiters, struct fifo_waiter, list);
	return list_first_entry(&lock->waiters, struct fifo_waiter, list);
}

void fifo_unlock(struct fifo_lock *lock)
{
	struct task_struct *task = NULL;
	struct fifo_waiter *next;

	raw_spin_lock(&lock->wait_lock);
	lock->held = !list_empty(&lock->waiters);
	if (lock->held) {
		next = next_waiter(lock);
		list_del(&next->list);
		if (lock->order != FIFO_FORGETFUL || ++lock->handovers % FORGETFUL_HANDOVERS)
			task = get_task_struct(next->task);
		/* Last: it may return, and @next with it, as soon as it sees this. */
		smp_store_release(&next->granted, true);
	}
	raw_spin_unlock(&lock->wait_lock);
	if (task) {
		wake_up_process(task);
		put_task_struct(task);
	}
}

/* The oldest waiter, while it waits, or NULL; not to be dereferenced. */
struct task_struct *fifo_head(struct fifo_lock *lock)
{
	struct fifo_waiter *head;
	struct task_struct *task;

	raw_spin_lock(&lock->wait_lock);
	head = list_first_entry_or_null(&lock->waiters, struct fifo_waiter, list);
	task = head ? head->task : NULL;
	raw_spin_unlock(&lock->wait_lock);
	return task;
}
