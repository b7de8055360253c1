/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a torture knows of a key of its memo table, and what that says about a value.
 *
 * Generations of a key are told apart by its forgets, of which each begins and ends. While none
 * is under way nor has begun in between, what two callers get is of the same generation: it
 * is computed by one at a time, and what is got is never older than what was got before. If
 * besides nothing but a forget ends a generation, it is computed once.
 */
#ifndef QUARTET_TORTURE_MEMO_RECORD_H
#define QUARTET_TORTURE_MEMO_RECORD_H

#include <linux/atomic.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#define MEMO_PAYLOAD	5

/* A key, with bytes that only a whole comparison tells apart at its end. */
struct memo_torture_key {
	u64 id;
	u64 rest[2];
	u64 id_again;
};

/* A value: of which key, by which of its computations, and a checksum. */
struct memo_torture_value {
	u64 id;
	u64 serial;
	u64 payload[MEMO_PAYLOAD];
	u64 sum;
};

/**
 * struct memo_record - a key
 * @lock: protects all of it
 * @begun: forgets that have; @ended: likewise
 * @serial: of the newest computation
 * @generation: the newest in which somebody computed
 * @inside: who do, of those, and no forget was under way as their gets began
 * @done: the newest generation with a result, plus one
 * @seen: the newest computation that somebody got; @seen_in: in which generation
 */
struct memo_record {
	spinlock_t lock;	/* see above */
	u64 begun;
	u64 ended;
	u64 serial;
	u64 generation;
	u32 inside;
	u64 done;
	u64 seen;
	u64 seen_in;
};

/**
 * struct memo_records - all keys
 * @all: @len of them
 * @permanent: nothing but a forget ends a generation
 * @begun: clears, which are forgets of all keys; @ended: likewise
 */
struct memo_records {
	struct memo_record *all;
	u32 len;
	bool permanent;
	atomic64_t begun;
	atomic64_t ended;
};

/**
 * struct memo_view - a get, or a computation in it
 * @record: of its key
 * @generation: forgets that had begun before it
 * @quiet: and all had ended
 * @floor: what somebody had got before in this generation
 * @serial: of its computation
 */
struct memo_view {
	struct memo_record *record;
	u64 generation;
	bool quiet;
	u64 floor;
	u64 serial;
};

int memo_records_init(struct memo_records *records, u32 len, bool permanent);
void memo_records_exit(struct memo_records *records);

/* Before a get. */
void memo_view_begin(struct memo_records *records, struct memo_view *view, u32 key);
/* In its computation; false if there is another one. */
bool memo_view_compute(struct memo_records *records, struct memo_view *view);
/* At its end, with a result or not; false if there was one already, that had to be kept. */
bool memo_view_computed(struct memo_records *records, struct memo_view *view, bool result);
/* After the get, which has returned what that computation made; false if it is the wrong one. */
bool memo_view_check(struct memo_records *records, const struct memo_view *view, u64 serial);

/* Around a forget of one key, and a clear. */
void memo_forget_begin(struct memo_records *records, u32 key);
void memo_forget_end(struct memo_records *records, u32 key);
void memo_clear_begin(struct memo_records *records);
void memo_clear_end(struct memo_records *records);

void memo_torture_key_fill(struct memo_torture_key *key, u64 id);
void memo_torture_value_fill(struct memo_torture_value *value, u64 id, u64 serial);
bool memo_torture_value_is(const struct memo_torture_value *value, u64 id);

#endif /* QUARTET_TORTURE_MEMO_RECORD_H */
