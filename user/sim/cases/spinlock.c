// SPDX-License-Identifier: GPL-2.0-only
/* The spinlocks of all three kinds. */
#include <quartet/spinlock.h>

#include "cases.h"
#include "holder.h"

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

static void end(void)
{
	if (atomic_read(&queued.word))
		sim_fail("leak: the lock is %#x at the end", atomic_read(&queued.word));
}

const struct sim_case spinlock_three = {
	.name = "spinlock-three",
	.what = "holder, pending and queued, twice, with trylock",
	.start = start,
	.threads = { twice, twice, try_and_lock },
	.end = end,
};

const struct sim_case spinlock_four = {
	.name = "spinlock-four",
	.what = "holder, pending, head and one behind it",
	.start = start,
	.threads = { once, once, once, once },
	.end = end,
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
	.start = start_without_nodes,
	.threads = { twice, once, twice },
	.end = end_without_nodes,
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
	.start = start,
	.threads = { cas_twice, cas_twice, cas_try },
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
	.start = start,
	.threads = { yield_twice, yield_twice, yield_try },
};
