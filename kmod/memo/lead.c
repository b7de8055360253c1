// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who leads: tokens, and what external leaders say with them.
 *
 * A leader that is a get in a function's table has a token, too, but never shows it: one for all,
 * as nobody else can end its lead.
 */
#include <linux/export.h>
#include <linux/hash.h>
#include <linux/sched.h>

#include "../base/token.h"
#include "../base/trace.h"
#include "body.h"

#define FUNCTION_TOKEN	1

static struct hlist_head *leads_of(struct quartet_memo_body *body, u64 token)
{
	return &body->leads[hash_64(token, MEMO_LEAD_BITS)];
}

/* Where callers lead, under the shard's lock, which orders leads of a key and their tokens. */
static void set_leader(struct quartet_memo_body *body, struct memo_entry *entry, u32 attempt,
		       const void *owner, struct quartet_memo_lead *lead)
{
	u64 token = memo_is_external(body) ? quartet_token() : FUNCTION_TOKEN;

	*lead = (struct quartet_memo_lead){ .token = token, .attempt = attempt, .owner = owner };
	entry->attempt = attempt;
	WRITE_ONCE(entry->owner, owner);
	WRITE_ONCE(entry->token, token);
}

/* A first leader; of an entry that others see, under the shard's lock. memo_lead_add() is next. */
void memo_lead_begin(struct quartet_memo_body *body, struct memo_entry *entry,
		     struct memo_request *req)
{
	set_leader(body, entry, 1, req->owner, &req->lead);
}

/* From now on the token is known. */
static void add_lead(struct quartet_memo_body *body, struct memo_entry *entry)
{
	if (!memo_is_external(body))
		return;
	raw_spin_lock(&body->leads_lock);
	hlist_add_head(&entry->lead_node, leads_of(body, entry->token));
	raw_spin_unlock(&body->leads_lock);
}

/* A first leader is the leader. */
void memo_lead_add(struct quartet_memo_body *body, struct memo_entry *entry)
{
	trace_memo_compute(body, body->name, entry->hash, entry->attempt);
	add_lead(body, entry);
}

static void remove_lead(struct quartet_memo_body *body, struct memo_entry *entry)
{
	if (!memo_is_external(body))
		return;
	raw_spin_lock(&body->leads_lock);
	hlist_del_init(&entry->lead_node);
	raw_spin_unlock(&body->leads_lock);
}

/* Under the shard's lock: a waiter leads now. It may lose that before it has woken up. */
void memo_lead_pass(struct quartet_memo_body *body, struct memo_entry *entry,
		    struct quartet_memo_waiter *waiter)
{
	remove_lead(body, entry);
	set_leader(body, entry, entry->attempt + 1, waiter->owner, &waiter->lead);
	waiter->promoted = true;
	refcount_inc(&entry->refs);
	trace_memo_promote(body, body->name, entry->hash, entry->attempt);
	add_lead(body, entry);
}

/* Under the shard's lock: nobody leads. */
void memo_lead_end(struct quartet_memo_body *body, struct memo_entry *entry)
{
	remove_lead(body, entry);
	WRITE_ONCE(entry->owner, NULL);
	WRITE_ONCE(entry->token, 0);
}

/* The entry, with a reference, or NULL. */
static struct memo_entry *find_lead(struct quartet_memo_body *body, u64 token)
{
	struct memo_entry *entry;

	raw_spin_lock(&body->leads_lock);
	hlist_for_each_entry(entry, leads_of(body, token), lead_node) {
		if (READ_ONCE(entry->token) == token) {
			refcount_inc(&entry->refs);
			break;
		}
	}
	raw_spin_unlock(&body->leads_lock);
	return entry;
}

/* Any that @owner has, with a reference; NULL stands for all owners. */
static struct memo_entry *find_lead_of(struct quartet_memo_body *body, const void *owner,
				       struct quartet_memo_lead *lead)
{
	struct memo_entry *entry, *found = NULL;
	int i;

	raw_spin_lock(&body->leads_lock);
	for (i = 0; i < ARRAY_SIZE(body->leads) && !found; i++) {
		hlist_for_each_entry(entry, &body->leads[i], lead_node) {
			if (owner && READ_ONCE(entry->owner) != owner)
				continue;
			found = entry;
			refcount_inc(&entry->refs);
			lead->token = READ_ONCE(entry->token);
			lead->owner = READ_ONCE(entry->owner);
			break;
		}
	}
	raw_spin_unlock(&body->leads_lock);
	return found;
}

/* The table is closed and nobody inside: drops the references of those who lead. */
void memo_leads_exit(struct quartet_memo_body *body)
{
	struct quartet_memo_lead lead;
	struct memo_entry *entry;

	while ((entry = find_lead_of(body, NULL, &lead))) {
		memo_lead_end(body, entry);
		memo_entry_put(entry);
		memo_entry_put(entry);
	}
}

static struct quartet_memo_lead complete_lead(const struct quartet_memo_lead *lead)
{
	return (struct quartet_memo_lead){
		.token = lead->token, .attempt = lead->attempt, .owner = lead->owner ?: current,
	};
}

