// SPDX-License-Identifier: GPL-2.0-only
/* Entries and values: how they are made, and how they end. */
#include <linux/mm.h>

#include "body.h"

/* With one reference. */
struct memo_entry *memo_entry_new(struct quartet_memo_body *body, const struct memo_key *key,
				  u32 epoch)
{
	struct memo_entry *entry = kmalloc(sizeof(*entry) + key->len, body->params.gfp);

	if (!entry)
		return NULL;
	memset(entry, 0, sizeof(*entry));
	INIT_LIST_HEAD(&entry->waiters);
	INIT_HLIST_NODE(&entry->lead_node);
	refcount_set(&entry->refs, 1);
	entry->epoch = epoch;
	entry->hash = key->hash;
	entry->key_len = key->len;
	memcpy(entry->key, key->bytes, key->len);
	return entry;
}

/* One that nobody else has ever seen. */
void memo_entry_free(struct memo_entry *entry)
{
	kfree(entry);
}

static void free_entry(struct rcu_head *rcu)
{
	kfree(container_of(rcu, struct memo_entry, rcu));
}

/* With the last reference nobody finds it, but hits may still look (litmus: memo-reclaim). */
void memo_entry_put(struct memo_entry *entry)
{
	struct quartet_memo_value *value;

	if (!refcount_dec_and_test(&entry->refs))
		return;
	value = entry->gone ? entry->last : rcu_dereference_protected(entry->value, true);
	if (!IS_ERR_OR_NULL(value))
		memo_value_put(value);
	call_rcu(&entry->rcu, free_entry);
}

/* With one reference, to be filled. */
struct quartet_memo_value *memo_value_new(struct quartet_memo_body *body, size_t len)
{
	struct quartet_memo_value *value = kvmalloc(sizeof(*value) + len, body->params.gfp);

	if (!value)
		return NULL;
	refcount_set(&value->refs, 1);
	value->fresh = QUARTET_MEMO_FOR_EVER;
	value->expires = QUARTET_MEMO_FOR_EVER;
	value->len = len;
	return value;
}

static void free_value(struct rcu_head *rcu)
{
	kvfree(container_of(rcu, struct quartet_memo_value, rcu));
}

void memo_value_put(struct quartet_memo_value *value)
{
	if (refcount_dec_and_test(&value->refs))
		call_rcu(&value->rcu, free_value);
}

/*
 * The caller, who has the shard's lock, then drops it and comes to memo_remove(). Hits, which do
 * not look at @gone, find no value from here on, though the entry is in the table for a while: who
 * finds it gone, and forgets or clears, may rely on that (litmus: memo-gone).
 */
void memo_make_gone(struct quartet_memo_body *body, struct memo_shard *shard,
		    struct memo_entry *entry)
{
	lockdep_assert_held(&shard->lock);
	entry->gone = true;
	entry->last = memo_value_of(shard, entry);
	RCU_INIT_POINTER(entry->value, NULL);
	if (entry->kept)
		memo_unkeep(body, shard, entry);
}

/* An entry that this caller has made gone; drops the table's reference. */
void memo_remove(struct quartet_memo_body *body, struct memo_entry *entry)
{
	body->engine->remove(body, entry);
	memo_entry_put(entry);
}

/* The same for many, linked by their @sieve. */
void memo_remove_all(struct quartet_memo_body *body, struct list_head *gone)
{
	struct memo_entry *entry, *next;

	list_for_each_entry_safe(entry, next, gone, sieve)
		memo_remove(body, entry);
}
