/* SPDX-License-Identifier: GPL-2.0-only */
/* The shared objects of a CPU: its own stack, and a queue to others. */
#ifndef QUARTET_POOL_RING_H
#define QUARTET_POOL_RING_H

#include <linux/cache.h>
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
bool pool_ring_push_one(struct pool_ring *ring, void *object);
void *pool_ring_pop_one(struct pool_ring *ring);
void *pool_ring_steal(struct pool_ring *ring);

/* As it was. */
static inline unsigned long pool_ring_count(const struct pool_ring *ring)
{
	long n = READ_ONCE(ring->bottom) - READ_ONCE(ring->top);

	return n > 0 ? n : 0;
}

#endif /* QUARTET_POOL_RING_H */
