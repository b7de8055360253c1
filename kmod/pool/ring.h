/* SPDX-License-Identifier: GPL-2.0-only */
/* The shared objects of a CPU: its own stack, and a queue to others. */
#ifndef QUARTET_POOL_RING_H
#define QUARTET_POOL_RING_H

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/types.h>

/* How many a thief takes at a time at most. The simulation has fewer, to get beyond its reach. */
#ifndef POOL_RING_REACH
#define POOL_RING_REACH		16
#endif

/**
 * struct pool_ring - objects from top to bottom - 1, modulo the size
 * @top: the number of the oldest, which is stolen next, and above it a version; never comes back
 * @bottom: the owner's end, written by the owner only
 * @top_seen: a top that the owner has seen, so that it need not ask for the thieves' line
 * @mask: size - 1; a power of two
 *
 * Numbers wrap: only their differences count.
 */
struct pool_ring {
	atomic64_t top;
	u32 bottom ____cacheline_aligned_in_smp;
	u32 top_seen;
	u32 mask;
	void *objects[];
};

struct pool_ring *pool_ring_alloc(unsigned int size, int node);
void pool_ring_free(struct pool_ring *ring);
unsigned int pool_ring_push(struct pool_ring *ring, void **objects, unsigned int n);
unsigned int pool_ring_pop(struct pool_ring *ring, void **objects, unsigned int n);
bool pool_ring_claim_near(struct pool_ring *ring, s64 top, u32 end);
unsigned int pool_ring_steal(struct pool_ring *ring, void **objects, unsigned int n);

/* How many objects are between a top and a bottom; fewer than none if top has passed. */
static __always_inline s32 pool_ring_between(s64 top, u32 bottom)
{
	return bottom - (u32)top;
}

/* As it was. */
static inline unsigned int pool_ring_count(const struct pool_ring *ring)
{
	s32 n = pool_ring_between(atomic64_read(&ring->top), READ_ONCE(ring->bottom));

	return n > 0 ? n : 0;
}

/* For @n above @bottom, or fewer if there is no more. */
static __always_inline u32 pool_ring_room(struct pool_ring *ring, u32 bottom, u32 n)
{
	u32 used = bottom - ring->top_seen;

	if (unlikely(used + n > ring->mask + 1)) {
		ring->top_seen = atomic64_read_acquire(&ring->top);	/* [T] */
		used = bottom - ring->top_seen;
	}
	return ring->mask + 1 - used;
}

/* Owner. False if there is no room. */
static __always_inline bool pool_ring_push_one(struct pool_ring *ring, void *object)
{
	u32 bottom = READ_ONCE(ring->bottom);

	if (!pool_ring_room(ring, bottom, 1))
		return false;
	WRITE_ONCE(ring->objects[bottom & ring->mask], object);
	smp_store_release(&ring->bottom, bottom + 1);			/* [B] */
	return true;
}

/*
 * Owner, whose bottom is now at @end: are the objects from there on its own? Not if a thief has
 * come beyond. @top: one that it has seen.
 */
static __always_inline bool pool_ring_claim(struct pool_ring *ring, s64 top, u32 end)
{
	if (pool_ring_between(top, end) >= POOL_RING_REACH) {
		/* Bottom before top, as thieves do it the other way round. */
		smp_mb();						/* [M] */
		top = atomic64_read(&ring->top);
		if (likely(pool_ring_between(top, end) >= POOL_RING_REACH))
			return true;
	}
	return pool_ring_claim_near(ring, top, end);
}

/* Owner. The newest object, or NULL if there is none. */
static __always_inline void *pool_ring_pop_one(struct pool_ring *ring)
{
	u32 last = READ_ONCE(ring->bottom) - 1;
	s64 top = atomic64_read(&ring->top);

	if (pool_ring_between(top, last) < 0)
		return NULL;
	smp_store_release(&ring->bottom, last);				/* [B] */
	if (likely(pool_ring_claim(ring, top, last)))
		return READ_ONCE(ring->objects[last & ring->mask]);
	smp_store_release(&ring->bottom, last + 1);			/* [B] */
	return NULL;
}

#endif /* QUARTET_POOL_RING_H */
