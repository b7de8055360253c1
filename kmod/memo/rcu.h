/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rcu engine's lookup, and a hit: each in one place of a file, so that they are inlined there.
 *
 * The table's hash functions are given the hash that has been computed already, so that a miss,
 * which looks twice, hashes once. Its parameters are constants, for the compiler.
 */
#ifndef QUARTET_MEMO_RCU_H
#define QUARTET_MEMO_RCU_H

#include "body.h"

static inline u32 memo_hash_of_key(const void *data, u32 len, u32 seed)
{
	return ((const struct memo_key *)data)->hash;
}

static inline u32 memo_hash_of_entry(const void *data, u32 len, u32 seed)
{
	return ((const struct memo_entry *)data)->hash;
}

static inline int memo_differs(struct rhashtable_compare_arg *arg, const void *object)
{
	return !memo_is_key(object, arg->key);
}

static const struct rhashtable_params memo_rht_params = {
	.head_offset = offsetof(struct memo_entry, node),
	.hashfn = memo_hash_of_key,
	.obj_hashfn = memo_hash_of_entry,
	.obj_cmpfn = memo_differs,
	.automatic_shrinking = true,
};

/* Under rcu_read_lock(). */
static __always_inline struct memo_entry *memo_rcu_peek(struct quartet_memo_body *body,
							const struct memo_key *key)
{
	return rhashtable_lookup(&body->rht, key, memo_rht_params);
}

/*
 * What a hit may have without more ado: a value that is fresh, or that somebody has begun to
 * compute anew; or an error that has not expired.
 */
static __always_inline bool memo_is_hit(const struct memo_entry *entry,
					const struct quartet_memo_value *value)
{
	if (IS_ERR_OR_NULL(value))
		return value && memo_is_before(READ_ONCE(entry->err_expires));
	if (likely(memo_is_before(READ_ONCE(value->fresh))))
		return true;
	return READ_ONCE(entry->token) && memo_is_before(value->expires);
}

/* Written only if clear: a line that all CPUs read stays with all of them. */
static __always_inline void memo_visit(struct memo_entry *entry)
{
	if (!READ_ONCE(entry->visited))
		WRITE_ONCE(entry->visited, true);
}

/*
 * Under rcu_read_lock(): a value or an error to be had without a lock, or NULL; and then, if
 * @absent, the key has been hashed, and is not in the table.
 */
static __always_inline struct quartet_memo_value *memo_hit(struct quartet_memo *memo,
							   struct memo_key *key, bool *absent)
{
	struct quartet_memo_body *body = rcu_dereference(memo->body);
	struct quartet_memo_value *value;
	struct memo_entry *entry;

	*absent = false;
	if (unlikely(!body || !body->is_rcu || key->len - 1 >= body->params.key_max))
		return NULL;
	key->hash = siphash(key->bytes, key->len, &body->secret);
	entry = memo_rcu_peek(body, key);
	*absent = !entry;
	if (unlikely(!entry))
		return NULL;
	/* C: the bytes are those of the pointer (litmus: memo-publish) */
	value = rcu_dereference(entry->value);
	if (unlikely(!memo_is_hit(entry, value)))
		return NULL;
	memo_visit(entry);
	if (!IS_ERR(value))
		memo_count(body, hits);
	else
		memo_count(body, errors);
	return value;
}

#endif /* QUARTET_MEMO_RCU_H */
