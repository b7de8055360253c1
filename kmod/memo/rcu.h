/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rcu engine's lookup, which hits inline.
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

#endif /* QUARTET_MEMO_RCU_H */
