// SPDX-License-Identifier: GPL-2.0-only
/* The value of a key for a handle: a value, an error, or a lead, at once or later. */
#include <linux/err.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "limits.h"
#include "memo.h"

static const u32 answers[] = {
	[QUARTET_MEMO_NOTHING] = QUARTET_ANSWER_NONE,
	[QUARTET_MEMO_HIT] = QUARTET_ANSWER_VALUE,
	[QUARTET_MEMO_OLD] = QUARTET_ANSWER_OLD,
	[QUARTET_MEMO_JOINED] = QUARTET_ANSWER_JOINED,
	[QUARTET_MEMO_COMPUTED] = QUARTET_ANSWER_COMPUTED,
	[QUARTET_MEMO_FAILED] = QUARTET_ANSWER_ERROR,
	[QUARTET_MEMO_LEAD] = QUARTET_ANSWER_LEAD,
};

/* A table with a function is computed by the task that asks, which is its own owner. */
static const void *owner_of(struct memo_handle *handle)
{
	return memo_of(handle)->has_function ? NULL : handle;
}

static struct quartet_memo_how how_of(struct memo_handle *handle, u32 flags)
{
	struct quartet_memo_how how = { .owner = owner_of(handle) };

	if (flags & QUARTET_TRY)
		how.flags |= QUARTET_MEMO_NOWAIT;
	if (flags & QUARTET_NO_LEAD || leads_full(handle))
		how.flags |= QUARTET_MEMO_NOLEAD;
	if (flags & QUARTET_STALE)
		how.flags |= QUARTET_MEMO_STALE;
	return how;
}

/* What a lead cannot be remembered for is not the caller's. */
static int keep_lead(struct memo_handle *handle, const struct process *asker,
		     const struct quartet_memo_lead *got)
{
	struct memo_lead *lead = kmalloc(sizeof(*lead), LIMITS_GFP);

	if (!lead) {
		quartet_memo_abandon(&memo_of(handle)->memo, got);
		return -ENOMEM;
	}
	leads_add(handle, lead, got, asker);
	return 0;
}

static int tell_value(struct quartet_memo_get *args, const struct quartet_memo_value *value)
{
	args->value_len = value->len;
	if (value->len > args->value_size)
		return -ENOBUFS;
	return copy_to_user(u64_to_user_ptr(args->value), value->data, value->len) ? -EFAULT : 0;
}

/* Consumes the value's reference. */
static int tell(struct memo_handle *handle, const struct process *asker,
		struct quartet_memo_get *args, const struct quartet_memo_how *how,
		const struct quartet_memo_value *value)
{
	int err;

	args->what = answers[how->what];
	if (!IS_ERR(value)) {
		err = tell_value(args, value);
		quartet_memo_put_ref(value);
		return err;
	}
	if (how->what == QUARTET_MEMO_LEAD) {
		args->token = how->lead.token;
		args->attempt = how->lead.attempt;
		return keep_lead(handle, asker, &how->lead);
	}
	if (how->what != QUARTET_MEMO_NOTHING) {
		args->error = PTR_ERR(value);
		return 0;
	}
	if (value == ERR_PTR(-ENOENT) && !(args->flags & QUARTET_NO_LEAD))
		return -EDQUOT;
	return PTR_ERR(value);
}

int memo_get_blocking(struct memo_handle *handle, const struct process *asker,
		      struct quartet_memo_get *args, const void *key, const ktime_t *deadline)
{
	struct quartet_memo_how how = how_of(handle, args->flags);
	const struct quartet_memo_value *value;
	struct handle_call call;

	handle_call_begin(&handle->handle, &call);
	how.stop = &call.stop;
	how.deadline = deadline;
	value = quartet_memo_get_ref(&memo_of(handle)->memo, key, args->key_len, &how);
	handle_call_end(&handle->handle, &call);
	return tell(handle, asker, args, &how, value);
}

/* In whatever ended the computation. */
static void decided(struct quartet_memo_waiter *waiter)
{
	struct memo_handle *handle = container_of(waiter, struct memo_handle, waiter);
	struct quartet_event event = { .what = QUARTET_EVENT_MEMO };
	struct quartet_memo_how how = { };
	const struct quartet_memo_value *value = quartet_memo_collect_ref(waiter, &how);

	if (!IS_ERR(value)) {
		event.result = value->len;
	} else if (how.what == QUARTET_MEMO_LEAD) {
		event.token = how.lead.token;
		event.attempt = how.lead.attempt;
		leads_add(handle, handle->spare, &how.lead, handle->handle.asker);
		handle->spare = NULL;
	} else {
		event.error = PTR_ERR(value);
		event.result = answers[how.what];
	}
	handle_tell(&handle->handle, &event, IS_ERR(value) ? NULL : value);
}

/* A value that is there is got as a blocking get would; else @queued may be set. */
static int enqueue(struct memo_handle *handle, const struct process *asker,
		   struct quartet_memo_get *args, const void *key, bool *queued)
{
	struct quartet_memo *memo = &memo_of(handle)->memo;
	const struct quartet_memo_value *value;
	struct quartet_memo_how how;
	ssize_t len;

	do {
		how = how_of(handle, args->flags | QUARTET_TRY | QUARTET_NO_LEAD);
		value = quartet_memo_get_ref(memo, key, args->key_len, &how);
		if (how.what != QUARTET_MEMO_NOTHING)
			return tell(handle, asker, args, &how, value);
		how = how_of(handle, args->flags);
		len = quartet_memo_enqueue(memo, key, args->key_len, &len, 0, &how,
					   &handle->waiter);
		*queued = how.what == QUARTET_MEMO_QUEUED;
		if (*queued)
			return 0;
	} while (how.what == QUARTET_MEMO_HIT || how.what == QUARTET_MEMO_OLD);
	return tell(handle, asker, args, &how, ERR_PTR(len));
}

int memo_get_async(struct memo_handle *handle, const struct process *asker,
		   struct quartet_memo_get *args, const void *key, const ktime_t *deadline)
{
	struct dev_handle *base = &handle->handle;
	int err = handle_request_begin(base, asker);
	bool queued = false;

	if (err)
		return err;
	if (!handle->spare)
		handle->spare = kmalloc(sizeof(*handle->spare), LIMITS_GFP);
	handle->waiter.wake = decided;
	err = handle->spare ? enqueue(handle, asker, args, key, &queued) : -ENOMEM;
	if (queued) {
		handle_request_queued(base, deadline);
		return -EINPROGRESS;
	}
	handle_request_end(base);
	return err;
}
