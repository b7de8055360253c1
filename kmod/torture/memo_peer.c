// SPDX-License-Identifier: GPL-2.0-only
/* A bare hash table, filled before it is used. */
#include <linux/random.h>
#include <linux/slab.h>

#include "memo_peer.h"

int memo_peer_init(struct memo_peer *peer)
{
	get_random_bytes(&peer->secret, sizeof(peer->secret));
	return rhashtable_init(&peer->table, &memo_peer_params);
}

static void free_entry(void *entry, void *unused)
{
	kfree(entry);
}

void memo_peer_exit(struct memo_peer *peer)
{
	rhashtable_free_and_destroy(&peer->table, free_entry, NULL);
}

int memo_peer_add(struct memo_peer *peer, u64 id)
{
	struct memo_peer_entry *entry = kzalloc(sizeof(*entry), GFP_KERNEL);
	int err;

	if (!entry)
		return -ENOMEM;
	memo_torture_key_fill(&entry->key, id);
	memo_torture_value_fill(&entry->value, id, 1);
	entry->key_len = sizeof(entry->key);
	entry->value_len = sizeof(entry->value);
	entry->hash = siphash(&entry->key, sizeof(entry->key), &peer->secret);
	err = rhashtable_insert_fast(&peer->table, &entry->node, memo_peer_params);
	if (err)
		kfree(entry);
	return err ? -ENOMEM : 0;
}
