/* SPDX-License-Identifier: GPL-2.0-only */
/* A run on a spinlock: what its ioctl, its contenders and its disturbances share. */
#ifndef QUARTET_TORTURE_SPIN_H
#define QUARTET_TORTURE_SPIN_H

#include <linux/cpumask.h>
#include <linux/hrtimer.h>
#include <linux/prandom.h>
#include <linux/sched.h>

#include <linux/quartet_torture.h>

#include "../base/histogram.h"
#include "spin_kinds.h"

#define SPIN_WORDS	6

/**
 * struct spin_arena - a lock and what it protects
 * @lock: the lock under torture
 * @words: equal whenever nobody holds the lock; each holder adds one to all
 * @holder: who holds the lock, as the lock's users see it
 * @watched: the waiter whose overtaking is watched for, 0 for none
 * @epoch: number of waiters watched so far; contenders read it without the
 *	lock, just before they arrive
 * @inversions: arrivals granted before the watched waiter that was there first
 */
struct spin_arena {
	union spin_any lock ____cacheline_aligned_in_smp;
	/* Below: written with @lock held, if the lock is any good. */
	u64 words[SPIN_WORDS] ____cacheline_aligned_in_smp;
	struct spin_contender *holder;
	u32 watched;
	u64 epoch;
	u64 inversions;
};

/**
 * struct spin_contender - a thread or a timer that takes the lock over and over
 * @run: the run it belongs to
 * @arena: what it contends for
 * @form: what else it must keep off its CPU while it holds the lock
 * @stats: as reported; written by the contender only
 * @violations: of exclusion, as this contender saw them
 * @random: its own sequence
 * @thread: in task context
 * @timer: in the other contexts
 * @wait_hist: of its waits
 */
struct spin_contender {
	struct spin_run *run;
	struct spin_arena *arena;
	enum spin_form form;
	struct quartet_torture_contender stats;
	u64 violations;
	struct rnd_state random;
	struct task_struct *thread;
	struct hrtimer timer;
	u64 wait_hist[QUARTET_HIST_BUCKETS];
};

/**
 * struct spin_run - one QUARTET_TORTURE_SPIN
 * @args: as copied from the caller, who gets it back as the result
 * @cpus: the CPUs to use
 * @ops: of the kind under torture
 * @arenas: by enum quartet_torture_context; only the first without NEST
 * @contenders: @total of them, threads first
 * @total: as far as created
 * @started: ns, when the contenders were let go
 * @timer_period: ns between two tries of a timer
 * @paused: stutter: everybody rests
 * @stopping: timers are not to be armed again
 */
struct spin_run {
	struct quartet_torture_spin args;	/* args and cpus: copied from and to the caller */
	struct cpumask cpus;
	const struct spin_ops *ops;
	struct spin_arena arenas[3];
	struct spin_contender **contenders;
	unsigned int total;
	u64 started;
	u64 timer_period;
	bool paused;
	bool stopping;
};

/* spin.c: the ioctls, from validation to results */
int spin_torture_init(void);
void spin_torture_exit(void);
long spin_torture_ioctl(void __user *argp);
long spin_torture_progress(void __user *argp);

/* spin_contender.c: what a contender does */
int spin_contenders_create(struct spin_run *run);
void spin_contenders_start(struct spin_run *run);
void spin_contenders_stop(struct spin_run *run);
void spin_contenders_destroy(struct spin_run *run);
void spin_contenders_deal(struct spin_run *run, unsigned int shift);
int spin_contenders_init(void);
void spin_contenders_exit(void);

/* spin_disturb.c: the wait for the end of a run, and what disturbs it meanwhile */
enum quartet_torture_end spin_disturb_until_end(struct spin_run *run);

#endif /* QUARTET_TORTURE_SPIN_H */
