/* SPDX-License-Identifier: GPL-2.0-only */
/* The functions of a file that is made of a sequence. */
#ifndef QUARTET_RACE_SEQ_H
#define QUARTET_RACE_SEQ_H

#include <linux/seq_file.h>

void race_seq_operations(const struct seq_operations *ops, unsigned long pc);
/* What to give the kernel in place of @show. */
void *race_seq_show(void *show, unsigned long pc);

#endif /* QUARTET_RACE_SEQ_H */
