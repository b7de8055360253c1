/* SPDX-License-Identifier: GPL-2.0-only */
/* A run on a spinlock: what its ioctl and its contenders share. */
#ifndef QUARTET_TORTURE_SPIN_H
#define QUARTET_TORTURE_SPIN_H

#include "run.h"
#include "section.h"
#include "spin_kinds.h"

/**
 * struct spin_arena - a lock and what it protects
 * @lock: the lock under torture
 * @section: what it protects
 * @watched: the waiter whose overtaking is watched for, 0 for none
 * @epoch: number of waiters watched so far; contenders read it without the
 *	lock, just before they arrive
 * @inversions: arrivals granted before the watched waiter that was there first
 */
struct spin_arena {
	union spin_any lock ____cacheline_aligned_in_smp;
	/* Below: written with @lock held, if the lock is any good. */
	struct section section ____cacheline_aligned_in_smp;
	u32 watched;
	u64 epoch;
	u64 inversions;
};

/**
 * struct spin_contender - a thread or a timer that takes the lock over and over
 * @base: what all contenders have; first
 * @arena: what it contends for
 * @form: what else it must keep off its CPU while it holds the lock
 */
struct spin_contender {
	struct torture_contender base;
	struct spin_arena *arena;
	enum spin_form form;
};

/**
 * struct spin_run - one QUARTET_TORTURE_SPIN
 * @base: what all runs have; first
 * @ops: of the kind under torture
 * @arenas: by enum quartet_torture_context; only the first without NEST
 */
struct spin_run {
	struct torture_run base;
	const struct spin_ops *ops;
	struct spin_arena arenas[3];
};

static inline struct spin_run *spin_run_of(const struct torture_run *run)
{
	return container_of(run, struct spin_run, base);
}

static inline struct spin_contender *spin_contender_of(struct torture_contender *c)
{
	return container_of(c, struct spin_contender, base);
}

/* spin.c: the ioctl, from validation to results */
int spin_torture_init(void);
void spin_torture_exit(void);
long spin_torture_ioctl(void __user *argp);

/* spin_contender.c: what a contender does */
int spin_create(struct torture_run *run);
void spin_turn(struct torture_contender *c);
void spin_tick(struct torture_contender *c);

#endif /* QUARTET_TORTURE_SPIN_H */
