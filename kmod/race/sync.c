// SPDX-License-Identifier: GPL-2.0-only
/*
 * What orders: clocks by address.
 *
 * There is room for so many. One that is evicted is merged into a clock that whoever acquires an
 * unknown address joins: what was forgotten may hide a race, and makes no false one.
 */
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/moduleparam.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>

#include "context.h"
#include "counters.h"
#include "shadow.h"
#include "sync.h"

#define WAYS	8

/**
 * struct race_sync - what was released at an address
 * @addr: it, or 0
 * @stamp: of its set, when it was used last
 * @clock: all that was released
 */
struct race_sync {
	unsigned long addr;
	u32 stamp;
	struct race_clock clock;
};

/**
 * struct sync_set - where an address may be
 * @lock: guards all of it; taken in any context
 * @stamp: counts uses
 * @way: each
 */
struct sync_set {
	raw_spinlock_t lock;
	u32 stamp;
	struct race_sync way[WAYS];
};

static unsigned int clocks = 4096;
module_param(clocks, uint, 0444);
MODULE_PARM_DESC(clocks, "addresses that order, at once (528 bytes each)");

static struct sync_set *sets;
static unsigned int set_bits;
static DEFINE_RAW_SPINLOCK(overflow_lock);
static struct race_clock overflow;	/* under overflow_lock */
static bool overflown;

bool race_all_ordered;

static struct sync_set *set_of(unsigned long addr)
{
	return &sets[hash_long(addr, set_bits)];
}

static struct race_sync *find(struct sync_set *set, unsigned long addr)
{
	int i;

	for (i = 0; i < WAYS; i++) {
		if (set->way[i].addr == addr) {
			set->way[i].stamp = ++set->stamp;
			return &set->way[i];
		}
	}
	return NULL;
}

static void evict(struct race_sync *sync)
{
	raw_spin_lock(&overflow_lock);
	race_clock_join(&overflow, &sync->clock);
	WRITE_ONCE(overflown, true);
	raw_spin_unlock(&overflow_lock);
	race_count(RACE_EVICTED_CLOCKS);
}

static void join_overflow(struct race_clock *clock)
{
	if (!READ_ONCE(overflown))
		return;
	raw_spin_lock(&overflow_lock);
	race_clock_join(clock, &overflow);
	raw_spin_unlock(&overflow_lock);
}

/* What was released there before may have been evicted: it is in the overflow. */
static struct race_sync *add(struct sync_set *set, unsigned long addr)
{
	struct race_sync *sync = &set->way[0];
	int i;

	for (i = 1; i < WAYS && sync->addr; i++)
		if (!set->way[i].addr || (s32)(set->way[i].stamp - sync->stamp) < 0)
			sync = &set->way[i];
	if (sync->addr)
		evict(sync);
	sync->addr = addr;
	sync->stamp = ++set->stamp;
	memset(&sync->clock, 0, sizeof(sync->clock));
	join_overflow(&sync->clock);
	return sync;
}

/* All that anybody has done by now. */
static void join_everything(struct race_clock *clock)
{
	u32 i;

	for (i = 1; i < RACE_SLOTS; i++)
		clock->of[i] = max(clock->of[i], READ_ONCE(race_threads[i].clock.of[i]));
}

void race_sync_acquire(struct race_thread *thread, unsigned long addr)
{
	struct sync_set *set = set_of(addr);
	struct race_sync *sync;
	unsigned long flags;

	if (!thread->slot)
		return;
	if (unlikely(READ_ONCE(race_all_ordered)))
		join_everything(&thread->clock);
	raw_spin_lock_irqsave(&set->lock, flags);
	sync = find(set, addr);
	if (sync)
		race_clock_join(&thread->clock, &sync->clock);
	else
		join_overflow(&thread->clock);
	raw_spin_unlock_irqrestore(&set->lock, flags);
}

static void release(struct race_thread *thread, unsigned long addr,
		    const struct race_clock *clock)
{
	struct sync_set *set = set_of(addr);
	struct race_sync *sync;
	unsigned long flags;

	raw_spin_lock_irqsave(&set->lock, flags);
	sync = find(set, addr);
	if (!sync) {
		sync = add(set, addr);
		race_shadow_orders(addr);
	}
	if (thread->slot)
		race_clock_join(&sync->clock, clock);
	else
		join_everything(&sync->clock);
	raw_spin_unlock_irqrestore(&set->lock, flags);
}

