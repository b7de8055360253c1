/* SPDX-License-Identifier: GPL-2.0-only */
/* What a pool is made of, for the files of this folder. */
#ifndef QUARTET_POOL_BODY_H
#define QUARTET_POOL_BODY_H

#include <linux/atomic.h>
#include <linux/cpuhotplug.h>
#include <linux/irq_work.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/mutex.h>
#include <linux/shrinker.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include <quartet/pool.h>

#include "../base/name.h"
#include "ring.h"

struct pool_slots;
struct pool_records;

/**
 * struct pool_give_up - empties the private slots of its CPU
 * @work: queued on it
 * @body: whose
 */
struct pool_give_up {
	struct work_struct work;
	struct quartet_pool_body *body;
};

/**
 * struct quartet_pool_body - all of a pool but what the fast path needs
 * @pool: whose
 * @params: as given, but for @name
 * @name: params.name
 * @cache: where objects come from, unless params.alloc is given
 * @give_up: per CPU
 * @plain: neither bounded nor debugged: objects are in private slots and rings, without records
 * @scan_lock: one scan at a time; also for quartet_pool.turn
 * @allocated: objects that came from the allocator; @freed: that went back. Exact
 * @slots: of a bounded pool; or NULL
 * @records: of a pool with QUARTET_POOL_DEBUG; or NULL
 * @late: objects to be freed where it is allowed, by @late_work
 * @listed: in the list of all pools, under its mutex
 * @offline: for CPUs that go away
 * @shrinker: under memory pressure
 */
struct quartet_pool_body {
	struct quartet_pool *pool;
	struct quartet_pool_params params;
	char name[QUARTET_NAME_CHARS];
	struct kmem_cache *cache;
	struct pool_give_up __percpu *give_up;
	bool plain;
	struct mutex scan_lock;		/* see above */
	atomic64_t allocated;
	atomic64_t freed;
	struct pool_slots *slots;
	struct pool_records *records;
	struct llist_head late;
	struct irq_work late_work;
	struct list_head listed;
	struct hlist_node offline;
	struct shrinker *shrinker;
};

/* backing.c */
int pool_backing_init(struct quartet_pool_body *body);
void pool_backing_exit(struct quartet_pool_body *body);
void *pool_backing_alloc(struct quartet_pool_body *body, gfp_t gfp);
void pool_backing_free(struct quartet_pool_body *body, void *object);

/* pool.c */
unsigned long pool_drain_cpu(struct quartet_pool_body *body, unsigned int cpu);
void pool_give_up_private(struct quartet_pool_body *body);
u64 pool_count_cached(struct quartet_pool_body *body);

/* reclaim.c */
int pool_reclaim_init(struct quartet_pool_body *body);
void pool_reclaim_exit(struct quartet_pool_body *body);
void pool_empty_privates(struct quartet_pool_body *body);

/* slots.c */
int pool_slots_init(struct quartet_pool_body *body);
void pool_slots_exit(struct quartet_pool_body *body);
void *pool_slots_get(struct pool_slots *slots);
bool pool_slots_put(struct pool_slots *slots, void *object);
unsigned int pool_slots_free(struct pool_slots *slots);
void *pool_slots_memory(struct pool_slots *slots, size_t *stride);

/* record.c */
int pool_records_init(struct quartet_pool_body *body);
void pool_records_exit(struct quartet_pool_body *body);
bool pool_record_alloc(struct quartet_pool_body *body, void *object, gfp_t gfp);
void pool_record_free(struct quartet_pool_body *body, void *object);
void pool_record_get(struct quartet_pool_body *body, void *object);
bool pool_record_put(struct quartet_pool_body *body, void *object);

/* list.c */
int pool_list_add(struct quartet_pool_body *body);
void pool_list_hide(struct quartet_pool_body *body);
void pool_list_remove(struct quartet_pool_body *body);

static inline struct pool_ring *pool_ring_of(struct quartet_pool_body *body, unsigned int cpu,
					     bool victims)
{
	return per_cpu_ptr(body->pool->cpu, cpu)->ring[(READ_ONCE(body->pool->turn) & 1) ^ victims];
}

#endif /* QUARTET_POOL_BODY_H */
