// SPDX-License-Identifier: GPL-2.0-only
/*
 * The slots of a pool that handles share: who has which, who waits for one.
 *
 *	pool ------> owned by a handle ------> pool, or the next in the line
 *	  take           |    ^           put
 *	                 +----+ give
 *	                 |
 *	                 +------> dying ------> pool, or the next in the line
 *	                   death         zeroed
 *
 * The pool has free slots only while nobody is in the line. All moves are under the pool's lock;
 * a dying slot belongs to the thread that zeroes it.
 */
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "slots.h"

#define SLOT_DYING	((struct pool_handle *)1)

static void *slot_memory(const struct pool_object *pool, u32 n)
{
	return pool->memory + n * pool->stride;
}

static void own(struct pool_object *pool, struct pool_handle *handle, u32 n,
		const struct process *process)
{
	pool->slot[n].owner = handle;
	pool->slot[n].process = process;
	handle->owned++;
}

static void disown(struct pool_object *pool, u32 n)
{
	pool->slot[n].owner->owned--;
	pool->slot[n].process = NULL;
	list_del_init(&pool->slot[n].inbox);
}

static void tell(struct pool_waiter *waiter)
{
	struct quartet_event event = { .what = QUARTET_EVENT_SLOT, .token = waiter->slot };
	struct dev_handle *handle = &waiter->handle->handle;

	if (waiter->async)
		handle_tell(handle, &event, NULL);
	else
		wake_up_all(&handle->wait);
}

/* Nobody has the slot: it is the next one's in the line. */
static void pass(struct pool_object *pool, u32 n)
{
	struct pool_waiter *next = list_first_entry_or_null(&pool->waiters, struct pool_waiter,
							    list);

	lockdep_assert_held(&pool->lock);
	if (!next) {
		pool->slot[n].owner = NULL;
		pool->out--;
		quartet_pool_put(&pool->pool, slot_memory(pool, n));
		return;
	}
	list_del_init(&next->list);
	atomic_dec(&pool->object.waiters);
	own(pool, next->handle, n, next->process);
	WRITE_ONCE(next->slot, n);
	tell(next);
}

/* True with waiter->slot; else it is at the end of the line, if @queue says so. */
bool slots_take(struct pool_object *pool, struct pool_waiter *waiter, bool queue)
{
	void *memory = NULL;

	WRITE_ONCE(waiter->slot, SLOT_NONE);
	spin_lock(&pool->lock);
	if (list_empty(&pool->waiters))
		memory = quartet_pool_get(&pool->pool, GFP_NOWAIT);
	if (memory) {
		waiter->slot = (memory - pool->memory) / pool->stride;
		own(pool, waiter->handle, waiter->slot, waiter->process);
		pool->out++;
	} else if (queue) {
		list_add_tail(&waiter->list, &pool->waiters);
		atomic_inc(&pool->object.waiters);
	}
	spin_unlock(&pool->lock);
	return memory;
}

/* Out of the line: false if it has a slot, and has been told. */
bool slots_leave(struct pool_object *pool, struct pool_waiter *waiter)
{
	bool waits;

	spin_lock(&pool->lock);
	waits = waiter->slot == SLOT_NONE;
	if (waits) {
		list_del_init(&waiter->list);
		atomic_dec(&pool->object.waiters);
	}
	spin_unlock(&pool->lock);
	return waits;
}

static bool owns(const struct pool_object *pool, const struct pool_handle *handle, u32 n)
{
	return n < pool->slots && pool->slot[n].owner == handle;
}

/* 0; -EPERM for a slot that the handle does not have, -EINVAL for one that there is not. */
int slots_put(struct pool_handle *handle, u32 n)
{
	struct pool_object *pool = pool_of(handle);
	int err = 0;

	if (n >= pool->slots)
		return -EINVAL;
	spin_lock(&pool->lock);
	if (owns(pool, handle, n)) {
		disown(pool, n);
		pass(pool, n);
	} else {
		err = -EPERM;
	}
	spin_unlock(&pool->lock);
	return err;
}

/* As slots_put(). @to is another handle of the pool, which stays open meanwhile. */
int slots_give(struct pool_handle *handle, struct pool_handle *to, u32 n)
{
	struct pool_object *pool = pool_of(handle);
	int err = 0;

	if (n >= pool->slots)
		return -EINVAL;
	spin_lock(&pool->lock);
	if (owns(pool, handle, n)) {
		disown(pool, n);
		own(pool, to, n, NULL);
		list_add_tail(&pool->slot[n].inbox, &to->inbox);
		wake_up_poll(&to->handle.wait, EPOLLIN | EPOLLRDNORM);
	} else {
		err = -EPERM;
	}
	spin_unlock(&pool->lock);
	return err;
}

/* A slot of the handle's that dies with the process, or SLOT_NONE; it is then dying. */
static u32 doom(struct pool_handle *handle, const struct process *process, u32 from)
{
	struct pool_object *pool = pool_of(handle);
	u32 n;

	spin_lock(&pool->lock);
	for (n = handle->owned ? from : pool->slots; n < pool->slots; n++) {
		if (owns(pool, handle, n) && (!process || pool->slot[n].process == process)) {
			disown(pool, n);
			pool->slot[n].owner = SLOT_DYING;
			break;
		}
	}
	spin_unlock(&pool->lock);
	return n < pool->slots ? n : SLOT_NONE;
}

void slots_die(struct pool_handle *handle, const struct process *process)
{
	struct pool_object *pool = pool_of(handle);
	u32 n = 0;

	while ((n = doom(handle, process, n)) != SLOT_NONE) {
		memset(slot_memory(pool, n), 0, pool->stride);
		spin_lock(&pool->lock);
		pass(pool, n);
		spin_unlock(&pool->lock);
		cond_resched();
	}
}

/* The one that was given first, and not yet accepted. */
bool slots_given(struct pool_handle *handle, u32 *n)
{
	struct pool_object *pool = pool_of(handle);
	struct pool_slot *first;

	spin_lock(&pool->lock);
	first = list_first_entry_or_null(&handle->inbox, struct pool_slot, inbox);
	if (first)
		*n = first - pool->slot;
	spin_unlock(&pool->lock);
	return first;
}

/* The process knows that it has the slot, unless it has passed it on by now. */
void slots_accept(struct pool_handle *handle, u32 n, const struct process *process)
{
	struct pool_object *pool = pool_of(handle);

	spin_lock(&pool->lock);
	if (owns(pool, handle, n) && !list_empty(&pool->slot[n].inbox)) {
		pool->slot[n].process = process;
		list_del_init(&pool->slot[n].inbox);
	}
	spin_unlock(&pool->lock);
}
