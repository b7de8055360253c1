// SPDX-License-Identifier: GPL-2.0-only
/* The shim's own RCU: what is freed is read by nobody. */
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "cases.h"

struct version {
	struct rcu_head rcu;
	int alive;
};

static struct version *newest;

static void start(void)
{
	newest = sim_alloc(sizeof(*newest));
	newest->alive = 1;
}

static void read_twice(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		struct version *version;

		rcu_read_lock();
		version = rcu_dereference(newest);
		sim_point();
		if (version->alive != 1)
			sim_fail("assertion: a reader sees what was freed");
		rcu_read_unlock();
	}
}

static void replace(void)
{
	struct version *old = newest, *new = sim_alloc(sizeof(*new));

	new->alive = 1;
	rcu_assign_pointer(newest, new);
	synchronize_rcu();
	old->alive = 0;
	sim_free(old);
}

static void release(struct rcu_head *head)
{
	sim_free(container_of(head, struct version, rcu));
}

static void end(void)
{
	call_rcu(&newest->rcu, release);
	rcu_barrier();
	if (sim_allocated())
		sim_fail("leak: %ld allocations at the end", sim_allocated());
}

const struct sim_case rcu_replace = {
	.name = "rcu-replace",
	.what = "the shim's grace periods wait for readers",
	.start = start,
	.threads = { read_twice, read_twice, replace },
	.end = end,
};
