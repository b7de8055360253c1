/* SPDX-License-Identifier: GPL-2.0-only */
/* Functions that a memo table may name: work for a CPU, and waiting as if for a device. */
#ifndef QUARTET_TORTURE_MEMO_WORK_H
#define QUARTET_TORTURE_MEMO_WORK_H

#include <quartet/memo.h>

/**
 * struct memo_work - how much a computation does, the @data of these functions
 * @amount: iterations or microseconds
 * @error_permille: share of computations whose result is -EIO
 */
struct memo_work {
	unsigned int amount;
	unsigned int error_permille;
};

/* The key's SHA-256, hashed again and again. */
int memo_work_sha256(struct quartet_memo_call *call, const void *key, size_t key_len, void *data);
/* The key itself, after a sleep. */
int memo_work_sleep(struct quartet_memo_call *call, const void *key, size_t key_len, void *data);

int memo_work_init(void);
void memo_work_exit(void);

#endif /* QUARTET_TORTURE_MEMO_WORK_H */
