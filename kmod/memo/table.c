// SPDX-License-Identifier: GPL-2.0-only
/* The hash table of the lock and the monitor engine. */
#include <linux/log2.h>
#include <linux/mm.h>

#include "table.h"

#define MOST_BUCKETS	65536UL

int memo_table_init(struct memo_table *table, unsigned long capacity, gfp_t gfp)
{
	unsigned long buckets = roundup_pow_of_two(min(capacity, MOST_BUCKETS));

	table->buckets = kvcalloc(buckets, sizeof(*table->buckets), gfp);
	if (!table->buckets)
		return -ENOMEM;
	table->mask = buckets - 1;
	return 0;
}

/* Drops the table's reference of all that are left. */
void memo_table_exit(struct memo_table *table)
{
	struct hlist_node *next;
	struct memo_entry *entry;
	unsigned int i;

	for (i = 0; i <= table->mask; i++)
		hlist_for_each_entry_safe(entry, next, &table->buckets[i], link)
			memo_entry_put(entry);
	kvfree(table->buckets);
}

static struct hlist_head *bucket_of(struct memo_table *table, u64 hash)
{
	return &table->buckets[hash & table->mask];
}

/* With a reference: what is in the table has one, so that it cannot be the first. */
struct memo_entry *memo_table_find(struct memo_table *table, const struct memo_key *key)
{
	struct memo_entry *entry;

	hlist_for_each_entry(entry, bucket_of(table, key->hash), link) {
		if (memo_is_key(entry, key)) {
			refcount_inc(&entry->refs);
			return entry;
		}
	}
	return NULL;
}

/* NULL, or the one that is there, with a reference; @blind does not look. */
struct memo_entry *memo_table_insert(struct memo_table *table, struct memo_entry *entry,
				     bool blind)
{
	struct memo_key key = { entry->key, entry->key_len, entry->hash };
	struct memo_entry *other = blind ? NULL : memo_table_find(table, &key);

	if (!other)
		hlist_add_head(&entry->link, bucket_of(table, entry->hash));
	return other;
}

void memo_table_remove(struct memo_table *table, struct memo_entry *entry)
{
	if (!hlist_unhashed(&entry->link))
		hlist_del_init(&entry->link);
}
