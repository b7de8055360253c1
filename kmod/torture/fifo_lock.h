/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A sleeping lock that is handed over in strict order, as ntsync's mutex is:
 * nobody passes a waiter, nobody spins, every contended grant is a wake-up.
 *
 * The orders other than FIFO are what the torture must find out.
 */
#ifndef QUARTET_TORTURE_FIFO_LOCK_H
#define QUARTET_TORTURE_FIFO_LOCK_H

#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/spinlock.h>

struct task_struct;

enum fifo_order {
	FIFO_OLDEST,
	FIFO_NEWEST,	/* broken: starves the oldest */
	FIFO_FORGETFUL,	/* broken: the oldest, but now and then it is not woken */
};

/**
 * struct fifo_lock - the lock
 * @wait_lock: protects the rest
 * @order: who is next
 * @held: stays true through a hand-over
 * @handovers: how many
 * @waiters: oldest first
 */
struct fifo_lock {
	raw_spinlock_t wait_lock;
	enum fifo_order order;
	bool held;
	unsigned int handovers;
	struct list_head waiters;
};

void fifo_lock_init(struct fifo_lock *lock, enum fifo_order order);
int fifo_lock(struct fifo_lock *lock, unsigned int state, ktime_t *deadline);
bool fifo_trylock(struct fifo_lock *lock);
void fifo_unlock(struct fifo_lock *lock);
struct task_struct *fifo_head(struct fifo_lock *lock);

#endif /* QUARTET_TORTURE_FIFO_LOCK_H */
