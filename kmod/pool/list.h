/* SPDX-License-Identifier: GPL-2.0-only */
/* What main.c needs of list.c. */
#ifndef QUARTET_POOL_LIST_H
#define QUARTET_POOL_LIST_H

struct quartet_live;
struct seq_file;

extern struct quartet_live quartet_pools_live;

int quartet_pools_show(struct seq_file *m, void *unused);

#endif /* QUARTET_POOL_LIST_H */
