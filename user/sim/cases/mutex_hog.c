// SPDX-License-Identifier: GPL-2.0-only
/*
 * Owners that keep the mutex until somebody else has done what is asked of him:
 * to give up, or to queue. A case in which he gets the mutex anyhow would not
 * notice that he did not.
 */
#include "cases.h"
#include "mutex_case.h"
#include "tasks.h"

static struct quartet_mutex *const mutex = &mutex_case.mutex;
static int gave_up;	/* how many have */
static int impatient;	/* how many will */

static void start_spinning(void)
{
	mutex_case_start(QUARTET_STARVE_DEFAULT, ~0);
	gave_up = 0;
	impatient = 1;
}

static void start_asleep(void)
{
	mutex_case_start(QUARTET_STARVE_DEFAULT, 0);
	gave_up = 0;
	impatient = 1;
}

static void start_two_asleep(void)
{
	start_asleep();
	impatient = 2;
}

static void one_round(void)
{
	mutex_case_rounds(1);
}

/* Runs, with the mutex, until the others have given up. */
static void hog(void)
{
	quartet_mutex_lock(mutex);
	while (READ_ONCE(gave_up) < impatient)
		cpu_relax();
	mutex_case_inside();
}

/* The result of a wait that may end before the hog comes. */
static void end_wait(int err, int expected)
{
	(void)SIM_FETCH_ADD(&gave_up, 1, __ATOMIC_RELAXED, "give up", "gave_up");
	if (!err)
		mutex_case_inside();
	else if (err != expected)
		sim_fail("assertion: %d expected, not %d", expected, err);
}

static void be_impatient(void)
{
	end_wait(quartet_mutex_lock_timeout(mutex, ktime_add_ns(ktime_get(), MS)), -ETIMEDOUT);
}

static void be_interrupted(void)
{
	end_wait(quartet_mutex_lock_interruptible(mutex), -EINTR);
}

static void be_interrupted_early(void)
{
	end_wait(quartet_mutex_lock_timeout(mutex, KTIME_MAX - 1), -EINTR);
}

static void be_killed(void)
{
	end_wait(quartet_mutex_lock_killable(mutex), -EINTR);
}

static void send_signal(void)
{
	sim_signal(sim_task(1), false);
}

static void signal_second(void)
{
	sim_signal(sim_task(2), false);
}

static void signal_and_kill(void)
{
	sim_signal(sim_task(1), false);
	sim_signal(sim_task(2), true);
}

const struct sim_case mutex_deadline_spinning = {
	.name = "mutex-deadline-spinning",
	.what = "a deadline ends the spinning for an owner that runs for ever",
	.start = start_spinning,
	.threads = { hog, be_impatient, one_round },
	.end = mutex_case_end,
	.stuck = mutex_case_stuck,
};

const struct sim_case mutex_signal_spinning = {
	.name = "mutex-signal-spinning",
	.what = "a signal ends the spinning for an owner that runs for ever",
	.start = start_spinning,
	.threads = { hog, be_interrupted, one_round, send_signal },
	.end = mutex_case_end,
	.stuck = mutex_case_stuck,
};

const struct sim_case mutex_deadline_asleep = {
	.name = "mutex-deadline-asleep",
	.what = "a deadline ends the sleep before an owner that runs for ever, or a signal does",
	.start = start_two_asleep,
	.threads = { hog, be_impatient, be_interrupted_early, signal_second },
	.end = mutex_case_end,
	.stuck = mutex_case_stuck,
};

const struct sim_case mutex_signal_asleep = {
	.name = "mutex-signal-asleep",
	.what = "a signal ends that sleep, or for a killable waiter a kill",
	.start = start_two_asleep,
	.threads = { hog, be_interrupted, be_killed, signal_and_kill },
	.end = mutex_case_end,
	.stuck = mutex_case_stuck,
};

static void outlive_signal(void)
{
	if (quartet_mutex_lock_killable(mutex))
		sim_fail("assertion: a signal that is not fatal ends a killable wait");
	mutex_case_inside();
}

const struct sim_case mutex_kill_only = {
	.name = "mutex-kill-only",
	.what = "a signal that is not fatal does not end a killable wait",
	.start = start_asleep,
	.threads = { one_round, outlive_signal, one_round, send_signal },
	.end = mutex_case_end,
	.stuck = mutex_case_stuck,
};

static void await_owner(void)
{
	while (!(SIM_LOAD(&mutex->core.state.counter, __ATOMIC_RELAXED, "look", "state") &
		 QUARTET_MUTEX_LOCKED))
		cpu_relax();
}

static void come_second(void)
{
	await_owner();
	one_round();
}

static void hold_until_queued(void)
{
	quartet_mutex_lock(mutex);
	task_await_sleep(1);
	mutex_case_inside();
}

static void reschedule_one(void)
{
	WRITE_ONCE(sim_task(1)->resched, 1);
}

const struct sim_case mutex_resched_hog = {
	.name = "mutex-resched-hog",
	.what = "a spinner that must reschedule queues, however long the owner runs",
	.start = start_spinning,
	.threads = { hold_until_queued, come_second, reschedule_one },
	.end = mutex_case_end,
	.stuck = mutex_case_stuck,
};

static void hold_asleep(void)
{
	quartet_mutex_lock(mutex);
	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule();
	mutex_case_inside();
}

static void wake_owner_later(void)
{
	task_await_sleep(0);
	task_await_sleep(1);
	wake_up_process(sim_task(0));
}

const struct sim_case mutex_asleep_hog = {
	.name = "mutex-asleep-hog",
	.what = "a spinner queues once the owner sleeps",
	.start = start_spinning,
	.threads = { hold_asleep, come_second, wake_owner_later },
	.end = mutex_case_end,
	.stuck = mutex_case_stuck,
};

/* Thread 1 sleeps at once, thread 2 spins. */
static void start_starving(void)
{
	mutex_case_start(QUARTET_STARVE_DEFAULT, ~2);
	sim_clock_freeze();
}

/* The head starves while it is asleep; it learns that when it is woken, even for nothing. */
static void starve_the_head(void)
{
	quartet_mutex_lock(mutex);
	task_await_sleep(1);
	sim_clock_advance(2 * MS);
	wake_up_process(sim_task(1));
	task_await_sleep(2);
	mutex_case_inside();
}

const struct sim_case mutex_starving_hog = {
	.name = "mutex-starving-hog",
	.what = "a spinner queues once the head has starved",
	.start = start_starving,
	.threads = { starve_the_head, come_second, come_second },
	.end = mutex_case_end,
	.stuck = mutex_case_stuck,
};
