/* SPDX-License-Identifier: GPL-2.0-only */
/* The slots of a pool that handles share: who has which, who waits for one. */
#ifndef QUARTET_DEV_SLOTS_H
#define QUARTET_DEV_SLOTS_H

#include <quartet/pool.h>

#include "handle.h"

#define SLOT_NONE	U32_MAX

/**
 * struct pool_slot - a slot
 * @owner: who has it, NULL for the pool, or SLOT_DYING; a handle gives it back before it closes
 * @process: that it was granted to; NULL for the owner alone, or if it was given and nobody knows
 *	yet. The tie of the two pins it (process.h)
 * @inbox: of its owner, while it has been given and not yet been read
 */
struct pool_slot {
	struct pool_handle *owner;
	const struct process *process;
	struct list_head inbox;
};

/**
 * struct pool_object - a pool
 * @object: the object
 * @pool: the pool
 * @memory: of the slots, one after the other
 * @stride: from one to the next
 * @slots: how many
 * @slot_size: of each
 * @lock: taken in task context, innermost but for the handles'; protects what follows
 * @waiters: handles, in the order in which they came
 * @out: how many are not the pool's
 * @slot: each
 */
struct pool_object {
	struct dev_object object;
	struct quartet_pool pool;
	void *memory;
	size_t stride;
	u32 slots;
	u32 slot_size;
	spinlock_t lock;		/* of who has which */
	struct list_head waiters;
	u32 out;
	struct pool_slot *slot;
};

/**
 * struct pool_waiter - a place in the line
 * @list: in the line, or empty; under the pool's lock, as is all here
 * @handle: who waits; it leaves the line before it closes
 * @process: for whom, or NULL; pinned by its tie to the handle
 * @slot: what it got, or SLOT_NONE
 * @async: the handle is told; else it is woken
 */
struct pool_waiter {
	struct list_head list;
	struct pool_handle *handle;
	const struct process *process;
	u32 slot;
	bool async;
};

/**
 * struct pool_handle - an owner of slots
 * @handle: the handle
 * @request: the asynchronous one
 * @inbox: slots that have been given to it; under the pool's lock
 * @owned: how many it has; the same
 */
struct pool_handle {
	struct dev_handle handle;
	struct pool_waiter request;
	struct list_head inbox;
	u32 owned;
};

static inline struct pool_handle *pool_handle(struct dev_handle *handle)
{
	return container_of(handle, struct pool_handle, handle);
}

static inline struct pool_object *pool_of(const struct pool_handle *handle)
{
	return container_of(handle->handle.object, struct pool_object, object);
}

bool slots_take(struct pool_object *pool, struct pool_waiter *waiter, bool queue);
bool slots_leave(struct pool_object *pool, struct pool_waiter *waiter);
int slots_put(struct pool_handle *handle, u32 n);
int slots_give(struct pool_handle *handle, struct pool_handle *to, u32 n);
void slots_die(struct pool_handle *handle, const struct process *process);
bool slots_given(struct pool_handle *handle, u32 *n);
void slots_accept(struct pool_handle *handle, u32 n, const struct process *process);

#endif /* QUARTET_DEV_SLOTS_H */
