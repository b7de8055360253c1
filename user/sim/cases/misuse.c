// SPDX-License-Identifier: GPL-2.0-only
/* What is reported when the mutex is misused, and that nothing else comes of it. */
#include <linux/sched/prio.h>
#include <quartet/spinlock.h>

#include <lock/transitions.h>
#include "cases.h"
#include "mutex_case.h"

static void start(void)
{
	mutex_case_start(QUARTET_STARVE_DEFAULT, 0);
	sim_expect_warnings();
}

static void lock_twice(void)
{
	struct quartet_mutex *mutex = &mutex_case.mutex;

	quartet_mutex_lock(mutex);
	if (quartet_mutex_lock_killable(mutex) != -EDEADLK)
		sim_fail("assertion: a second lock of its own is no -EDEADLK");
	if (quartet_mutex_trylock(mutex))
		sim_fail("exclusion: a second lock of its own succeeds");
	/* Reported; it gets the mutex from whoever unlocks it by force. */
	quartet_mutex_lock(mutex);
	mutex_case_inside();
	if (!sim_expect_warnings())
		sim_fail("assertion: a second lock of its own is not reported");
}

static void unlock_by_force(void)
{
	struct quartet_mutex_core *core = &mutex_case.mutex.core;

	while (!(SIM_LOAD(&core->state.counter, __ATOMIC_RELAXED, "look", "state") &
		 QUARTET_MUTEX_WAITERS))
		cpu_relax();
	quartet_mutex_core_report(core);
	quartet_mutex_core_unlock(core);
}

const struct sim_case misuse_reentrance = {
	.name = "misuse-reentrance",
	.what = "a task that locks twice is refused, or reported",
	.start = start,
	.threads = { lock_twice, unlock_by_force },
	.end = mutex_case_end,
};

/* More waiters than a report has lines. */
#define MANY	20

static void count_nothing(struct quartet_mutex_waiter *waiter)
{
}

static void report_each(void)
{
	struct quartet_mutex_core *core = &mutex_case.mutex.core;
	struct quartet_mutex_waiter waiters[MANY] = { };
	int i;

	for (i = 0; i < MANY; i++) {
		waiters[i].wake = count_nothing;
		waiters[i].owner = waiters;
		if (quartet_mutex_core_enqueue(core, &waiters[i]) != !i)
			sim_fail("assertion: not the first has the mutex");
		quartet_mutex_core_report(core);
	}
	for (i = 1; i < MANY; i++)
		if (!quartet_mutex_core_cancel(core, &waiters[i]))
			sim_fail("assertion: a waiter is out of the queue already");
	quartet_mutex_core_unlock(core);
}

const struct sim_case misuse_many = {
	.name = "misuse-many",
	.what = "a report of more waiters than it has lines for",
	.start = start,
	.threads = { report_each },
	.end = mutex_case_end,
};

static void unlock_foreign(void)
{
	quartet_mutex_unlock(&mutex_case.mutex);
	quartet_mutex_lock(&mutex_case.mutex);
	mutex_case_inside();
	quartet_mutex_unlock(&mutex_case.mutex);
	if (sim_expect_warnings() < 2)
		sim_fail("assertion: an unlock by somebody else is not reported");
}

static void lock_once(void)
{
	mutex_case_rounds(1);
}

const struct sim_case misuse_unlock = {
	.name = "misuse-unlock",
	.what = "an unlock by somebody who is not the owner changes nothing",
	.start = start,
	.threads = { unlock_foreign, lock_once },
	.end = mutex_case_end,
	.stuck = mutex_case_stuck,
};

static struct quartet_yieldlock yielding;

static void start_yield(void)
{
	quartet_yield_lock_init(&yielding);
	sim_task(0)->normal_prio = MAX_RT_PRIO - 1;
	/* It is lent a priority, which comes to an end. */
	sim_task(1)->normal_prio = MAX_RT_PRIO;
	sim_task(1)->prio = MAX_RT_PRIO - 1;
	sim_expect_warnings();
}

static void yield_once(void)
{
	quartet_yield_lock(&yielding);
	sim_point();
	quartet_yield_unlock(&yielding);
}

/* The real-time task is warned of if it had to wait, and the most urgent other one is not. */
static void end_yield(void)
{
	bool waited = per_cpu(quartet_transition_counts, 0).count[QUARTET_TRANSITION_YIELD];

	if (sim_expect_warnings() != waited)
		sim_fail("assertion: %u warnings of a real-time task that yields",
			 sim_expect_warnings());
}

const struct sim_case misuse_yield = {
	.name = "misuse-yield",
	.what = "a real-time task that waits for a yield lock is warned of",
	.start = start_yield,
	.threads = { yield_once, yield_once },
	.end = end_yield,
};
