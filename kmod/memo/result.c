// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a lead ends: with a result, which is kept or not, and which all who wait get; or
 * without one, and then the first who waits leads.
 *
 * A result is kept in the entry unless that is gone (forgotten, cleared), or there is no time or
 * no room for it. A value is published by its pointer, and never changes after that, so
 * that hits copy it without a lock.
 */
#include <linux/sched.h>

#include <quartet/race.h>

#include "../base/trace.h"
#include "body.h"

static int check_lead(struct quartet_memo_body *body, struct memo_shard *shard,
		      const struct memo_entry *entry, const struct quartet_memo_lead *lead)
{
	lockdep_assert_held(&shard->lock);
	if (READ_ONCE(body->closing))
		return -ESHUTDOWN;
	if (entry->token != lead->token)
		return -ESTALE;
	return entry->owner == lead->owner ? 0 : -EPERM;
}

/* Before anybody else sees it. */
static void stamp(struct quartet_memo_body *body, struct quartet_memo_value *value)
{
	u64 ttl = body->params.ttl, now = memo_now();

	value->expires = memo_after(now, ttl);
	value->fresh = value->expires;
	if (body->params.refresh_percent && value->expires != QUARTET_MEMO_FOR_EVER)
		value->fresh -= ttl / 100 * body->params.refresh_percent;
}

static bool is_of_the_moment(long err)
{
	return err == -ENOMEM || err == -EDEADLK;
}

/* True if the entry is to be kept, as it is now. */
static bool install_error(struct quartet_memo_body *body, struct memo_shard *shard,
			  struct memo_entry *entry, struct quartet_memo_value *error,
			  struct quartet_memo_value **old)
{
	*old = memo_value_of(shard, entry);
	if (!IS_ERR_OR_NULL(*old) && memo_is_before((*old)->expires)) {
		/* A refresh that has failed: there is no other until the value has expired. */
		WRITE_ONCE((*old)->fresh, (*old)->expires);
		*old = NULL;
		return true;
	}
	if (!body->params.err_ttl || is_of_the_moment(PTR_ERR(error))) {
		*old = NULL;
		return false;
	}
	WRITE_ONCE(entry->err_expires, memo_after(memo_now(), body->params.err_ttl));
	rcu_assign_pointer(entry->value, error);
	memo_keep(body, shard, entry, sizeof(*entry) + entry->key_len);
	return true;
}

static bool install_value(struct quartet_memo_body *body, struct memo_shard *shard,
			  struct memo_entry *entry, struct quartet_memo_value *value,
			  struct quartet_memo_value **old)
{
	size_t charge = sizeof(*entry) + entry->key_len + sizeof(*value) + value->len;

	if (!body->params.ttl || charge > body->params.bytes)
		return false;
	*old = memo_value_of(shard, entry);
	/* C: publishes the bytes for memo_hit(), by the pointer (litmus: memo-publish) */
	rcu_assign_pointer(entry->value, value);
	memo_keep(body, shard, entry, charge);
	return true;
}

/*
 * Under the shard's lock; false if the entry is gone now, by this. Who does not see a clear's
 * epoch is seen by its sweep (litmus: memo-epoch).
 */
static bool install(struct quartet_memo_body *body, struct memo_shard *shard,
		    struct memo_entry *entry, struct quartet_memo_value *result,
		    struct quartet_memo_value **old)
{
	bool keep;

	if (entry->gone)
		return true;
	keep = entry->epoch == READ_ONCE(body->epoch);
	if (keep && IS_ERR(result))
		keep = install_error(body, shard, entry, result, old);
	else if (keep)
		keep = install_value(body, shard, entry, result, old);
	if (!keep)
		memo_make_gone(body, shard, entry);
	return keep;
}

/* What a function's leader has cannot be taken away, so it ends here in any case. */
static int refuse(struct quartet_memo_body *body, struct memo_entry *entry, int err)
{
	if (!memo_is_external(body))
		memo_entry_put(entry);
	return err;
}

/*
 * The lead has a result. The caller's reference to a value is used up if this succeeds; the
 * leader's to the entry, too.
 */
int memo_publish(struct quartet_memo_body *body, struct memo_entry *entry,
		 const struct quartet_memo_lead *lead, struct quartet_memo_value *result)
{
	struct memo_shard *shard = memo_shard_of(body, entry);
	struct quartet_memo_value *old = NULL;
	bool is_value = !IS_ERR(result), kept, installed;
	LIST_HEAD(waiters);
	unsigned int n;
	int err;

	if (is_value) {
		stamp(body, result);
		quartet_race_release(result);
	}
	raw_spin_lock(&shard->lock);
	err = check_lead(body, shard, entry, lead);
	if (err) {
		raw_spin_unlock(&shard->lock);
		return refuse(body, entry, err);
	}
	memo_lead_end(body, entry);
	n = memo_dequeue_all(shard, entry, &waiters);
	if (is_value && n)
		refcount_add(n, &result->refs);
	kept = install(body, shard, entry, result, &old);
	/* The reference is the entry's then. */
	installed = memo_value_of(shard, entry) == result;
	raw_spin_unlock(&shard->lock);
	memo_count(body, computations);
	trace_memo_done(body, body->name, entry->hash, PTR_ERR_OR_ZERO(result));
	memo_wake_all(&waiters, result, false);
	if (is_value && !installed)
		memo_value_put(result);
	if (!IS_ERR_OR_NULL(old))
		memo_value_put(old);
	if (kept)
		memo_make_room(body, entry);
	else
		memo_remove(body, entry);
	memo_entry_put(entry);
	return 0;
}

/* Of no use to anybody, as long as nobody leads? */
static bool is_empty(struct memo_shard *shard, const struct memo_entry *entry)
{
	return !entry->gone && !memo_value_of(shard, entry);
}

/* The lead ends without a result; the leader's reference to the entry is used up if it was one. */
int memo_abandon(struct quartet_memo_body *body, struct memo_entry *entry,
		 const struct quartet_memo_lead *lead)
{
	struct memo_shard *shard = memo_shard_of(body, entry);
	struct quartet_memo_waiter *next;
	bool empty = false;
	int err;

	raw_spin_lock(&shard->lock);
	err = check_lead(body, shard, entry, lead);
	if (err) {
		raw_spin_unlock(&shard->lock);
		return refuse(body, entry, err);
	}
	trace_memo_abandon(body, body->name, entry->hash, entry->attempt);
	next = memo_dequeue_first(shard, entry);
	if (next) {
		memo_lead_pass(body, entry, next);
	} else {
		memo_lead_end(body, entry);
		empty = is_empty(shard, entry);
		if (empty)
			memo_make_gone(body, shard, entry);
	}
	raw_spin_unlock(&shard->lock);
	memo_count(body, abandoned);
	if (next) {
		memo_count(body, promotions);
		memo_wake(next);
	}
	if (empty)
		memo_remove(body, entry);
	memo_entry_put(entry);
	return 0;
}
