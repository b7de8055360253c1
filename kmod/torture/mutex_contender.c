// SPDX-License-Identifier: GPL-2.0-only
/* What a contender for a sleeping lock does. */
#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/sched/signal.h>

#include "mutex.h"
#include "work.h"

#define HOG_HOLDS	100	/* a hog holds the lock for so many holds of the others */
#define DROWSY_PERMILLE	125
#define NAP_US		100
#define REALTIME_NAP_US	50	/* at least, or the others would never run */

/* In the thread: what it heeds. */
void mutex_enter(struct torture_contender *base)
{
	struct mutex_contender *c = mutex_contender_of(base);

	allow_signal(SIGINT);
	allow_signal(SIGKILL);
	if (c->realtime)
		sched_set_fifo_low(current);
}

static enum mutex_form draw_form(struct mutex_contender *c)
{
	const struct quartet_torture_mutex *args = &mutex_run_of(c->base.run)->args;
	const u32 shares[MUTEX_FORMS] = {
		[MUTEX_TRY] = args->request.trylock_permille,
		[MUTEX_INTERRUPTIBLE] = args->interruptible_permille,
		[MUTEX_KILLABLE] = args->killable_permille,
		[MUTEX_TIMEOUT] = args->timeout_permille,
		[MUTEX_ASYNC] = args->async_permille,
	};
	u32 drawn = torture_permille(&c->base);
	enum mutex_form form;

	for (form = MUTEX_TRY; form < MUTEX_FORMS; form++) {
		if (drawn < shares[form])
			return form;
		drawn -= shares[form];
	}
	return MUTEX_PLAIN;
}

static bool takes_nap(struct mutex_run *run, struct mutex_contender *c)
{
	u32 permille = run->ops->drowsy ? DROWSY_PERMILLE : run->args.nap_permille;

	return permille && torture_permille(&c->base) < permille;
}

static void hold(struct mutex_run *run, struct mutex_contender *c)
{
	u64 ns = run->args.request.hold_ns * (c->hog ? HOG_HOLDS : 1);

	work_for(ns / 2);
	if (takes_nap(run, c))
		usleep_range(NAP_US, 2 * NAP_US);
	work_for(ns / 2);
	if (torture_checks(&run->base))
		mutex_watch_order(run);
}

/* How long the lock was nobody's, though @c had waited for it since @asked. Lock held. */
static void note_idle(struct mutex_arena *arena, u64 asked, u64 granted)
{
	u64 released = READ_ONCE(arena->released), idle = granted - released;

	if (!released || asked > released || granted < released)
		return;
	/* A race only if the lock does not exclude: then the run is flagged anyhow. */
	data_race(arena->idle_hist[quartet_hist_index(idle)]++);
	/* The same. */
	data_race(arena->idle_max_ns = max(arena->idle_max_ns, idle));
}

static void critical_section(struct mutex_run *run, struct mutex_contender *c, u64 asked,
			     u64 granted)
{
	struct mutex_arena *arena = &run->arena;
	bool good;

	WRITE_ONCE(arena->turn, READ_ONCE(arena->turn) + 1);
	if (!torture_checks(&run->base)) {
		if (c->form != MUTEX_TRY)
			torture_waited(&c->base, granted - asked);
		hold(run, c);
		return;
	}
	good = section_enter(&arena->section, c);
	mutex_judge_order(run, c);
	if (c->form != MUTEX_TRY) {
		torture_waited(&c->base, granted - asked);
		note_idle(arena, asked, granted);
	}
	hold(run, c);
	good &= section_leave(&arena->section, c);
	if (!good)
		WRITE_ONCE(c->base.violations, c->base.violations + 1);
	WRITE_ONCE(arena->released, ktime_get_mono_fast_ns());
}

static void count_failure(struct mutex_contender *c, int err)
{
	if (err == -EBUSY)
		c->base.stats.failed_tries++;
	else if (err == -ETIMEDOUT || err == -ETIME)
		c->timed_out++;
	else
		c->interrupted++;
}

static void attempt(struct mutex_run *run, struct mutex_contender *c)
{
	ktime_t deadline = 0;
	u64 asked;
	int err;

	if (c->form == MUTEX_TIMEOUT)
		deadline = ktime_add_ns(ktime_get(),
					torture_spread(&c->base, run->args.timeout_ns));
	asked = torture_clock(&run->base);
	err = run->ops->lock(&run->arena.lock, c->form, deadline);
	if (err) {
		count_failure(c, err);
		return;
	}
	critical_section(run, c, asked, torture_clock(&run->base));
	run->ops->unlock(&run->arena.lock, c->form);
	WRITE_ONCE(c->base.stats.grants, c->base.stats.grants + 1);
}

static void think(const struct mutex_run *run, struct mutex_contender *c)
{
	u64 ns = torture_spread(&c->base, run->args.request.think_ns);

	if (c->realtime)
		usleep_range(REALTIME_NAP_US + ns / NSEC_PER_USEC,
			     2 * REALTIME_NAP_US + ns / NSEC_PER_USEC);
	else if (!c->hog)
		work_for(ns);
}

void mutex_turn(struct torture_contender *base)
{
	struct mutex_contender *c = mutex_contender_of(base);
	struct mutex_run *run = mutex_run_of(base->run);

	WRITE_ONCE(c->form, draw_form(c));
	if (c->form == MUTEX_TRY)
		base->stats.tries++;
	/* Seen by whoever sees us in the queue: wait_lock is between. */
	WRITE_ONCE(c->attempt, c->attempt + 1);
	attempt(run, c);
	WRITE_ONCE(c->attempt, c->attempt + 1);
	/* A signal that came too late is not for the next attempt. */
	if (signal_pending(current))
		flush_signals(current);
	think(run, c);
}
