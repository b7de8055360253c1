// SPDX-License-Identifier: GPL-2.0-only
/* Gets that do not sleep until another has computed, but are called. */
#include <linux/export.h>
#include <linux/sched.h>

#include <quartet/race.h>

#include "body.h"

/**
 * quartet_memo_enqueue() - quartet_memo_get() that is called instead of sleeping
 * @memo: a table whose callers lead
 * @key: @key_len bytes
 * @key_len: 1 to the table's key_max
 * @value: where it is copied to, if it is there
 * @size: room there
 * @how: as for quartet_memo_get(); a deadline is the caller's affair
 * @waiter: with @wake set. If @how says QUEUED it stays until either @wake and
 *	quartet_memo_collect() have returned, or quartet_memo_cancel() has returned true
 *
 * Such a wait is not in the wait graph, as its owner is free to do other things.
 *
 * Context: task, may sleep for memory.
 * Return: -EINPROGRESS, and QUEUED: @wake will be called, once, in the context of whoever decides,
 * and may have been; else as quartet_memo_get(), and -EOPNOTSUPP for a table with a function. An
 * errno alone does not say which: the result of a key may be -EINPROGRESS, too.
 */
ssize_t quartet_memo_enqueue(struct quartet_memo *memo, const void *key, size_t key_len,
			     void *value, size_t size, struct quartet_memo_how *how,
			     struct quartet_memo_waiter *waiter)
{
	struct memo_request req = {
		.key = { .bytes = key, .len = key_len }, .waiter = waiter,
	};
	struct quartet_memo_value *found;

	waiter->task = NULL;
	waiter->owner = how && how->owner ? how->owner : current;
	quartet_race_release(waiter);
	found = memo_get_slow(memo, &req, how);
	return IS_ERR(found) ? PTR_ERR(found) : memo_copy(found, value, size);
}
EXPORT_SYMBOL_GPL(quartet_memo_enqueue);

/**
 * quartet_memo_cancel() - the end of quartet_memo_enqueue() before it is decided
 * @memo: the table
 * @waiter: as queued, and not collected
 *
 * Context: task.
 * Return: true, with the waiter out of the queue and never to be called; false if @wake has been
 * or will be called, and the caller is to collect: a value, or a lead that it abandons.
 */
bool quartet_memo_cancel(struct quartet_memo *memo, struct quartet_memo_waiter *waiter)
{
	struct quartet_memo_body *body = memo_enter(memo);
	bool left;

	/* Closed: all who wait are told so. */
	if (!body)
		return false;
	left = memo_leave_queue(body, waiter);
	if (left)
		memo_entry_put(waiter->entry);
	memo_leave(body);
	return left;
}
EXPORT_SYMBOL_GPL(quartet_memo_cancel);

static struct quartet_memo_value *collect(struct quartet_memo_waiter *waiter,
					  struct quartet_memo_how *how)
{
	struct quartet_memo_value *result = waiter->result;
	bool closed = waiter->closed;

	quartet_race_acquire(waiter);
	memo_entry_put(waiter->entry);
	how->len = 0;
	if (waiter->promoted) {
		how->what = QUARTET_MEMO_LEAD;
		how->lead = waiter->lead;
		return ERR_PTR(-ENODATA);
	}
	how->what = closed ? QUARTET_MEMO_NOTHING : QUARTET_MEMO_JOINED;
	if (!IS_ERR(result))
		how->len = result->len;
	return result;
}

/**
 * quartet_memo_collect() - what a waiter that has been called has got
 * @waiter: its @wake has been called, or is calling this
 * @value: where a value is copied to
 * @size: room there; if it is too small, the value is lost to this waiter
 * @how: to be told; not NULL
 *
 * Context: task.
 * Return: as quartet_memo_get(); -ENODATA, and LEAD, if the leader before has abandoned.
 */
ssize_t quartet_memo_collect(struct quartet_memo_waiter *waiter, void *value, size_t size,
			     struct quartet_memo_how *how)
{
	struct quartet_memo_value *result = collect(waiter, how);

	return IS_ERR(result) ? PTR_ERR(result) : memo_copy(result, value, size);
}
EXPORT_SYMBOL_GPL(quartet_memo_collect);

/**
 * quartet_memo_collect_ref() - quartet_memo_collect() without a copy
 * @waiter: as there
 * @how: as there
 *
 * Context: task.
 * Return: a value, for quartet_memo_put_ref(); or an ERR_PTR() of what quartet_memo_collect()
 * returns.
 */
const struct quartet_memo_value *quartet_memo_collect_ref(struct quartet_memo_waiter *waiter,
							  struct quartet_memo_how *how)
{
	struct quartet_memo_value *result = collect(waiter, how);

	if (!IS_ERR(result))
		quartet_race_acquire(result);
	return result;
}
EXPORT_SYMBOL_GPL(quartet_memo_collect_ref);
