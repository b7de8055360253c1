// SPDX-License-Identifier: GPL-2.0-only
/* When starvation begins and when it ends, by a clock that only the case moves. */
#include "cases.h"
#include "mutex_case.h"
#include "tasks.h"

#define HELD		QUARTET_MUTEX_LOCKED
#define NORMAL		(HELD | QUARTET_MUTEX_WAITERS)
#define STARVING	(NORMAL | QUARTET_MUTEX_STARVING)

static struct quartet_mutex_core *const core = &mutex_case.mutex.core;

static void start(void)
{
	mutex_case_start(QUARTET_STARVE_DEFAULT, 0);
	sim_clock_freeze();
}

static struct quartet_mutex_waiter waiters[5];
static unsigned int granted;	/* so many of them, in their order */

static void grant(struct quartet_mutex_waiter *waiter)
{
	if (waiter != &waiters[granted])
		sim_fail("overtaken: waiter %u is next, and another is granted", granted);
	granted++;
}

static void queue(unsigned int n)
{
	waiters[n].wake = grant;
	waiters[n].owner = &waiters[n];
	if (quartet_mutex_core_enqueue(core, &waiters[n]))
		sim_fail("exclusion: waiter %u gets a mutex that is held", n);
}

/* The mutex goes to the next one, and is then in @state. */
static void pass(int state, const char *when)
{
	unsigned int before = granted;

	quartet_mutex_core_unlock(core);
	if (granted != before + !!core->owner)
		sim_fail("assertion: %s: %u are granted", when, granted - before);
	if (atomic_read(&core->state) != state)
		sim_fail("assertion: %s: state %#x, not %#x", when, atomic_read(&core->state),
			 state);
}

static void start_modes(void)
{
	start();
	mutex_case.mutex.core.task_owned = false;
	memset(waiters, 0, sizeof(waiters));
	granted = 0;
}

static void walk_modes(void)
{
	if (!quartet_mutex_core_trylock(core, &granted))
		sim_fail("assertion: a free mutex cannot be taken");
	queue(0);
	queue(1);
	queue(2);
	queue(3);
	sim_clock_advance(MS);
	pass(NORMAL, "the head has waited for exactly starve_ns");
	sim_clock_advance(1);
	pass(STARVING, "the head has waited for more");
	pass(STARVING, "so has the next one");
	if (quartet_mutex_core_trylock(core, current))
		sim_fail("overtaken: an arrival takes a starving mutex");
	queue(4);
	pass(STARVING, "so has the last of them");
	pass(HELD, "the last one leaves nobody behind");
	pass(0, "nobody waits");
}

static void walk_back(void)
{
	granted = 0;
	if (!quartet_mutex_core_trylock(core, &granted))
		sim_fail("assertion: a free mutex cannot be taken");
	queue(0);
	sim_clock_advance(2 * MS);
	queue(1);
	queue(2);
	pass(STARVING, "the head has starved");
	pass(NORMAL, "the next one has not, and ends that");
	pass(HELD, "the last one");
	pass(0, "nobody waits");
}

static void walk_both(void)
{
	walk_modes();
	walk_back();
}

const struct sim_case mutex_modes = {
	.name = "mutex-modes",
	.what = "who waits for more than starve_ns begins starvation mode; who waits less ends it",
	.start = start_modes,
	.threads = { walk_both },
	.end = mutex_case_end,
};

static int served;	/* the one that waits has had the mutex */

static void start_clock(void)
{
	start();
	served = 0;
}

/* Passes the head once; by then it has starved, however often it has been woken and lost. */
static void pass_the_head(void)
{
	struct quartet_mutex *mutex = &mutex_case.mutex;

	quartet_mutex_lock(mutex);
	task_await_sleep(1);
	quartet_mutex_unlock(mutex);
	if (!quartet_mutex_trylock(mutex))
		return;
	sim_clock_advance(MS + 1);
	mutex_case_inside();
	if (!quartet_mutex_trylock(mutex))
		return;
	if (!READ_ONCE(served))
		sim_fail("overtaken: T1 has starved, and T0 is granted");
	mutex_case_inside();
}

static void wait_for_turn(void)
{
	quartet_mutex_lock(&mutex_case.mutex);
	WRITE_ONCE(served, 1);
	mutex_case_inside();
}

static void come_second(void)
{
	while (!(SIM_LOAD(&core->state.counter, __ATOMIC_RELAXED, "look", "state") &
		 QUARTET_MUTEX_LOCKED))
		cpu_relax();
	wait_for_turn();
}

const struct sim_case mutex_clock = {
	.name = "mutex-clock",
	.what = "the head's clock runs from when it queued, also if it was woken and lost",
	.start = start_clock,
	.threads = { pass_the_head, come_second },
	.end = mutex_case_end,
	.stuck = mutex_case_stuck,
};

/* Thread 0 spins, so that it can take the mutex again from under the woken head. */
static void start_head(void)
{
	start_clock();
	sim_task(0)->resched = 0;
}

/* Thread 1 sleeps at once, but once woken it spins. */
static void sleep_then_spin(void)
{
	WRITE_ONCE(current->resched, 1);
	wait_for_turn();
}

static void let_spin(void)
{
	while (READ_ONCE(sim_task(1)->__state) == TASK_RUNNING && !READ_ONCE(served))
		cpu_relax();
	WRITE_ONCE(sim_task(1)->resched, 0);
}

static void time_passes(void)
{
	sim_clock_advance(2 * MS);
}

static void two_rounds(void)
{
	mutex_case_rounds(2);
}

const struct sim_case mutex_head_spinning = {
	.name = "mutex-head-spinning",
	.what = "the woken head spins, and is handed the mutex meanwhile",
	.start = start_head,
	.threads = { two_rounds, sleep_then_spin, let_spin, time_passes },
	.end = mutex_case_end,
	.stuck = mutex_case_stuck,
};
