// SPDX-License-Identifier: GPL-2.0-only
/* The spinlocks of all three kinds. */
#include <linux/quartet_torture.h>
#include <quartet/spinlock.h>

#include "cases.h"
#include "holder.h"
#include "tasks.h"

static struct quartet_spinlock queued;
static struct quartet_caslock cas;
static struct quartet_yieldlock yielding;
static struct holder holder;

static void start(void)
{
	quartet_spin_lock_init(&queued);
	quartet_cas_lock_init(&cas);
	quartet_yield_lock_init(&yielding);
	memset(&holder, 0, sizeof(holder));
}

static void inside(void)
{
	holder_enter(&holder);
	holder_leave(&holder);
	quartet_spin_unlock(&queued);
}

static void once(void)
{
	quartet_spin_lock(&queued);
	inside();
}

static void twice(void)
{
	once();
	once();
}

static void try_and_lock(void)
{
	if (quartet_spin_trylock(&queued))
		inside();
	once();
}

/* Nothing interrupts a waiter here, so each takes the first node of its CPU. */
static void end(void)
{
	u64 sums[QUARTET_TRANSITIONS];

	if (atomic_read(&queued.word))
		sim_fail("leak: the lock is %#x at the end", atomic_read(&queued.word));
	quartet_spin_transitions(sums);
	if (sums[QUARTET_TRANSITION_NESTED])
		sim_fail("leak: a node was not given back");
	tasks_end();
}

const struct sim_case spinlock_three = {
	.name = "spinlock-three",
	.what = "holder, pending and queued, twice, with trylock",
	.preemptions = 3,
	.start = start,
	.threads = { twice, twice, try_and_lock },
	.end = end,
};

static void thrice(void)
{
	twice();
	once();
}

const struct sim_case spinlock_again = {
	.name = "spinlock-again",
	.what = "each queues more than once, so that nodes are used again",
	.preemptions = 3,
	.start = start,
	.threads = { thrice, thrice, twice },
	.end = end,
};

const struct sim_case spinlock_four = {
	.name = "spinlock-four",
	.what = "holder, pending, head and one behind it",
	.start = start,
	.threads = { once, once, once, once },
	.end = end,
};

static int counter;		/* under the lock */
static int counted[3];		/* of it by each thread */

static void start_counting(void)
{
	start();
	counter = 0;
	memset(counted, 0, sizeof(counted));
}

/* So short that natively most find the lock free, and are ordered by it alone. */
static void try_and_count(void)
{
	int i;

	for (i = 0; i < 3; i++) {
		if (!quartet_spin_trylock(&queued))
			continue;
		counter++;
		counted[smp_processor_id()]++;
		quartet_spin_unlock(&queued);
	}
}

static void end_counting(void)
{
	if (counter != counted[0] + counted[1] + counted[2])
		sim_fail("exclusion: %d counted, and %d seen", counter,
			 counted[0] + counted[1] + counted[2]);
	end();
}

const struct sim_case spinlock_try = {
	.name = "spinlock-try",
	.what = "trylock and unlock alone",
	.preemptions = 3,
	.start = start_counting,
	.threads = { try_and_count, try_and_count, try_and_count },
	.end = end_counting,
};

const struct sim_case spinlock_stores = {
	.name = "spinlock-stores",
	.what = "the same for three, with stores that are delayed",
	.delays = 2,
	.start = start,
	.threads = { once, once, try_and_lock },
	.end = end,
};

static void start_without_nodes(void)
{
	start();
	quartet_spin_claim_nodes(1);
}

static void end_without_nodes(void)
{
	quartet_spin_unclaim_nodes(1);
	end();
}

const struct sim_case spinlock_nodeless = {
	.name = "spinlock-nodeless",
	.what = "a CPU without a node left waits by trylock",
	.preemptions = 3,
	.start = start_without_nodes,
	.threads = { twice, once, twice },
	.end = end_without_nodes,
};

/* What a holder can ask about its lock, alone. */
static void look_at_lock(void)
{
	if (quartet_spin_is_locked(&queued))
		sim_fail("assertion: a free lock is held");
	quartet_spin_lock(&queued);
	if (!quartet_spin_is_locked(&queued) || quartet_spin_trylock(&queued))
		sim_fail("assertion: a lock that is held is not");
	if (quartet_spin_newest_waiter(&queued) != QUARTET_SPIN_NO_WAITER)
		sim_fail("assertion: somebody waits who is not there");
	quartet_spin_unlock(&queued);
	sim_cpu_offline(2);
	quartet_spin_claim_nodes(2);
	quartet_spin_unclaim_nodes(2);
	sim_cpu_offline(-1);
}

const struct sim_case spinlock_looks = {
	.name = "spinlock-looks",
	.what = "what a holder can ask",
	.start = start,
	.threads = { look_at_lock },
	.end = end,
};

/* Who is seen to wait comes before whoever starts to lock later; here there is only one. */
static void hold_and_look(void)
{
	int newest;

	quartet_spin_lock(&queued);
	holder_enter(&holder);
	newest = quartet_spin_newest_waiter(&queued);
	if (newest != QUARTET_SPIN_NO_WAITER && newest != QUARTET_SPIN_PENDING_WAITER &&
	    newest != 1 && newest != 2)
		sim_fail("assertion: CPU %d cannot wait", newest);
	holder_leave(&holder);
	quartet_spin_unlock(&queued);
}

const struct sim_case spinlock_newest = {
	.name = "spinlock-newest",
	.what = "the newest waiter is one of those who wait",
	.start = start,
	.threads = { hold_and_look, once, once },
	.end = end,
};

static void cas_twice(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		quartet_cas_lock(&cas);
		holder_enter(&holder);
		holder_leave(&holder);
		quartet_cas_unlock(&cas);
	}
}

static void cas_try(void)
{
	if (!quartet_cas_trylock(&cas))
		return;
	holder_enter(&holder);
	holder_leave(&holder);
	quartet_cas_unlock(&cas);
}

const struct sim_case spinlock_cas = {
	.name = "spinlock-cas",
	.what = "the kind cas",
	.preemptions = 4,
	.start = start,
	.threads = { cas_twice, cas_twice, cas_try },
	.end = tasks_end,
};

static void yield_twice(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		quartet_yield_lock(&yielding);
		holder_enter(&holder);
		holder_leave(&holder);
		quartet_yield_unlock(&yielding);
	}
}

static void yield_try(void)
{
	if (!quartet_yield_trylock(&yielding))
		return;
	holder_enter(&holder);
	holder_leave(&holder);
	quartet_yield_unlock(&yielding);
}

const struct sim_case spinlock_yield = {
	.name = "spinlock-yield",
	.what = "the kind yield",
	.preemptions = 4,
	.start = start,
	.threads = { yield_twice, yield_twice, yield_try },
	.end = tasks_end,
};
