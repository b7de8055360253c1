/* SPDX-License-Identifier: GPL-2.0-only */
/* What the cases of the memo share: one table, computations by number, and how all of it ends. */
#ifndef SIM_MEMO_CASE_H
#define SIM_MEMO_CASE_H

#include <quartet/memo.h>

#include <sim/case.h>

#define MS	1000000ULL

/* What is computed: which computation it was, twice, so that half of a value is noticed. */
struct answer {
	u32 number;
	u32 same;
};

/**
 * struct memo_case - a table
 * @numbers: computations begun
 * @computing: one is under way, with @alone
 * @alone: two at a time are a failure: nobody forgets what is being computed
 * @lead: of somebody who is no thread, see memo_case_lead()
 * @done: threads that have come to memo_case_last()
 */
struct memo_case {
	struct quartet_memo memo;
	atomic_t numbers;
	u32 computing;
	bool alone;
	struct quartet_memo_lead lead;
	atomic_t done;
};

extern struct memo_case memo_case;

/* A table that keeps all for ever, but for what @params says; callers lead, without its func. */
void memo_case_start(struct quartet_memo_params params);
/* The table's function: a new number. */
int memo_case_compute(struct quartet_memo_call *call, const void *key, size_t key_len, void *data);
/* The number of the value that is there, or computed; or a negative errno. */
int memo_case_get(u8 key, struct quartet_memo_how *how);
/* The number in @value, which must be whole. */
int memo_case_number(const struct answer *value);
/* Of a table whose callers lead: leads @key, as nobody; and what comes of that. */
void memo_case_lead(u8 key);
int memo_case_fulfil(const struct quartet_memo_lead *lead);
/* As memo_case_get(), and who leads fulfils. */
int memo_case_get_or_fulfil(u8 key, struct quartet_memo_how *how);
/* The end of a thread; the last of @n ends the thread that the engine has. */
void memo_case_last(int n);
/* The table is destroyed, and nothing left behind. */
void memo_case_end(void);

#endif /* SIM_MEMO_CASE_H */
