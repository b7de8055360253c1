/* SPDX-License-Identifier: GPL-2.0-only */
/* A run on a pool: what its ioctl and its contenders share. */
#ifndef QUARTET_TORTURE_POOL_H
#define QUARTET_TORTURE_POOL_H

#include "pool_kinds.h"
#include "run.h"

#define POOL_BURST	100	/* objects that a thread gets in a row */
#define POOL_KEPT	67	/* of them, that one who starves others gives back himself */
#define POOL_TURN	16	/* gets in a turn, where they are one by one */
#define POOL_QUEUE	256	/* objects on their way from one thread to another */

/**
 * struct pool_queue - from the even thread of a pair to the odd one
 * @head: how many have been taken; written by the odd thread
 * @tail_seen: the odd thread's: a tail that it has seen, so that it seldom asks for that line
 * @tail: how many have been added; written by the even thread
 * @head_seen: the even thread's, likewise
 * @objects: by number, modulo their length
 */
struct pool_queue {
	unsigned int head ____cacheline_aligned_in_smp;
	unsigned int tail_seen;
	unsigned int tail ____cacheline_aligned_in_smp;
	unsigned int head_seen;
	void *objects[POOL_QUEUE];
};

/**
 * struct pool_contender - a thread or a timer that gets and puts objects
 * @base: what all contenders have; first
 * @giver: the even thread of its pair, or NULL: for threads
 * @queue: to it or from it, where @giver is set; it belongs to the even one
 * @failed: gets that returned nothing
 * @dirty: objects that were to be zero and were not
 * @objects: in its hands
 */
struct pool_contender {
	struct torture_contender base;
	struct pool_contender *giver;
	struct pool_queue queue;
	u64 failed;
	u64 dirty;
	void *objects[POOL_BURST];
};

/**
 * struct pool_run - one QUARTET_TORTURE_POOL
 * @base: what all runs have; first
 * @args: as asked for
 * @ops: of the kind under torture
 * @pool: the pool
 */
struct pool_run {
	struct torture_run base;
	struct quartet_torture_pool args;
	const struct pool_ops *ops;
	struct pool_any pool;
};

static inline struct pool_run *pool_run_of(const struct torture_run *run)
{
	return container_of(run, struct pool_run, base);
}

static inline struct pool_contender *pool_contender_of(struct torture_contender *c)
{
	return container_of(c, struct pool_contender, base);
}

/* pool.c: the ioctl, from validation to results */
int pool_torture_init(void);
void pool_torture_exit(void);
long pool_torture_ioctl(void __user *argp);

/* pool_contender.c: what a contender does */
int pool_create(struct torture_run *run);
void pool_turn(struct torture_contender *c);
void pool_tick(struct torture_contender *c);
void pool_drain_queues(struct torture_run *run);

#endif /* QUARTET_TORTURE_POOL_H */
