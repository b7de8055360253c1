// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is remembered of memory.
 *
 * A block is for 512 bytes of a module's, and there is none for other memory. It is looked up
 * without a lock: blocks are never freed, but may become those of other memory, so whoever wants to
 * change one takes its lock and looks again, and whoever finds none looks again if any was removed
 * meanwhile, which may have led him astray. See race_is_repeated() for what is done without it.
 */
#include <linux/log2.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>

#include "block.h"
#include "context.h"
#include "counters.h"
#include "known.h"
#include "memory.h"
#include "report.h"
#include "shadow.h"
#include "sync.h"
#include "thread.h"

/* For each block at least: only the first one of a bucket is found without a call. */
#define BUCKETS		4
#define STEPS_MAX	1024	/* in a bucket: it may change below us */

static unsigned int blocks_max = 4096;
module_param_named(blocks, blocks_max, uint, 0444);
MODULE_PARM_DESC(blocks, "memory that is watched, in 512 bytes (2096 bytes each)");

static bool strict = true;
module_param(strict, bool, 0644);
MODULE_PARM_DESC(strict, "a plain write races with a marked read");

static struct race_block *blocks;	/* the first is of nothing */
static struct race_block *free_blocks;	/* under table_lock */
static DEFINE_RAW_SPINLOCK(table_lock);

const struct race_block *race_nothing;
u64 race_removals;			/* written under table_lock */
struct race_block **race_buckets;	/* the same */
unsigned long race_bucket_mask;

static struct race_block *find_once(unsigned long chunk)
{
	struct race_block *block = READ_ONCE(*race_bucket_of(chunk));
	int steps = 0;

	while (block && READ_ONCE(block->chunk) != chunk && ++steps < STEPS_MAX)
		block = READ_ONCE(block->next);
	return steps < STEPS_MAX ? block : NULL;
}

struct race_block *race_block_find(unsigned long chunk)
{
	struct race_block *block;
	u64 removals;

	do {
		removals = smp_load_acquire(&race_removals);	/* pairs with remove() */
		block = find_once(chunk);
		if (block)
			break;
		smp_rmb();	/* the same */
	} while (unlikely(READ_ONCE(race_removals) != removals));
	return block;
}

static struct race_block *add(unsigned long chunk)
{
	struct race_block *block = free_blocks, **bucket = race_bucket_of(chunk);

	lockdep_assert_held(&table_lock);
	if (!block) {
		race_count(RACE_NO_BLOCK);
		return NULL;
	}
	free_blocks = block->next;
	WRITE_ONCE(block->next, *bucket == blocks ? NULL : *bucket);
	WRITE_ONCE(block->chunk, chunk);
	/* Who sees it sees what is behind it (litmus: race-block-add). */
	smp_store_release(bucket, block);
	return block;
}

static void remove(struct race_block *block)
{
	struct race_block **link = race_bucket_of(block->chunk);

	lockdep_assert_held(&table_lock);
	if (*link == block) {
		WRITE_ONCE(*link, block->next ?: blocks);
	} else {
		while (*link != block)
			link = &(*link)->next;
		WRITE_ONCE(*link, block->next);
	}
	/* Between its removal and what it is next (litmus: race-block-find). */
	smp_store_release(&race_removals, race_removals + 1);
	smp_wmb();	/* the same */
	WRITE_ONCE(block->chunk, 0);
	WRITE_ONCE(block->next, free_blocks);
	free_blocks = block;
}

static bool is_ordered(const struct race_thread *thread, race_cell cell)
{
	return race_cell_epoch(cell) <= thread->clock.of[race_cell_slot(cell)];
}

/* A plain write against a marked read: whoever reads takes one value or the other. */
static bool is_lenient(race_cell a, race_cell b)
{
	return !READ_ONCE(strict) &&
	       ((race_cell_how(a) == RACE_WRITE && race_cell_how(b) == RACE_MARKED) ||
		(race_cell_how(b) == RACE_WRITE && race_cell_how(a) == RACE_MARKED));
}

static bool conflict(race_cell a, race_cell b)
{
	return (race_cell_mask(a) & race_cell_mask(b)) && !race_is_harmless(a, race_cell_how(b)) &&
	       !is_lenient(a, b);
}