static void note(struct race_thread *thread, unsigned long addr, const char *what,
		 unsigned long pc)
{
	if (thread->slot)
		thread->last = (struct race_event){
			what, addr, race_context_child(thread->context, pc),
		};
}

void race_sync_fence(struct race_thread *thread)
{
	if (!thread->slot)
		return;
	thread->fence = thread->clock;
	thread->fenced = true;
	race_thread_advance(thread);
}

/*
 * The hook comes before the access. A release must be seen by whoever reads what is written, so it
 * is made now; what the access may acquire has been released only once it is done, so that waits
 * for whatever the thread does next.
 */
void race_sync_atomic(struct race_thread *thread, unsigned long addr, bool write)
{
	if (write && (thread->fenced || !thread->slot))
		release(thread, addr, &thread->fence);
	if (thread->slot)
		thread->pending = addr;
}

void race_sync_complete(struct race_thread *thread)
{
	unsigned long addr = thread->pending;

	thread->pending = 0;
	race_sync_acquire(thread, addr);
}

static void hold(struct race_thread *thread, unsigned long addr)
{
	if (thread->slot && thread->nheld < RACE_HELD_MAX)
		thread->held[thread->nheld++] = addr;
}

static void unhold(struct race_thread *thread, unsigned long addr)
{
	unsigned int i = thread->nheld;

	while (i-- > 0) {
		if (thread->held[i] == addr) {
			thread->nheld--;
			memmove(&thread->held[i], &thread->held[i + 1],
				(thread->nheld - i) * sizeof(thread->held[0]));
			return;
		}
	}
}

void race_acquire(const void *addr, const char *what, unsigned long pc)
{
	struct race_thread *thread = race_thread_enter();

	if (!thread)
		return;
	race_sync_acquire(thread, (unsigned long)addr);
	note(thread, (unsigned long)addr, what, pc);
	race_thread_leave(thread);
}

/* Of a lock that is no more held, if that is one. */
static void release_lock(const void *lock, const void *addr, const char *what, unsigned long pc)
{
	struct race_thread *thread = race_thread_enter();

	if (!thread)
		return;
	unhold(thread, (unsigned long)lock);
	release(thread, (unsigned long)addr, &thread->clock);
	note(thread, (unsigned long)addr, what, pc);
	if (thread->slot)
		race_thread_advance(thread);
	race_thread_leave(thread);
}

void race_release(const void *addr, const char *what, unsigned long pc)
{
	release_lock(NULL, addr, what, pc);
}

void race_lock(const void *addr, const char *what, unsigned long pc)
{
	struct race_thread *thread = race_thread_enter();

	if (!thread)
		return;
	race_sync_acquire(thread, (unsigned long)addr);
	hold(thread, (unsigned long)addr);
	note(thread, (unsigned long)addr, what, pc);
	race_thread_leave(thread);
}

void race_unlock(const void *addr, const char *what, unsigned long pc)
{
	release_lock(addr, addr, what, pc);
}

/* What readers release has a clock of its own, that only writers acquire. */
static const void *readers_of(const void *lock)
{
	return (const char *)lock + 1;
}

void race_write_lock(const void *addr, const char *what, unsigned long pc)
{
	race_acquire(readers_of(addr), what, pc);
	race_lock(addr, what, pc);
}

void race_read_unlock(const void *addr, const char *what, unsigned long pc)
{
	release_lock(addr, readers_of(addr), what, pc);
}

static void forget_one(unsigned long addr)
{
	struct sync_set *set = set_of(addr);
	struct race_sync *sync;
	unsigned long flags;

	raw_spin_lock_irqsave(&set->lock, flags);
	sync = find(set, addr);
	if (sync)
		sync->addr = 0;
	raw_spin_unlock_irqrestore(&set->lock, flags);
}

void race_sync_forget(unsigned long granule)
{
	int i;

	for (i = 0; i < 8; i++)
		forget_one(granule + i);
}

int race_sync_init(void)
{
	unsigned int i;

	if (clocks < 2 * WAYS || clocks > 1 << 20)
		return -EINVAL;
	set_bits = ilog2(clocks / WAYS);
	sets = vcalloc(1U << set_bits, sizeof(*sets));
	if (!sets)
		return -ENOMEM;
	for (i = 0; i < 1U << set_bits; i++)
		raw_spin_lock_init(&sets[i].lock);
	return 0;
}

void race_sync_exit(void)
{
	vfree(sets);
}
