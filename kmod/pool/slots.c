// SPDX-License-Identifier: GPL-2.0-only
/*
 * The slots of a bounded pool, as a stack of free ones under a lock.
 *
 * A lock and no rings, because a get must fail exactly if no slot is free: a
 * get that asks one ring after the other may miss the only free slot on its way
 * from one to another.
 */
#include <linux/bitmap.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/vmalloc.h>

#include "body.h"

/**
 * struct pool_slots - the slots
 * @lock: protects @nfree, @free and @out; taken in any context
 * @memory: of all slots, mappable
 * @stride: bytes from one to the next
 * @number: of slots
 * @nfree: of free ones
 * @free: their numbers, the one put last at the end
 * @out: a bit for each that is not free
 */
struct pool_slots {
	raw_spinlock_t lock;
	void *memory;
	size_t stride;
	unsigned int number;
	unsigned int nfree;
	unsigned int *free;
	unsigned long *out;
};

static void free_slots(struct pool_slots *slots)
{
	bitmap_free(slots->out);
	kvfree(slots->free);
	vfree(slots->memory);
	kfree(slots);
}

static bool alloc_slots(struct pool_slots *slots, gfp_t gfp)
{
	size_t bytes;

	if (check_mul_overflow(slots->stride, (size_t)slots->number, &bytes))
		return false;
	slots->memory = __vmalloc(bytes, gfp | __GFP_ZERO);
	slots->free = kvmalloc_array(slots->number, sizeof(*slots->free), gfp);
	slots->out = bitmap_zalloc(slots->number, gfp);
	return slots->memory && slots->free && slots->out;
}

/* Constructed, and recorded as put. */
static bool prepare(struct quartet_pool_body *body, void *slot)
{
	if (body->params.ctor)
		body->params.ctor(slot, body->params.data);
	return !body->records ||
	       (pool_record_alloc(body, slot, body->params.gfp) && pool_record_put(body, slot));
}

int pool_slots_init(struct quartet_pool_body *body)
{
	const struct quartet_pool_params *params = &body->params;
	struct pool_slots *slots = kzalloc(sizeof(*slots), params->gfp);
	unsigned int i;

	if (!slots)
		return -ENOMEM;
	raw_spin_lock_init(&slots->lock);
	slots->stride = ALIGN(params->size, max(params->align, sizeof(void *)));
	slots->number = params->bounded;
	if (!alloc_slots(slots, params->gfp)) {
		free_slots(slots);
		return -ENOMEM;
	}
	for (i = 0; i < slots->number; i++) {
		slots->free[i] = slots->number - 1 - i;
		if (!prepare(body, slots->memory + i * slots->stride)) {
			free_slots(slots);
			return -ENOMEM;
		}
	}
	slots->nfree = slots->number;
	body->slots = slots;
	return 0;
}

void pool_slots_exit(struct quartet_pool_body *body)
{
	free_slots(body->slots);
	body->slots = NULL;
}

void *pool_slots_get(struct pool_slots *slots)
{
	unsigned long flags;
	void *object = NULL;
	unsigned int n;

	raw_spin_lock_irqsave(&slots->lock, flags);
	if (slots->nfree) {
		n = slots->free[--slots->nfree];
		__set_bit(n, slots->out);
		object = slots->memory + n * slots->stride;
	}
	raw_spin_unlock_irqrestore(&slots->lock, flags);
	return object;
}

/* False, and reported, if @object is no slot that is out. */
bool pool_slots_put(struct pool_slots *slots, void *object)
{
	size_t offset = object - slots->memory, n = offset / slots->stride;
	bool ours = n < slots->number && offset % slots->stride == 0;
	unsigned long flags;

	raw_spin_lock_irqsave(&slots->lock, flags);
	ours = ours && __test_and_clear_bit(n, slots->out);
	if (ours)
		slots->free[slots->nfree++] = n;
	raw_spin_unlock_irqrestore(&slots->lock, flags);
	return !WARN(!ours, "quartet: %p is put to a pool that has not given it out\n", object);
}

unsigned int pool_slots_free(struct pool_slots *slots)
{
	return READ_ONCE(slots->nfree);
}

void *pool_slots_memory(struct pool_slots *slots, size_t *stride)
{
	*stride = slots->stride;
	return slots->memory;
}
