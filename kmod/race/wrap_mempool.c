// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pools with a reserve: who frees something has done so before whoever gets it next.
 *
 * Elements of the usual kinds are the module's only while they are out of the pool; others are
 * allocated by the module's own functions, and watched all the time.
 */
#include <linux/mempool.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "compat.h"
#include "memory.h"
#include "wrap.h"

/* 0 if it is not known. */
static size_t size_of(const mempool_t *pool)
{
	if (pool->alloc == mempool_kmalloc)
		return (size_t)pool->pool_data;
	if (pool->alloc == mempool_alloc_slab)
		return kmem_cache_size(pool->pool_data);
	return 0;
}

RACE_WRAP(void *, RACE_ALLOC(mempool_alloc), mempool_t *pool, gfp_t flags)
{
	void *element = RACE_ALLOC(mempool_alloc)(pool, flags);
	size_t size = size_of(pool);

	if (!element)
		return NULL;
	race_acquire(pool, "mempool_alloc", _RET_IP_);
	if (size)
		race_memory_alloc(element, size, _RET_IP_);
	return element;
}

RACE_WRAP(void, mempool_free, void *element, mempool_t *pool)
{
	if (element) {
		if (size_of(pool))
			race_memory_free(element, _RET_IP_);
		race_release(pool, "mempool_free", _RET_IP_);
	}
	mempool_free(element, pool);
}
