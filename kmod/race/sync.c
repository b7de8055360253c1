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
#include <linux/printk.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>

#include "context.h"
#include "counters.h"
#include "shadow.h"
#include "known.h"
#include "sync.h"

static unsigned int clocks = 4096;
module_param(clocks, uint, 0444);
MODULE_PARM_DESC(clocks, "addresses that order, at once (544 bytes each)");

static DEFINE_RAW_SPINLOCK(overflow_lock);
static struct race_clock overflow;	/* under overflow_lock */

bool race_all_ordered;
struct race_sync_set *race_sync_sets;
unsigned int race_sync_bits;
u64 race_overflows;

static struct race_sync *find(struct race_sync_set *set, unsigned long addr)
{
	int i;

	for (i = 0; i < RACE_WAYS; i++) {
		if (set->way[i].addr == addr) {
			set->way[i].stamp = ++set->stamp;
			return &set->way[i];
		}
	}
	return NULL;
}

/* What is released to it at this moment is in the overflow, too, or sees that it is not its own. */
static void evict(struct race_sync *sync)
{
	smp_mb();	/* K (litmus: race-release-evicted) */
	raw_spin_lock(&overflow_lock);
	race_clock_join(&overflow, &sync->clock);
	smp_store_release(&race_overflows, race_overflows + 1);	/* B (litmus: race-overflow) */
	raw_spin_unlock(&overflow_lock);
	race_count(RACE_EVICTED_CLOCKS);
}

static bool join_overflow(struct race_clock *clock)
{
	bool joined;

	raw_spin_lock(&overflow_lock);
	joined = race_clock_join(clock, &overflow);
	raw_spin_unlock(&overflow_lock);
	return joined;
}

/* From here on it is not what it was. */
static void bear(struct race_sync_set *set, struct race_sync *sync)
{
	atomic64_set(&sync->version, (u64)++set->births << 32);
}

/* What was released there before may have been evicted: it is in the overflow. */
static struct race_sync *add(struct race_sync_set *set, unsigned long addr)
{
	struct race_sync *sync = &set->way[0];
	int i;

	for (i = 1; i < RACE_WAYS && sync->addr; i++)
		if (!set->way[i].addr || (s32)(set->way[i].stamp - sync->stamp) < 0)
			sync = &set->way[i];
	bear(set, sync);
	if (sync->addr)
		evict(sync);
	smp_store_release(&sync->addr, addr);	/* C (litmus: race-evicted) */
	sync->stamp = ++set->stamp;
	memset(&sync->clock, 0, sizeof(sync->clock));
	join_overflow(&sync->clock);
	return sync;
}

/* What was evicted may be what the thread is to acquire. */
static void acquire_overflow(struct race_thread *thread)
{
	u64 overflows = smp_load_acquire(&race_overflows);	/* B (litmus: race-overflow) */

	if (thread->overflow == overflows)
		return;
	thread->overflow = overflows;
	if (join_overflow(&thread->clock))
		race_thread_joined(thread);
}

/* Nothing of it has been acquired: it may have been born with what was forgotten. Set's lock. */
static void see(struct race_seen *seen, struct race_sync *sync)
{
	if (seen->addr == sync->addr && seen->born == race_born(sync))
		return;
	*seen = (struct race_seen){
		.addr = sync->addr, .sync = sync, .born = race_born(sync),
	};
}

static void acquire(struct race_thread *thread, struct race_sync_set *set, struct race_seen *seen,
		    unsigned long addr)
{
	struct race_sync *sync = find(set, addr);

	if (!sync) {
		acquire_overflow(thread);
		return;
	}
	see(seen, sync);
	seen->version = atomic64_read_acquire(&sync->version);	/* L */
	if (race_clock_join(&thread->clock, &sync->clock))
		race_thread_joined(thread);
}

/* There is nothing new to acquire. It is used, and not to be evicted. */
static __always_inline bool is_acquired(struct race_thread *thread, unsigned long addr)
{
	struct race_seen *seen = race_seen_of(thread, addr);

	if (READ_ONCE(race_all_ordered) || !race_is_acquired(seen, addr))
		return false;
	WRITE_ONCE(seen->sync->stamp, READ_ONCE(race_sync_set_of(addr)->stamp));
	return true;
}

