// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is remembered of memory.
 *
 * A block is for 512 bytes of a module's, and there is none for other memory. It is looked up
 * without a lock: blocks are never freed, but may become those of other memory, so whoever wants to
 * change one takes its lock and looks again. Without the lock it is only looked whether the very
 * same access is there already. If that just goes, somebody else writes or frees the memory at this
 * moment, and it is his access that finds the race.
 */
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/moduleparam.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>

#include "context.h"
#include "counters.h"
#include "memory.h"
#include "report.h"
#include "shadow.h"
#include "sync.h"
#include "thread.h"

#define CHUNK_SHIFT	9
#define CHUNK		BIT(CHUNK_SHIFT)
#define GRANULES	(CHUNK / 8)
#define CELLS		4
#define STEPS_MAX	1024	/* in a bucket: it may change below us */

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
	u32 next;
	raw_spinlock_t lock;		/* the accesses */
	u64 owned;
	atomic64_t orders;
	race_cell cell[GRANULES][CELLS];
};

static unsigned int blocks_max = 4096;
module_param_named(blocks, blocks_max, uint, 0444);
MODULE_PARM_DESC(blocks, "memory that is watched, in 512 bytes (2112 bytes each)");

static struct race_block *blocks;	/* 0 is none */
static u32 *buckets;			/* written under table_lock */
static unsigned int bucket_bits;
static u32 free_blocks;			/* under table_lock */
static DEFINE_RAW_SPINLOCK(table_lock);

static u32 *bucket_of(unsigned long chunk)
{
	return &buckets[hash_long(chunk, bucket_bits)];
}

static struct race_block *find(unsigned long chunk)
{
	u32 i = READ_ONCE(*bucket_of(chunk));
	int steps = 0;

	while (i && READ_ONCE(blocks[i].chunk) != chunk && ++steps < STEPS_MAX)
		i = READ_ONCE(blocks[i].next);
	return i && steps < STEPS_MAX ? &blocks[i] : NULL;
}

static struct race_block *add(unsigned long chunk)
{
	struct race_block *block = &blocks[free_blocks];
	u32 *bucket = bucket_of(chunk);

	lockdep_assert_held(&table_lock);
	if (!free_blocks) {
		race_count(RACE_NO_BLOCK);
		return NULL;
	}
	free_blocks = block->next;
	WRITE_ONCE(block->next, *bucket);
	WRITE_ONCE(block->chunk, chunk);
	WRITE_ONCE(*bucket, block - blocks);
	return block;
}

static void remove(struct race_block *block)
{
	u32 *link = bucket_of(block->chunk);

	lockdep_assert_held(&table_lock);
	while (*link != block - blocks)
		link = &blocks[*link].next;
	WRITE_ONCE(*link, block->next);
	WRITE_ONCE(block->chunk, 0);
	WRITE_ONCE(block->next, free_blocks);
	free_blocks = block - blocks;
}

static bool is_ordered(const struct race_thread *thread, race_cell cell)
{
	return race_cell_epoch(cell) <= thread->clock.of[race_cell_slot(cell)];
}

static bool conflict(race_cell a, race_cell b)
{
	unsigned int both = race_cell_how(a) & race_cell_how(b);
	unsigned int any = race_cell_how(a) | race_cell_how(b);

	return (race_cell_mask(a) & race_cell_mask(b)) && (any & RACE_WRITE) &&
	       !(both & RACE_MARKED);
}

/* Whatever races with @old, and comes later, also does with @new, which comes after @old. */
static bool covers(race_cell new, race_cell old)
{
	return !(race_cell_mask(old) & ~race_cell_mask(new)) &&
	       (race_cell_how(new) & RACE_WRITE) >= (race_cell_how(old) & RACE_WRITE) &&
	       (race_cell_how(old) & RACE_MARKED) >= (race_cell_how(new) & RACE_MARKED);
}

/* By the same thread in the same epoch. */
static bool is_repeated(race_cell new, race_cell old)
{
	const race_cell who = (1ULL << RACE_CELL_MASK) - 1;

	return !((new ^ old) & who) && covers(old, new);
}

