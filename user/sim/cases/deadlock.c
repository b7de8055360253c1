// SPDX-License-Identifier: GPL-2.0-only
/* The wait graph: a cycle of waits is refused to one of those who would close it. */
#include <quartet/mutex.h>

#include <lock/wait_graph.h>
#include "cases.h"
#include "holder.h"

static struct quartet_mutex first, second;
static struct holder holders[2];
static int refused;	/* under both mutexes, or by atomic operations */
static u64 truncated;	/* walks that were given up before */

static void start(void)
{
	memset(holders, 0, sizeof(holders));
	quartet_mutex_init(&first, QUARTET_STARVE_DEFAULT);
	quartet_mutex_init(&second, QUARTET_STARVE_DEFAULT);
	quartet_mutex_detect(&first);
	quartet_mutex_detect(&second);
	refused = 0;
	truncated = wait_graph_truncated();
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
	if (wait_graph_truncated() != truncated)
		sim_fail("assertion: a walk along three waits is given up");
}

const struct sim_case deadlock_cycle = {
	.name = "deadlock-cycle",
	.what = "two tasks want each other's mutex: one of them is told",
	.start = start,
	.threads = { first_then_second, second_then_first },
	.end = end_cycle,
};

static struct quartet_mutex third;

static void start_three(void)
{
	start();
	quartet_mutex_init(&third, QUARTET_STARVE_DEFAULT);
	quartet_mutex_detect(&third);
}

/* Holds one and wants the next, without a look at who is inside. */
static void take_two(struct quartet_mutex *one, struct quartet_mutex *next)
{
	quartet_mutex_lock(one);
	if (quartet_mutex_lock_killable(next))
		__atomic_fetch_add(&refused, 1, __ATOMIC_RELAXED);
	else
		quartet_mutex_unlock(next);
	quartet_mutex_unlock(one);
}

static void first_of_three(void)
{
	take_two(&first, &second);
}

static void second_of_three(void)
{
	take_two(&second, &third);
}

static void third_of_three(void)
{
	take_two(&third, &first);
}

const struct sim_case deadlock_three = {
	.name = "deadlock-three",
	.what = "three tasks in a ring: one of them is told",
	.start = start_three,
	.threads = { first_of_three, second_of_three, third_of_three },
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

static int done;	/* who have had both */

static void insist_on_both(struct quartet_mutex *one, struct quartet_mutex *other)
{
	quartet_mutex_lock(one);
	sim_point();
	quartet_mutex_lock(other);
	quartet_mutex_unlock(other);
	quartet_mutex_unlock(one);
	__atomic_fetch_add(&done, 1, __ATOMIC_RELAXED);
}

static void insist_on_second(void)
{
	insist_on_both(&first, &second);
}

static void insist_on_first(void)
{
	insist_on_both(&second, &first);
}

/* Once a cycle is reported, takes the first mutex away from its owner. */
static void break_cycle(void)
{
	while (!sim_expect_warnings() && __atomic_load_n(&done, __ATOMIC_RELAXED) < 2)
		cpu_relax();
	if (sim_expect_warnings())
		quartet_mutex_core_unlock(&first.core);
}

static void start_reported(void)
{
	start();
	done = 0;
	sim_expect_warnings();
}

const struct sim_case deadlock_reported = {
	.name = "deadlock-reported",
	.what = "a cycle that nobody can be told of is reported",
	.native_only = true,
	.start = start_reported,
	.threads = { insist_on_second, insist_on_first, break_cycle },
	.end = end_cycle,
};

#define LONGEST	32	/* cycle that is found */

static struct wait_edge edges[LONGEST + 1];
static const void *owners[LONGEST + 1];

/* Edge n waits for the owner of edge n + 1, and the last one would wait for the first. */
static void add_chain(unsigned int length)
{
	unsigned int i;

	for (i = 0; i < length; i++) {
		owners[i] = &edges[(i + 1) % length];
		edges[i] = (struct wait_edge){ .waiter = &edges[i], .holder = &owners[i] };
	}
	for (i = length; i-- > 1;)
		if (!wait_graph_add(&edges[i]))
			sim_fail("assertion: edge %u of a chain closes a cycle", i);
}

static void remove_chain(unsigned int length)
{
	while (length-- > 1)
		wait_graph_remove(&edges[length]);
}

static void walk_chains(void)
{
	add_chain(LONGEST);
	if (wait_graph_add(&edges[0]))
		sim_fail("assertion: a cycle of 32 is not found");
	if (edges[0].node.pprev)
		sim_fail("assertion: an edge that was refused is in the graph");
	remove_chain(LONGEST);
	add_chain(LONGEST + 1);
	truncated = wait_graph_truncated();
	if (!wait_graph_add(&edges[0]) || wait_graph_truncated() != truncated + 1)
		sim_fail("assertion: a walk of more than 32 steps is not given up");
	wait_graph_remove(&edges[0]);
	remove_chain(LONGEST + 1);
}

const struct sim_case deadlock_chains = {
	.name = "deadlock-chains",
	.what = "cycles up to the limit of the walk are found, longer ones counted",
	.threads = { walk_chains },
};
