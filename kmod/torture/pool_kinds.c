// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each pool under torture as a struct pool_ops.
 *
 * All have their objects from one slab cache of the run, whose own constructor says that nobody
 * has them: an object that is free must look free to the checks.
 */
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "pool_kinds.h"
#include "pool_object.h"
#include "work.h"

#define TASK		0
#define INTERRUPTS	(QUARTET_TORTURE_SOFTIRQ | QUARTET_TORTURE_HARDIRQ)
/* On PREEMPT_RT the allocator sleeps. */
#define ALLOCATOR	(IS_ENABLED(CONFIG_PREEMPT_RT) ? QUARTET_TORTURE_SOFTIRQ : INTERRUPTS)
#define RESERVE		64

static void *backing_alloc(gfp_t gfp, void *data)
{
	struct pool_any *pool = data;
	void *object;

	if (pool->fail_permille && get_random_u32() % 1000 < pool->fail_permille)
		return NULL;
	object = kmem_cache_alloc(pool->cache, gfp);
	if (object)
		atomic64_inc(&pool->allocated);
	return object;
}

static void backing_free(void *object, void *data)
{
	struct pool_any *pool = data;

	kmem_cache_free(pool->cache, object);
	atomic64_inc(&pool->freed);
}

static void construct(void *object, void *data)
{
	const struct pool_any *pool = data;

	work_for(pool->ctor_ns);
}

/* What quartet's pool does for its users, others' users do themselves. */
static void *prepare(struct pool_any *pool, struct pool_object *object, bool construct)
{
	if (construct && pool->ctor_ns)
		work_for(pool->ctor_ns);
	if (object && pool->zero)
		memset(object->words, 0, pool->size - offsetof(struct pool_object, words));
	return object;
}

static int quartet_init(struct pool_any *pool)
{
	const struct quartet_pool_params params = {
		.name = "torture",
		.size = pool->size,
		.ctor = pool->ctor_ns ? construct : NULL,
		.alloc = backing_alloc,
		.free = backing_free,
		.data = pool,
	};

	return quartet_pool_init(&pool->quartet, &params);
}

static long quartet_exit(struct pool_any *pool)
{
	return quartet_pool_destroy(&pool->quartet);
}

static void *quartet_get(struct pool_any *pool, gfp_t gfp)
{
	return quartet_pool_get(&pool->quartet, pool->zero ? gfp | __GFP_ZERO : gfp);
}

static void quartet_put(struct pool_any *pool, void *object)
{
	quartet_pool_put(&pool->quartet, object);
}

static void quartet_scan(struct pool_any *pool)
{
	quartet_pool_scan(&pool->quartet);
}

static void quartet_read(struct pool_any *pool, struct quartet_pool_state *state)
{
	quartet_pool_read(&pool->quartet, state);
}

/* cache: no calls in between, as its users have none. */
static void *cache_get(struct pool_any *pool, gfp_t gfp)
{
	return prepare(pool, kmem_cache_alloc(pool->cache, gfp), true);
}

static void cache_put(struct pool_any *pool, void *object)
{
	kmem_cache_free(pool->cache, object);
}

static int reserve_init(struct pool_any *pool)
{
	pool->mempool = mempool_create_slab_pool(RESERVE, pool->cache);
	return pool->mempool ? 0 : -ENOMEM;
}

static long reserve_exit(struct pool_any *pool)
{
	mempool_destroy(pool->mempool);
	return 0;
}

static void *reserve_get(struct pool_any *pool, gfp_t gfp)
{
	return prepare(pool, mempool_alloc(pool->mempool, gfp), true);
}

static void reserve_put(struct pool_any *pool, void *object)
{
	mempool_free(object, pool->mempool);
}

#ifdef QUARTET_HAVE_OBJPOOL
static int fixed_object_init(void *object, void *context)
{
	((struct pool_object *)object)->owner = NULL;
	return 0;
}

