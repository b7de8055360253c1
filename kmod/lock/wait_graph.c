// SPDX-License-Identifier: GPL-2.0-only
/*
 * The wait graph: owners that wait, each for at most one thing, and the owner
 * of that thing.
 *
 * Edges are added by who is about to sleep, and removed by it when it has
 * woken up; both under one global raw lock, which only slow paths take. From the
 * waiter the walk goes to the holder of what it waits for, to what that one
 * waits for, and so on: back at the waiter there is a cycle, and the edge that
 * closes it is refused. Whoever comes last sees all edges of a cycle: he
 * took part in it before, as a holder, with a plain store of his name that
 * the lock of his own earlier edge, or of this call, has made visible
 * (litmus: graph-cycle, graph-handoff).
 *
 * No cycle is reported that is none (litmus: graph-no-cycle). A holder that is
 * seen with an edge of its own sleeps, or is about to, and so cannot release what
 * it holds; one that has been granted what it waited for is named as its holder,
 * and ends the walk.
 *
 * Owners are compared, never looked into. A waiter, and who is named with an edge of its own, is
 * pinned: a task or a memo call sleeps in its own call, a handle's thread is a struct pid to which
 * the handle has a reference. A holder that is read and has no edge may go meanwhile: a handle only
 * after a grace period, which the lock holds off; a task that owns a mutex is not pinned, as in
 * struct mutex, and one that exits as owner is its caller's bug.
 *
 * An owner that is a handle stands for the thread that has used it last, its party: threads wait
 * and handles hold, so that the walk goes from a handle to its thread to what this waits for, by
 * whichever handle.
 */
#include <linux/export.h>
#include <linux/hashtable.h>
#include <linux/spinlock.h>

#include "wait_graph.h"

#define WAIT_GRAPH_BITS		6
#define WAIT_OWNER_BITS		10	/* a user alone may have 4096 handles */
#define WAIT_GRAPH_STEPS	32

static DEFINE_RAW_SPINLOCK(graph_lock);		/* innermost; protects all below */
static DEFINE_HASHTABLE(graph_edges, WAIT_GRAPH_BITS);
static DEFINE_HASHTABLE(graph_owners, WAIT_OWNER_BITS);
static u64 graph_truncated;

static struct wait_edge *edge_of(const void *waiter)
{
	struct wait_edge *edge;

	hash_for_each_possible(graph_edges, edge, node, (unsigned long)waiter)
		if (edge->waiter == waiter)
			return edge;
	return NULL;
}

static const void *party_of(const void *owner)
{
	struct wait_owner *known;

	hash_for_each_possible(graph_owners, known, node, (unsigned long)owner)
		if (known->owner == owner)
			return known->party;
	return owner;
}

static bool closes_cycle(const struct wait_edge *added)
{
	const struct wait_edge *edge = added;
	int steps;

	for (steps = 0; steps < WAIT_GRAPH_STEPS; steps++) {
		const void *holder = party_of(READ_ONCE(*edge->holder));

		if (holder == added->waiter)
			return true;
		if (!holder || holder == edge->waiter)
			return false;
		edge = edge_of(holder);
		if (!edge)
			return false;
	}
	graph_truncated++;
	return false;
}

/*
 * wait_graph_add() - the waiter is about to sleep
 *
 * Context: task.
 * Return: true with the edge added; false, and nothing added, if it would
 * close a cycle. After WAIT_GRAPH_STEPS it is taken to close none, and counted.
 */
bool wait_graph_add(struct wait_edge *edge)
{
	bool cycle;

	raw_spin_lock(&graph_lock);
	edge->waiter = party_of(edge->waiter);
	cycle = closes_cycle(edge);
	if (!cycle)
		hash_add(graph_edges, &edge->node, (unsigned long)edge->waiter);
	raw_spin_unlock(&graph_lock);
	return !cycle;
}

/* The waiter is awake. */
void wait_graph_remove(struct wait_edge *edge)
{
	raw_spin_lock(&graph_lock);
	hash_del(&edge->node);
	raw_spin_unlock(&graph_lock);
}

/* @party acts for the owner from now on; not while it waits. @owner's node is empty, or in here. */
void wait_graph_assign(struct wait_owner *owner, const void *party)
{
	raw_spin_lock(&graph_lock);
	owner->party = party;
	if (hlist_unhashed(&owner->node))
		hash_add(graph_owners, &owner->node, (unsigned long)owner->owner);
	raw_spin_unlock(&graph_lock);
}

/* The owner ends. */
void wait_graph_dismiss(struct wait_owner *owner)
{
	raw_spin_lock(&graph_lock);
	hash_del(&owner->node);
	raw_spin_unlock(&graph_lock);
}

/* How often the walk was given up. */
u64 wait_graph_truncated(void)
{
	return READ_ONCE(graph_truncated);
}
