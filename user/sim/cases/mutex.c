// SPDX-License-Identifier: GPL-2.0-only
/* The mutex: all that lock, in both modes. */
#include <linux/hrtimer.h>

#include "cases.h"
#include "mutex_case.h"

static void start_normal(void)
{
	mutex_case_start(QUARTET_STARVE_DEFAULT, 0);
}

static void two_rounds(void)
{
	mutex_case_rounds(2);
}

const struct sim_case mutex_normal = {
	.name = "mutex-normal",
	.what = "three threads lock twice, and nobody starves",
	.start = start_normal,
	.threads = { two_rounds, two_rounds, two_rounds },
	.end = mutex_case_end,
	.stuck = mutex_case_stuck,
};

static void start_spinning(void)
{
	mutex_case_start(QUARTET_STARVE_DEFAULT, ~0);
}

const struct sim_case mutex_spinning = {
	.name = "mutex-spinning",
	.what = "the same, and all spin for each other",
	.start = start_spinning,
	.threads = { two_rounds, two_rounds, two_rounds },
	.end = mutex_case_end,
	.stuck = mutex_case_stuck,
};

static void start_mixed(void)
{
	mutex_case_start(QUARTET_STARVE_DEFAULT, 0x5);
}

const struct sim_case mutex_mixed = {
	.name = "mutex-mixed",
	.what = "two spin, one sleeps and is woken to try",
	.start = start_mixed,
	.threads = { two_rounds, two_rounds, two_rounds },
	.end = mutex_case_end,
	.stuck = mutex_case_stuck,
};

static void start_fifo(void)
{
	mutex_case_start(QUARTET_STARVE_ALWAYS, 0);
	mutex_case.in_order = true;
}

const struct sim_case mutex_fifo = {
	.name = "mutex-fifo",
	.what = "starve_ns = 0: each release is a hand-off, and nobody is passed",
	.start = start_fifo,
	.threads = { two_rounds, two_rounds, two_rounds },
	.end = mutex_case_end,
	.stuck = mutex_case_stuck,
};

static void start_starving(void)
{
	mutex_case_start(QUARTET_STARVE_DEFAULT, 0);
	mutex_case.in_order = true;
}

static void time_passes(void)
{
	sim_clock_advance(2 * MS);
}

const struct sim_case mutex_starving = {
	.name = "mutex-starving",
	.what = "time passes at any point: once the head has starved, it is next",
	.start = start_starving,
	.threads = { two_rounds, two_rounds, two_rounds, time_passes },
	.end = mutex_case_end,
	.stuck = mutex_case_stuck,
};

static void try_twice(void)
{
	int i;

	for (i = 0; i < 2; i++)
		if (quartet_mutex_trylock(&mutex_case.mutex))
			mutex_case_inside();
}

static void fallible_twice(void)
{
	if (!quartet_mutex_lock_killable(&mutex_case.mutex))
		mutex_case_inside();
	if (!quartet_mutex_lock_timeout(&mutex_case.mutex, KTIME_MAX - 1))
		mutex_case_inside();
}

const struct sim_case mutex_forms = {
	.name = "mutex-forms",
	.what = "lock, trylock, killable and timeout mixed",
	.start = start_normal,
	.threads = { two_rounds, try_twice, fallible_twice },
	.end = mutex_case_end,
	.stuck = mutex_case_stuck,
};

static void reschedule_soon(void)
{
	WRITE_ONCE(sim_task(1)->resched, 1);
}

const struct sim_case mutex_resched = {
	.name = "mutex-resched",
	.what = "a spinner is told at any point to give its CPU away",
	.start = start_spinning,
	.threads = { two_rounds, two_rounds, two_rounds, reschedule_soon },
	.end = mutex_case_end,
	.stuck = mutex_case_stuck,
};

static void hold_asleep(void)
{
	ktime_t until = MS;

	quartet_mutex_lock(&mutex_case.mutex);
	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule_hrtimeout(&until, HRTIMER_MODE_ABS);
	mutex_case_inside();
}

const struct sim_case mutex_asleep = {
	.name = "mutex-asleep",
	.what = "the owner sleeps: nobody spins for it any longer",
	.start = start_spinning,
	.threads = { hold_asleep, two_rounds, two_rounds },
	.end = mutex_case_end,
	.stuck = mutex_case_stuck,
};

#define BARGING_ROUNDS	100

static struct quartet_mutex *const mutex = &mutex_case.mutex;
static int counter;	/* under the mutex */
static int lockers;	/* who are not done yet */

static void start_barging(void)
{
	start_normal();
	lockers = 2;
}

static void lock_and_count(void)
{
	int i;

	for (i = 0; i < BARGING_ROUNDS; i++) {
		quartet_mutex_lock(mutex);
		counter++;
		quartet_mutex_unlock(mutex);
	}
	__atomic_fetch_sub(&lockers, 1, __ATOMIC_RELAXED);
}

/* Passes those who sleep, and is ordered after the owner before by the state alone. */
static void try_and_count(void)
{
	while (__atomic_load_n(&lockers, __ATOMIC_RELAXED)) {
		if (quartet_mutex_trylock(mutex)) {
			counter++;
			quartet_mutex_unlock(mutex);
		}
		cpu_relax();
	}
}

const struct sim_case mutex_barging = {
	.name = "mutex-barging",
	.what = "an arrival takes the mutex from under those who are woken",
	.native_only = true,
	.start = start_barging,
	.threads = { lock_and_count, lock_and_count, try_and_count, try_and_count },
	.end = mutex_case_end,
	.stuck = mutex_case_stuck,
};
