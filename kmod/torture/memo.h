/* SPDX-License-Identifier: GPL-2.0-only */
/* A run on a memo table: what its ioctl and its contenders share. */
#ifndef QUARTET_TORTURE_MEMO_H
#define QUARTET_TORTURE_MEMO_H

#include <quartet/memo.h>
#include <linux/quartet_torture.h>

#include "memo_peer.h"
#include "memo_record.h"
#include "memo_work.h"
#include "run.h"
#include "zipf.h"

struct memo_contender;

/**
 * struct memo_plan - what a pattern needs
 * @turn: what a thread does
 * @keys: that there are; 0: none is asked for twice
 * @capacity: of the table
 * @permanent: nothing but a forget ends a generation
 * @zipf: keys are drawn that way
 * @external: threads lead
 * @slow: a computation sleeps, so that others come meanwhile
 * @bytes: limit, or 0
 * @ttl: and @err_ttl: ns, or 0 for ever, and for not at all
 * @refresh_percent: of kind rcu
 * @error_permille: share of computations that fail
 */
struct memo_plan {
	void (*turn)(struct memo_contender *c);
	u32 keys;
	unsigned long capacity;
	bool permanent;
	bool zipf;
	bool external;
	bool slow;
	size_t bytes;
	u64 ttl;
	u64 err_ttl;
	unsigned int refresh_percent;
	unsigned int error_permille;
};

/**
 * struct memo_contender - a thread that gets values
 * @base: what all contenders have; first
 * @plan: of its run
 * @id: of the key that it gets; @key: that key
 * @view: of its get, if keys are recorded
 * @misses: keys that it has made up
 * @turns: that it has ended
 * @twice: and so on: as reported
 */
struct memo_contender {
	struct torture_contender base;
	const struct memo_plan *plan;
	u64 id;
	struct memo_torture_key key;
	struct memo_view view;
	u64 misses;
	u64 turns;
	u64 twice;
	u64 again;
	u64 wrong;
	u64 computed;
};

/**
 * struct memo_run - one QUARTET_TORTURE_MEMO
 * @base: what all runs have; first
 * @args: as asked for
 * @plan: of its pattern
 * @memo: the table, if the kind is of ours
 * @peer: else
 * @work: of its function, if it has that
 * @records: of the keys
 * @zipf: if the plan says so
 * @round: stampedes so far: all get the key with that number
 * @next_scan: ns, and @next_signal: when the thread for that has something to do
 * @turns: of all contenders, when @progress_at was set, in jiffies
 */
struct memo_run {
	struct torture_run base;
	struct quartet_torture_memo args;
	const struct memo_plan *plan;
	struct quartet_memo memo;
	struct memo_peer peer;
	struct memo_work work;
	struct memo_records records;
	struct zipf zipf;
	u64 round;
	u64 next_scan;
	u64 next_signal;
	u64 turns;
	unsigned long progress_at;
};

static inline struct memo_run *memo_run_of(const struct torture_run *run)
{
	return container_of(run, struct memo_run, base);
}

static inline struct memo_contender *memo_contender_of(struct torture_contender *c)
{
	return container_of(c, struct memo_contender, base);
}

static inline bool memo_is_busted(u32 kind)
{
	return kind >= QUARTET_MEMO_KIND_BUSTED_RCU && kind <= QUARTET_MEMO_KIND_BUSTED_MONITOR;
}

/* memo.c: the ioctl, from validation to results */
int memo_torture_init(void);
void memo_torture_exit(void);
long memo_torture_ioctl(void __user *argp);

/* memo_contender.c: what a contender does */
const struct memo_plan *memo_plan_of(u32 pattern);
int memo_create(struct torture_run *run);
void memo_enter(struct torture_contender *c);
void memo_turn(struct torture_contender *c);
int memo_torture_compute(struct quartet_memo_call *call, const void *key, size_t key_len,
			 void *data);

/* memo_disturb.c: time, memory, signals; and runs that are stuck */
void memo_disturb(struct torture_run *run, struct rnd_state *random);
bool memo_stuck(struct torture_run *run);
void memo_rescue(struct torture_run *run);

#endif /* QUARTET_TORTURE_MEMO_H */
