/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A pool as simple as it can be: an object per CPU that is its own, and a list under a mutex
 * that the others steal from. Task context only.
 *
 * The broken one leaves what it takes from a list there, and so gives it out twice.
 */
#ifndef QUARTET_TORTURE_SEED_POOL_H
#define QUARTET_TORTURE_SEED_POOL_H

#include <linux/llist.h>
#include <linux/mutex.h>

#include <quartet/pool.h>

#define SEED_SHARED	256	/* objects in a list */

/**
 * struct seed_cpu - what a CPU has
 * @private: an object or NULL; with preemption off
 * @stats: plain, as those of struct quartet_pool
 * @lock: protects the rest
 * @oldest: number of the object that is stolen next
 * @next: number of the one that is put next
 * @objects: by number, modulo their length
 */
struct seed_cpu {
	void *private;
	struct quartet_pool_stats stats;
	struct mutex lock;	/* see above */
	unsigned int oldest, next;
	void *objects[SEED_SHARED];
};

/**
 * struct seed_pool - the pool
 * @cpus: per CPU
 * @busted: the broken one, which frees nothing before the end: others may have it
 * @all: its objects
 * @alloc: where objects come from; @free: where they go; with @data
 */
struct seed_pool {
	struct seed_cpu __percpu *cpus;
	bool busted;
	struct llist_head all;
	void *(*alloc)(gfp_t gfp, void *data);
	void (*free)(void *object, void *data);
	void *data;
};

int seed_pool_init(struct seed_pool *pool);
void seed_pool_exit(struct seed_pool *pool);
void *seed_pool_get(struct seed_pool *pool, gfp_t gfp);
void seed_pool_put(struct seed_pool *pool, void *object);
void seed_pool_read(struct seed_pool *pool, struct quartet_pool_state *state);

#endif /* QUARTET_TORTURE_SEED_POOL_H */
