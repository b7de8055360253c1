// SPDX-License-Identifier: GPL-2.0-only
/*
 * Accesses of the explored world: x86's memory. A store may stay in its
 * thread's buffer, whose own loads see it there; the buffer empties in order, before
 * any locked operation, fence or sleep of its thread, or earlier.
 */
#include <linux/spinlock.h>

#include "explore.h"

static u64 masked(u64 value, size_t size)
{
	return size == 8 ? value : value & ((1ULL << 8 * size) - 1);
}

static u64 load(const volatile void *p, size_t size)
{
	u64 value = 0;

	memcpy(&value, (const void *)p, size);
	return value;
}

static void store(volatile void *p, size_t size, u64 value)
{
	memcpy((void *)p, &value, size);
}

/* Memory as @thread sees it: byte by byte, as stores may overlap. */
u64 memory_view(const struct thread *thread, const volatile void *p, size_t size)
{
	u64 value = load(p, size);
	unsigned int i;
	size_t at;

	for (i = 0; i < thread->nstores; i++) {
		const struct store *s = &thread->stores[i];

		for (at = 0; at < s->size; at++) {
			uintptr_t offset = (uintptr_t)s->p + at - (uintptr_t)p;

			if (offset < size)
				((u8 *)&value)[offset] = ((const u8 *)&s->value)[at];
		}
	}
	return value;
}

static bool buffered(const struct thread *thread, const volatile void *p, size_t size)
{
	unsigned int i;

	for (i = 0; i < thread->nstores; i++) {
		const struct store *s = &thread->stores[i];

		if ((uintptr_t)s->p < (uintptr_t)p + size &&
		    (uintptr_t)p < (uintptr_t)s->p + s->size)
			return true;
	}
	return false;
}

/* For a spinner, which decides by all that it reads: two reads that differ are a change. */
static void see(struct thread *thread, const volatile void *p, size_t size, u64 value)
{
	unsigned int i;

	for (i = 0; i < thread->nseen; i++) {
		if (thread->seen[i].p == p && thread->seen[i].size == size) {
			thread->seen_twice |= thread->seen[i].value != value;
			return;
		}
	}
	if (i == SEEN)
		memmove(thread->seen, thread->seen + 1, sizeof(thread->seen[0]) * --i);
	thread->seen[i] = (struct seen){ p, size, value };
	thread->nseen = i + 1;
}

static void forget_seen(struct thread *thread)
{
	thread->nseen = 0;
	thread->seen_twice = false;
}

/* Whoever writes is not going round a loop in vain. */
static void note_write(struct thread *thread, const volatile void *p)
{
	history_write(thread, p);
	thread->relaxed_at = NULL;
}

bool memory_seen_changed(const struct thread *thread)
{
	unsigned int i;

	if (thread->seen_twice)
		return true;
	for (i = 0; i < thread->nseen; i++) {
		const struct seen *s = &thread->seen[i];

		if (memory_view(thread, s->p, s->size) != s->value)
			return true;
	}
	return false;
}

u64 sim_explore_load(const struct sim_site *site, const volatile void *p, size_t size)
{
	u64 value;

	if (!running)
		return load(p, size);
	explore_point(site, READY);
	arena_check(site, p);
	value = memory_view(running, p, size);
	if (buffered(running, p, size))
		running->history = running->history * 31 + 1;
	else
		history_read(running, p);
	see(running, p, size, value);
	report_step(site, running, value, value, "");
	return value;
}

/* The oldest store of the buffer reaches memory. */
void memory_drain(struct thread *thread)
{
	struct store s = thread->stores[0];

	history_drain(thread, &s);
	report_step(s.site, thread, load(s.p, s.size), s.value, " reaches memory");
	store(s.p, s.size, s.value);
	memmove(thread->stores, thread->stores + 1, sizeof(s) * --thread->nstores);
}

static bool delays(void)
{
	static const struct turn options[] = { { 0, 0, 0 }, { 1, 0, 1 } };

	/* Behind one that is delayed, all are. */
	return running->nstores || search_choose(options, 2);
}

void sim_explore_store(const struct sim_site *site, volatile void *p, size_t size, u64 value)
{
	value = masked(value, size);
	if (!running) {
		store(p, size, value);
		return;
	}
	explore_point(site, running->nstores == STORES ? FOR_DRAIN : READY);
	arena_check(site, p);
	if (delays()) {
		struct store *s = &running->stores[running->nstores++];

		*s = (struct store){ site, p, size, value, 0 };
		history_delay(running, s);
		running->relaxed_at = NULL;
		report_step(site, running, load(p, size), value, " is delayed");
		return;
	}
	note_write(running, p);
	report_step(site, running, load(p, size), value, "");
	store(p, size, value);
}

u64 sim_explore_rmw(const struct sim_site *site, volatile void *p, size_t size,
		    enum sim_rmw op, u64 value)
{
	u64 old, new;

	if (running)
		explore_point(site, FOR_DRAIN);
	arena_check(site, p);
	old = load(p, size);
	new = op == SIM_XCHG_OP ? value : op == SIM_ADD ? old + value :
	      op == SIM_OR ? old | value : old & value;
	new = masked(new, size);
	if (running) {
		note_write(running, p);
		report_step(site, running, old, new, "");
	}
	store(p, size, new);
	return old;
}

u64 sim_explore_cmpxchg(const struct sim_site *site, volatile void *p, size_t size,
			u64 expected, u64 new)
{
	bool same;
	u64 old;

	if (running)
		explore_point(site, FOR_DRAIN);
	arena_check(site, p);
	old = load(p, size);
	same = old == masked(expected, size);
	if (running) {
		if (same) {
			note_write(running, p);
		} else {
			history_read(running, p);
			see(running, p, size, old);
		}
		report_step(site, running, old, same ? masked(new, size) : old,
			    same ? "" : " fails");
	}
	if (same)
		store(p, size, masked(new, size));
	return old;
}

void sim_explore_fence(const struct sim_site *site)
{
	if (running)
		explore_point(site, FOR_DRAIN);
}

/*
 * A turn of a loop that waits. After a whole turn, from here to here without a
 * write, another one comes to the same unless something that was read has changed.
 */
void sim_explore_relax(const struct sim_site *site)
{
	if (!running)
		sim_fail("livelock: %s:%d waits outside of the threads", site->file, site->line);
	if (running->relaxed_at == site) {
		if (!running->nseen)
			return;
		explore_point(site, FOR_CHANGE);
	}
	running->relaxed_at = site;
	forget_seen(running);
}

void sim_explore_lock(const struct sim_site *site, u32 *locked)
{
	if (running) {
		running->lock = locked;
		explore_point(site, FOR_LOCK);
		arena_check(site, locked);
		note_write(running, locked);
		report_step(site, running, 0, 1, "");
	} else if (*locked) {
		sim_fail("deadlock: %s:%d locks %s, which is held", site->file, site->line,
			 site->what);
	}
	*locked = 1;
}

/* Before and after the threads there is nobody to go first. */
void sim_yield(void)
{
	if (running)
		sim_explore_relax(SIM_SITE("yield", ""));
}
