/* SPDX-License-Identifier: GPL-2.0-only */
/* Lists that are added to without a lock, and taken whole. */
#ifndef SIM_LLIST_H
#define SIM_LLIST_H

#include <linux/atomic.h>
#include <linux/list.h>

struct llist_head { struct llist_node *first; };
struct llist_node { struct llist_node *next; };

#define init_llist_head(list)	((void)((list)->first = NULL))
#define llist_empty(list)	(!READ_ONCE((list)->first))
#define llist_del_all(list)	xchg(&(list)->first, NULL)

/* True if it was empty. */
static inline bool llist_add(struct llist_node *new, struct llist_head *list)
{
	struct llist_node *first = READ_ONCE(list->first);

	do
		new->next = first;
	while (!SIM_CMPXCHG(&list->first, &first, new, __ATOMIC_SEQ_CST, "llist_add", "first"));
	return !first;
}

static inline struct llist_node *llist_reverse_order(struct llist_node *node)
{
	struct llist_node *next, *reversed = NULL;

	for (; node; node = next) {
		next = node->next;
		node->next = reversed;
		reversed = node;
	}
	return reversed;
}

#define llist_for_each_entry_safe(pos, n, node, member) \
	for (pos = hlist_entry_safe(node, __typeof__(*pos), member); \
	     pos && ((n) = hlist_entry_safe(pos->member.next, __typeof__(*pos), member), 1); \
	     pos = n)

#endif /* SIM_LLIST_H */
