// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a contender for a spinlock does, and the order that it checks while it
 * holds the lock, beside exclusion (section.h).
 *
 * Order, for FIFO kinds, exact and without a clock: a holder that sees someone
 * wait makes the waiter that came last the watched one, and then begins a new
 * epoch. Each contender reads the epoch just before it tries to take the
 * lock. One that read the present epoch and holds the lock while the
 * watched waiter still waits came later and was served earlier: an inversion.
 * (The read is an acquire, paired with the release that begins the epoch,
 * which comes after the look at the queue: so it came after that waiter.)
 */
#include <linux/ktime.h>

#include "spin.h"
#include "work.h"

#define TIMER_PERIOD_NS		(500 * NSEC_PER_USEC)
#define TIMER_HOLDS		8	/* further holds that fit between two tries of a timer */
#define SLEEPY_HOLDS		16	/* one in so many holds of a preemptible kind yields */

/* Did we overtake the watched waiter? @later: we came after it began to be watched. */
static void judge_order(const struct spin_ops *ops, struct spin_arena *arena, bool later)
{
	bool granted;

	if (!arena->watched)
		return;
	/* Who is next has come before: by that it is known, as others are by their number. */
	if (arena->watched == SPIN_NEXT)
		granted = !later;
	else
		granted = arena->watched == ops->self(&arena->lock);
	if (later && !granted)
		arena->inversions++;
	if (granted || arena->watched == SPIN_NEXT)
		arena->watched = 0;
}

static void watch_order(const struct spin_ops *ops, struct spin_arena *arena)
{
	if (!ops->newest || arena->watched)
		return;
	arena->watched = ops->newest(&arena->lock);
	if (arena->watched)
		smp_store_release(&arena->epoch, arena->epoch + 1);	/* [E] */
}

/* In two halves, so that some waiters have come when one is chosen, and more come then. */
static void hold(struct spin_contender *c, const struct spin_ops *ops)
{
	u64 hold_ns = c->base.run->request.hold_ns;

	work_for(hold_ns / 2);
	watch_order(ops, c->arena);
	work_for(hold_ns / 2);
	if (ops->preemptible && prandom_u32_state(&c->base.random) % SLEEPY_HOLDS == 0)
		yield();
}

static void critical_section(struct spin_contender *c, const struct spin_ops *ops, u64 epoch)
{
	struct spin_arena *arena = c->arena;
	bool good;

	if (!torture_checks(c->base.run)) {
		work_for(c->base.run->request.hold_ns);
		return;
	}
	good = section_enter(&arena->section, c);

	judge_order(ops, arena, epoch == arena->epoch);
	hold(c, ops);
	good &= section_leave(&arena->section, c);
	if (!good)
		WRITE_ONCE(c->base.violations, c->base.violations + 1);
}

static bool take(struct spin_contender *c, const struct spin_ops *ops, unsigned long *flags)
{
	struct quartet_torture_contender *stats = &c->base.stats;
	u64 wait;

	if (torture_permille(&c->base) < c->base.run->request.trylock_permille) {
		stats->tries++;
		if (ops->trylock(&c->arena->lock, c->form, flags))
			return true;
		stats->failed_tries++;
		return false;
	}
	wait = torture_clock(c->base.run);
	ops->lock(&c->arena->lock, c->form, flags);
	torture_waited(&c->base, torture_clock(c->base.run) - wait);
	return true;
}

static void contend(struct spin_contender *c)
{
	const struct spin_ops *ops = spin_run_of(c->base.run)->ops;
	u64 epoch = smp_load_acquire(&c->arena->epoch);		/* [E] */
	unsigned long flags = 0;

	if (!take(c, ops, &flags))
		return;
	critical_section(c, ops, epoch);
	ops->unlock(&c->arena->lock, c->form, flags);
	/* torture_progress() reads it at any time. */
	WRITE_ONCE(c->base.stats.grants, c->base.stats.grants + 1);
}

void spin_turn(struct torture_contender *c)
{
	contend(spin_contender_of(c));
	work_for(torture_spread(c, c->run->request.think_ns));
}

void spin_tick(struct torture_contender *c)
{
	contend(spin_contender_of(c));
}

/*
 * Whoever shares a lock with an interrupt must keep that interrupt off; with
 * NEST every context has a lock of its own, and an interrupt finds its CPU
 * waiting for another one.
 */
static enum spin_form contender_form(u32 flags, enum quartet_torture_context context)
{
	if (flags & QUARTET_TORTURE_NEST || context == QUARTET_CONTEXT_HARDIRQ)
		return SPIN_PLAIN;
	if (flags & QUARTET_TORTURE_HARDIRQ)
		return SPIN_IRQ;
	if (flags & QUARTET_TORTURE_SOFTIRQ && context == QUARTET_CONTEXT_TASK)
		return SPIN_BH;
	return SPIN_PLAIN;
}

static void join(struct spin_contender *c)
{
	struct spin_run *run = spin_run_of(c->base.run);
	u32 flags = run->base.request.flags, context = c->base.stats.context;

	c->arena = &run->arenas[flags & QUARTET_TORTURE_NEST ? context : 0];
	c->form = contender_form(flags, context);
}

/* The timers; the threads are there. */
int spin_create(struct torture_run *run)
{
	unsigned int i;
	int err;

	run->timer_period = TIMER_PERIOD_NS + TIMER_HOLDS * run->request.hold_ns;
	err = torture_timers_create(run);
	for (i = 0; i < run->total; i++)
		join(spin_contender_of(run->contenders[i]));
	return err;
}
