// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where fresh objects come from, and where those go that nobody keeps.
 *
 * On PREEMPT_RT the allocator sleeps, and so is out of reach where preemption
 * or interrupts are off: a get there has what is cached, or nothing, and a put
 * leaves what it cannot keep to irq_work, which is a thread there. For that the
 * object's first word is the link of a list: it is on its way out.
 */
#include "body.h"

static bool can_reach_allocator(void)
{
	return !IS_ENABLED(CONFIG_PREEMPT_RT) || preemptible();
}

static void give_back(struct quartet_pool_body *body, void *object)
{
	if (body->params.free)
		body->params.free(object, body->params.data);
	else
		kmem_cache_free(body->cache, object);
}

static void free_now(struct quartet_pool_body *body, void *object)
{
	if (body->records)
		pool_record_free(body, object);
	give_back(body, object);
	atomic64_inc(&body->freed);
}

static void free_late(struct irq_work *work)
{
	struct quartet_pool_body *body = container_of(work, struct quartet_pool_body, late_work);
	struct llist_node *node = llist_del_all(&body->late), *next;

	for (; node; node = next) {
		next = node->next;
		free_now(body, node);
	}
}

int pool_backing_init(struct quartet_pool_body *body)
{
	size_t align = max(body->params.align, sizeof(void *));
	char name[sizeof("quartet_") + QUARTET_NAME_CHARS];

	init_llist_head(&body->late);
	init_irq_work(&body->late_work, free_late);
	if (body->params.alloc)
		return 0;
	snprintf(name, sizeof(name), "quartet_%s", body->name);
	body->cache = kmem_cache_create(name, max(body->params.size, sizeof(struct llist_node)),
					align, SLAB_HWCACHE_ALIGN, NULL);
	return body->cache ? 0 : -ENOMEM;
}

/* Nobody puts any more. */
void pool_backing_exit(struct quartet_pool_body *body)
{
	irq_work_sync(&body->late_work);
	free_late(&body->late_work);
	kmem_cache_destroy(body->cache);
}

/* Constructed, and known to the records. */
void *pool_backing_alloc(struct quartet_pool_body *body, gfp_t gfp)
{
	struct quartet_pool_params *params = &body->params;
	void *object;

	if (!can_reach_allocator())
		return NULL;
	object = params->alloc ? params->alloc(gfp, params->data) :
				 kmem_cache_alloc(body->cache, gfp);
	if (!object)
		return NULL;
	if (body->records && !pool_record_alloc(body, object, gfp)) {
		give_back(body, object);
		return NULL;
	}
	atomic64_inc(&body->allocated);
	if (params->ctor)
		params->ctor(object, params->data);
	return object;
}

void pool_backing_free(struct quartet_pool_body *body, void *object)
{
	if (can_reach_allocator()) {
		free_now(body, object);
	} else {
		llist_add(object, &body->late);
		irq_work_queue(&body->late_work);
	}
}
