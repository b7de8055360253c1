// SPDX-License-Identifier: GPL-2.0-only
/* Fuzz target: edges of the wait graph, against owners that wait for one thing each. */
#include <linux/kernel.h>

#include <lock/wait_graph.h>
#include "fuzz.h"

#define OWNERS	48
#define NOBODY	(-1)
#define STEPS	32	/* that the graph takes before it gives up */

/* The model: thing t has an owner, owner o waits for a thing. */
static int owner_of[OWNERS], waits_for[OWNERS];
static u64 truncated;

/* The same for the code under test. */
static char owners[OWNERS];
static const void *holders[OWNERS];
static struct wait_edge edges[OWNERS];

static void set_owner(unsigned int thing, int owner)
{
	say("thing %u is now of owner %d", thing, owner);
	owner_of[thing] = owner;
	holders[thing] = owner == NOBODY ? NULL : &owners[owner];
}

/*
 * How many owners one finds from @waiter on, each the owner of what the one before waits for,
 * until the last one does not wait or is @waiter, which is @cycle; many, if there is no last.
 */
static unsigned int follow(int waiter, bool *cycle)
{
	unsigned int found = 0;
	int at = waiter, owner;

	*cycle = false;
	while (found < 10 * OWNERS) {
		owner = owner_of[waits_for[at]];
		found++;
		if (owner == waiter)
			*cycle = true;
		/* Who owns what it waits for has been granted it. */
		if (owner == waiter || owner == NOBODY || owner == at ||
		    waits_for[owner] == NOBODY)
			break;
		at = owner;
	}
	return found;
}

/* Whether the graph must take the edge. */
static bool model_add(int waiter, int thing)
{
	bool cycle;

	waits_for[waiter] = thing;
	if (follow(waiter, &cycle) > STEPS)
		truncated++;
	else if (cycle)
		waits_for[waiter] = NOBODY;
	return waits_for[waiter] != NOBODY;
}

static void add(unsigned int waiter, unsigned int thing)
{
	u64 before = wait_graph_truncated() - truncated;
	bool added;

	if (waits_for[waiter] != NOBODY)
		return;
	say("owner %u waits for thing %u of owner %d", waiter, thing, owner_of[thing]);
	edges[waiter].waiter = &owners[waiter];
	edges[waiter].holder = &holders[thing];
	added = wait_graph_add(&edges[waiter]);
	same(added, model_add(waiter, thing), "wait_graph_add()");
	same(wait_graph_truncated(), before + truncated, "wait_graph_truncated()");
}

static void remove(unsigned int waiter)
{
	if (waits_for[waiter] == NOBODY)
		return;
	say("owner %u does not wait any more", waiter);
	wait_graph_remove(&edges[waiter]);
	waits_for[waiter] = NOBODY;
}

/* Each waits for what the next one owns. */
static void add_chain(unsigned int first, unsigned int length)
{
	unsigned int i, at;

	for (i = 0; i < length; i++) {
		at = (first + i) % OWNERS;
		set_owner(at, (at + 1) % OWNERS);
		add(at, at);
	}
}

void fuzz_step(struct input *input)
{
	unsigned int op = pick(input, 8), a = pick(input, OWNERS), b = pick(input, OWNERS);

	switch (op) {
	case 0:
	case 1:
	case 2:
		add(a, b);
		break;
	case 3:
		set_owner(a, b);
		break;
	case 4:
		set_owner(a, NOBODY);
		break;
	case 5:
	case 6:
		remove(a);
		break;
	case 7:
		add_chain(a, b);
		break;
	}
}

void fuzz_start(struct input *input)
{
	unsigned int i;

	fuzz_reset();
	truncated = 0;
	for (i = 0; i < OWNERS; i++) {
		waits_for[i] = NOBODY;
		owner_of[i] = NOBODY;
		holders[i] = NULL;
	}
}

void fuzz_end(void)
{
	unsigned int i;

	for (i = 0; i < OWNERS; i++)
		remove(i);
}
