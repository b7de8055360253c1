/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The mutex without an opinion on who owns it: Go's two modes of fairness, a
 * queue of waiters, and nothing about tasks, re-entrance or lockdep.
 *
 * Most modules want <quartet/mutex.h>, which adds those. This is for owners
 * that are no tasks, such as a file descriptor that holds a lock across system
 * calls, and for waiters that do not sleep, but are called.
 *
 *	state, one word		who moves it, and where from
 *
 *	0			free, nobody waits
 *	LOCKED			held, nobody waits
 *	LOCKED|WAITERS		held, normal mode
 *	WAITERS			free, normal mode: the head has been woken, and whoever comes
 *				first takes it: the head, a trylock or a spinner; an arrival
 *				that may not spin queues
 *	LOCKED|WAITERS|STARVING	held, starvation mode: only the head can be next
 *
 * LOCKED is set by whoever takes the lock, from any state without LOCKED and
 * STARVING, by one cmpxchg. It is cleared by the owner: by cmpxchg from
 * exactly LOCKED to 0, else with @wait_lock held. WAITERS and STARVING change
 * only with @wait_lock held; WAITERS is set exactly while the queue is not
 * empty. So with waiters no unlock escapes @wait_lock, and what a waiter
 * decides while it has @wait_lock holds until it drops it, but for somebody
 * taking a lock that is free.
 *
 * A hand-off keeps LOCKED set and names the new owner: nobody can come between.
 */
#ifndef QUARTET_MUTEX_CORE_H
#define QUARTET_MUTEX_CORE_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/ktime.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "race.h"

#define QUARTET_MUTEX_LOCKED	0x1
#define QUARTET_MUTEX_WAITERS	0x2
#define QUARTET_MUTEX_STARVING	0x4

/* starve_ns */
#define QUARTET_STARVE_DEFAULT	1000000ULL
#define QUARTET_STARVE_ALWAYS	0ULL		/* strict FIFO hand-off */
#define QUARTET_STARVE_NEVER	U64_MAX		/* normal mode only */

struct quartet_mutex_core;
struct task_struct;

/**
 * struct quartet_mutex_waiter - a place in the queue
 * @list: under the mutex's wait_lock
 * @task: sleeps; or NULL
 * @wake: called instead, without locks, once this waiter owns the mutex
 * @owner: becomes the owner
 * @since: ns, when it queued first
 * @granted: it owns the mutex; under wait_lock
 * @woken: the head has been woken to try; under wait_lock
 */
struct quartet_mutex_waiter {
	struct list_head list;
	struct task_struct *task;
	void (*wake)(struct quartet_mutex_waiter *waiter);
	const void *owner;
	u64 since;
	bool granted;
	bool woken;
};

/* What happened to a mutex; all counted with the lock or its wait_lock held. */
#define QUARTET_MUTEX_STATS(X) \
	X(spun)		/* taken by an arrival that had spun */ \
	X(queued)	/* waiters that queued */ \
	X(woken)	/* heads woken to try */ \
	X(lost)		/* woken heads that found it taken, and stayed the head */ \
	X(taken)	/* taken by a woken head in normal mode */ \
	X(handoffs)	/* handed to the head */ \
	X(starving)	/* switches to starvation mode */ \
	X(normal)	/* switches back */ \
	X(cancelled)	/* waiters that gave up */ \
	X(crossed)	/* callbacks cancelled too late: the lock was theirs already */

struct quartet_mutex_stats {
#define QUARTET_MUTEX_STAT(name) u64 name;
	QUARTET_MUTEX_STATS(QUARTET_MUTEX_STAT)
#undef QUARTET_MUTEX_STAT
};

/**
 * struct quartet_mutex_core - the engine
 * @state: see above
 * @task_owned: owners are tasks, so that an arrival may spin while one runs
 * @detect: waits take part in the wait graph
 * @spinners: tail of the queue of spinning arrivals, a CPU + 1, or 0
 * @owner: who holds it; written by the owner, or for it by who hands it over. A handle unlocks
 *	before it closes; a task is not pinned, and one that exits as owner is a bug
 * @wait_lock: taken in task context only, never with another of ours but the
 *	wait graph's
 * @waiters: in the order of their turn
 * @starve_ns: how long the head waits before it is handed the lock
 * @stats: above
 * @wait_hist: how long waiters waited, or NULL; written with the lock held
 */
struct quartet_mutex_core {
	atomic_t state;
	bool task_owned;
	bool detect;
	atomic_t spinners;
	const void *owner;
	raw_spinlock_t wait_lock;
	struct list_head waiters;
	u64 starve_ns;
	struct quartet_mutex_stats stats;
	u64 *wait_hist;
};

void quartet_mutex_core_init(struct quartet_mutex_core *core, u64 starve_ns);
int quartet_mutex_core_lock_slow(struct quartet_mutex_core *core, const void *owner,
				 unsigned int state, const ktime_t *deadline,
				 const bool *stop);
void quartet_mutex_core_unlock_slow(struct quartet_mutex_core *core);
bool quartet_mutex_core_enqueue(struct quartet_mutex_core *core,
				struct quartet_mutex_waiter *waiter);
bool quartet_mutex_core_cancel(struct quartet_mutex_core *core,
			       struct quartet_mutex_waiter *waiter);
const void *quartet_mutex_core_starved(struct quartet_mutex_core *core);
void quartet_mutex_core_report(struct quartet_mutex_core *core);

/* 0 -> LOCKED, one locked operation. */
static __always_inline bool quartet_mutex_core_lock_fast(struct quartet_mutex_core *core,
							 const void *owner)
{
	int free = 0;

	if (!atomic_try_cmpxchg_acquire(&core->state, &free, QUARTET_MUTEX_LOCKED))
		return false;
	WRITE_ONCE(core->owner, owner);
	quartet_race_acquire(core);
	return true;
}

/**
 * quartet_mutex_core_trylock() - take the lock unless it is held or starving
 * @core: the mutex
 * @owner: who will own it
 *
 * In normal mode it may pass those who wait, as any arrival.
 *
 * Context: any but NMI.
 * Return: true with the lock held, or false, without order.
 */
static __always_inline bool quartet_mutex_core_trylock(struct quartet_mutex_core *core,
						       const void *owner)
{
	int state = atomic_read(&core->state);

	while (!(state & (QUARTET_MUTEX_LOCKED | QUARTET_MUTEX_STARVING))) {
		if (atomic_try_cmpxchg_acquire(&core->state, &state,
					       state | QUARTET_MUTEX_LOCKED)) {
			WRITE_ONCE(core->owner, owner);
			quartet_race_acquire(core);
			return true;
		}
	}
	return false;
}

/**
 * quartet_mutex_core_unlock() - release the lock, or hand it to the head of the queue
 * @core: a mutex that the caller's owner holds; its memory stays until this returns
 *
 * Context: task; it may schedule, to let the new owner run, if the caller may.
 * Ordering: release, for the next owner (litmus: mutex-unlock-lock).
 */
static __always_inline void quartet_mutex_core_unlock(struct quartet_mutex_core *core)
{
	int held = QUARTET_MUTEX_LOCKED;

	quartet_race_release(core);
	WRITE_ONCE(core->owner, NULL);
	if (unlikely(!atomic_try_cmpxchg_release(&core->state, &held, 0)))
		quartet_mutex_core_unlock_slow(core);
}

#endif /* QUARTET_MUTEX_CORE_H */
