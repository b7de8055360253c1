/* SPDX-License-Identifier: GPL-2.0-only */
/* The shared objects of a CPU: its own stack, and a queue to others. */
#ifndef QUARTET_POOL_RING_H
#define QUARTET_POOL_RING_H

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/types.h>

/**
 * struct pool_ring - objects at top to bottom - 1, modulo the size
 * @top: the oldest, which is stolen next; only grows, by cmpxchg
 * @bottom: the owner's end; written by the owner only
 * @top_seen: a top that the owner has seen, so that it need not ask for the thieves' line
 * @mask: size - 1; a power of two
 */
struct pool_ring {
	unsigned long top;
	unsigned long bottom ____cacheline_aligned_in_smp;
	unsigned long top_seen;
	unsigned long mask;
	void *objects[];
};

struct pool_ring *pool_ring_alloc(unsigned int size, int node);
void pool_ring_free(struct pool_ring *ring);
unsigned int pool_ring_push(struct pool_ring *ring, void **objects, unsigned int n);
unsigned int pool_ring_pop(struct pool_ring *ring, void **objects, unsigned int n);
void *pool_ring_pop_last(struct pool_ring *ring, unsigned long top);
void *pool_ring_steal(struct pool_ring *ring);

/* As it was. */
static inline unsigned long pool_ring_count(const struct pool_ring *ring)
{
	long n = READ_ONCE(ring->bottom) - READ_ONCE(ring->top);

	return n > 0 ? n : 0;
}

/* For @n above @bottom, or fewer if there is no more. */
static __always_inline unsigned long pool_ring_room(struct pool_ring *ring, unsigned long bottom,
						    unsigned int n)
{
	unsigned long used = bottom - ring->top_seen;

	if (unlikely(used + n > ring->mask + 1)) {
		ring->top_seen = smp_load_acquire(&ring->top);	/* [T] */
		used = bottom - ring->top_seen;
	}
	return ring->mask + 1 - used;
}

/* Owner. False if there is no room. */
static __always_inline bool pool_ring_push_one(struct pool_ring *ring, void *object)
{
	unsigned long bottom = READ_ONCE(ring->bottom);

	if (!pool_ring_room(ring, bottom, 1))
		return false;
	WRITE_ONCE(ring->objects[bottom & ring->mask], object);
	smp_store_release(&ring->bottom, bottom + 1);		/* [B] */
	return true;
}

/* Owner. The newest object, or NULL if there is none. */
static __always_inline void *pool_ring_pop_one(struct pool_ring *ring)
{
	unsigned long last = READ_ONCE(ring->bottom) - 1, top;

	if ((long)(last - READ_ONCE(ring->top)) < 0)
		return NULL;
	WRITE_ONCE(ring->bottom, last);
	/* Bottom before top, as thieves do it the other way round. */
	smp_mb();						/* [M] */
	top = READ_ONCE(ring->top);
	if (likely((long)(last - top) > 0))
		return READ_ONCE(ring->objects[last & ring->mask]);
	if (top == last)
		return pool_ring_pop_last(ring, top);
	WRITE_ONCE(ring->bottom, last + 1);
	return NULL;
}

#endif /* QUARTET_POOL_RING_H */