void race_sync_acquire(struct race_thread *thread, unsigned long addr)
{
	struct race_sync_set *set = race_sync_set_of(addr);
	unsigned long flags;

	if (!thread->slot || !addr || is_acquired(thread, addr))
		return;
	if (unlikely(READ_ONCE(race_all_ordered))) {	/* (litmus: race-lost) */
		race_thread_after_all(thread);
	} else if (race_has_no_clock(thread, addr)) {
		return;
	}
	raw_spin_lock_irqsave(&set->lock, flags);
	acquire(thread, set, race_seen_of(thread, addr), addr);
	raw_spin_unlock_irqrestore(&set->lock, flags);
}

static struct race_past past_of(const struct race_thread *thread)
{
	return (struct race_past){ &thread->clock, thread->joins, race_thread_epoch(thread) };
}

static struct race_sync *find_or_add(struct race_sync_set *set, unsigned long addr)
{
	struct race_sync *sync = find(set, addr);

	if (!sync) {
		sync = add(set, addr);
		race_shadow_orders(addr);	/* (litmus: race-forget) */
	}
	return sync;
}

/*
 * If there was only one's own to add, nobody else's has come with it. Under the set's lock. Whoever
 * has to know finds another version (litmus: race-version).
 */
static void add_past(struct race_sync *sync, struct race_seen *seen, const struct race_past *past,
		     u32 slot)
{
	see(seen, sync);
	if (past->joins <= seen->joins)
		race_clock_raise(&sync->clock.of[slot], past->epoch);
	else
		race_clock_join(&sync->clock, past->clock);
	race_sync_grow(sync, seen);
	seen->joins = past->joins;
	seen->epoch = past->epoch;
}

static void release(struct race_thread *thread, unsigned long addr, struct race_past past)
{
	struct race_seen *seen = race_seen_of(thread, addr);
	struct race_sync_set *set = race_sync_set_of(addr);
	struct race_sync *sync;
	unsigned long flags;

	if (!addr || (thread->slot && race_release_again(seen, addr, thread->slot, &past)))
		return;
	raw_spin_lock_irqsave(&set->lock, flags);
	sync = find_or_add(set, addr);
	if (thread->slot) {
		add_past(sync, seen, &past, thread->slot);
	} else {
		race_thread_join_all(&sync->clock);
		atomic64_inc(&sync->version);
	}
	if (unlikely((u32)atomic64_read(&sync->version) >= RACE_RELEASES))
		bear(set, sync);
	raw_spin_unlock_irqrestore(&set->lock, flags);
	/* What follows may be a marked access that orders nothing (litmus: race-version-marked). */
	smp_wmb();
}

void race_sync_fence(struct race_thread *thread)
{
	if (!thread->slot)
		return;
	if (thread->fence_joins == thread->joins)
		thread->fence.of[thread->slot] = race_thread_epoch(thread);
	else
		thread->fence = thread->clock;
	thread->fence_joins = thread->joins;
	thread->fenced = true;
	race_thread_advance(thread);
}

static void release_by_write(struct race_thread *thread, unsigned long addr)
{
	if (thread->releasing) {
		thread->releasing = false;
		release(thread, addr, past_of(thread));
		race_thread_advance(thread);
	} else if (thread->fenced || !thread->slot) {
		release(thread, addr, race_fence_of(thread));
	}
}

/*
 * The hook comes before the access. A release must be seen by whoever reads what is written, so it
 * is made now; what the access may acquire has been released only once it is done, so that waits
 * for whatever the thread does next.
 */
void race_sync_atomic(struct race_thread *thread, unsigned long addr, bool write)
{
	if (write)
		release_by_write(thread, addr);
	race_sync_later(thread, addr);
}

void race_sync_complete(struct race_thread *thread)
{
	unsigned long addr = thread->pending;

	smp_rmb();	/* (litmus: race-version-marked) */
	thread->late = false;
	race_sync_acquire(thread, addr);
}

static void note(struct race_thread *thread, unsigned long addr, const char *what,
		 unsigned long pc)
{
	thread->last = (struct race_event){ what, addr, race_place_at(thread->context, pc) };
}

