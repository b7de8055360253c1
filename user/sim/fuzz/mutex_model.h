/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The mutex as quartet/mutex.h and quartet/mutex_core.h promise it, for one who knows all that
 * happens: arrays, one thing after the other. Owners and tasks are numbers.
 */
#ifndef SIM_MUTEX_MODEL_H
#define SIM_MUTEX_MODEL_H

#include <quartet/mutex_core.h>

#include <base/histogram.h>
#include "fiber.h"

#define MODEL_TASKS	FIBERS
#define MODEL_CALLBACKS	4
#define MODEL_MUTEXES	2
#define MODEL_NOBODY	(-1)
#define MODEL_SLEEPS	1		/* in place of what a lock returns */

/* A place in the queue: of a task that sleeps, or of a callback. */
struct model_waiter {
	int task, callback, owner;
	u64 since;
	bool woken;
};

struct model_mutex {
	bool task_owned, detect;
	u64 starve_ns;
	bool locked, starving;
	int owner;
	struct model_waiter queue[MODEL_TASKS + MODEL_CALLBACKS];
	unsigned int waiting;
	struct quartet_mutex_stats stats;
	u64 hist[QUARTET_HIST_BUCKETS];
};

enum model_heeds { HEEDS_NONE, HEEDS_SIGNALS, HEEDS_FATAL };

struct model_task {
	int signal;			/* 1 for any, 2 for a fatal one */
	bool resched;
	/* While it waits: */
	struct model_mutex *wants;
	enum model_heeds heeds;
	s64 deadline;			/* KTIME_MAX: none */
	bool granted, awake, edge;
};

struct model_callback {
	struct model_mutex *mutex;	/* that it is queued at, or was granted; or NULL */
	bool granted;
	bool unlocks;			/* as soon as it is called */
};

struct model {
	u64 now;
	struct model_mutex mutexes[MODEL_MUTEXES];
	struct model_task tasks[MODEL_TASKS];
	struct model_callback callbacks[MODEL_CALLBACKS];
	int called[MODEL_CALLBACKS];	/* in this step, in order */
	unsigned int ncalled;
	unsigned int warnings;
	u64 truncated;
};

extern struct model model;

bool model_starved(const struct model_mutex *mutex, const struct model_waiter *waiter);
bool model_lock_fast(struct model_mutex *mutex, int owner);
bool model_trylock(struct model_mutex *mutex, int owner);
void model_unlock(struct model_mutex *mutex);
bool model_enqueue(struct model_mutex *mutex, int callback, int owner);
/* One that is queued, or has been granted. */
bool model_cancel(int callback);
/* What the call returns, or MODEL_SLEEPS. */
int model_lock(struct model_mutex *mutex, int task, enum model_heeds heeds, s64 deadline);
/* The same, for a task that sleeps and goes on. */
int model_go_on(int task);
/* The owner runs, and nothing keeps @task from watching it do that for ever. */
bool model_would_spin(const struct model_mutex *mutex, int task, enum model_heeds heeds,
		      s64 deadline);

#endif /* SIM_MUTEX_MODEL_H */
