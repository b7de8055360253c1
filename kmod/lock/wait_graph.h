/* SPDX-License-Identifier: GPL-2.0-only */
/* Who waits for what: finds a wait that would close a cycle. */
#ifndef QUARTET_WAIT_GRAPH_H
#define QUARTET_WAIT_GRAPH_H

#include <linux/list.h>

/**
 * struct wait_owner - an owner that several may act for, and who has done so last
 * @node: in the graph, under its lock
 * @owner: a handle
 * @party: who waits, if a wait is the owner's, and holds what the owner does
 */
struct wait_owner {
	struct hlist_node node;
	const void *owner;
	const void *party;
};

/**
 * struct wait_edge - an owner that waits, and for whom
 * @node: in the graph, under its lock
 * @waiter: the one who waits: a task, a memo call, or an owner, which becomes its party
 * @holder: where to read who holds what it waits for; NULL there means nobody
 */
struct wait_edge {
	struct hlist_node node;
	const void *waiter;
	const void *const *holder;
};

void wait_graph_assign(struct wait_owner *owner, const void *party);
void wait_graph_dismiss(struct wait_owner *owner);
bool wait_graph_add(struct wait_edge *edge);
void wait_graph_remove(struct wait_edge *edge);
u64 wait_graph_truncated(void);

#endif /* QUARTET_WAIT_GRAPH_H */
