// SPDX-License-Identifier: GPL-2.0-only
/* A pool as simple as it can be, and one that is broken. */
#include <linux/percpu.h>

#include "seed_pool.h"

/* On this CPU, which need not be the one that it happened on. */
#define count(pool, stat)	raw_cpu_inc((pool)->cpus->stats.stat)

int seed_pool_init(struct seed_pool *pool)
{
	unsigned int cpu;

	init_llist_head(&pool->all);
	pool->cpus = alloc_percpu(struct seed_cpu);
	if (!pool->cpus)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		mutex_init(&per_cpu_ptr(pool->cpus, cpu)->lock);
	return 0;
}

/* The newest for its own CPU, the oldest for others; NULL if there is none. */
static void *take(struct seed_cpu *from, bool oldest)
{
	void *object = NULL;

	mutex_lock(&from->lock);
	if (from->oldest != from->next)
		object = from->objects[(oldest ? from->oldest++ : --from->next) % SEED_SHARED];
	mutex_unlock(&from->lock);
	return object;
}

/* The oldest, which stays where it is. */
static void *take_unclaimed(struct seed_cpu *from)
{
	unsigned int oldest = READ_ONCE(from->oldest);

	if (oldest == READ_ONCE(from->next))
		return NULL;
	return READ_ONCE(from->objects[oldest % SEED_SHARED]);
}

static void *steal(struct seed_pool *pool, int own)
{
	unsigned int cpu;
	void *object;

	for_each_cpu_wrap(cpu, cpu_possible_mask, own) {
		struct seed_cpu *from = per_cpu_ptr(pool->cpus, cpu);

		object = pool->busted ? take_unclaimed(from) : take(from, true);
		if (object)
			return object;
	}
	return NULL;
}

static void *take_private(struct seed_pool *pool)
{
	void *object;

	preempt_disable();
	object = __this_cpu_read(pool->cpus->private);
	__this_cpu_write(pool->cpus->private, NULL);
	preempt_enable();
	return object;
}

static void *get_fresh(struct seed_pool *pool, gfp_t gfp)
{
	void *object = pool->alloc(gfp, pool->data);

	if (!object) {
		count(pool, failed);
		return NULL;
	}
	count(pool, fresh);
	if (pool->busted)
		llist_add(object, &pool->all);
	return object;
}

void *seed_pool_get(struct seed_pool *pool, gfp_t gfp)
{
	int own = raw_smp_processor_id();
	void *object = take_private(pool);

	if (object) {
		count(pool, private);
		return object;
	}
	object = pool->busted ? NULL : take(per_cpu_ptr(pool->cpus, own), false);
	if (object) {
		count(pool, shared);
		return object;
	}
	object = steal(pool, own);
	if (!object)
		return get_fresh(pool, gfp);
	count(pool, near);
	return object;
}

static bool put_private(struct seed_pool *pool, void *object)
{
	bool empty;

	preempt_disable();
	empty = !__this_cpu_read(pool->cpus->private);
	if (empty)
		__this_cpu_write(pool->cpus->private, object);
	preempt_enable();
	return empty;
}

static bool put_shared(struct seed_cpu *to, void *object)
{
	bool room;

	mutex_lock(&to->lock);
	room = to->next - to->oldest < SEED_SHARED;
	if (room)
		WRITE_ONCE(to->objects[to->next % SEED_SHARED], object);
	/* The broken one reads it without the lock. */
	WRITE_ONCE(to->next, to->next + room);
	mutex_unlock(&to->lock);
	return room;
}

void seed_pool_put(struct seed_pool *pool, void *object)
{
	count(pool, puts);
	if (put_private(pool, object) || put_shared(raw_cpu_ptr(pool->cpus), object))
		return;
	count(pool, dropped);
	if (!pool->busted)
		pool->free(object, pool->data);
}

/* Nobody uses it any more. */
void seed_pool_exit(struct seed_pool *pool)
{
	struct llist_node *node = llist_del_all(&pool->all), *next;
	unsigned int cpu;
	void *object;

	for (; node; node = next) {
		next = node->next;
		pool->free(node, pool->data);
	}
	for_each_possible_cpu(cpu) {
		struct seed_cpu *from = per_cpu_ptr(pool->cpus, cpu);

		if (!pool->busted && from->private)
			pool->free(from->private, pool->data);
		while (!pool->busted && (object = take(from, true)))
			pool->free(object, pool->data);
		mutex_destroy(&from->lock);
	}
	free_percpu(pool->cpus);
}

/* Its stats, and what it holds. */
void seed_pool_read(struct seed_pool *pool, struct quartet_pool_state *state)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct seed_cpu *from = per_cpu_ptr(pool->cpus, cpu);

#define QUARTET_POOL_STAT(name) state->stats.name += READ_ONCE(from->stats.name);
		QUARTET_POOL_STATS(QUARTET_POOL_STAT)
#undef QUARTET_POOL_STAT
		state->cached += from->next - from->oldest + !!from->private;
	}
}
