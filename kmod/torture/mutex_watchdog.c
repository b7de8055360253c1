// SPDX-License-Identifier: GPL-2.0-only
/*
 * Wake-ups that got lost: threads wait, nobody holds the lock, and nobody gets it.
 *
 * During a run an arrival may hide a lost wake-up, as its unlock wakes the next
 * one. So a run ends with everybody finishing the attempt under way and none beginning
 * another: then who is asleep is woken by an unlock, or never.
 *
 * A run that is stuck has to end all the same. Its waiters get a SIGKILL, which the locks of ours
 * heed in every form (see mutex_kinds.c), and a stray wake-up.
 */
#include <linux/jiffies.h>
#include <linux/sched/signal.h>

#include "mutex.h"

#define STUCK_AFTER	(10 * HZ)
#define SHOWN		16

static bool anybody_attempts(struct torture_run *run)
{
	unsigned int i;

	for (i = 0; i < run->total; i++)
		if (mutex_attempts(mutex_contender_of(run->contenders[i])))
			return true;
	return false;
}

/* For ten seconds, as seen by whoever calls this now and then. */
bool mutex_stuck(struct torture_run *base)
{
	struct mutex_run *run = mutex_run_of(base);
	u64 turn = READ_ONCE(run->arena.turn);

	if (turn != run->progress_turn || READ_ONCE(run->arena.section.holder) ||
	    !anybody_attempts(base)) {
		run->progress_turn = turn;
		run->progress_at = jiffies;
		return false;
	}
	return time_after(jiffies, run->progress_at + STUCK_AFTER);
}

static void show(struct mutex_run *run)
{
	struct torture_run *base = &run->base;
	unsigned int i, shown = 0;

	pr_warn("quartet_torture: %s is stuck after %llu grants, seed %llu\n",
		mutex_kind_name(base->request.kind), run->arena.turn, base->request.seed);
	if (run->ops->show)
		run->ops->show(&run->arena.lock);
	for (i = 0; i < base->total && shown < SHOWN; i++) {
		struct mutex_contender *c = mutex_contender_of(base->contenders[i]);

		if (!mutex_attempts(c))
			continue;
		pr_warn("quartet_torture: %s/%d waits in %s, task %p, state %#x\n",
			c->base.thread->comm, c->base.thread->pid,
			mutex_form_name(READ_ONCE(c->form)), c->base.thread,
			READ_ONCE(c->base.thread->__state));
		shown++;
	}
}

/* Until nobody waits. */
static void rescue(struct torture_run *run)
{
	unsigned int i;

	while (anybody_attempts(run)) {
		for (i = 0; i < run->total; i++) {
			struct mutex_contender *c = mutex_contender_of(run->contenders[i]);

			if (!mutex_attempts(c))
				continue;
			send_sig(SIGKILL, c->base.thread, 1);
			wake_up_process(c->base.thread);
		}
		schedule_timeout_uninterruptible(HZ / 10);
	}
}

/* With nobody beginning another attempt. Return: false if attempts had to be broken off. */
bool mutex_drain(struct torture_run *run)
{
	while (anybody_attempts(run)) {
		if (mutex_stuck(run)) {
			show(mutex_run_of(run));
			rescue(run);
			return false;
		}
		schedule_timeout_uninterruptible(1);
	}
	return true;
}
