// SPDX-License-Identifier: GPL-2.0-only
/* liburcu's hash table; none where its headers are not installed. It computes nothing. */
#include <stdlib.h>
#include <string.h>

#include "memo.h"

#if __has_include(<urcu/rculfhash.h>)
#define _LGPL_SOURCE	/* what is short, inlined */
#include <urcu/urcu-memb.h>
#include <urcu/rculfhash.h>

struct lfht_entry {
	struct cds_lfht_node node;
	struct contest_key key;
	struct contest_value value;
};

/* FNV-1a, as what ours has for siphash() here. */
static uint64_t hash_of(const struct contest_key *key)
{
	const unsigned char *byte = (const unsigned char *)key;
	uint64_t hash = 14695981039346656037u;
	size_t i;

	for (i = 0; i < sizeof(*key); i++)
		hash = (hash ^ byte[i]) * 1099511628211u;
	return hash;
}

static int is_key(struct cds_lfht_node *node, const void *key)
{
	return !memcmp(&caa_container_of(node, struct lfht_entry, node)->key, key,
		       sizeof(struct contest_key));
}

static void lfht_join(unsigned int number)
{
	urcu_memb_register_thread();
}

static void lfht_init(void *memo)
{
	struct cds_lfht *table = cds_lfht_new_flavor(KEYS, KEYS, 0, 0, &urcu_memb_flavor, NULL);
	unsigned int i;

	if (!table)
		abort();
	urcu_memb_register_thread();
	urcu_memb_read_lock();
	for (i = 0; i < KEYS; i++) {
		struct lfht_entry *entry = calloc(1, sizeof(*entry));

		if (!entry)
			abort();
		cds_lfht_node_init(&entry->node);
		entry->key.id = i;
		cds_lfht_add(table, hash_of(&entry->key), &entry->node);
	}
	urcu_memb_read_unlock();
	*(struct cds_lfht **)memo = table;
}

contest_inline void lfht_hit(void *memo, const struct contest_key *key,
			     struct contest_value *value)
{
	struct cds_lfht_node *node;
	struct cds_lfht_iter found;

	urcu_memb_read_lock();
	cds_lfht_lookup(*(struct cds_lfht **)memo, hash_of(key), is_key, key, &found);
	node = cds_lfht_iter_get_node(&found);
	if (node)
		*value = caa_container_of(node, struct lfht_entry, node)->value;
	urcu_memb_read_unlock();
}

MEMO(lfht, "urcu-lfht", NULL, lfht_join);

const struct contestant *const urcu_contestants[] = { &lfht, NULL };
#else
const struct contestant *const urcu_contestants[] = { NULL };
#endif