static void hold(struct race_thread *thread, unsigned long addr)
{
	if (thread->nheld < RACE_HELD_MAX)
		thread->held[thread->nheld++] = addr;
}

/* The last one is mostly the first to go. */
static void unhold(struct race_thread *thread, unsigned long addr)
{
	unsigned int i = thread->nheld;

	while (i-- > 0) {
		if (thread->held[i] == addr) {
			for (thread->nheld--; i < thread->nheld; i++)
				thread->held[i] = thread->held[i + 1];
			return;
		}
	}
}

/* The caller, if it has a slot. */
static noinline struct race_thread *acquire_slowly(unsigned long addr)
{
	struct race_thread *thread = race_thread_enter();

	if (!thread)
		return NULL;
	race_sync_acquire(thread, addr);
	race_thread_leave(thread);
	return thread->slot ? thread : NULL;
}

/* The same. What comes after this is the thread's own, and needs no entry. */
static __always_inline struct race_thread *acquired(unsigned long addr)
{
	struct race_thread *thread;

	if (likely(addr && race_thread_quick(&thread) && is_acquired(thread, addr)))
		return thread;
	return acquire_slowly(addr);
}

void race_acquire(const void *addr, const char *what, unsigned long pc)
{
	struct race_thread *thread = acquired((unsigned long)addr);

	if (thread)
		note(thread, (unsigned long)addr, what, pc);
}

void race_lock(const void *addr, const char *what, unsigned long pc)
{
	struct race_thread *thread = acquired((unsigned long)addr);

	if (!thread)
		return;
	hold(thread, (unsigned long)addr);
	note(thread, (unsigned long)addr, what, pc);
}

static noinline struct race_thread *release_slowly(unsigned long addr)
{
	struct race_thread *thread = race_thread_enter();

	if (!thread)
		return NULL;
	/* What it is about to call may call the module at once. */
	if (thread->slot && READ_ONCE(race_all_ordered))
		race_thread_after_all(thread);
	release(thread, addr, past_of(thread));
	if (thread->slot)
		race_thread_advance(thread);
	race_thread_leave(thread);
	return thread->slot ? thread : NULL;
}

static __always_inline struct race_thread *released(unsigned long addr)
{
	struct race_thread *thread;
	struct race_past past;

	if (unlikely(!addr || READ_ONCE(race_all_ordered) || !race_thread_quick(&thread)))
		return release_slowly(addr);
	past = past_of(thread);
	if (!race_release_again(race_seen_of(thread, addr), addr, thread->slot, &past))
		return release_slowly(addr);
	race_thread_advance(thread);
	return thread;
}

/* Of a lock that is no more held. */
static void release_lock(const void *lock, const void *addr, const char *what, unsigned long pc)
{
	struct race_thread *thread = released((unsigned long)addr);

	if (!thread)
		return;
	unhold(thread, (unsigned long)lock);
	note(thread, (unsigned long)addr, what, pc);
}

void race_release(const void *addr, const char *what, unsigned long pc)
{
	struct race_thread *thread = released((unsigned long)addr);

	if (thread)
		note(thread, (unsigned long)addr, what, pc);
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
	struct race_sync_set *set = race_sync_set_of(addr);
	struct race_sync *sync;
	unsigned long flags;

	raw_spin_lock_irqsave(&set->lock, flags);
	sync = find(set, addr);
	if (sync) {
		WRITE_ONCE(sync->addr, 0);
		/* Or who has acquired it would not look for the next one of that address. */
		bear(set, sync);
	}
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

	if (clocks < 2 * RACE_WAYS || clocks > 1 << 20) {
		pr_err("quartet_race: clocks=%u is not within %u and %u\n", clocks,
		       2 * RACE_WAYS, 1 << 20);
		return -EINVAL;
	}
	race_sync_bits = ilog2(clocks / RACE_WAYS);
	race_sync_sets = vcalloc(1U << race_sync_bits, sizeof(*race_sync_sets));
	if (!race_sync_sets)
		return -ENOMEM;
	for (i = 0; i < 1U << race_sync_bits; i++)
		raw_spin_lock_init(&race_sync_sets[i].lock);
	return 0;
}

void race_sync_exit(void)
{
	vfree(race_sync_sets);
}
