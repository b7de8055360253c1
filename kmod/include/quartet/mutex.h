/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A mutex that is fast and fair: Go's normal and starvation mode.
 *
 * Normal mode is fast: waiters queue, but an arrival that is on a CPU already
 * takes a free lock before the head of the queue has woken up, and spins for
 * it while the owner runs. Starvation mode is fair: once the head has waited
 * for more than starve_ns, the lock is handed to it and to all behind it that
 * have waited that long, and no arrival passes them. It ends with a waiter that got the
 * lock sooner, or with the last one.
 *
 * A wait is at most starve_ns + (waiters ahead + 1) x (longest hold + longest
 * time from grant to running).
 *
 * The owner is a task, which must unlock it itself, and may not lock it
 * twice. There is no priority inheritance: where a real-time task may wait,
 * use rt_mutex. Task context only. The lock's memory must stay until unlock has
 * returned: do not free what a mutex protects from under its own unlock.
 *
 * Ordering: what an owner did before unlock happens before what the next one
 * does after lock. A lock that failed orders nothing.
 */
#ifndef QUARTET_MUTEX_H
#define QUARTET_MUTEX_H

#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/sched.h>

#include <quartet/mutex_core.h>
#include <quartet/race.h>

/**
 * struct quartet_mutex - the task-owned mutex
 * @core: queue and modes
 * @name: in debugfs, or NULL
 * @named: for mutex_named.c, under its lock
 * @dep_map: for lockdep
 */
struct quartet_mutex {
	struct quartet_mutex_core core;
	const char *name;
	struct list_head named;
#ifdef CONFIG_DEBUG_LOCK_ALLOC
	struct lockdep_map dep_map;
#endif
};

