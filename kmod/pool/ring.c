// SPDX-License-Identifier: GPL-2.0-only
/*
 * A ring with one owner, at its bottom, and any number of thieves, at its top.
 *
 *	push	owner	bottom grows, after the objects are written
 *	pop	owner	bottom shrinks; then what is above it is claimed
 *	steal	anyone	top grows, by cmpxchg, over up to POOL_RING_REACH objects; whoever
 *			succeeds has them
 *
 * The owner is a CPU: it does one thing at a time (own_begin() in pool.c), and what interrupts
 * it is a thief like any other.
 *
 * Who has an object? The one whose step made it lie outside of [top, bottom).
 * A thief steps over objects only if top is still what it read, and so each
 * object is stolen once. The owner takes what lies above its new bottom, once it knows
 * that no thief will step over it:
 *
 *	far	The new bottom is at least POOL_RING_REACH above the top that the owner reads after
 *		it has moved bottom. A thief reads top first, and then bottom. With a full barrier
 *		in each, one of them sees the other (M): a thief that has read an older top, or
 *		this one, does not reach so far; one that reads a later top sees the new bottom.
 *	near	By cmpxchg the owner gives top another version. Who has read top before fails in
 *		his cmpxchg; who reads the new version, sees the new bottom (V).
 *
 * An object's place is written again only after the owner has seen a top beyond it, or has claimed
 * it: a thief that still reads the old place fails in its cmpxchg. A top comes back after 2^64
 * steps and versions.
 *
 * Barriers, each label at both ends:
 *
 *	B	the owner's store-release of bottom, after the objects and what is in them;
 *		the thief's load-acquire (litmus: pool-ring-steal, pool-ring-lowered)
 *	T	the thief's cmpxchg of top, after it has read the objects' places; the
 *		owner's load-acquire, before it writes there again (litmus: pool-ring-reuse)
 *	M	the owner's full barrier between bottom and top; the thief's between top and bottom
 *		(litmus: pool-ring-far)
 *	V	the owner's cmpxchg of top, after bottom; the thief's barrier between top and bottom
 *		(litmus: pool-ring-near)
 *
 * Source: D. Chase and Y. Lev, Dynamic Circular Work-Stealing Deque (2005), with the
 * barriers of N. M. Le and others, Correct and Efficient Work-Stealing for Weak
 * Memory Models (2013). The size is fixed; that several are taken at once, and for it the reach
 * and the version, are our own.
 */
#include <linux/bits.h>
#include <linux/mm.h>
#include <linux/overflow.h>

#include "ring.h"

#define VERSION		BIT_ULL(32)

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
	u32 bottom = READ_ONCE(ring->bottom), i;

	n = min(n, pool_ring_room(ring, bottom, n));
	for (i = 0; i < n; i++)
		WRITE_ONCE(ring->objects[(bottom + i) & ring->mask], objects[i]);
	smp_store_release(&ring->bottom, bottom + n);			/* [B] */
	return n;
}

/* pool_ring_claim() within the thieves' reach: those that have looked already must look again. */
bool pool_ring_claim_near(struct pool_ring *ring, s64 top, u32 end)
{
	while (pool_ring_between(top, end) >= 0)
		if (atomic64_try_cmpxchg(&ring->top, &top, top + VERSION))	/* [V] */
			return true;
	return false;
}

/* Owner. Up to @n objects, the newest first; returns how many. */
unsigned int pool_ring_pop(struct pool_ring *ring, void **objects, unsigned int n)
{
	u32 bottom = READ_ONCE(ring->bottom), end, i;
	s64 top;

	do {
		top = atomic64_read(&ring->top);
		n = min_t(u32, n, max_t(s32, pool_ring_between(top, bottom), 0));
		end = bottom - n;
		smp_store_release(&ring->bottom, end);			/* [B] */
	} while (n && !pool_ring_claim(ring, top, end));
	for (i = 0; i < n; i++)
		objects[i] = READ_ONCE(ring->objects[(bottom - 1 - i) & ring->mask]);
	return n;
}

/*
 * Anyone, in any context. Up to @n objects, and not more than POOL_RING_REACH, the oldest first;
 * returns how many.
 */
unsigned int pool_ring_steal(struct pool_ring *ring, void **objects, unsigned int n)
{
	s64 top = atomic64_read(&ring->top);
	s32 there, i, taken;

	do {
		/* Top before bottom, as the owner does it the other way round. */
		smp_mb();						/* [M] [V] */
		there = pool_ring_between(top, smp_load_acquire(&ring->bottom));	/* [B] */
		if (there <= 0)
			return 0;
		taken = min_t(u32, there, n);
		for (i = 0; i < taken; i++)
			objects[i] = READ_ONCE(ring->objects[((u32)top + i) & ring->mask]);
		/* Fails if another thief or the owner was here: somebody has got on. */
	} while (!atomic64_try_cmpxchg(&ring->top, &top, top + taken));	/* [T] */
	return taken;
}
