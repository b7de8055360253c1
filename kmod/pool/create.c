// SPDX-License-Identifier: GPL-2.0-only
/* A pool's beginning and end, and what can be read of it. */
#include <linux/cpu.h>
#include <linux/export.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/topology.h>

#include <quartet/pool.h>

#include "body.h"

#define RING_MOST	256		/* objects a CPU */
#define RING_BYTES	(256UL << 10)	/* or so many bytes of them */

/* For pools that are no more: gets and puts find no slot that they may use. */
static DEFINE_PER_CPU(struct quartet_pool_cpu, destroyed_cpu) = {
	.private = { QUARTET_POOL_CLOSED, QUARTET_POOL_CLOSED, QUARTET_POOL_CLOSED },
};

static int check_params(const struct quartet_pool_params *params)
{
	if (!params->name || !quartet_is_name(params->name))
		return -EINVAL;
	if (!params->size || params->size > QUARTET_POOL_MAX_SIZE)
		return -EINVAL;
	if (params->align && (!is_power_of_2(params->align) || params->align > PAGE_SIZE))
		return -EINVAL;
	if (!params->alloc != !params->free || params->flags & ~QUARTET_POOL_DEBUG)
		return -EINVAL;
	if (params->bounded && (params->alloc || params->max_cached))
		return -EINVAL;
	return 0;
}

/* Objects that a CPU's ring holds. A CPU has two, and may fill both. */
static unsigned int ring_size(const struct quartet_pool_params *params)
{
	unsigned long most = params->max_cached / 2 / num_possible_cpus();

	if (!params->max_cached)
		most = min(RING_BYTES / params->size, (unsigned long)RING_MOST);
	most = clamp(most, 1UL, 1UL << 20);
	return rounddown_pow_of_two(most);
}

static void free_rings(struct quartet_pool_body *body)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		pool_ring_free(per_cpu_ptr(body->pool->cpu, cpu)->ring[0]);
		pool_ring_free(per_cpu_ptr(body->pool->cpu, cpu)->ring[1]);
	}
}

static int alloc_rings(struct quartet_pool_body *body)
{
	unsigned int cpu, i, size = ring_size(&body->params);

	for_each_possible_cpu(cpu) {
		struct quartet_pool_cpu *own = per_cpu_ptr(body->pool->cpu, cpu);

		for (i = 0; i < 2; i++) {
			own->ring[i] = pool_ring_alloc(size, cpu_to_node(cpu));
			if (!own->ring[i]) {
				free_rings(body);
				return -ENOMEM;
			}
		}
	}
	return 0;
}

/* Debugging and bounded pools do everything in the slow path. */
static int alloc_private(struct quartet_pool *pool, bool closed, gfp_t gfp)
{
	unsigned int cpu, i;

	pool->cpu = alloc_percpu_gfp(struct quartet_pool_cpu, gfp);
	if (!pool->cpu)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		for (i = 0; closed && i < QUARTET_POOL_CONTEXTS; i++)
			per_cpu_ptr(pool->cpu, cpu)->private[i] = QUARTET_POOL_CLOSED;
	return 0;
}

static struct quartet_pool_body *alloc_body(struct quartet_pool *pool,
					    const struct quartet_pool_params *params)
{
	struct quartet_pool_body *body = kzalloc(sizeof(*body), params->gfp ?: GFP_KERNEL);

	if (!body)
		return NULL;
	body->pool = pool;
	body->params = *params;
	strscpy(body->name, params->name, sizeof(body->name));
	body->params.name = body->name;
	body->params.gfp = params->gfp ?: GFP_KERNEL;
	body->plain = !params->bounded && !(params->flags & QUARTET_POOL_DEBUG);
	mutex_init(&body->scan_lock);
	return body;
}

/* What an unbounded pool has and a bounded one has not. */
static int init_unbounded(struct quartet_pool_body *body)
{
	int err = pool_backing_init(body);

	if (err)
		return err;
	err = alloc_rings(body);
	if (err)
		goto no_rings;
	err = pool_reclaim_init(body);
	if (err)
		goto no_reclaim;
	return 0;

no_reclaim:
	free_rings(body);
no_rings:
	pool_backing_exit(body);
	return err;
}

static void exit_unbounded(struct quartet_pool_body *body)
{
	unsigned int cpu;

	pool_reclaim_exit(body);
	for_each_possible_cpu(cpu)
		pool_drain_cpu(body, cpu);
	free_rings(body);
	pool_backing_exit(body);
}

static int init_kind(struct quartet_pool_body *body)
{
	return body->params.bounded ? pool_slots_init(body) : init_unbounded(body);
}

