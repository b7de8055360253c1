// SPDX-License-Identifier: GPL-2.0-only
/* Slab caches: sizes, and what of it is out is counted with all other memory. */
#include <linux/slab.h>

struct kmem_cache *kmem_cache_create(const char *name, size_t size, size_t align,
				     unsigned int flags, void (*ctor)(void *object))
{
	struct kmem_cache *cache = sim_alloc(sizeof(*cache));

	if (cache)
		cache->size = size;
	return cache;
}

void kmem_cache_destroy(struct kmem_cache *cache)
{
	sim_free(cache);
}
