// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory by kmalloc() and its kin. What was asked for is watched, and not what was given: the rest
 * is nobody's.
 */
#include <linux/string.h>

#include "compat.h"
#include "memory.h"
#include "wrap.h"

#define PARAMS(...)	__VA_ARGS__

/* A function that allocates @size. */
#define ALLOC(name, size, params, args)					\
	RACE_WRAP(void *, name, params)					\
	{								\
		void *memory = name(args);				\
									\
		race_memory_alloc(memory, size, _RET_IP_);		\
		return memory;						\
	}

ALLOC(RACE_ALLOC(__kmalloc), size, PARAMS(DECL_TOKEN_PARAMS(size, token), gfp_t flags),
      PARAMS(PASS_TOKEN_PARAMS(size, token), flags))
ALLOC(RACE_ALLOC(__kmalloc_node), size,
      PARAMS(DECL_KMALLOC_PARAMS(size, bucket, token), gfp_t flags, int node),
      PARAMS(PASS_KMALLOC_PARAMS(size, bucket, token), flags, node))
ALLOC(RACE_ALLOC(__kmalloc_node_track_caller), size,
      PARAMS(DECL_KMALLOC_PARAMS(size, bucket, token), gfp_t flags, int node,
	     unsigned long caller),
      PARAMS(PASS_KMALLOC_PARAMS(size, bucket, token), flags, node, caller))
ALLOC(RACE_ALLOC(kmem_cache_alloc), kmem_cache_size(cache),
      PARAMS(struct kmem_cache *cache, gfp_t flags), PARAMS(cache, flags))
ALLOC(RACE_ALLOC(kmem_cache_alloc_node), kmem_cache_size(cache),
      PARAMS(struct kmem_cache *cache, gfp_t flags, int node), PARAMS(cache, flags, node))

#ifdef RACE_KMALLOC_TRACE
ALLOC(kmalloc_trace, size, PARAMS(struct kmem_cache *cache, gfp_t flags, size_t size),
      PARAMS(cache, flags, size))
ALLOC(kmalloc_node_trace, size,
      PARAMS(struct kmem_cache *cache, gfp_t flags, int node, size_t size),
      PARAMS(cache, flags, node, size))
ALLOC(kmalloc_large, size, PARAMS(size_t size, gfp_t flags), PARAMS(size, flags))
ALLOC(kmalloc_large_node, size, PARAMS(size_t size, gfp_t flags, int node),
      PARAMS(size, flags, node))
ALLOC(kvmalloc_node, size, PARAMS(size_t size, gfp_t flags, int node), PARAMS(size, flags, node))
#else
ALLOC(__kmalloc_cache_noprof, size, PARAMS(struct kmem_cache *cache, gfp_t flags, size_t size),
      PARAMS(cache, flags, size))
ALLOC(__kmalloc_cache_node_noprof, size,
      PARAMS(struct kmem_cache *cache, gfp_t flags, int node, size_t size),
      PARAMS(cache, flags, node, size))
ALLOC(__kmalloc_large_noprof, size, PARAMS(size_t size, gfp_t flags), PARAMS(size, flags))
ALLOC(__kmalloc_large_node_noprof, size, PARAMS(size_t size, gfp_t flags, int node),
      PARAMS(size, flags, node))
#endif

/* A function that frees. */
#define FREE(name)							\
	RACE_WRAP(void, name, const void *memory)			\
	{								\
		race_memory_free(memory, _RET_IP_);			\
		name(memory);						\
	}

FREE(kfree)
FREE(kvfree)
FREE(kfree_sensitive)
FREE(vfree)

RACE_WRAP(void, kmem_cache_free, struct kmem_cache *cache, void *memory)
{
	race_memory_free(memory, _RET_IP_);
	kmem_cache_free(cache, memory);
}

ALLOC(RACE_ALLOC(vmalloc), size, PARAMS(unsigned long size), PARAMS(size))
ALLOC(RACE_ALLOC(vzalloc), size, PARAMS(unsigned long size), PARAMS(size))
