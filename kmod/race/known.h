/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is done most of the time, without a lock or a call: an access that is repeated, and an order
 * that is known.
 */
#ifndef QUARTET_RACE_KNOWN_H
#define QUARTET_RACE_KNOWN_H

#include <linux/hash.h>

#include "block.h"
#include "sync.h"
#include "thread.h"

#define RACE_WAYS	8
#define RACE_RELEASES	BIT(31)	/* far from an overflow: some are counted without a lock */

/**
 * struct race_sync - what was released at an address
 * @addr: it, or 0
 * @stamp: of its set, when it was used last; a guess that need not be right
 * @version: the high half changes when it becomes another address's, or nobody's, and often enough
 *	that the low half does not overflow, which counts what was released since
 * @clock: all that was released
 */
struct race_sync {
	unsigned long addr;
	u32 stamp;
	atomic64_t version;
	struct race_clock clock;
};

/**
 * struct race_sync_set - where an address may be
 * @lock: guards all of it, but for what race_release_again() does; taken in any context
 * @stamp: counts uses
 * @births: counts clocks that have been in it, so that each state of one has a number of its own
 * @way: each
 */
struct race_sync_set {
	raw_spinlock_t lock;
	u32 stamp;
	u32 births;
	struct race_sync way[RACE_WAYS];
};

extern struct race_sync_set *race_sync_sets;
extern unsigned int race_sync_bits;
/* Clocks that are in the overflow; written under its lock. */
extern u64 race_overflows;

static __always_inline u32 race_born(const struct race_sync *sync)
{
	return (u64)atomic64_read(&sync->version) >> 32;
}

static __always_inline struct race_sync_set *race_sync_set_of(unsigned long addr)
{
	return &race_sync_sets[hash_long(addr, race_sync_bits)];
}

/**
 * struct race_past - what a thread has done, and acquired
 * @clock: all of it
 * @joins: as it was then
 * @epoch: the same
 */
struct race_past {
	const struct race_clock *clock;
	u64 joins;
	u32 epoch;
};

static __always_inline struct race_past race_fence_of(const struct race_thread *thread)
{
	return (struct race_past){ &thread->fence, thread->fence_joins,
				   thread->fence.of[thread->slot] };
}

static __always_inline struct race_seen *race_seen_of(struct race_thread *thread,
						      unsigned long addr)
{
	return &thread->seen[(addr / 8 ^ addr) % RACE_SEEN];
}

/*
 * Nothing was released there since the thread acquired it. Without a lock: what the caller has to
 * know was released before it got here, and so was the version that came with it
 * (litmus: race-version). If the clock is that of another address by now, it is in a version that
 * no other has.
 */
static __always_inline bool race_is_acquired(const struct race_seen *seen, unsigned long addr)
{
	return seen->addr == addr && (u64)atomic64_read(&seen->sync->version) == seen->version;
}

/* There may be more in it. Whoever has acquired the rest has that, too, as it is his. */
static __always_inline void race_sync_grow(struct race_sync *sync, struct race_seen *seen)
{
	u64 version = atomic64_inc_return(&sync->version);	/* L */

	if (seen->version == version - 1)
		seen->version = version;
}

/*
 * The thread releases where it has released all but its own last epochs before. Without a lock: the
 * clock is raised (K), which is a full barrier, and then must still be that address's: if it is
 * evicted at this moment, either it is not, or it is in the overflow with what was raised (K)
 * (litmus: race-evicted, race-release-evicted). Then that is counted (L), so that who looks for it
 * finds that there is more (litmus: race-release-again); also if another one has raised it, who may
 * not have counted yet. False if all is to be done under the lock.
 *
 * What is raised in a clock that has become another address's orders what need not be.
 */
static __always_inline bool race_release_again(struct race_seen *seen, unsigned long addr, u32 slot,
					       const struct race_past *past)
{
	struct race_sync *sync = seen->sync;

	if (seen->addr != addr || past->joins > seen->joins || race_born(sync) != seen->born)
		return false;
	if (past->epoch <= seen->epoch)
		return true;
	race_clock_raise(&sync->clock.of[slot], past->epoch);
	smp_rmb();	/* if another one has raised it */
	if (race_born(sync) != seen->born)
		return false;
	race_sync_grow(sync, seen);
	seen->epoch = past->epoch;
	return true;
}

/*
 * There is no clock to acquire, and nothing new among those that were forgotten. Without a lock, as
 * above: a clock that the caller has to know was there before it got here. If it has been evicted
 * meanwhile, what was in it is in the overflow, which is looked at afterwards: (C) pairs with who
 * took its place (litmus: race-evicted).
 */
static __always_inline bool race_has_no_clock(const struct race_thread *thread, unsigned long addr)
{
	const struct race_sync_set *set = race_sync_set_of(addr);
	int i;

#pragma GCC unroll 8
	for (i = 0; i < RACE_WAYS; i++)
		if (smp_load_acquire(&set->way[i].addr) == addr)	/* C */
			return false;
	return thread->overflow == smp_load_acquire(&race_overflows);	/* B */
}

/* The access before is done, and has acquired nothing new. */
static __always_inline bool race_settle(struct race_thread *thread)
{
	unsigned long addr = thread->pending;

	smp_rmb();	/* as in race_sync_complete() */
	if (READ_ONCE(race_all_ordered))
		return false;
	if (!race_is_acquired(race_seen_of(thread, addr), addr) && !race_has_no_clock(thread, addr))
		return false;
	thread->late = false;
	return !thread->slow;
}

/*
 * True and the caller, if it is a task as most: known, and nothing is to be done for it first. Not
 * entered, and so only for what is done at once: it may not be found busy by what it calls.
 *
 * The task may be moved in between, and the last task of the CPU be another one. That does not
 * matter: whichever thread is found is looked at for being the caller's own, and nobody else
 * changes a thread but for burying it, when its task has ended.
 */
static __always_inline bool race_thread_quick(struct race_thread **caller)
{
	struct race_thread *thread = raw_cpu_read(race_last);

	if (unlikely(!race_thread_is(thread, current) || race_in_interrupt()))
		return false;
	if (unlikely(thread->slow) && !(thread->late && !thread->busy && race_settle(thread)))
		return false;
	*caller = thread;
	return true;
}

/* What was before the last barrier is released by it. */
static __always_inline bool race_fence_releases(struct race_thread *thread, unsigned long addr)
{
	struct race_past past = race_fence_of(thread);

	return thread->fenced && !race_release_again(race_seen_of(thread, addr), addr,
						     thread->slot, &past);
}

/*
 * Nearly all accesses are repeated, or of memory that is not watched: these end here, inline where
 * user memory may be accessible. One that is marked may acquire, too, whenever it is made.
 */
static __always_inline bool race_access_known(const void *addr, unsigned int size,
					      unsigned int how, unsigned long pc,
					      enum race_effort effort)
{
	struct race_thread *thread;

	if (unlikely(!race_thread_quick(&thread) ||
		     !race_is_known(thread, (unsigned long)addr, size, how, pc, effort)))
		return false;
	if (how & RACE_MARKED) {
		if (how & RACE_WRITE && race_fence_releases(thread, (unsigned long)addr))
			return false;
		race_sync_later(thread, (unsigned long)addr);
	}
	return true;
}

#endif /* QUARTET_RACE_KNOWN_H */
