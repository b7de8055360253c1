// SPDX-License-Identifier: GPL-2.0-only
/* Waits of the wait graph that end in vain: nobody walks along them afterwards. */
#include <quartet/mutex.h>

#include "cases.h"
#include "tasks.h"

static struct quartet_mutex first, second;
static int gave_up;

static void start(void)
{
	quartet_mutex_init(&first, QUARTET_STARVE_DEFAULT);
	quartet_mutex_init(&second, QUARTET_STARVE_DEFAULT);
	quartet_mutex_detect(&first);
	quartet_mutex_detect(&second);
	gave_up = 0;
}

/* Holds the second one, and wants the first when that closes no cycle any more. */
static void come_later(void)
{
	quartet_mutex_lock(&second);
	while (!READ_ONCE(gave_up))
		cpu_relax();
	if (quartet_mutex_lock_killable(&first))
		sim_fail("assertion: a wait that has ended closes a cycle");
	quartet_mutex_unlock(&first);
	quartet_mutex_unlock(&second);
}

static void give_up(void)
{
	quartet_mutex_lock(&first);
	if (!quartet_mutex_lock_interruptible(&second))
		quartet_mutex_unlock(&second);
	WRITE_ONCE(gave_up, 1);
	sim_point();
	quartet_mutex_unlock(&first);
}

static void send_signal(void)
{
	sim_signal(sim_task(1), false);
}

const struct sim_case deadlock_signal = {
	.name = "deadlock-signal",
	.what = "a wait that a signal has ended is no edge",
	.start = start,
	.threads = { come_later, give_up, send_signal },
	.end = tasks_end,
};
