// SPDX-License-Identifier: GPL-2.0-only
/*
 * What makes a pool give memory back: the shrinker, and CPUs that go offline.
 *
 * A shrinker's scan does not wait: it queues work for the private slots and
 * goes on. Work that runs on another CPU than its own, because that went
 * offline meanwhile, finds nothing to do: the offline callback has been there.
 */
#include <linux/cpu.h>

#include "../base/compat.h"
#include "body.h"
#include "reclaim.h"

static enum cpuhp_state offline_state;

/* The CPU is dead: its slots and rings are nobody's. */
static int cpu_offline(unsigned int cpu, struct hlist_node *node)
{
	struct quartet_pool_body *body = hlist_entry(node, struct quartet_pool_body, offline);

	raw_cpu_add(body->pool->cpu->stats.reclaimed, pool_drain_cpu(body, cpu));
	return 0;
}

int pool_reclaim_setup(void)
{
	int state = cpuhp_setup_state_multi(CPUHP_BP_PREPARE_DYN, "quartet/pool:dead", NULL,
					    cpu_offline);

	if (state < 0)
		return state;
	offline_state = state;
	return 0;
}

void pool_reclaim_cleanup(void)
{
	cpuhp_remove_multi_state(offline_state);
}

static void empty_private(struct work_struct *work)
{
	pool_give_up_private(container_of(work, struct pool_give_up, work)->body);
}

static bool has_private(const struct quartet_pool_cpu *cpu)
{
	unsigned int i;

	for (i = 0; i < QUARTET_POOL_CONTEXTS; i++)
		if (__quartet_pool_is_object(READ_ONCE(cpu->private[i])))
			return true;
	return false;
}

/* On each CPU that has some, later. */
void pool_empty_privates(struct quartet_pool_body *body)
{
	unsigned int cpu;

	for_each_online_cpu(cpu)
		if (has_private(per_cpu_ptr(body->pool->cpu, cpu)))
			schedule_work_on(cpu, &per_cpu_ptr(body->give_up, cpu)->work);
}

static unsigned long count_objects(struct shrinker *shrinker, struct shrink_control *control)
{
	return pool_count_cached(quartet_shrinker_data(shrinker)) ?: SHRINK_EMPTY;
}

static unsigned long scan_objects(struct shrinker *shrinker, struct shrink_control *control)
{
	struct quartet_pool_body *body = quartet_shrinker_data(shrinker);

	return quartet_pool_scan(body->pool) ?: SHRINK_STOP;
}

/* One call for all that there is, as each is one of the two steps, however much is asked for. */
static bool shrink(struct quartet_pool_body *body)
{
	body->shrinker = quartet_shrinker_alloc(body->name, body);
	if (!body->shrinker)
		return false;
	body->shrinker->count_objects = count_objects;
	body->shrinker->scan_objects = scan_objects;
	body->shrinker->batch = LONG_MAX;
	body->shrinker->seeks = DEFAULT_SEEKS;
	return quartet_shrinker_register(body->shrinker, body->name);
}

int pool_reclaim_init(struct quartet_pool_body *body)
{
	unsigned int cpu;
	int err;

	body->give_up = alloc_percpu(struct pool_give_up);
	if (!body->give_up)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		INIT_WORK(&per_cpu_ptr(body->give_up, cpu)->work, empty_private);
		per_cpu_ptr(body->give_up, cpu)->body = body;
	}
	err = cpuhp_state_add_instance_nocalls(offline_state, &body->offline);
	if (err)
		goto no_offline;
	if (shrink(body))
		return 0;
	cpuhp_state_remove_instance_nocalls(offline_state, &body->offline);
	err = -ENOMEM;
no_offline:
	free_percpu(body->give_up);
	return err;
}

void pool_reclaim_exit(struct quartet_pool_body *body)
{
	unsigned int cpu;

	quartet_shrinker_free(body->shrinker);
	for_each_possible_cpu(cpu)
		cancel_work_sync(&per_cpu_ptr(body->give_up, cpu)->work);
	cpuhp_state_remove_instance_nocalls(offline_state, &body->offline);
	free_percpu(body->give_up);
}
