// SPDX-License-Identifier: GPL-2.0-only
/* A computation by the table's function, in the context of the get that leads. */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/mm.h>

#include "../base/histogram.h"
#include "body.h"

/* A signal's, in all the forms that the kernel restarts; some are not for drivers by name. */
static bool is_interruption(int err)
{
	return err == -EINTR || (err <= -512 && err >= -516 && err != -515);
}

/**
 * quartet_memo_room() - in a function: where its value goes
 * @call: as the function was given
 * @len: bytes; a second call replaces the first
 *
 * Context: task, may sleep.
 * Return: room for so many bytes, aligned to 8, not zeroed; ERR_PTR(-EMSGSIZE) if the table's
 * values may not be that long, or ERR_PTR(-ENOMEM): the function returns that.
 */
void *quartet_memo_room(struct quartet_memo_call *call, size_t len)
{
	if (call->value)
		kvfree(call->value);
	call->value = NULL;
	if (len > call->body->params.value_max)
		return ERR_PTR(-EMSGSIZE);
	call->value = memo_value_new(call->body, len);
	return call->value ? call->value->data : ERR_PTR(-ENOMEM);
}
EXPORT_SYMBOL_GPL(quartet_memo_room);

/**
 * quartet_memo_attempt() - in a function: how many have led this computation
 * @call: as the function was given
 *
 * Return: 1, or more if leaders before this one were interrupted.
 */
u32 quartet_memo_attempt(const struct quartet_memo_call *call)
{
	return call->lead.attempt;
}
EXPORT_SYMBOL_GPL(quartet_memo_attempt);

static void record_compute(struct quartet_memo_body *body, u64 since)
{
	u64 *bucket;

	if (!body->computes)
		return;
	bucket = &body->computes[quartet_hist_index(ktime_get_ns() - since)];
	WRITE_ONCE(*bucket, READ_ONCE(*bucket) + 1);
}

/* What a function returned, as it may be a result; an interruption may not. */
static int result_of(const struct quartet_memo_call *call, int err)
{
	if (err <= 0 && (err >= -QUARTET_MEMO_MAX_ERROR || is_interruption(err)))
		return err;
	pr_warn_once("quartet: memo %s: a function returned %d, which is no result: taken as %d\n",
		     call->body->name, err, -EIO);
	return -EIO;
}

/* 0 with a value, or a negative errno without. */
static int call_function(struct quartet_memo_call *call, struct memo_entry *entry)
{
	const struct quartet_memo_params *params = &call->body->params;
	u64 since = call->body->computes ? ktime_get_ns() : 0;
	int err = params->func(call, entry->key, entry->key_len, params->data);

	record_compute(call->body, since);
	err = result_of(call, err);
	if (!err && !call->value)
		err = PTR_ERR_OR_ZERO(quartet_memo_room(call, 0));
	if (err && call->value) {
		kvfree(call->value);
		call->value = NULL;
	}
	return err;
}

/* What is still there, and good, when a refresh has failed; with a reference. */
static struct quartet_memo_value *good_value(struct quartet_memo_body *body,
					     struct memo_entry *entry)
{
	struct memo_shard *shard = memo_shard_of(body, entry);
	struct quartet_memo_value *value;

	raw_spin_lock(&shard->lock);
	value = memo_value_of(shard, entry);
	if (!IS_ERR_OR_NULL(value) && memo_is_before(value->expires))
		refcount_inc(&value->refs);
	else
		value = NULL;
	raw_spin_unlock(&shard->lock);
	return value;
}

/* 0, with the value as the answer; or what the table says, which has closed. */
static int publish_value(struct quartet_memo_call *call, struct memo_entry *entry,
			 struct quartet_memo_value **answer)
{
	struct quartet_memo_value *value = call->value;
	int closed;

	refcount_inc(&value->refs);
	closed = memo_publish(call->body, entry, &call->lead, value);
	*answer = value;
	if (!closed)
		return 0;
	memo_value_put(value);
	memo_value_put(value);
	return closed;
}

/* The same with an error as the answer; or with what is still good, if a refresh has failed. */
static int publish_error(struct quartet_memo_call *call, struct memo_entry *entry, int err,
			 struct quartet_memo_value **answer)
{
	struct quartet_memo_value *old = good_value(call->body, entry);
	int closed = memo_publish(call->body, entry, &call->lead, ERR_PTR(err));

	if (closed && old)
		memo_value_put(old);
	*answer = old ?: ERR_PTR(err);
	return closed;
}

/* With the lead in @req, which ends; a value comes with a reference. */
struct quartet_memo_value *memo_compute(struct quartet_memo_body *body, struct memo_entry *entry,
					struct memo_request *req)
{
	struct quartet_memo_call call = { .body = body, .lead = req->lead };
	struct quartet_memo_value *answer;
	int closed, err = call_function(&call, entry);

	if (is_interruption(err)) {
		memo_abandon(body, entry, &call.lead);
		return ERR_PTR(-EINTR);
	}
	closed = err ? publish_error(&call, entry, err, &answer) :
		       publish_value(&call, entry, &answer);
	if (closed)
		return ERR_PTR(closed);
	req->what = err && !IS_ERR(answer) ? QUARTET_MEMO_HIT : QUARTET_MEMO_COMPUTED;
	return answer;
}