/* Whatever races with @old, and comes later, also does with @new, which comes after @old. */
static bool covers(race_cell new, race_cell old)
{
	return !(race_cell_mask(old) & ~race_cell_mask(new)) &&
	       (race_cell_how(new) & RACE_WRITE) >= (race_cell_how(old) & RACE_WRITE) &&
	       (race_cell_how(old) & RACE_MARKED) >= (race_cell_how(new) & RACE_MARKED);
}

static race_cell make_cell(const struct race_thread *thread, u32 mask, unsigned int how)
{
	return race_self(thread, how) | (u64)mask << RACE_CELL_MASK |
	       (u64)(how & 3) << RACE_CELL_HOW;
}

/* Now there is another one than was seen, and it races. */
static bool races_now(const struct race_thread *thread, race_cell new, race_cell seen,
		      race_cell now)
{
	return unlikely(now != seen) && now && !is_ordered(thread, now) && conflict(new, now);
}

/*
 * In free room, else in place of any. Under the block's lock; but who has been there may renew his
 * cell without it (D), see race_renew(), even the one whose place is taken
 * (litmus: race-renew-evicted). That one, if it races, or 0.
 */
static race_cell remember(const struct race_thread *thread, race_cell *cells, race_cell *seen,
			  race_cell new, int room)
{
	race_cell old;

	if (room < 0) {
		room = race_thread_epoch(thread) % RACE_CELLS;
		race_count(RACE_EVICTED_CELLS);
	}
	old = xchg(&cells[room], new);	/* D */
	if (!races_now(thread, new, seen[room], old))
		old = 0;
	seen[room] = new;
	return old;
}

/* One that was renewed while it was looked at, and races; or 0 (litmus: race-renew). */
static race_cell check_again(const struct race_thread *thread, const race_cell *cells,
			     const race_cell *seen, race_cell new)
{
	race_cell old;
	int i;

	for (i = 0; i < RACE_CELLS; i++) {
		old = READ_ONCE(cells[i]);
		if (races_now(thread, new, seen[i], old))
			return old;
	}
	return 0;
}

/*
 * The one that races, or 0. Under the block's lock. What is covered goes, unless it is renewed
 * (litmus: race-renew-covered).
 */
static race_cell check(const struct race_thread *thread, race_cell *cells, race_cell new)
{
	race_cell seen[RACE_CELLS], racing = 0, evicted;
	int i, room = -1;

	for (i = 0; i < RACE_CELLS; i++) {
		seen[i] = READ_ONCE(cells[i]);
		if (!seen[i]) {
			room = room < 0 ? i : room;
		} else if (!is_ordered(thread, seen[i])) {
			if (conflict(new, seen[i]))
				racing = racing ?: seen[i];
		} else if (covers(new, seen[i]) && cmpxchg(&cells[i], seen[i], 0) == seen[i]) {
			seen[i] = 0;
			room = i;
		}
	}
	evicted = remember(thread, cells, seen, new, room);
	return racing ?: evicted ?: check_again(thread, cells, seen, new);
}

static void access_granule(struct race_thread *thread, struct race_block *block,
			   unsigned long addr, u32 mask, unsigned int how, unsigned long pc)
{
	race_cell *cells = race_cells_of(block, addr), new = make_cell(thread, mask, how), old = 0;
	unsigned long flags;

	if (race_is_repeated(thread, cells, mask, how))
		return;
	new |= (u64)race_context_child(thread->context, pc) << RACE_CELL_CONTEXT;
	raw_spin_lock_irqsave(&block->lock, flags);
	if (block->chunk == addr >> RACE_CHUNK_SHIFT &&
	    block->owned & BIT_ULL(addr / 8 % RACE_GRANULES))
		old = check(thread, cells, new);
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

	if (!thread->slot || thread->ignoring || thread->exhausted)
		return;
	for (; addr < end; addr = next) {
		block = race_block_find(addr >> RACE_CHUNK_SHIFT);
		if (!block) {
			next = ALIGN(addr + 1, RACE_CHUNK);
			continue;
		}
		next = ALIGN(addr + 1, 8);
		access_granule(thread, block, addr, mask_of(addr, end), how, pc);
	}
}

