/* SPDX-License-Identifier: GPL-2.0-only */
/* Threads that wait for one computation, and for a bare completion, for count.c. */
#ifndef QUARTET_TORTURE_MEMO_CROWD_H
#define QUARTET_TORTURE_MEMO_CROWD_H

#include <linux/types.h>

int memo_crowd_init(void);
void memo_crowd_exit(void);

/* From the end of the computation until the last of @n has run: ticks. */
u64 memo_crowd_memo(unsigned int n);
u64 memo_crowd_completion(unsigned int n);

#endif /* QUARTET_TORTURE_MEMO_CROWD_H */
