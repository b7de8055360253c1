/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A run of any torture: what its ioctl, its contenders and its disturbances
 * share. A torture adds to it by embedding, and says how in its operations.
 */
#ifndef QUARTET_TORTURE_RUN_H
#define QUARTET_TORTURE_RUN_H

#include <linux/cpumask.h>
#include <linux/hrtimer.h>
#include <linux/ktime.h>
#include <linux/prandom.h>
#include <linux/sched.h>

#include <quartet/debugfs.h>
#include <linux/quartet_torture.h>

#include "../base/histogram.h"

struct kmem_cache;
struct torture_last;
struct torture_run;

/**
 * struct torture_contender - who takes the lock over and over
 * @run: the run it belongs to
 * @stats: as reported; written by the contender only
 * @violations: of exclusion, as this contender saw them
 * @random: its own sequence
 * @thread: in task context
 * @timer: in the others
 * @wait_hist: of its waits
 */
struct torture_contender {
	struct torture_run *run;
	struct quartet_torture_contender stats;
	u64 violations;
	struct rnd_state random;
	struct task_struct *thread;
	struct hrtimer timer;
	u64 wait_hist[QUARTET_HIST_BUCKETS];
};

/**
 * struct torture_ops - a torture
 * @name: of its threads
 * @run_cache: of its runs, a struct that begins with a struct torture_run
 * @contender_cache: of its contenders, a struct that begins with a struct torture_contender
 * @create: adds contenders that are timers, or whatever else the run needs; may be NULL
 * @enter: first thing in each thread; may be NULL
 * @turn: one attempt of a thread and what it does until the next one
 * @tick: one attempt of a timer
 * @periodic: done every torture_run.periodic_us by a thread, with random numbers of its own
 * @stuck: no contender gets on any more; may be NULL
 * @drain: contenders make no new attempts; returns when they have ended those under way,
 *	with false if they had to be forced; may be NULL
 * @begin: right before the contenders are let go; may be NULL
 * @end: right after the run's time is over; may be NULL
 * @lost: updates of the critical section that got lost; may be NULL
 */
struct torture_ops {
	const char *name;
	struct kmem_cache *run_cache;
	struct kmem_cache *contender_cache;
	int (*create)(struct torture_run *run);
	void (*enter)(struct torture_contender *c);
	void (*turn)(struct torture_contender *c);
	void (*tick)(struct torture_contender *c);
	void (*periodic)(struct torture_run *run, struct rnd_state *random);
	bool (*stuck)(struct torture_run *run);
	bool (*drain)(struct torture_run *run);
	void (*begin)(struct torture_run *run);
	void (*end)(struct torture_run *run);
	u64 (*lost)(const struct torture_run *run);
};

/**
 * struct torture_run - one run
 * @ops: of the torture
 * @request: as asked for
 * @result: as reported
 * @cpus: the CPUs to use
 * @wait_hist: sum of the contenders'
 * @contenders: @total of them, threads first
 * @total: as far as created
 * @started: ns, when the contenders were let go
 * @paused: contenders make no new attempts
 * @stopping: timers are not to be armed again
 * @timer_period: ns between two tries of a timer
 * @periodic_us: between two of ops->periodic, or 0
 * @periodic: the thread that does it, or NULL
 */
struct torture_run {
	const struct torture_ops *ops;
	struct quartet_torture_request request;
	struct quartet_torture_result result;
	struct cpumask cpus;	/* cpus and wait_hist: copied from and to the caller */
	u64 wait_hist[QUARTET_HIST_BUCKETS];
	struct torture_contender **contenders;
	unsigned int total;
	u64 started;
	bool paused;
	bool stopping;
	u64 timer_period;
	u32 periodic_us;
	struct task_struct *periodic;
};

/* run.c: from arguments to results, one run at a time */
int torture_ops_init(struct torture_ops *ops, size_t run_size, size_t contender_size);
void torture_ops_exit(struct torture_ops *ops);
int torture_begin(void *args, size_t size, size_t outputs, void __user *argp);
int torture_end(int err, const void *args, size_t size, void __user *argp);
int torture_check_request(const struct quartet_torture_request *request);
int torture_check_hist(u64 hist, u32 len);
int torture_claim(void);
void torture_release(void);
struct torture_run *torture_run_alloc(const struct torture_ops *ops,
				      const struct quartet_torture_request *request,
				      unsigned int contenders_per_cpu);
int torture_run(struct torture_run *run);
int torture_finish(struct torture_run *run, int err, struct torture_last *last, const void *args);
int torture_copy_hist(u64 to, const u64 *hist);
void torture_run_free(struct torture_run *run);
long torture_progress(void __user *argp);
void torture_runs_init(void);
void torture_runs_exit(void);

/* contender.c: what all contenders do */
extern struct quartet_live torture_contenders_live;
struct torture_contender *torture_contender_create(struct torture_run *run, unsigned int cpu,
						   enum quartet_torture_context context);
int torture_contenders_create(struct torture_run *run);
void torture_contenders_deal(struct torture_run *run, unsigned int shift);
void torture_contenders_start(struct torture_run *run);
void torture_contenders_stop(struct torture_run *run);
void torture_contenders_destroy(struct torture_run *run);
void torture_waited(struct torture_contender *c, u64 wait_ns);
u64 torture_spread(struct torture_contender *c, u64 mean);

/* Both are off in runs for figures. */
static inline bool torture_checks(const struct torture_run *run)
{
	return !(run->request.flags & QUARTET_TORTURE_UNCHECKED);
}

static inline bool torture_times(const struct torture_run *run)
{
	return !(run->request.flags & QUARTET_TORTURE_UNTIMED);
}

static inline u64 torture_clock(const struct torture_run *run)
{
	return torture_times(run) ? ktime_get_mono_fast_ns() : 0;
}

static inline u32 torture_permille(struct torture_contender *c)
{
	return prandom_u32_state(&c->random) % 1000;
}

/* timer.c: contenders that are interrupts */
int torture_timers_create(struct torture_run *run);
void torture_timer_start(struct torture_contender *c);
void torture_timer_stop(struct torture_contender *c);

/* disturb.c: the wait for the end of a run, and what disturbs it meanwhile */
enum quartet_torture_end torture_disturb_until_end(struct torture_run *run);
int torture_periodic_create(struct torture_run *run);
void torture_periodic_stop(struct torture_run *run);

#endif /* QUARTET_TORTURE_RUN_H */
