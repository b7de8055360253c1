// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory by kmalloc() and its kin. What was asked for is watched, and not what was given: the rest
 * is nobody's.
 */
#include <linux/string.h>

#include "compat.h"
#include "memory.h"
#include "wrap.h"

/* A function that allocates @size. */
#define ALLOC(name, size, params, args) \
	RACE_WRAP_ALLOC(void *, name, size, WITH(params), WITH(args))

ALLOC(RACE_ALLOC(__kmalloc), size, WITH(DECL_TOKEN_PARAMS(size, token), gfp_t flags),
      WITH(PASS_TOKEN_PARAMS(size, token), flags))
ALLOC(RACE_ALLOC(__kmalloc_node), size,
      WITH(DECL_KMALLOC_PARAMS(size, bucket, token), gfp_t flags, int node),
      WITH(PASS_KMALLOC_PARAMS(size, bucket, token), flags, node))
ALLOC(RACE_ALLOC(__kmalloc_node_track_caller), size,
      WITH(DECL_KMALLOC_PARAMS(size, bucket, token), gfp_t flags, int node,
	   unsigned long caller),
      WITH(PASS_KMALLOC_PARAMS(size, bucket, token), flags, node, caller))
#ifdef RACE_KMALLOC_TRACE
ALLOC(kmalloc_trace, size, WITH(struct kmem_cache *cache, gfp_t flags, size_t size),
      WITH(cache, flags, size))
ALLOC(kmalloc_node_trace, size,
      WITH(struct kmem_cache *cache, gfp_t flags, int node, size_t size),
      WITH(cache, flags, node, size))
ALLOC(kmalloc_large, size, WITH(size_t size, gfp_t flags), WITH(size, flags))
ALLOC(kmalloc_large_node, size, WITH(size_t size, gfp_t flags, int node),
      WITH(size, flags, node))
#else
ALLOC(__kmalloc_cache_noprof, size,
      WITH(struct kmem_cache *cache, gfp_t flags, size_t size),
      WITH(cache, flags, size))
ALLOC(__kmalloc_cache_node_noprof, size,
      WITH(struct kmem_cache *cache, gfp_t flags, int node, size_t size),
      WITH(cache, flags, node, size))
ALLOC(__kmalloc_large_noprof, size, WITH(size_t size, gfp_t flags), WITH(size, flags))
ALLOC(__kmalloc_large_node_noprof, size, WITH(size_t size, gfp_t flags, int node),
      WITH(size, flags, node))
#endif

/* A function that frees. */
#define FREE(name)							\
	RACE_WRAP(void, name, const void *memory)			\
	{								\
		race_memory_free(memory, _RET_IP_);			\
		name(memory);						\
	}

FREE(kfree)
FREE(kfree_sensitive)
FREE(kfree_const)
