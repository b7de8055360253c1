/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Spinlocks: three kinds of one shape.
 *
 *  kind    type                 order      preemption  may be taken in
 *  queued  quartet_spinlock     FIFO       off         task, softirq, hardirq
 *  cas     quartet_caslock      none       off         task, softirq, hardirq
 *  yield   quartet_yieldlock    none       left on     task, not real-time
 *
 * Use queued. The other two are the locks that Go's users write first, kept
 * to be compared with: cas lets a waiter starve for as long as others come,
 * and all its waiters write one cache line; yield gives its CPU away while
 * it waits, so that a holder which lost its own CPU can go on. A real-time
 * task that yields only comes back to itself, and would wait for ever for a
 * holder of lower priority.
 *
 * None is re-entrant, none is for NMI. All three spin on PREEMPT_RT too, as
 * raw_spinlock_t does: keep what they protect short. A lock that is also
 * taken in an interrupt must be taken with the _irqsave form (or _bh, if only
 * in softirq) everywhere else.
 *
 * Ordering, for every kind: what the holder did before unlock happens before
 * what the next holder, and any later one, does after lock or a successful
 * trylock (litmus: spin-third-holder). A trylock that failed orders nothing.
 *
 * queued, one 32-bit word, as the kernel's qspinlock:
 *
 *	 31            16 15       8 7        0
 *	+----------------+----------+----------+
 *	|      tail      | pending  |  locked  |
 *	+----------------+----------+----------+
 *
 *	(tail, pending, locked), who moves it, and how:
 *
 *	(0,0,0) -> (0,0,1)	anyone: lock or trylock, by cmpxchg
 *	(0,0,1) -> (0,1,1)	one waiter, by cmpxchg: it spins on the word
 *	(*,*,1) -> (*,*,0)	the holder: a plain store to its byte
 *	(*,1,0) -> (*,0,1)	the pending waiter: one store to both bytes
 *	(o,*,*) -> (n,*,*)	any waiter, by xchg of the tail: it queues
 *	(n,0,0) -> (0,0,1)	the head, if it is also the last, by cmpxchg
 *	(n,0,0) -> (n,0,1)	the head otherwise: a plain store to the byte
 *
 * From a word that is not (0,0,0) or (0,0,1) every arrival queues, so nobody
 * passes the queue, and while it is not empty only its head may set the
 * locked byte.
 */
#ifndef QUARTET_SPINLOCK_H
#define QUARTET_SPINLOCK_H

#include <linux/atomic.h>
#include <linux/bottom_half.h>
#include <linux/irqflags.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/types.h>
#include <asm/barrier.h>

#include <quartet/race.h>

#define QUARTET_SPIN_LOCKED		0x0001
#define QUARTET_SPIN_PENDING		0x0100
#define QUARTET_SPIN_TAIL_SHIFT		16

/**
 * struct quartet_spinlock - the queued kind
 * @word: the whole state; zero is free
 * @locked: 1 while held; the holder clears it, see the table above for who sets it
 * @pending: 1 while one waiter spins without a queue node
 * @locked_pending: both bytes, for the step from pending to holder
 * @tail: the waiter queued last (CPU and context), 0 if none
 * @dep_map: for lockdep
 */
struct quartet_spinlock {
	union {
		atomic_t word;
#ifdef __LITTLE_ENDIAN
		struct {
			u8 locked;
			u8 pending;
		};
		struct {
			u16 locked_pending;
			u16 tail;
		};
#else
		struct {
			u16 tail;
			u16 locked_pending;
		};
		struct {
			u8 reserved[2];
			u8 pending;
			u8 locked;
		};
#endif
	};
#ifdef CONFIG_DEBUG_LOCK_ALLOC
	struct lockdep_map dep_map;
#endif
};

