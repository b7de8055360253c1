/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory that is counted, so that a case can ask whether all came back. */
#ifndef SIM_SLAB_H
#define SIM_SLAB_H

#include <linux/kernel.h>

void *sim_alloc(size_t size);
void sim_free(const void *p);
/* What was allocated and not freed. */
long sim_allocated(void);
/* From now on the allocation after the next @n fails, once; negative: none does. */
void sim_fail_allocation(long n);

#define kmalloc(size, gfp)	((void)(gfp), sim_alloc(size))
#define kzalloc(size, gfp)	kmalloc(size, gfp)
#define kcalloc(n, size, gfp)	kmalloc((size_t)(n) * (size), gfp)
#define kvcalloc(n, size, gfp)	kcalloc(n, size, gfp)
#define kfree(p)		sim_free(p)
#define kvfree(p)		sim_free(p)

/* Each object by itself, so that a sanitizer sees its ends. */
struct kmem_cache { size_t size; };

#define SLAB_HWCACHE_ALIGN	1u

struct kmem_cache *kmem_cache_create(const char *name, size_t size, size_t align,
				     unsigned int flags, void (*ctor)(void *object));
void kmem_cache_destroy(struct kmem_cache *cache);
#define kmem_cache_alloc(cache, gfp)	kmalloc((cache)->size, gfp)
#define kmem_cache_free(cache, p)	((void)(cache), kfree(p))

#endif /* SIM_SLAB_H */
