/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The peer of a memo table: the kernel's resizable hash table, with the same kind of hash. A hit
 * is a lookup under rcu_read_lock() and a copy. A miss is what one would write by hand: entries
 * are never removed, nobody leaves, and there are no errors.
 */
#ifndef QUARTET_TORTURE_MEMO_PEER_H
#define QUARTET_TORTURE_MEMO_PEER_H

#include <linux/compiler.h>
#include <linux/completion.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable.h>
#include <linux/siphash.h>
#include <linux/string.h>

#include "memo_record.h"

struct memo_peer {
	struct rhashtable table;
	siphash_key_t secret;
};

struct memo_peer_key {
	const struct memo_torture_key *bytes;
	size_t len;
	u64 hash;
};

/* Keys and values may have any length here as in a memo table, though they all have one. */
struct memo_peer_entry {
	struct rhash_head node;
	u64 hash;
	size_t key_len;
	size_t value_len;
	struct memo_torture_key key;
	struct memo_torture_value value;
	struct completion computed;
};

static inline u32 memo_peer_hash_of_key(const void *data, u32 len, u32 seed)
{
	return ((const struct memo_peer_key *)data)->hash;
}

static inline u32 memo_peer_hash_of_entry(const void *data, u32 len, u32 seed)
{
	return ((const struct memo_peer_entry *)data)->hash;
}

static inline int memo_peer_differs(struct rhashtable_compare_arg *arg, const void *object)
{
	const struct memo_peer_key *key = arg->key;
	const struct memo_peer_entry *entry = object;

	return entry->hash != key->hash || entry->key_len != key->len ||
	       memcmp(&entry->key, key->bytes, key->len);
}

static const struct rhashtable_params memo_peer_params = {
	.head_offset = offsetof(struct memo_peer_entry, node),
	.hashfn = memo_peer_hash_of_key,
	.obj_hashfn = memo_peer_hash_of_entry,
	.obj_cmpfn = memo_peer_differs,
	.automatic_shrinking = true,
};

int memo_peer_init(struct memo_peer *peer);
/* Nobody is inside; frees what is left. */
void memo_peer_exit(struct memo_peer *peer);
/* 0 or -ENOMEM */
int memo_peer_add(struct memo_peer *peer, u64 id);
/* A value of zeroes, computed if nobody has. */
int memo_peer_compute(struct memo_peer *peer, const struct memo_torture_key *bytes,
		      struct memo_torture_value *value);

/* True if it is there. */
static __always_inline bool memo_peer_get(struct memo_peer *peer,
					  const struct memo_torture_key *bytes,
					  struct memo_torture_value *value)
{
	struct memo_peer_key key = { .bytes = bytes, .len = sizeof(*bytes) };
	const struct memo_peer_entry *entry;

	/* Where the length is not a constant, it is not one for the compiler. */
	OPTIMIZER_HIDE_VAR(key.len);
	rcu_read_lock();
	key.hash = siphash(bytes, key.len, &peer->secret);
	entry = rhashtable_lookup(&peer->table, &key, memo_peer_params);
	if (entry)
		memcpy(value, &entry->value, entry->value_len);
	rcu_read_unlock();
	return entry;
}

#endif /* QUARTET_TORTURE_MEMO_PEER_H */