/*
 * An atomic write is a part of what it releases: who acquires that may free what was written. What
 * it releases is of the barrier before it, so it is taken to have happened then.
 */
static u32 epoch_of(const struct race_thread *thread, unsigned int how)
{
	if (how & RACE_MARKED && how & RACE_WRITE && thread->fenced)
		return thread->fence.of[thread->slot];
	return race_thread_epoch(thread);
}

static race_cell make_cell(const struct race_thread *thread, u32 mask, unsigned int how)
{
	return epoch_of(thread, how) | (u64)thread->slot << RACE_CELL_SLOT |
	       (u64)mask << RACE_CELL_MASK | (u64)(how & 3) << RACE_CELL_HOW;
}

/* The one that races, or 0. Under the block's lock. */
static race_cell check(const struct race_thread *thread, const race_cell *cells, race_cell new)
{
	int i;

	for (i = 0; i < CELLS; i++)
		if (cells[i] && conflict(new, cells[i]) && !is_ordered(thread, cells[i]))
			return cells[i];
	return 0;
}

/* In place of what it covers, else in free room, else of any. Under the block's lock. */
static void remember(const struct race_thread *thread, race_cell *cells, race_cell new)
{
	int i, to = -1;

	for (i = 0; i < CELLS; i++) {
		if (!cells[i]) {
			to = to < 0 ? i : to;
		} else if (is_ordered(thread, cells[i]) && covers(new, cells[i])) {
			WRITE_ONCE(cells[i], 0);
			to = i;
		}
	}
	if (to < 0) {
		to = race_thread_epoch(thread) % CELLS;
		race_count(RACE_EVICTED_CELLS);
	}
	WRITE_ONCE(cells[to], new);
}

static bool is_known(const race_cell *cells, race_cell new)
{
	int i;

	for (i = 0; i < CELLS; i++)
		if (is_repeated(new, READ_ONCE(cells[i])))
			return true;
	return false;
}

static void access_granule(struct race_thread *thread, struct race_block *block,
			   unsigned long addr, u32 mask, unsigned int how, unsigned long pc)
{
	race_cell *cells = block->cell[addr / 8 % GRANULES];
	race_cell new = make_cell(thread, mask, how), old = 0;
	unsigned long flags;

	if (is_known(cells, new))
		return;
	new |= (u64)race_context_child(thread->context, pc) << RACE_CELL_CONTEXT;
	raw_spin_lock_irqsave(&block->lock, flags);
	if (block->chunk == addr >> CHUNK_SHIFT && block->owned & BIT_ULL(addr / 8 % GRANULES)) {
		old = check(thread, cells, new);
		remember(thread, cells, new);
	}
	raw_spin_unlock_irqrestore(&block->lock, flags);
	if (old && !race_memory_is_shared(addr))
		race_report(addr & ~7UL, new, old, how);
}

/* Which of the eight bytes at @addr are within the access. */
static u32 mask_of(unsigned long addr, unsigned long end)
{
	unsigned long first = addr % 8, last = min(end - (addr & ~7UL), 8UL);

	return GENMASK(last - 1, first);
}

void race_shadow_access(struct race_thread *thread, unsigned long addr, size_t size,
			unsigned int how, unsigned long pc)
{
	unsigned long end = addr + size, next;
	struct race_block *block;

	if (!thread->slot || thread->ignore || race_thread_epoch(thread) == RACE_EPOCH_MAX)
		return;
	for (; addr < end; addr = next) {
		block = find(addr >> CHUNK_SHIFT);
		if (!block) {
			next = ALIGN(addr + 1, CHUNK);
			continue;
		}
		next = ALIGN(addr + 1, 8);
		access_granule(thread, block, addr, mask_of(addr, end), how, pc);
	}
}

/* What a reader of a seqcount reads may be written meanwhile: it finds that out by itself. */
static unsigned int atomic_how(struct race_thread *thread, unsigned int how)
{
	if (thread->atomic_next)
		thread->atomic_next--;
	return how | RACE_MARKED;
}