#ifdef CONFIG_DEBUG_LOCK_ALLOC
#define QUARTET_SPIN_DEP_MAP(lockname) \
	, .dep_map = { .name = #lockname, .wait_type_inner = LD_WAIT_SPIN }
#else
#define QUARTET_SPIN_DEP_MAP(lockname)
#endif

/* Defines a free queued spinlock; every use is a lockdep class of its own. */
#define DEFINE_QUARTET_SPINLOCK(lockname) \
	struct quartet_spinlock lockname = { \
		.word = ATOMIC_INIT(0) QUARTET_SPIN_DEP_MAP(lockname) \
	}

void __quartet_spin_lock_init(struct quartet_spinlock *lock, const char *name,
			      struct lock_class_key *key);

/**
 * quartet_spin_lock_init() - make a spinlock free
 * @lock: memory that no one else uses yet
 *
 * Every place in the source that calls this is a lockdep class of its own.
 */
#define quartet_spin_lock_init(lock) \
do { \
	static struct lock_class_key __key; \
	\
	__quartet_spin_lock_init(lock, #lock, &__key); \
} while (0)

void quartet_spin_lock_slow(struct quartet_spinlock *lock);

static __always_inline bool __quartet_spin_try(struct quartet_spinlock *lock)
{
	int free = 0;

	return atomic_try_cmpxchg_acquire(&lock->word, &free, QUARTET_SPIN_LOCKED);
}

/**
 * quartet_spin_lock() - take the lock, in the order of arrival
 * @lock: a lock that this context does not hold
 *
 * Spins until the lock is free and everyone who queued before has had it.
 *
 * Context: task, softirq or hardirq; disables preemption until unlock. With
 * interrupts on, a lock taken here must never be taken in an interrupt.
 * Ordering: acquire, against the unlock of the holder before.
 */
static __always_inline void quartet_spin_lock(struct quartet_spinlock *lock)
	__acquires(lock)
{
	preempt_disable();
	spin_acquire(&lock->dep_map, 0, 0, _RET_IP_);
	if (unlikely(!__quartet_spin_try(lock))) {
		lock_contended(&lock->dep_map, _RET_IP_);
		quartet_spin_lock_slow(lock);
	}
	lock_acquired(&lock->dep_map, _RET_IP_);
	quartet_race_acquire(lock);
	__acquire(lock);
}

/**
 * quartet_spin_trylock() - take the lock if it is free and nobody waits
 * @lock: the lock; held by this context is fine, and false
 *
 * Context: as quartet_spin_lock().
 * Return: true with the lock held, or false. Never spins.
 */
static __always_inline bool quartet_spin_trylock(struct quartet_spinlock *lock)
{
	preempt_disable();
	/* The plain read keeps a failing try from taking the cache line away. */
	if (likely(!atomic_read(&lock->word) && __quartet_spin_try(lock))) {
		spin_acquire(&lock->dep_map, 0, 1, _RET_IP_);
		quartet_race_acquire(lock);
		return true;
	}
	preempt_enable();
	return false;
}

/**
 * quartet_spin_unlock() - let the next one in
 * @lock: a lock that this context holds
 *
 * Context: as quartet_spin_lock(); enables preemption again.
 * Ordering: release, for the next holder.
 */
static __always_inline void quartet_spin_unlock(struct quartet_spinlock *lock)
	__releases(lock)
{
	quartet_race_release(lock);
	spin_release(&lock->dep_map, _RET_IP_);
	/*
	 * [U] pairs with [P] and [H], and with the acquire of __quartet_spin_try()
	 * (litmus: spin-unlock-try).
	 */
	smp_store_release(&lock->locked, 0);
	preempt_enable();
	__release(lock);
}

/* quartet_spin_lock_irqsave() - quartet_spin_lock() with interrupts off until unlock */
#define quartet_spin_lock_irqsave(lock, flags) \
do { \
	local_irq_save(flags); \
	quartet_spin_lock(lock); \
} while (0)

/* quartet_spin_trylock_irqsave() - interrupts stay off only if it returns true */
#define quartet_spin_trylock_irqsave(lock, flags) \
({ \
	bool __taken; \
	\
	local_irq_save(flags); \
	__taken = quartet_spin_trylock(lock); \
	if (!__taken) \
		local_irq_restore(flags); \
	__taken; \
})

static __always_inline void quartet_spin_unlock_irqrestore(struct quartet_spinlock *lock,
							   unsigned long flags)
	__releases(lock)
{
	quartet_spin_unlock(lock);
	local_irq_restore(flags);
}

/*
 * quartet_spin_lock_bh() - quartet_spin_lock() with softirqs off until unlock
 *
 * On PREEMPT_RT disabling softirqs may sleep: task context, preemption on.
 */
static __always_inline void quartet_spin_lock_bh(struct quartet_spinlock *lock)
	__acquires(lock)
{
	local_bh_disable();
	quartet_spin_lock(lock);
}

/* quartet_spin_trylock_bh() - softirqs stay off only if it returns true */
static __always_inline bool quartet_spin_trylock_bh(struct quartet_spinlock *lock)
{
	local_bh_disable();
	if (quartet_spin_trylock(lock))
		return true;
	local_bh_enable();
	return false;
}

static __always_inline void quartet_spin_unlock_bh(struct quartet_spinlock *lock)
	__releases(lock)
{
	quartet_spin_unlock(lock);
	local_bh_enable();
}

/* Held by anyone? A snapshot: stale before the caller can look at it. */
static inline bool quartet_spin_is_locked(struct quartet_spinlock *lock)
{
	return READ_ONCE(lock->locked);
}

/* Complains, with lockdep, if this context does not hold @lock. */
#define quartet_spin_assert_held(lock)	lockdep_assert_held(lock)

/* For tests and diagnosis. */
#define QUARTET_SPIN_NO_WAITER		(-1)
#define QUARTET_SPIN_PENDING_WAITER	(-2)
int quartet_spin_newest_waiter(struct quartet_spinlock *lock);
void quartet_spin_claim_nodes(unsigned int cpu);
void quartet_spin_unclaim_nodes(unsigned int cpu);
void quartet_spin_transitions(u64 *sums);

/* The kind `cas`: zero is free. Not seen by lockdep. */
struct quartet_caslock {
	atomic_t locked;
};

#define DEFINE_QUARTET_CASLOCK(name)	struct quartet_caslock name = { ATOMIC_INIT(0) }

static inline void quartet_cas_lock_init(struct quartet_caslock *lock)
{
	atomic_set(&lock->locked, 0);
}

void quartet_cas_lock_slow(struct quartet_caslock *lock);

static __always_inline bool __quartet_cas_try(atomic_t *locked)
{
	int free = 0;

	return atomic_try_cmpxchg_acquire(locked, &free, 1);
}

/**
 * quartet_cas_lock() - compare and swap until it succeeds
 * @lock: a lock that this context does not hold
 *
 * Source: the CAS spinlock of Go's lore, with preemption disabled for as long
 * as the lock is held; unfair.
 * Context: as quartet_spin_lock(); the same rules for interrupts.
 * Ordering: acquire, against the unlock of the holder before.
 */
static __always_inline void quartet_cas_lock(struct quartet_caslock *lock)
	__acquires(lock)
{
	preempt_disable();
	if (unlikely(!__quartet_cas_try(&lock->locked)))
		quartet_cas_lock_slow(lock);
	quartet_race_acquire(lock);
	__acquire(lock);
}

/* quartet_cas_trylock() - one try; true with the lock held, or false */
static __always_inline bool quartet_cas_trylock(struct quartet_caslock *lock)
{
	preempt_disable();
	if (likely(__quartet_cas_try(&lock->locked))) {
		quartet_race_acquire(lock);
		return true;
	}
	preempt_enable();
	return false;
}

/* quartet_cas_unlock() - release, for the next holder */
static __always_inline void quartet_cas_unlock(struct quartet_caslock *lock)
	__releases(lock)
{
	quartet_race_release(lock);
	/* Pairs with the acquire of __quartet_cas_try() (litmus: cas-unlock). */
	atomic_set_release(&lock->locked, 0);
	preempt_enable();
	__release(lock);
}

/* The kind `yield`: zero is free. Not seen by lockdep. */
struct quartet_yieldlock {
	atomic_t locked;
};

#define DEFINE_QUARTET_YIELDLOCK(name)	struct quartet_yieldlock name = { ATOMIC_INIT(0) }

static inline void quartet_yield_lock_init(struct quartet_yieldlock *lock)
{
	atomic_set(&lock->locked, 0);
}

void quartet_yield_lock_slow(struct quartet_yieldlock *lock);

/**
 * quartet_yield_lock() - compare and swap, and give the CPU up after each failure
 * @lock: a lock that this task does not hold
 *
 * The holder keeps preemption on and may even sleep: waiters run the
 * scheduler, so it gets its CPU back where quartet_cas_lock() with preemption
 * on would keep it away for ever.
 *
 * Source: the runtime.Gosched() variant of the CAS spinlock of Go's lore;
 * unfair.
 * Context: task, preemption and interrupts on, not a real-time or deadline
 * task (that is warned of once).
 * Ordering: acquire, against the unlock of the holder before.
 */
static __always_inline void quartet_yield_lock(struct quartet_yieldlock *lock)
	__acquires(lock)
{
	might_sleep();
	if (unlikely(!__quartet_cas_try(&lock->locked)))
		quartet_yield_lock_slow(lock);
	quartet_race_acquire(lock);
	__acquire(lock);
}

/* quartet_yield_trylock() - one try; true with the lock held, or false */
static __always_inline bool quartet_yield_trylock(struct quartet_yieldlock *lock)
{
	if (!__quartet_cas_try(&lock->locked))
		return false;
	quartet_race_acquire(lock);
	return true;
}

/* quartet_yield_unlock() - release, for the next holder */
static __always_inline void quartet_yield_unlock(struct quartet_yieldlock *lock)
	__releases(lock)
{
	quartet_race_release(lock);
	/* Pairs with the acquire of __quartet_cas_try() (litmus: cas-unlock). */
	atomic_set_release(&lock->locked, 0);
	__release(lock);
}

#endif /* QUARTET_SPINLOCK_H */
