/* SPDX-License-Identifier: GPL-2.0-only */
/* A hash table of entries that does not lock: for the engines that let in one at a time. */
#ifndef QUARTET_MEMO_TABLE_H
#define QUARTET_MEMO_TABLE_H

#include "body.h"

/* Of a size fixed by the capacity: chains are short for what is kept. */
struct memo_table {
	struct hlist_head *buckets;
	unsigned int mask;
};

int memo_table_init(struct memo_table *table, unsigned long capacity, gfp_t gfp);
void memo_table_exit(struct memo_table *table);
struct memo_entry *memo_table_find(struct memo_table *table, const struct memo_key *key);
struct memo_entry *memo_table_insert(struct memo_table *table, struct memo_entry *entry,
				     bool blind);
void memo_table_remove(struct memo_table *table, struct memo_entry *entry);

#endif /* QUARTET_MEMO_TABLE_H */
