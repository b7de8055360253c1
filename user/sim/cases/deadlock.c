// SPDX-License-Identifier: GPL-2.0-only
/* The wait graph: a cycle of waits is refused to one of those who would close it. */
#include <quartet/mutex.h>

#include "cases.h"
#include "holder.h"

static struct quartet_mutex first, second;
static struct holder holders[2];
static int refused;	/* under both mutexes, or by atomic operations */

static void start(void)
{
	memset(holders, 0, sizeof(holders));
	quartet_mutex_init(&first, QUARTET_STARVE_DEFAULT);
	quartet_mutex_init(&second, QUARTET_STARVE_DEFAULT);
	quartet_mutex_detect(&first);
	quartet_mutex_detect(&second);
	refused = 0;
}

static void take_both(struct quartet_mutex *one, struct quartet_mutex *other)
{
	int err;

	quartet_mutex_lock(one);
	holder_enter(&holders[one == &second]);
	err = quartet_mutex_lock_killable(other);
	if (!err) {
		holder_enter(&holders[other == &second]);
		holder_leave(&holders[other == &second]);
		quartet_mutex_unlock(other);
	} else if (err != -EDEADLK) {
		sim_fail("assertion: -EDEADLK expected, not %d", err);
	} else {
		__atomic_fetch_add(&refused, 1, __ATOMIC_RELAXED);
	}
	holder_leave(&holders[one == &second]);
	quartet_mutex_unlock(one);
}

static void first_then_second(void)
{
	take_both(&first, &second);
}

static void second_then_first(void)
{
	take_both(&second, &first);
}

static void end_cycle(void)
{
	if (refused > 1)
		sim_fail("assertion: both were refused, and one would have done");
	if (quartet_mutex_is_locked(&first) || quartet_mutex_is_locked(&second))
		sim_fail("leak: a mutex is held at the end");
}

const struct sim_case deadlock_cycle = {
	.name = "deadlock-cycle",
	.what = "two tasks want each other's mutex: one of them is told",
	.start = start,
	.threads = { first_then_second, second_then_first },
	.end = end_cycle,
};

static void end_chain(void)
{
	if (refused)
		sim_fail("assertion: there was no cycle, and somebody was refused");
	end_cycle();
}

static void only_second(void)
{
	quartet_mutex_lock(&second);
	holder_enter(&holders[1]);
	holder_leave(&holders[1]);
	quartet_mutex_unlock(&second);
}

const struct sim_case deadlock_chain = {
	.name = "deadlock-chain",
	.what = "a chain of waits is no cycle",
	.start = start,
	.threads = { first_then_second, only_second, first_then_second },
	.end = end_chain,
};
