/* SPDX-License-Identifier: GPL-2.0-only */
/* How what is remembered of memory is found, and what is done with it most of the time. */
#ifndef QUARTET_RACE_BLOCK_H
#define QUARTET_RACE_BLOCK_H

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/spinlock_types.h>

#include "context.h"
#include "shadow.h"
#include "thread.h"

#define RACE_CHUNK_SHIFT	9
#define RACE_CHUNK		BIT(RACE_CHUNK_SHIFT)
#define RACE_GRANULES		(RACE_CHUNK / 8)
#define RACE_CELLS		4

/**
 * struct race_block - what is remembered of 512 bytes
 * @chunk: which, as their address / 512; 0 if of none; under both locks
 * @next: in its bucket, or free; under table_lock
 * @lock: guards the rest; in any context, within table_lock
 * @owned: a bit for each eight bytes that are a module's
 * @orders: the same, that may have clocks; not under the lock
 * @cell: accesses, each written as a whole
 */
struct race_block {
	unsigned long chunk;
	struct race_block *next;
	raw_spinlock_t lock;		/* the accesses */
	u64 owned;
	atomic64_t orders;
	race_cell cell[RACE_GRANULES][RACE_CELLS];
};

/* A block of nothing, with none after it. */
extern const struct race_block *race_nothing;
/* NULL if there is none. Without a lock. */
struct race_block *race_block_find(unsigned long chunk);
/* By the lowest bits of the chunk. One that is empty has the block of nothing. */
extern struct race_block **race_buckets;
extern unsigned long race_bucket_mask;
/* Of blocks, from buckets. */
extern u64 race_removals;

static __always_inline struct race_block **race_bucket_of(unsigned long chunk)
{
	return &race_buckets[chunk & race_bucket_mask];
}

static __always_inline race_cell *race_cells_of(struct race_block *block, unsigned long addr)
{
	return block->cell[addr / 8 % RACE_GRANULES];
}

/* Whether the cell has all of @wanted among the bits that matter. */
static __always_inline bool race_has_cell(const race_cell *cells, race_cell bits, race_cell wanted)
{
	return (READ_ONCE(cells[0]) & bits) == wanted || (READ_ONCE(cells[1]) & bits) == wanted ||
	       (READ_ONCE(cells[2]) & bits) == wanted || (READ_ONCE(cells[3]) & bits) == wanted;
}

/* What it releases is of the barrier before it, and nothing else has been released since. */
static __always_inline bool race_releases_fence(const struct race_thread *thread, unsigned int how)
{
	return how & RACE_MARKED && how & RACE_WRITE && thread->fenced && !thread->releasing &&
	       thread->fence.of[thread->slot] + 1 == race_thread_epoch(thread);
}

/*
 * Who, and when, as in a cell. An atomic write is a part of what it releases: who acquires that may
 * free what was written. So it is taken to have happened before its barrier, if it can be.
 */
static __always_inline u32 race_self(const struct race_thread *thread, unsigned int how)
{
	return thread->self - race_releases_fence(thread, how);
}

/*
 * The thread has accessed these of the eight bytes before, in the same epoch, and so that whatever
 * races with this access has raced with that one.
 *
 * Without the block's lock: only whether the very same thread has done the same is looked at. If
 * that just goes, somebody else writes or frees the memory at this moment, and it is his access
 * that finds the race. If the block becomes that of other memory, the thread's own cell is in it
 * only for as long as nobody has that memory: it is cleared for who gets it, and the thread has not
 * been there.
 */
static __always_inline bool race_is_repeated(const struct race_thread *thread,
					     const race_cell *cells, race_cell mask,
					     unsigned int how)
{
	const race_cell self = (1ULL << RACE_CELL_MASK) - 1;
	const race_cell marked = (race_cell)RACE_MARKED << RACE_CELL_HOW;
	const race_cell write = (race_cell)RACE_WRITE << RACE_CELL_HOW;
	race_cell wanted = race_self(thread, how) | mask << RACE_CELL_MASK;
	race_cell bits = self | mask << RACE_CELL_MASK;

	if (how & RACE_WRITE) {
		bits |= write;
		wanted |= write;
	}
	if (!(how & RACE_MARKED))
		bits |= marked;
	return race_has_cell(cells, bits, wanted);
}

/*
 * What is known of an access at once: without a call, if it is where such a one was before; or with
 * one that finds out where it is.
 */
enum race_effort {
	RACE_INLINE,
	RACE_CALLING,
};

/* The context of @pc within what the thread is in, or 0. */
static __always_inline race_cell race_context_here(const struct race_thread *thread,
						   race_cell cell, unsigned long pc,
						   enum race_effort effort)
{
	u32 id = race_cell_context(cell);