static int fixed_init(struct pool_any *pool)
{
	return objpool_init(&pool->objpool, pool->most, pool->size, GFP_KERNEL, pool,
			    fixed_object_init, NULL);
}

static long fixed_exit(struct pool_any *pool)
{
	objpool_fini(&pool->objpool);
	return 0;
}

static void *fixed_get(struct pool_any *pool, gfp_t gfp)
{
	return prepare(pool, objpool_pop(&pool->objpool), false);
}

static void fixed_put(struct pool_any *pool, void *object)
{
	objpool_push(object, &pool->objpool);
}
#endif

static int seed_init(struct pool_any *pool)
{
	pool->seed = (struct seed_pool){
		.alloc = backing_alloc, .free = backing_free, .data = pool,
	};
	return seed_pool_init(&pool->seed);
}

static int busted_init(struct pool_any *pool)
{
	int err = seed_init(pool);

	pool->seed.busted = true;
	return err;
}

static long seed_exit(struct pool_any *pool)
{
	seed_pool_exit(&pool->seed);
	return atomic64_read(&pool->allocated) - atomic64_read(&pool->freed);
}

static void *seed_get(struct pool_any *pool, gfp_t gfp)
{
	u64 allocated = atomic64_read(&pool->allocated);
	void *object = seed_pool_get(&pool->seed, gfp);

	return prepare(pool, object, allocated != atomic64_read(&pool->allocated));
}

static void seed_put(struct pool_any *pool, void *object)
{
	seed_pool_put(&pool->seed, object);
}

static void seed_read(struct pool_any *pool, struct quartet_pool_state *state)
{
	state->allocated = atomic64_read(&pool->allocated);
	state->freed = atomic64_read(&pool->freed);
	seed_pool_read(&pool->seed, state);
}

static const struct pool_ops kinds[QUARTET_POOL_KINDS] = {
	[QUARTET_POOL_KIND_QUARTET] = {
		.contexts = INTERRUPTS,
		.init = quartet_init,
		.exit = quartet_exit,
		.get = quartet_get,
		.put = quartet_put,
		.scan = quartet_scan,
		.read = quartet_read,
	},
	[QUARTET_POOL_KIND_CACHE] = {
		.contexts = ALLOCATOR,
		.get = cache_get,
		.put = cache_put,
	},
	[QUARTET_POOL_KIND_MEMPOOL] = {
		.contexts = ALLOCATOR,
		.init = reserve_init,
		.exit = reserve_exit,
		.get = reserve_get,
		.put = reserve_put,
	},
	[QUARTET_POOL_KIND_OBJPOOL] = {
#ifdef QUARTET_HAVE_OBJPOOL
		.contexts = INTERRUPTS,
		.init = fixed_init,
		.exit = fixed_exit,
		.get = fixed_get,
		.put = fixed_put,
#endif
	},
	[QUARTET_POOL_KIND_SEED] = {
		.contexts = TASK,
		.init = seed_init,
		.exit = seed_exit,
		.get = seed_get,
		.put = seed_put,
		.read = seed_read,
	},
	[QUARTET_POOL_KIND_BUSTED] = {
		.contexts = TASK,
		.init = busted_init,
		.exit = seed_exit,
		.get = seed_get,
		.put = seed_put,
		.read = seed_read,
	},
};

static const char *const names[QUARTET_POOL_KINDS] = {
	[QUARTET_POOL_KIND_QUARTET] = "quartet",
	[QUARTET_POOL_KIND_CACHE] = "kmem_cache",
	[QUARTET_POOL_KIND_MEMPOOL] = "mempool",
	[QUARTET_POOL_KIND_OBJPOOL] = "objpool",
	[QUARTET_POOL_KIND_SEED] = "seed",
	[QUARTET_POOL_KIND_BUSTED] = "busted",
};

const struct pool_ops *pool_kind_ops(u32 kind)
{
	return &kinds[kind];
}

const char *pool_kind_name(u32 kind)
{
	return names[kind];
}
