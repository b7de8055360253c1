/* SPDX-License-Identifier: GPL-2.0-only */
/* What main.c needs of mutex_named.c. */
#ifndef QUARTET_MUTEX_NAMED_H
#define QUARTET_MUTEX_NAMED_H

struct seq_file;

int quartet_mutexes_init(void);
void quartet_mutexes_exit(void);
int quartet_mutexes_show(struct seq_file *m, void *unused);
int quartet_mutex_waits_show(struct seq_file *m, void *unused);

#endif /* QUARTET_MUTEX_NAMED_H */
