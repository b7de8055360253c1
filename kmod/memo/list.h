/* SPDX-License-Identifier: GPL-2.0-only */
/* What main.c needs of this folder. */
#ifndef QUARTET_MEMO_LIST_H
#define QUARTET_MEMO_LIST_H

struct quartet_live;
struct seq_file;

extern struct quartet_live quartet_memos_live;

int quartet_memos_show(struct seq_file *m, void *unused);
int quartet_memo_waits_show(struct seq_file *m, void *unused);
int quartet_memo_computes_show(struct seq_file *m, void *unused);

#endif /* QUARTET_MEMO_LIST_H */
