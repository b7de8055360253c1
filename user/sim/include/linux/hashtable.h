/* SPDX-License-Identifier: GPL-2.0-only */
/* Hash tables of a fixed size. */
#ifndef SIM_HASHTABLE_H
#define SIM_HASHTABLE_H

#include <linux/list.h>

#define DEFINE_HASHTABLE(name, bits)	struct hlist_head name[1 << (bits)]
#define DECLARE_HASHTABLE(name, bits)	DEFINE_HASHTABLE(name, bits)
#define hash_init(table)	memset(table, 0, sizeof(table))
#define sim_hash(table, key)	(((u64)(key) * 0x61C8864680B583EBULL >> 32) % ARRAY_SIZE(table))
#define hash_add(table, node, key)	hlist_add_head(node, &(table)[sim_hash(table, key)])
#define hash_del(node)			hlist_del_init(node)
#define hash_for_each_safe(table, i, next, entry, member) \
	for ((i) = 0; (i) < ARRAY_SIZE(table); (i)++) \
		hlist_for_each_entry_safe(entry, next, &(table)[i], member)
#define hash_for_each_possible(table, entry, member, key) \
	hlist_for_each_entry(entry, &(table)[sim_hash(table, key)], member)

#endif /* SIM_HASHTABLE_H */
