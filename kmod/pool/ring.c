// SPDX-License-Identifier: GPL-2.0-only
/*
 * A ring with one owner, at its bottom, and any number of thieves, at its top.
 *
 *	push	owner	bottom grows, after the objects are written
 *	pop	owner	bottom shrinks; only the last object is disputed, by cmpxchg of top
 *	steal	anyone	top grows, by cmpxchg; whoever succeeds has the object at the old top
 *
 * The owner is a CPU: it does one thing at a time (own_begin() in pool.c), and what interrupts
 * it is a thief like any other.
 *
 * Who has an object? The one whose step made it lie outside of [top, bottom).
 * A thief steps over an object only if top is still where it read it, and so each
 * object at the top is stolen once. The owner takes what lies above the top: it
 * moves bottom down first, and then looks where top is. A thief reads top
 * first, and then bottom. With a full barrier in each, one of them sees the
 * other (M): either the owner sees that top has passed, or thieves that come after
 * what it saw see the new bottom, and find nothing above it. The one
 * thief that may have read the old bottom is at the object at the top that the
 * owner has seen: so that object, and no other, is taken by cmpxchg.
 *
 * An object's place is written again only after the owner has seen a top
 * beyond it, and top never comes back: a thief that still reads the old place
 * fails in its cmpxchg. Top and bottom do not wrap in practice: 2^63 steps.
 *
 * Barriers, each label at both ends:
 *
 *	B	push's store-release of bottom, after the objects and what is in them;
 *		the thief's load-acquire (litmus: pool-ring-steal)
 *	T	the thief's cmpxchg of top, after it has read the object's place; the
 *		owner's load-acquire, before it writes there again (litmus: pool-ring-reuse)
 *	M	pop's full barrier between bottom and top; steal's between top and bottom
 *		(litmus: pool-ring-last). Where pop raises bottom again, it stands between
 *		that and the push, and so for B (litmus: pool-ring-raised)
 *
 * Source: D. Chase and Y. Lev, Dynamic Circular Work-Stealing Deque (2005), with the
 * barriers of N. M. Le and others, Correct and Efficient Work-Stealing for Weak
 * Memory Models (2013); of a fixed size, and popping several at once is our own.
 */
#include <linux/atomic.h>
#include <linux/mm.h>
#include <linux/overflow.h>

#include "ring.h"

/* @size is a power of two. Context: task, may sleep. */
struct pool_ring *pool_ring_alloc(unsigned int size, int node)
{
	struct pool_ring *ring;

	ring = kvzalloc_node(struct_size(ring, objects, size), GFP_KERNEL, node);
	if (ring)
		ring->mask = size - 1;
	return ring;
}

void pool_ring_free(struct pool_ring *ring)
{
	kvfree(ring);
}

/* Owner. As many of @objects as there is room for; returns how many. */
unsigned int pool_ring_push(struct pool_ring *ring, void **objects, unsigned int n)
{
	unsigned long bottom = READ_ONCE(ring->bottom);
	unsigned int i;

	n = min_t(unsigned long, n, pool_ring_room(ring, bottom, n));
	for (i = 0; i < n; i++)
		WRITE_ONCE(ring->objects[(bottom + i) & ring->mask], objects[i]);
	smp_store_release(&ring->bottom, bottom + n);		/* [B] */
	return n;
}

/* The last object, which a thief may be at, or NULL if he has it. */
void *pool_ring_pop_last(struct pool_ring *ring, unsigned long top)
{
	void *object = READ_ONCE(ring->objects[top & ring->mask]);

	if (cmpxchg(&ring->top, top, top + 1) == top)		/* [T] */
		ring->top_seen = top + 1;
	else
		object = NULL;
	/* Empty, whoever has it: top is now here. */
	WRITE_ONCE(ring->bottom, top + 1);
	return object;
}

/* Owner. Up to @n objects, the newest first; returns how many. */
unsigned int pool_ring_pop(struct pool_ring *ring, void **objects, unsigned int n)
{
	unsigned long bottom = READ_ONCE(ring->bottom), top = READ_ONCE(ring->top), end;
	unsigned int i, taken;

	if (!n || (long)(bottom - top) <= 0)
		return 0;
	end = bottom - min_t(unsigned long, n, bottom - top);
	WRITE_ONCE(ring->bottom, end);
	/* Bottom before top, as thieves do it the other way round. */
	smp_mb();						/* [M] */
	top = READ_ONCE(ring->top);
	if ((long)(top - bottom) >= 0) {
		WRITE_ONCE(ring->bottom, bottom);
		return 0;
	}
	if (top == bottom - 1) {
		objects[0] = pool_ring_pop_last(ring, top);
		return !!objects[0];
	}
	/* The one at the top is left to whoever may be at it. */
	if ((long)(top - end) >= 0) {
		end = top + 1;
		WRITE_ONCE(ring->bottom, end);
	}
	taken = bottom - end;
	for (i = 0; i < taken; i++)
		objects[i] = READ_ONCE(ring->objects[(bottom - 1 - i) & ring->mask]);
	return taken;
}

/* Anyone, in any context. The oldest object, or NULL if there is none. */
void *pool_ring_steal(struct pool_ring *ring)
{
	unsigned long top, bottom;
	void *object;

	do {
		top = READ_ONCE(ring->top);
		/* Top before bottom, as the owner does it the other way round. */
		smp_mb();					/* [M] */
		bottom = smp_load_acquire(&ring->bottom);	/* [B] */
		if ((long)(bottom - top) <= 0)
			return NULL;
		object = READ_ONCE(ring->objects[top & ring->mask]);
		/* Lost to another thief, or to the owner: somebody has got on. */
	} while (cmpxchg(&ring->top, top, top + 1) != top);	/* [T] */
	return object;
}
