/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What workers asked of the device, and what it answered, in order: data for a checker that reads
 * them later. A record outlives the process that wrote it, whenever that is killed.
 */
#ifndef STRESS_HISTORY_H
#define STRESS_HISTORY_H

#include <stdatomic.h>
#include <stdio.h>
#include <linux/types.h>

#define HISTORY_MAX	(1024 * 1024)	/* records: what comes later is not recorded */

enum history_op {
	HISTORY_START, HISTORY_DEATH, HISTORY_EXEC, HISTORY_FORK, HISTORY_CLOSE, HISTORY_CANCEL,
	HISTORY_END,
	HISTORY_LOCK, HISTORY_CONSISTENT, HISTORY_UNLOCK,
	HISTORY_GET, HISTORY_GIVE, HISTORY_TAKE, HISTORY_PUT,
	HISTORY_ASK, HISTORY_FULFIL, HISTORY_ABANDON, HISTORY_FORGET, HISTORY_CLEAR,
	HISTORY_OPS
};

enum history_phase { HISTORY_NOTHING, HISTORY_INVOKE, HISTORY_OK, HISTORY_FAIL };

enum history_said {
	SAID_NOTHING, SAID_DIED, SAID_TRY, SAID_VALUE, SAID_OLD, SAID_JOINED, SAID_ERROR, SAID_LEAD
};

/**
 * struct history_record - a line of the history; Documentation/stress.rst says what each field is
 * @phase: written last: without it there is no record
 * @call: the number of the invocation
 * @value: of a memo: a digest of its bytes, or an error
 */
struct history_record {
	atomic_uint phase;
	__u32 call;
	__u64 time_ns;
	__u64 token;
	__u64 value;
	__u32 process;
	__s32 pid;
	__s32 handle;
	__s32 key;
	__s32 slot;
	__s32 attempt;
	__s32 error;
	__u8 op, kind, index, said;
};

struct history {
	atomic_bool recorded;
	atomic_uint len;
	struct history_record record[HISTORY_MAX];
};

/* Before the call: @record gets its number. */
void history_invoke(struct history *history, struct history_record *record);
/* After its answer: 0, or a negative errno. */
void history_answer(struct history *history, struct history_record *record, int error);
/* Of @len bytes. */
__u64 history_digest(const void *bytes, __u64 len);
/* What nobody asked for: a death. */
void history_tell(struct history *history, enum history_phase phase,
		  struct history_record *record);
/* Returns how many lines. */
unsigned int history_write(const struct history *history, FILE *file);

#endif /* STRESS_HISTORY_H */
