/* SPDX-License-Identifier: GPL-2.0-only */
/* A run on a sleeping lock: what its ioctl, its contenders and its watchers share. */
#ifndef QUARTET_TORTURE_MUTEX_H
#define QUARTET_TORTURE_MUTEX_H

#include "mutex_kinds.h"
#include "run.h"
#include "section.h"

struct mutex_contender;

/**
 * struct mutex_arena - the lock and what it protects
 * @lock: the lock under torture
 * @section: what it protects
 * @turn: number of the present grant
 * @released: ns, when the last holder was about to unlock
 * @head: who was seen at the head of the queue, see mutex_order.c
 * @head_attempt: in this attempt of its
 * @head_seen: ns, when first
 * @idle_max_ns: longest time from unlock to grant
 * @idle_hist: of all these times
 */
struct mutex_arena {
	union mutex_any lock ____cacheline_aligned_in_smp;
	/* Below: written with @lock held, if the lock is any good. */
	struct section section ____cacheline_aligned_in_smp;
	u64 turn;
	u64 released;
	struct mutex_contender *head;
	u64 head_attempt;
	u64 head_seen;
	u64 idle_max_ns;
	u64 *idle_hist;
};

/**
 * struct mutex_contender - a thread that takes the lock over and over
 * @base: what all contenders have; first
 * @attempt: odd from before it asks for the lock until it has it no more, or gave up
 * @form: of this attempt
 * @watched_attempt: the attempt in which it was seen to starve; with the lock held
 * @watched_turn: by the holder of this number; with the lock held
 * @interrupted: attempts that a signal ended
 * @timed_out: attempts that a deadline ended
 * @realtime: SCHED_FIFO
 * @hog: holds long and does not think
 */
struct mutex_contender {
	struct torture_contender base;
	u64 attempt;
	enum mutex_form form;
	u64 watched_attempt;
	u64 watched_turn;
	u64 interrupted;
	u64 timed_out;
	bool realtime;
	bool hog;
};

/**
 * struct mutex_run - one QUARTET_TORTURE_MUTEX
 * @base: what all runs have; first
 * @args: as asked for
 * @ops: of the kind under torture
 * @arena: the lock
 * @progress_turn: the grant that the watchdog saw last
 * @progress_at: jiffies, when it saw that one first
 */
struct mutex_run {
	struct torture_run base;
	struct quartet_torture_mutex args;
	const struct mutex_ops *ops;
	struct mutex_arena arena;
	u64 progress_turn;
	unsigned long progress_at;
};

static inline struct mutex_run *mutex_run_of(const struct torture_run *run)
{
	return container_of(run, struct mutex_run, base);
}

static inline struct mutex_contender *mutex_contender_of(struct torture_contender *c)
{
	return container_of(c, struct mutex_contender, base);
}

/* A snapshot: in an attempt, so it waits for the lock or has it. */
static inline bool mutex_attempts(const struct mutex_contender *c)
{
	return READ_ONCE(c->attempt) & 1;
}

/* mutex.c: the ioctl, from validation to results */
int mutex_torture_init(void);
void mutex_torture_exit(void);
long mutex_torture_ioctl(void __user *argp);

/* mutex_contender.c: what a contender does */
void mutex_enter(struct torture_contender *c);
void mutex_turn(struct torture_contender *c);

/* mutex_order.c: nobody passes who has starved */
void mutex_watch_order(struct mutex_run *run);
void mutex_judge_order(struct mutex_run *run, const struct mutex_contender *c);

/* mutex_signals.c: what ends the waits of others */
void mutex_signal(struct torture_run *run, struct rnd_state *random);

/* mutex_watchdog.c: wake-ups that got lost */
bool mutex_stuck(struct torture_run *run);
bool mutex_drain(struct torture_run *run);

#endif /* QUARTET_TORTURE_MUTEX_H */