/* What a reader of a seqcount reads may be written meanwhile: it finds that out by itself. */
static unsigned int atomic_how(struct race_thread *thread, unsigned int how)
{
	if (thread->atomic_next && !--thread->atomic_next)
		thread->marking = thread->atomic;
	return how | RACE_MARKED;
}

static void access_entered(const void *addr, size_t size, unsigned int how, unsigned long pc)
{
	struct race_thread *thread = race_thread_enter();

	if (!thread)
		return;
	if (unlikely(thread->marking))
		how = atomic_how(thread, how);
	race_shadow_access(thread, (unsigned long)addr, size, how, pc);
	if (how & RACE_MARKED)
		race_sync_atomic(thread, (unsigned long)addr, how & RACE_WRITE);
	race_thread_leave(thread);
}

void race_access(const void *addr, size_t size, unsigned int how, unsigned long pc)
{
	/* What is longer may begin where nothing is watched, and end where something is. */
	if (size > 8 || !race_access_known(addr, size, how, pc, RACE_CALLING))
		access_entered(addr, size, how, pc);
}

/* Granules of the block's chunk that are in the memory. */
static u64 granules(unsigned long chunk, unsigned long addr, unsigned long end)
{
	unsigned long start = chunk << RACE_CHUNK_SHIFT;
	unsigned long first = max(addr, start), last = min(end, start + RACE_CHUNK) - 1;

	return GENMASK_ULL((last - start) / 8, (first - start) / 8);
}

static void own_block(struct race_block *block, u64 which, race_cell cell)
{
	unsigned int i, j;

	raw_spin_lock(&block->lock);
	for (i = 0; i < RACE_GRANULES; i++) {
		if (!(which & BIT_ULL(i)))
			continue;
		for (j = 0; j < RACE_CELLS; j++)
			WRITE_ONCE(block->cell[i][j], j ? 0 : cell);
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
	for (chunk = addr >> RACE_CHUNK_SHIFT; chunk <= (end - 1) >> RACE_CHUNK_SHIFT; chunk++) {
		raw_spin_lock_irqsave(&table_lock, flags);
		block = race_block_find(chunk) ?: add(chunk);
		if (block)
			own_block(block, granules(chunk, addr, end), cell);
		raw_spin_unlock_irqrestore(&table_lock, flags);
	}
}

/* All that were made before the memory is freed (litmus: race-forget). */
static void forget_clocks(struct race_block *block, u64 which)
{
	unsigned long i, orders = atomic64_fetch_andnot(which, &block->orders) & which;

	for_each_set_bit(i, &orders, RACE_GRANULES)
		race_sync_forget((block->chunk << RACE_CHUNK_SHIFT) + i * 8);
}

void race_shadow_disown(unsigned long addr, size_t size)
{
	unsigned long chunk, end = addr + size, flags;
	struct race_block *block;

	for (chunk = addr >> RACE_CHUNK_SHIFT; chunk <= (end - 1) >> RACE_CHUNK_SHIFT; chunk++) {
		raw_spin_lock_irqsave(&table_lock, flags);
		block = race_block_find(chunk);
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
	struct race_block *block = race_block_find(addr >> RACE_CHUNK_SHIFT);

	if (block)
		atomic64_or(BIT_ULL(addr / 8 % RACE_GRANULES), &block->orders);
}

int race_shadow_init(void)
{
	u32 i;

	if (blocks_max < 2 || blocks_max > 1 << 20) {
		pr_err("quartet_race: blocks=%u is not within 2 and %u\n", blocks_max, 1 << 20);
		return -EINVAL;
	}
	race_bucket_mask = BUCKETS * rounddown_pow_of_two(blocks_max) - 1;
	blocks = vcalloc(blocks_max, sizeof(*blocks));
	race_buckets = vcalloc(race_bucket_mask + 1, sizeof(*race_buckets));
	if (!blocks || !race_buckets) {
		race_shadow_exit();
		return -ENOMEM;
	}
	race_nothing = blocks;
	for (i = 0; i <= race_bucket_mask; i++)
		race_buckets[i] = blocks;
	for (i = 1; i < blocks_max; i++) {
		raw_spin_lock_init(&blocks[i].lock);
		blocks[i].next = free_blocks;
		free_blocks = &blocks[i];
	}
	return 0;
}

void race_shadow_exit(void)
{
	vfree(blocks);
	vfree(race_buckets);
}
