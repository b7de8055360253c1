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

/**
 * struct race_sync - what was released at an address
 * @addr: it, or 0
 * @stamp: of its set, when it was used last; a guess that need not be right
 * @born: of its set's changes, when it became this address's; 0 if it is nobody's
 * @version: the same, when something was released last
 * @clock: all that was released
 */
struct race_sync {
	unsigned long addr;
	u32 stamp;
	u64 born;
	u64 version;
	struct race_clock clock;
};

/**
 * struct race_sync_set - where an address may be
 * @lock: guards all of it; taken in any context
 * @stamp: counts uses
 * @changes: counts changes of any clock in it; so each state of one has a number of its own
 * @way: each
 */
struct race_sync_set {
	raw_spinlock_t lock;
	u32 stamp;
	u64 changes;
	struct race_sync way[RACE_WAYS];
};

extern struct race_sync_set *race_sync_sets;
extern unsigned int race_sync_bits;
/* Clocks that are in the overflow; written under its lock. */
extern u64 race_overflows;

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
	return seen->addr == addr && READ_ONCE(seen->sync->version) == seen->version;
}

/*
 * All of it is there already. Without a lock: if it was evicted, or is at this moment, it is in the
 * overflow with all that it had (litmus: race-evicted).
 */
static __always_inline bool race_is_released(const struct race_seen *seen, unsigned long addr,
					     const struct race_past *past)
{
	return seen->addr == addr && past->joins <= seen->joins && past->epoch <= seen->epoch &&
	       READ_ONCE(seen->sync->born) == seen->born;
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

#endif /* QUARTET_RACE_KNOWN_H */
