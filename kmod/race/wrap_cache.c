// SPDX-License-Identifier: GPL-2.0-only
/*
 * Caches of objects.
 *
 * Readers may look at what is free in a cache of SLAB_TYPESAFE_BY_RCU, so that is nobody's: the
 * objects of such caches are not watched, and none are once there are too many of these to know.
 */
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "compat.h"
#include "counters.h"
#include "memory.h"
#include "wrap.h"

#define TYPESAFE_MAX	64

/* Written under the lock, and before who looks without it has the cache (litmus: race-cache). */
static struct kmem_cache *typesafe[TYPESAFE_MAX];
static bool too_many;
static DEFINE_SPINLOCK(typesafe_lock);

static void replace(struct kmem_cache *old, struct kmem_cache *with)
{
	int i;

	for (i = 0; i < TYPESAFE_MAX; i++) {
		if (typesafe[i] == old) {
			WRITE_ONCE(typesafe[i], with);
			return;
		}
	}
	if (!old) {
		WRITE_ONCE(too_many, true);
		race_count(RACE_NO_CACHE);
	}
}

static bool is_watched(const struct kmem_cache *cache)
{
	int i;

	for (i = 0; i < TYPESAFE_MAX; i++)
		if (READ_ONCE(typesafe[i]) == cache)
			return false;
	return !READ_ONCE(too_many);
}

static struct kmem_cache *created(struct kmem_cache *cache, slab_flags_t flags)
{
	if (!cache || !(flags & SLAB_TYPESAFE_BY_RCU))
		return cache;
	spin_lock(&typesafe_lock);
	replace(NULL, cache);
	spin_unlock(&typesafe_lock);
	return cache;
}

#ifdef RACE_CACHE_ARGS
RACE_WRAP(struct kmem_cache *, __kmem_cache_create_args, const char *name, unsigned int size,
	  struct kmem_cache_args *args, slab_flags_t flags)
{
	return created(__kmem_cache_create_args(name, size, args, flags), flags);
}
#else
RACE_WRAP(struct kmem_cache *, kmem_cache_create, const char *name, unsigned int size,
	  unsigned int align, slab_flags_t flags, void (*ctor)(void *object))
{
	return created(kmem_cache_create(name, size, align, flags, ctor), flags);
}
#endif

RACE_WRAP(void, kmem_cache_destroy, struct kmem_cache *cache)
{
	if (cache) {
		spin_lock(&typesafe_lock);
		replace(cache, NULL);
		spin_unlock(&typesafe_lock);
	}
	kmem_cache_destroy(cache);
}

static void *allocated(struct kmem_cache *cache, void *object, unsigned long pc)
{
	if (object && is_watched(cache))
		race_memory_alloc(object, kmem_cache_size(cache), pc);
	return object;
}

RACE_WRAP(void *, RACE_ALLOC(kmem_cache_alloc), struct kmem_cache *cache, gfp_t flags)
{
	return allocated(cache, RACE_ALLOC(kmem_cache_alloc)(cache, flags), _RET_IP_);
}

RACE_WRAP(void *, RACE_ALLOC(kmem_cache_alloc_node), struct kmem_cache *cache, gfp_t flags,
	  int node)
{
	return allocated(cache, RACE_ALLOC(kmem_cache_alloc_node)(cache, flags, node), _RET_IP_);
}

RACE_WRAP(void *, RACE_ALLOC(kmem_cache_alloc_lru), struct kmem_cache *cache,
	  struct list_lru *lru, gfp_t flags)
{
	return allocated(cache, RACE_ALLOC(kmem_cache_alloc_lru)(cache, lru, flags), _RET_IP_);
}

/* All of them, or none. */
RACE_WRAP(typeof(RACE_ALLOC(kmem_cache_alloc_bulk)(NULL, 0, 0, NULL)),
	  RACE_ALLOC(kmem_cache_alloc_bulk), struct kmem_cache *cache, gfp_t flags, size_t count,
	  void **objects)
{
	int done = RACE_ALLOC(kmem_cache_alloc_bulk)(cache, flags, count, objects);
	size_t i;

	for (i = 0; done && i < count; i++)
		allocated(cache, objects[i], _RET_IP_);
	return done;
}

RACE_WRAP(void, kmem_cache_free, struct kmem_cache *cache, void *object)
{
	race_memory_free(object, _RET_IP_);
	kmem_cache_free(cache, object);
}

RACE_WRAP(void, kmem_cache_free_bulk, struct kmem_cache *cache, size_t count, void **objects)
{
	size_t i;

	for (i = 0; i < count; i++)
		race_memory_free(objects[i], _RET_IP_);
	kmem_cache_free_bulk(cache, count, objects);
}