/**
 * quartet_pool_init() - make a pool
 * @pool: memory that no one else uses yet
 * @params: what of; copied
 *
 * Context: task, may sleep.
 * Return: 0; -EINVAL for a parameter that is out of its range, -EEXIST for a name that
 * another pool has, -ENOMEM. On failure nothing is left behind, and @pool is as after
 * quartet_pool_destroy().
 */
int quartet_pool_init(struct quartet_pool *pool, const struct quartet_pool_params *params)
{
	struct quartet_pool_body *body;
	int err = check_params(params);

	*pool = (struct quartet_pool){ .cpu = &destroyed_cpu, .size = params->size };
	if (err)
		return err;
	body = alloc_body(pool, params);
	if (!body)
		return -ENOMEM;
	err = alloc_private(pool, !body->plain, body->params.gfp);
	if (err)
		goto no_private;
	err = params->flags & QUARTET_POOL_DEBUG ? pool_records_init(body) : 0;
	if (err)
		goto no_records;
	/* The name first: its cache must not be there twice. */
	err = pool_list_add(body);
	if (err)
		goto no_name;
	err = init_kind(body);
	if (err)
		goto no_kind;
	/* Only now shown, and shrunk. */
	WRITE_ONCE(pool->body, body);
	return 0;

no_kind:
	pool_list_remove(body);
no_name:
	pool_records_exit(body);
no_records:
	free_percpu(pool->cpu);
no_private:
	pool->cpu = &destroyed_cpu;
	kfree(body);
	return err;
}
EXPORT_SYMBOL_GPL(quartet_pool_init);

static u64 count_out(struct quartet_pool_body *body)
{
	if (body->slots)
		return body->params.bounded - pool_slots_free(body->slots);
	return atomic64_read(&body->allocated) - atomic64_read(&body->freed);
}

/**
 * quartet_pool_destroy() - the end of a pool
 * @pool: a pool that nobody gets from or puts to any more; one that was destroyed is left alone
 *
 * Objects that are still out are reported, and leak: with QUARTET_POOL_DEBUG by the
 * stack that took each of them.
 *
 * Context: task, may sleep.
 * Return: how many are still out.
 */
long quartet_pool_destroy(struct quartet_pool *pool)
{
	struct quartet_pool_body *body = pool->body;
	long out;

	if (!body)
		return 0;
	pool_list_hide(body);
	if (!body->slots)
		exit_unbounded(body);
	out = count_out(body);
	if (body->slots)
		pool_slots_exit(body);
	if (out)
		pr_err("quartet: pool %s: %ld objects are still out\n", body->name, out);
	pool_records_exit(body);
	pool_list_remove(body);
	free_percpu(pool->cpu);
	*pool = (struct quartet_pool){ .cpu = &destroyed_cpu, .size = pool->size };
	kfree(body);
	return out;
}
EXPORT_SYMBOL_GPL(quartet_pool_destroy);

/**
 * quartet_pool_read() - what a pool has done and holds
 * @pool: a pool
 * @state: filled; each number is of its own moment, unless nobody uses the pool
 *
 * Context: any.
 */
void quartet_pool_read(struct quartet_pool *pool, struct quartet_pool_state *state)
{
	struct quartet_pool_body *body = READ_ONCE(pool->body);
	unsigned int cpu;

	*state = (struct quartet_pool_state){ };
	if (!body)
		return;
	for_each_possible_cpu(cpu) {
		struct quartet_pool_stats *stats = &per_cpu_ptr(pool->cpu, cpu)->stats;

		/* data_race(): counters are each CPU's own, and may be torn for all we care. */
#define QUARTET_POOL_STAT(name) state->stats.name += data_race(READ_ONCE(stats->name));
		QUARTET_POOL_STATS(QUARTET_POOL_STAT)
#undef QUARTET_POOL_STAT
	}
	state->allocated = body->slots ? body->params.bounded : atomic64_read(&body->allocated);
	state->freed = body->slots ? 0 : atomic64_read(&body->freed);
	state->cached = pool_count_cached(body);
}
EXPORT_SYMBOL_GPL(quartet_pool_read);

/**
 * quartet_pool_slots() - the memory of a bounded pool
 * @pool: a pool
 * @stride: bytes from one slot to the next
 *
 * Page aligned, from vmalloc_user(): remap_vmalloc_range() maps it.
 *
 * Return: the first slot, or NULL for a pool that is not bounded.
 */
void *quartet_pool_slots(struct quartet_pool *pool, size_t *stride)
{
	struct quartet_pool_body *body = READ_ONCE(pool->body);

	return body && body->slots ? pool_slots_memory(body->slots, stride) : NULL;
}
EXPORT_SYMBOL_GPL(quartet_pool_slots);