static struct quartet_memo_value *make_result(struct quartet_memo_body *body, const void *bytes,
					      size_t len)
{
	struct quartet_memo_value *value;

	if (len > body->params.value_max)
		return ERR_PTR(-EMSGSIZE);
	value = memo_value_new(body, len);
	if (!value)
		return ERR_PTR(-ENOMEM);
	memcpy(value->data, bytes, len);
	return value;
}

/* Consumes the result's reference. */
static int end_lead(struct quartet_memo_body *body, const struct quartet_memo_lead *lead,
		    struct quartet_memo_value *result)
{
	struct quartet_memo_lead complete = complete_lead(lead);
	struct memo_entry *entry = find_lead(body, lead->token);
	int err = -ESTALE;

	if (entry) {
		err = memo_publish(body, entry, &complete, result);
		memo_entry_put(entry);
	}
	if (err && !IS_ERR(result))
		memo_value_put(result);
	return err;
}

/**
 * quartet_memo_fulfil() - the result of a lead is a value
 * @memo: the table that gave the lead
 * @lead: as it was given
 * @value: @len bytes, copied
 * @len: up to the table's value_max
 *
 * All who wait get the value.
 *
 * Context: task, may sleep for memory.
 * Return: 0; -EMSGSIZE if @len is too much, or -ENOMEM, which are the result for this
 * key then, and the lead has ended; -ESTALE for a token that is wrong, used up or
 * another table's; -EPERM for that of another owner; -ESHUTDOWN.
 * Ordering: release, for the gets that return the value.
 */
int quartet_memo_fulfil(struct quartet_memo *memo, const struct quartet_memo_lead *lead,
			const void *value, size_t len)
{
	struct quartet_memo_body *body = memo_enter(memo);
	struct quartet_memo_value *result;
	int err;

	if (!body)
		return -ESHUTDOWN;
	result = make_result(body, value, len);
	err = end_lead(body, lead, result);
	if (!err && IS_ERR(result))
		err = PTR_ERR(result);
	memo_leave(body);
	return err;
}
EXPORT_SYMBOL_GPL(quartet_memo_fulfil);

/**
 * quartet_memo_fail() - the result of a lead is an error
 * @memo: the table that gave the lead
 * @lead: as it was given
 * @err: -1 to -QUARTET_MEMO_MAX_ERROR, for all who wait, cached for err_ttl but for -ENOMEM and
 *	-EDEADLK
 *
 * Context: task, may sleep if the engine's removal does.
 * Return: 0; -EINVAL, and nothing changed, if @err is none of these; else as quartet_memo_fulfil().
 */
int quartet_memo_fail(struct quartet_memo *memo, const struct quartet_memo_lead *lead, int err)
{
	struct quartet_memo_body *body = memo_enter(memo);
	int ret = -EINVAL;

	if (!body)
		return -ESHUTDOWN;
	if (err < 0 && err >= -QUARTET_MEMO_MAX_ERROR)
		ret = end_lead(body, lead, ERR_PTR(err));
	memo_leave(body);
	return ret;
}
EXPORT_SYMBOL_GPL(quartet_memo_fail);

/**
 * quartet_memo_abandon() - a lead without a result
 * @memo: the table that gave the lead
 * @lead: as it was given
 *
 * The first who waits leads, at once; if nobody does, it is as if nobody had asked.
 *
 * Context: task, may sleep if the engine's removal does.
 * Return: 0, or as quartet_memo_fulfil().
 */
int quartet_memo_abandon(struct quartet_memo *memo, const struct quartet_memo_lead *lead)
{
	struct quartet_memo_lead complete = complete_lead(lead);
	struct quartet_memo_body *body = memo_enter(memo);
	struct memo_entry *entry;
	int err = -ESTALE;

	if (!body)
		return -ESHUTDOWN;
	entry = find_lead(body, lead->token);
	if (entry) {
		err = memo_abandon(body, entry, &complete);
		memo_entry_put(entry);
	}
	memo_leave(body);
	return err;
}
EXPORT_SYMBOL_GPL(quartet_memo_abandon);

/**
 * quartet_memo_abandon_all() - an owner is dead
 * @memo: a table
 * @owner: not NULL; it is not in a call any more, and waits for nothing
 *
 * Context: task, may sleep if the engine's removal does.
 * Return: how many leads it had.
 */
unsigned int quartet_memo_abandon_all(struct quartet_memo *memo, const void *owner)
{
	struct quartet_memo_body *body = memo_enter(memo);
	struct quartet_memo_lead lead;
	struct memo_entry *entry;
	unsigned int n = 0;

	if (!body)
		return 0;
	while (!READ_ONCE(body->closing) && (entry = find_lead_of(body, owner, &lead))) {
		n += !memo_abandon(body, entry, &lead);
		memo_entry_put(entry);
	}
	memo_leave(body);
	return n;
}
EXPORT_SYMBOL_GPL(quartet_memo_abandon_all);
