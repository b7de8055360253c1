/* SPDX-License-Identifier: GPL-2.0-only */
/* The pools under torture and their peers, behind one set of operations. */
#ifndef QUARTET_TORTURE_POOL_KINDS_H
#define QUARTET_TORTURE_POOL_KINDS_H

#include <linux/mempool.h>

#include <quartet/pool.h>
#include <linux/quartet_torture.h>

#include "seed_pool.h"

/* By Kbuild. */
#ifdef QUARTET_HAVE_OBJPOOL
#include <linux/objpool.h>
#endif

/**
 * struct pool_any - a pool
 * @size: of its objects; @ctor_ns: to construct one; @zero: gets want them zeroed;
 *	@fail_permille: of the allocations fail;
 *	@most: objects that may be out at once
 * @cache: where its objects come from
 * @allocated: objects that came from there; @freed: that went back
 */
struct pool_any {
	size_t size;
	u64 ctor_ns;
	bool zero;
	unsigned int fail_permille;
	unsigned int most;
	struct kmem_cache *cache;
	atomic64_t allocated;
	atomic64_t freed;
	union {
		struct quartet_pool quartet;
		mempool_t *mempool;
		struct seed_pool seed;
#ifdef QUARTET_HAVE_OBJPOOL
		struct objpool_head objpool;
#endif
	};
};

/**
 * struct pool_ops - a kind of pool; without @get, one that this kernel does not have
 * @contexts: QUARTET_TORTURE_SOFTIRQ and _HARDIRQ, if it serves them
 * @init: makes it empty, its first members being set; NULL if there is nothing to do
 * @exit: frees what it has; returns how many objects are still out, as it sees it
 * @get: an object, constructed and zeroed as asked for, or NULL
 * @put: gives it back
 * @scan: does what the shrinker does; or NULL
 * @read: adds its stats and what it has cached; NULL if it caches nothing that can be counted
 */
struct pool_ops {
	u32 contexts;
	int (*init)(struct pool_any *pool);
	long (*exit)(struct pool_any *pool);
	void *(*get)(struct pool_any *pool, gfp_t gfp);
	void (*put)(struct pool_any *pool, void *object);
	void (*scan)(struct pool_any *pool);
	void (*read)(struct pool_any *pool, struct quartet_pool_state *state);
};

const struct pool_ops *pool_kind_ops(u32 kind);
const char *pool_kind_name(u32 kind);

#endif /* QUARTET_TORTURE_POOL_KINDS_H */
