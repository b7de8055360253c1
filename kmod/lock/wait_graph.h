/* SPDX-License-Identifier: GPL-2.0-only */
/* Who waits for what: finds a wait that would close a cycle. */
#ifndef QUARTET_WAIT_GRAPH_H
#define QUARTET_WAIT_GRAPH_H

#include <linux/list.h>

/**
 * struct wait_edge - an owner that waits, and for whom
 * @node: in the graph, under its lock
 * @waiter: the one who waits: a task, a handle, a memo call
 * @holder: where to read who holds what it waits for; NULL there means nobody
 */
struct wait_edge {
	struct hlist_node node;
	const void *waiter;
	const void *const *holder;
};

bool wait_graph_add(struct wait_edge *edge);
void wait_graph_remove(struct wait_edge *edge);
u64 wait_graph_truncated(void);

#endif /* QUARTET_WAIT_GRAPH_H */