	if (!race_context_is(id, thread->context, pc))
		id = effort == RACE_CALLING ? race_context_child(thread->context, pc) : 0;
	return (race_cell)id << RACE_CELL_CONTEXT;
}

/* Whatever the two access: both read, or both are marked. */
static __always_inline bool race_is_harmless(race_cell cell, unsigned int how)
{
	return !((how | race_cell_how(cell)) & RACE_WRITE) ||
	       how & race_cell_how(cell) & RACE_MARKED;
}

/* Whoever's accesses are remembered: they have all happened before, or may happen at any time. */
static __always_inline bool race_comes_last(const struct race_thread *thread,
					    const race_cell *cells, unsigned int how)
{
	bool last = true;
	int i;

#pragma GCC unroll 4
	for (i = 0; i < RACE_CELLS; i++) {
		race_cell cell = READ_ONCE(cells[i]);

		last &= race_cell_epoch(cell) <= thread->clock.of[race_cell_slot(cell)] ||
			race_is_harmless(cell, how);
	}
	return last;
}

/*
 * The thread has done the same in an earlier epoch, and what others have done has happened before:
 * all there is to do is to say that it was in this one, and where.
 *
 * Without the block's lock. The old cell is exchanged (D) if it is still the same: if the block has
 * become that of other memory, or somebody's access has taken its place, it is not. Others may look
 * at the cells meanwhile, under the lock, and not see the new epoch; who does so looks again once
 * he has written what he did (D), and here it is looked again for what he wrote. One of the two
 * sees the other (litmus: race-renew, race-renew-both). False then, and all is to be looked at
 * under the lock.
 */
static __always_inline bool race_renew(const struct race_thread *thread, race_cell *cells,
				       race_cell mask, unsigned int how, unsigned long pc,
				       enum race_effort effort)
{
	const race_cell same = GENMASK_ULL(RACE_CELL_CONTEXT - 1, RACE_CELL_SLOT);
	race_cell new = race_self(thread, how) | mask << RACE_CELL_MASK |
			(race_cell)(how & 3) << RACE_CELL_HOW;
	race_cell old = READ_ONCE(cells[0]), *cell = cells, context;
	int i;

	for (i = 1; i < RACE_CELLS && (old ^ new) & same; i++)
		old = READ_ONCE(*++cell);
	if ((old ^ new) & same)
		return false;
	context = race_context_here(thread, old, pc, effort);
	if (unlikely(!context))
		return false;
	new |= context;
	if (unlikely(!try_cmpxchg(cell, &old, new)))	/* D */
		return false;
	if (likely(race_comes_last(thread, cells, how)))
		return true;
	/* Or it would be taken for one that has been looked at. */
	cmpxchg(cell, new, old);
	return false;
}

/*
 * There is no block for it. Without a lock: one may be taken out of the bucket at this moment, and
 * lead to none or elsewhere; but then that is counted before it does (litmus: race-block-find).
 */
static __always_inline bool race_is_unwatched(unsigned long chunk)
{
	u64 removals = smp_load_acquire(&race_removals);	/* pairs with remove() */
	const struct race_block *block = READ_ONCE(*race_bucket_of(chunk));

	if (READ_ONCE(block->chunk) == chunk || READ_ONCE(block->next))
		return false;
	smp_rmb();	/* the same */
	return READ_ONCE(race_removals) == removals;
}

/*
 * An access to check or remember there is none: it is of memory that is not watched, or repeated.
 * False if that cannot be said at once. Who was given the memory by what orders sees its block
 * (litmus: race-block-owned).
 */
static __always_inline bool race_is_known(const struct race_thread *thread, unsigned long addr,
					  unsigned int size, unsigned int how, unsigned long pc,
					  enum race_effort effort)
{
	race_cell mask;
	race_cell *cells;
	unsigned long chunk = addr >> RACE_CHUNK_SHIFT;
	struct race_block *block = READ_ONCE(*race_bucket_of(chunk));

	if (unlikely(READ_ONCE(block->chunk) != chunk)) {
		if (block == race_nothing)
			return true;
		block = effort == RACE_INLINE ? READ_ONCE(block->next) : race_block_find(chunk);
		if (effort == RACE_CALLING && !block)
			return true;
		if (!block || READ_ONCE(block->chunk) != chunk)
			return race_is_unwatched(chunk);
	}
	if (unlikely(size - 1 > 7 || addr % 8 > 8 - size))
		return false;
	mask = GENMASK_ULL(size - 1, 0) << addr % 8;
	cells = race_cells_of(block, addr);
	return race_is_repeated(thread, cells, mask, how) ||
	       race_renew(thread, cells, mask, how, pc, effort);
}

#endif /* QUARTET_RACE_BLOCK_H */