void race_access(const void *addr, size_t size, unsigned int how, unsigned long pc)
{
	struct race_thread *thread = race_thread_enter();

	if (!thread)
		return;
	if (unlikely(thread->atomic || thread->atomic_next))
		how = atomic_how(thread, how);
	race_shadow_access(thread, (unsigned long)addr, size, how, pc);
	if (how & RACE_MARKED)
		race_sync_atomic(thread, (unsigned long)addr, how & RACE_WRITE);
	race_thread_leave(thread);
}

/* Granules of the block's chunk that are in the memory. */
static u64 granules(unsigned long chunk, unsigned long addr, unsigned long end)
{
	unsigned long start = chunk << CHUNK_SHIFT;
	unsigned long first = max(addr, start), last = min(end, start + CHUNK) - 1;

	return GENMASK_ULL((last - start) / 8, (first - start) / 8);
}

static void own_block(struct race_block *block, u64 which, race_cell cell)
{
	unsigned int i;

	raw_spin_lock(&block->lock);
	for (i = 0; i < GRANULES; i++) {
		if (!(which & BIT_ULL(i)))
			continue;
		memset(block->cell[i], 0, sizeof(block->cell[i]));
		block->cell[i][0] = cell;
	}
	block->owned |= which;
	raw_spin_unlock(&block->lock);
}

void race_shadow_own(struct race_thread *thread, unsigned long addr, size_t size,
		     unsigned long pc)
{
	unsigned long chunk, end = addr + size, flags;
	struct race_block *block;
	race_cell cell = 0;

	if (thread && thread->slot) {
		cell = make_cell(thread, 0xff, RACE_WRITE);
		cell |= (u64)race_context_child(thread->context, pc) << RACE_CELL_CONTEXT;
	}
	for (chunk = addr >> CHUNK_SHIFT; chunk <= (end - 1) >> CHUNK_SHIFT; chunk++) {
		raw_spin_lock_irqsave(&table_lock, flags);
		block = find(chunk) ?: add(chunk);
		if (block)
			own_block(block, granules(chunk, addr, end), cell);
		raw_spin_unlock_irqrestore(&table_lock, flags);
	}
}

static void forget_clocks(struct race_block *block, u64 which)
{
	unsigned long i, orders = atomic64_fetch_andnot(which, &block->orders) & which;

	for_each_set_bit(i, &orders, GRANULES)
		race_sync_forget((block->chunk << CHUNK_SHIFT) + i * 8);
}

void race_shadow_disown(unsigned long addr, size_t size)
{
	unsigned long chunk, end = addr + size, flags;
	struct race_block *block;

	for (chunk = addr >> CHUNK_SHIFT; chunk <= (end - 1) >> CHUNK_SHIFT; chunk++) {
		raw_spin_lock_irqsave(&table_lock, flags);
		block = find(chunk);
		if (block) {
			forget_clocks(block, granules(chunk, addr, end));
			raw_spin_lock(&block->lock);
			block->owned &= ~granules(chunk, addr, end);
			if (!block->owned)
				remove(block);
			raw_spin_unlock(&block->lock);
		}
		raw_spin_unlock_irqrestore(&table_lock, flags);
	}
}

void race_shadow_orders(unsigned long addr)
{
	struct race_block *block = find(addr >> CHUNK_SHIFT);

	if (block)
		atomic64_or(BIT_ULL(addr / 8 % GRANULES), &block->orders);
}

int race_shadow_init(void)
{
	u32 i;

	if (blocks_max < 2 || blocks_max > 1 << 20)
		return -EINVAL;
	bucket_bits = ilog2(blocks_max);
	blocks = vcalloc(blocks_max, sizeof(*blocks));
	buckets = vcalloc(1U << bucket_bits, sizeof(*buckets));
	if (!blocks || !buckets) {
		race_shadow_exit();
		return -ENOMEM;
	}
	for (i = 1; i < blocks_max; i++) {
		raw_spin_lock_init(&blocks[i].lock);
		blocks[i].next = free_blocks;
		free_blocks = i;
	}
	return 0;
}

void race_shadow_exit(void)
{
	vfree(blocks);
	vfree(buckets);
}