#ifdef CONFIG_DEBUG_LOCK_ALLOC
#define QUARTET_MUTEX_DEP_MAP(mutexname) \
	, .dep_map = { .name = #mutexname, .wait_type_inner = LD_WAIT_SLEEP }
#else
#define QUARTET_MUTEX_DEP_MAP(mutexname)
#endif

/* Defines an unlocked mutex with the default of 1 ms; each is a lockdep class of its own. */
#define DEFINE_QUARTET_MUTEX(mutexname) \
	struct quartet_mutex mutexname = { \
		.core = { \
			.state = ATOMIC_INIT(0), \
			.task_owned = true, \
			.wait_lock = __RAW_SPIN_LOCK_UNLOCKED(mutexname.core.wait_lock), \
			.waiters = LIST_HEAD_INIT(mutexname.core.waiters), \
			.starve_ns = QUARTET_STARVE_DEFAULT, \
		} QUARTET_MUTEX_DEP_MAP(mutexname) \
	}

void __quartet_mutex_init(struct quartet_mutex *mutex, u64 starve_ns, const char *name,
			  struct lock_class_key *key);

/**
 * quartet_mutex_init() - make a mutex unlocked
 * @mutex: memory that no one else uses yet
 * @starve: ns that the head waits before it is handed the lock;
 *	QUARTET_STARVE_DEFAULT, _ALWAYS or _NEVER, or any other
 *
 * Every place in the source that calls this is a lockdep class of its own.
 */
#define quartet_mutex_init(mutex, starve) \
do { \
	static struct lock_class_key __key; \
	\
	__quartet_mutex_init(mutex, starve, #mutex, &__key); \
} while (0)

/*
 * quartet_mutex_detect() - from now on, waits for @mutex take part in the wait graph
 *
 * A cycle of tasks that wait for each other's mutexes, all of them so marked,
 * gives -EDEADLK to a task that would close it with a form that can fail. Call it right
 * after init.
 */
static inline void quartet_mutex_detect(struct quartet_mutex *mutex)
{
	mutex->core.detect = true;
}

int quartet_mutex_name(struct quartet_mutex *mutex, const char *name);
void quartet_mutex_unname(struct quartet_mutex *mutex);

int __quartet_mutex_lock_slow(struct quartet_mutex *mutex, unsigned int state,
			      const ktime_t *deadline);
void __quartet_mutex_misuse(struct quartet_mutex *mutex);

static __always_inline int __quartet_mutex_lock(struct quartet_mutex *mutex, unsigned int state,
						unsigned int subclass, const ktime_t *deadline)
{
	int err = 0;

	might_sleep();
	mutex_acquire(&mutex->dep_map, subclass, 0, _RET_IP_);
	if (unlikely(!quartet_mutex_core_lock_fast(&mutex->core, current)))
		err = __quartet_mutex_lock_slow(mutex, state, deadline);
	if (err) {
		mutex_release(&mutex->dep_map, _RET_IP_);
		return err;
	}
	lock_acquired(&mutex->dep_map, _RET_IP_);
	return 0;
}

/**
 * quartet_mutex_lock() - take the mutex, however long it takes
 * @mutex: a mutex that this task does not hold; if it does, that is reported
 *	and the task sleeps until somebody unlocks it
 *
 * Context: task, may sleep.
 * Ordering: acquire, against the unlock of the owner before.
 */
static __always_inline void quartet_mutex_lock(struct quartet_mutex *mutex)
{
	__quartet_mutex_lock(mutex, TASK_UNINTERRUPTIBLE, 0, NULL);
}

/* quartet_mutex_lock_nested() - quartet_mutex_lock() with a lockdep subclass */
static __always_inline void quartet_mutex_lock_nested(struct quartet_mutex *mutex,
						      unsigned int subclass)
{
	__quartet_mutex_lock(mutex, TASK_UNINTERRUPTIBLE, subclass, NULL);
}

/**
 * quartet_mutex_lock_interruptible() - take the mutex unless a signal comes first
 * @mutex: the mutex
 *
 * A grant that crosses the signal wins.
 *
 * Context: task, may sleep.
 * Return: 0 with the mutex held; -EINTR; -EDEADLK if this task holds it, or
 * with quartet_mutex_detect() if the wait would close a cycle.
 */
static __always_inline int __must_check
quartet_mutex_lock_interruptible(struct quartet_mutex *mutex)
{
	return __quartet_mutex_lock(mutex, TASK_INTERRUPTIBLE, 0, NULL);
}

/* quartet_mutex_lock_killable() - as _interruptible(), for fatal signals only */
static __always_inline int __must_check quartet_mutex_lock_killable(struct quartet_mutex *mutex)
{
	return __quartet_mutex_lock(mutex, TASK_KILLABLE, 0, NULL);
}

/**
 * quartet_mutex_lock_timeout() - as _interruptible(), with a deadline
 * @mutex: the mutex
 * @deadline: absolute, CLOCK_MONOTONIC; one in the past takes a mutex that is free and has no
 *	waiters, and waits for nothing
 *
 * Context: task, may sleep.
 * Return: as quartet_mutex_lock_interruptible(), or -ETIMEDOUT.
 */
static __always_inline int __must_check quartet_mutex_lock_timeout(struct quartet_mutex *mutex,
								   ktime_t deadline)
{
	return __quartet_mutex_lock(mutex, TASK_INTERRUPTIBLE, 0, &deadline);
}

/**
 * quartet_mutex_trylock() - take the mutex if it is free
 * @mutex: the mutex; held by this task is fine, and false
 *
 * Context: task.
 * Return: true with the mutex held, or false: held, or starving.
 */
static __always_inline bool quartet_mutex_trylock(struct quartet_mutex *mutex)
{
	if (!quartet_mutex_core_trylock(&mutex->core, current))
		return false;
	mutex_acquire(&mutex->dep_map, 0, 1, _RET_IP_);
	return true;
}

/**
 * quartet_mutex_unlock() - release the mutex, or hand it to the head of the queue
 * @mutex: a mutex that this task holds; otherwise that is reported, and nothing else
 *
 * Context: task; it may schedule if the caller may.
 * Ordering: release, for the next owner.
 */
static __always_inline void quartet_mutex_unlock(struct quartet_mutex *mutex)
{
	if (unlikely(READ_ONCE(mutex->core.owner) != current)) {
		__quartet_mutex_misuse(mutex);
		return;
	}
	mutex_release(&mutex->dep_map, _RET_IP_);
	quartet_mutex_core_unlock(&mutex->core);
}

/* Held by anyone? A snapshot: stale before the caller can look at it. */
static inline bool quartet_mutex_is_locked(struct quartet_mutex *mutex)
{
	return atomic_read(&mutex->core.state) & QUARTET_MUTEX_LOCKED;
}

/* Complains if this task does not hold @mutex, with or without lockdep. */
#define quartet_mutex_assert_held(mutex) \
	WARN_ON_ONCE(READ_ONCE((mutex)->core.owner) != current)

/* guard(quartet_mutex)(&mutex), where the kernel has guards: <linux/spinlock.h> brings them. */
#ifdef DEFINE_GUARD
DEFINE_GUARD(quartet_mutex, struct quartet_mutex *, quartet_mutex_lock(_T),
	     quartet_mutex_unlock(_T))
#endif

#endif /* QUARTET_MUTEX_H */
