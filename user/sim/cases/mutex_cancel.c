// SPDX-License-Identifier: GPL-2.0-only
/* Waiters of the mutex that give up, at each point at which they can. */
#include "cases.h"
#include "mutex_case.h"

static void start_fifo(void)
{
	mutex_case_start(QUARTET_STARVE_ALWAYS, 0);
}

static void start_normal(void)
{
	mutex_case_start(QUARTET_STARVE_DEFAULT, 0);
}

static void two_rounds(void)
{
	mutex_case_rounds(2);
}

static void one_round(void)
{
	mutex_case_rounds(1);
}

static void interruptible_twice(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		int err = quartet_mutex_lock_interruptible(&mutex_case.mutex);

		if (!err)
			mutex_case_inside();
		else if (err != -EINTR)
			sim_fail("assertion: -EINTR expected, not %d", err);
	}
}

static void send_signal(void)
{
	sim_signal(sim_task(1), false);
}

const struct sim_case mutex_signal = {
	.name = "mutex-signal",
	.what = "a signal meets a hand-off at any point",
	.start = start_fifo,
	.threads = { two_rounds, interruptible_twice, one_round, send_signal },
	.end = mutex_case_end,
	.stuck = mutex_case_stuck,
};

const struct sim_case mutex_signal_normal = {
	.name = "mutex-signal-normal",
	.what = "a signal meets a wake-up at any point",
	.start = start_normal,
	.threads = { two_rounds, interruptible_twice, one_round, send_signal },
	.end = mutex_case_end,
	.stuck = mutex_case_stuck,
};

static void killable_twice(void)
{
	int i;

	for (i = 0; i < 2; i++)
		if (!quartet_mutex_lock_killable(&mutex_case.mutex))
			mutex_case_inside();
}

static void harmless_then_kill(void)
{
	sim_signal(sim_task(1), false);
	sim_signal(sim_task(1), true);
}

const struct sim_case mutex_kill = {
	.name = "mutex-kill",
	.what = "a killable waiter outlives a signal, and not a kill",
	.start = start_normal,
	.threads = { one_round, killable_twice, one_round, harmless_then_kill },
	.end = mutex_case_end,
	.stuck = mutex_case_stuck,
};

static void timeout_once(void)
{
	int err = quartet_mutex_lock_timeout(&mutex_case.mutex, ktime_add_ns(ktime_get(), MS));

	if (!err)
		mutex_case_inside();
	else if (err != -ETIMEDOUT)
		sim_fail("assertion: -ETIMEDOUT expected, not %d", err);
}

static void time_passes(void)
{
	sim_clock_advance(2 * MS);
}

const struct sim_case mutex_timeout = {
	.name = "mutex-timeout",
	.what = "a deadline meets a hand-off at any point",
	.start = start_fifo,
	.threads = { two_rounds, timeout_once, timeout_once, time_passes },
	.end = mutex_case_end,
	.stuck = mutex_case_stuck,
};

/* A waiter that is no task: queued by thread 1, and either cancelled by it or granted. */
static struct quartet_mutex_waiter callback;
static int called;
static char handle;	/* its owner: too small for a task, if one looked there */

static void grant(struct quartet_mutex_waiter *waiter)
{
	if (waiter != &callback || READ_ONCE(called))
		sim_fail("assertion: a waiter is called that was not queued, or twice");
	if (!preemptible())
		sim_fail("assertion: a waiter is called under a lock");
	/* Pairs with wait_for_call(). */
	smp_store_release(&called, 1);
}

static void start_callback(void)
{
	start_normal();
	callback = (struct quartet_mutex_waiter){ .wake = grant, .owner = &handle };
	called = 0;
}

static void inside_core(void)
{
	holder_enter(&mutex_case.holder);
	holder_leave(&mutex_case.holder);
	quartet_mutex_core_unlock(&mutex_case.mutex.core);
}

static void wait_for_call(void)
{
	(void)smp_cond_load_acquire(&called, VAL);
	inside_core();
}

static void queue_and_cancel(void)
{
	/* No task can be asked whether this owner runs. */
	if (quartet_mutex_core_enqueue(&mutex_case.mutex.core, &callback))
		inside_core();
	else if (!quartet_mutex_core_cancel(&mutex_case.mutex.core, &callback))
		wait_for_call();
}

static void queue_and_wait(void)
{
	if (quartet_mutex_core_enqueue(&mutex_case.mutex.core, &callback))
		inside_core();
	else
		wait_for_call();
}

/* They would spin, if they took the owner for a task. */
static void start_ownerless(void)
{
	unsigned int i;

	start_callback();
	for (i = 0; i < SIM_THREADS; i++)
		sim_task(i)->resched = 0;
	mutex_case.mutex.core.task_owned = false;
}

static void core_twice(void)
{
	struct quartet_mutex_core *core = &mutex_case.mutex.core;
	int i;

	for (i = 0; i < 2; i++) {
		if (!quartet_mutex_core_lock_fast(core, current) &&
		    quartet_mutex_core_lock_slow(core, current, TASK_UNINTERRUPTIBLE, NULL,
						 NULL))
			sim_fail("assertion: a lock that cannot fail has failed");
		inside_core();
	}
}

static void queue_twice(void)
{
	queue_and_wait();
	WRITE_ONCE(called, 0);
	queue_and_wait();
}

const struct sim_case mutex_callback = {
	.name = "mutex-callback",
	.what = "a waiter without a task is granted by hand-off, and queues again as it is",
	.start = start_ownerless,
	.threads = { core_twice, queue_twice, core_twice },
	.end = mutex_case_end,
	.stuck = mutex_case_stuck,
};

const struct sim_case mutex_callback_cancel = {
	.name = "mutex-callback-cancel",
	.what = "a waiter without a task is cancelled, during its hand-off too",
	.start = start_ownerless,
	.threads = { core_twice, queue_and_cancel, core_twice },
	.end = mutex_case_end,
	.stuck = mutex_case_stuck,
};
