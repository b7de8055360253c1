// SPDX-License-Identifier: GPL-2.0-only
/* A bare hash table. */
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

static struct memo_peer_entry *new_entry(const struct memo_peer_key *key)
{
	struct memo_peer_entry *entry = kmalloc(sizeof(*entry), GFP_KERNEL);

	if (!entry)
		return NULL;
	memcpy(&entry->key, key->bytes, key->len);
	entry->key_len = key->len;
	entry->value_len = sizeof(entry->value);
	entry->hash = key->hash;
	init_completion(&entry->computed);
	return entry;
}

/* Entries stay until the table goes, so that they need no reference. */
static struct memo_peer_entry *find_or_insert(struct memo_peer *peer,
					      const struct memo_peer_key *key, bool *leads)
{
	struct memo_peer_entry *entry, *other;

	rcu_read_lock();
	other = rhashtable_lookup(&peer->table, key, memo_peer_params);
	rcu_read_unlock();
	*leads = false;
	if (other)
		return other;
	entry = new_entry(key);
	if (!entry)
		return NULL;
	rcu_read_lock();
	other = rhashtable_lookup_get_insert_key(&peer->table, key, &entry->node, memo_peer_params);
	rcu_read_unlock();
	*leads = !other;
	if (!other)
		return entry;
	kfree(entry);
	return IS_ERR(other) ? NULL : other;
}

int memo_peer_compute(struct memo_peer *peer, const struct memo_torture_key *bytes,
		      struct memo_torture_value *value)
{
	struct memo_peer_key key = { .bytes = bytes, .len = sizeof(*bytes) };
	struct memo_peer_entry *entry;
	bool leads;

	OPTIMIZER_HIDE_VAR(key.len);
	key.hash = siphash(bytes, key.len, &peer->secret);
	entry = find_or_insert(peer, &key, &leads);
	if (!entry)
		return -ENOMEM;
	if (leads) {
		memset(&entry->value, 0, entry->value_len);
		complete_all(&entry->computed);
	} else {
		wait_for_completion(&entry->computed);
	}
	memcpy(value, &entry->value, entry->value_len);
	return 0;
}
