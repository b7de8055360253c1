// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a contender for the objects of a pool does. All that a thread has got it gives back in the
 * same turn, or leaves in its queue; what is there at the end is put by pool_drain_queues().
 */
#include <linux/sched.h>

#include "pool.h"
#include "pool_object.h"
#include "work.h"

#define TIMER_PERIOD_NS		(200 * NSEC_PER_USEC)
#define TIMER_HOLDS		8	/* that fit between two tries of a timer */
#define TIMER_MOST		4	/* objects of a timer at a time */

static void flag(struct pool_contender *c, bool good)
{
	if (!good)
		WRITE_ONCE(c->base.violations, c->base.violations + 1);
}

static void check_got(struct pool_run *run, struct pool_contender *c, void *object)
{
	bool zero = !run->pool.zero || pool_object_is_zero(object, run->pool.size);

	c->dirty += !zero;
	flag(c, zero);
	flag(c, pool_object_take(object, run->pool.size, c));
}

static void *get(struct pool_run *run, struct pool_contender *c)
{
	gfp_t gfp = c->base.stats.context == QUARTET_CONTEXT_TASK ? GFP_KERNEL : GFP_ATOMIC;
	u64 asked = torture_clock(&run->base);
	void *object = run->ops->get(&run->pool, gfp);

	if (!object) {
		c->failed++;
		return NULL;
	}
	/* A call is much beside a get. */
	if (torture_times(&run->base))
		torture_waited(&c->base, torture_clock(&run->base) - asked);
	WRITE_ONCE(c->base.stats.grants, c->base.stats.grants + 1);
	if (torture_checks(&run->base))
		check_got(run, c, object);
	return object;
}

/* @owner: who got it. */
static void put(struct pool_run *run, struct pool_contender *c, void *object,
		const struct pool_contender *owner)
{
	if (torture_checks(&run->base))
		flag(c, pool_object_give(object, run->pool.size, owner));
	run->ops->put(&run->pool, object);
}

/* Returns how many there were. */
static unsigned int get_several(struct pool_run *run, struct pool_contender *c, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		c->objects[i] = get(run, c);
		if (!c->objects[i])
			break;
	}
	if (run->args.request.hold_ns)
		work_for(run->args.request.hold_ns);
	return i;
}

static void put_several(struct pool_run *run, struct pool_contender *c, unsigned int n)
{
	while (n--)
		put(run, c, c->objects[n], c);
}

static void get_and_put(struct pool_run *run, struct pool_contender *c, unsigned int n)
{
	put_several(run, c, get_several(run, c, n));
}

/* By the even thread. Whatever is before the head has been read: its place is free. */
static bool is_full(struct pool_queue *queue)
{
	if (queue->tail - queue->head_seen < POOL_QUEUE)
		return false;
	queue->head_seen = smp_load_acquire(&queue->head);		/* [H] */
	return queue->tail - queue->head_seen == POOL_QUEUE;
}

/* By the even thread; false if it is full. */
static bool pass(struct pool_queue *queue, void *object)
{
	unsigned int tail = queue->tail;

	if (is_full(queue))
		return false;
	queue->objects[tail % POOL_QUEUE] = object;
	smp_store_release(&queue->tail, tail + 1);			/* [T] */
	return true;
}

/* By the odd thread, or when all threads have stopped; NULL if it is empty. */
static void *receive(struct pool_queue *queue)
{
	unsigned int head = queue->head;
	void *object;

	if (head == queue->tail_seen) {
		queue->tail_seen = smp_load_acquire(&queue->tail);	/* [T] */
		if (head == queue->tail_seen)
			return NULL;
	}
	object = queue->objects[head % POOL_QUEUE];
	smp_store_release(&queue->head, head + 1);			/* [H] */
	return object;
}

/* Up to @n. Returns how many. */
static unsigned int put_received(struct pool_run *run, struct pool_contender *c, unsigned int n)
{
	struct pool_contender *giver = c->giver;
	unsigned int i;
	void *object;

	for (i = 0; i < n; i++) {
		object = receive(&giver->queue);
		if (!object)
			break;
		put(run, c, object, giver);
	}
	return i;
}

/* From the first of the pair to the second, while there is room; the rest is put. */
static void pass_several(struct pool_run *run, struct pool_contender *c, unsigned int n)
{
	while (n && pass(&c->queue, c->objects[n - 1]))
		n--;
	put_several(run, c, n);
}

static void starve(struct pool_run *run, struct pool_contender *c)
{
	unsigned int n;

	if (c->giver != c) {
		n = get_several(run, c, POOL_KEPT);
		put_received(run, c, POOL_BURST - POOL_KEPT);
		put_several(run, c, n);
		return;
	}
	n = get_several(run, c, POOL_BURST);
	while (n > POOL_KEPT)
		if (!pass(&c->queue, c->objects[--n]))
			put(run, c, c->objects[n], c);
	put_several(run, c, n);
}

/* One by one, as a driver would. A partner may share our CPU: give it up with nothing to do. */
static void pipeline(struct pool_run *run, struct pool_contender *c)
{
	unsigned int i;

	if (c->giver != c) {
		if (!put_received(run, c, POOL_QUEUE))
			yield();
		return;
	}
	for (i = 0; i < POOL_TURN && !is_full(&c->queue); i++)
		pass_several(run, c, get_several(run, c, 1));
	if (!i)
		yield();
}

/* Several, so that it is not the turns that take the time. */
static void get_and_put_own(struct pool_run *run, struct pool_contender *c)
{
	unsigned int i;

	for (i = 0; i < POOL_TURN; i++)
		get_and_put(run, c, 1);
}

static void do_pattern(struct pool_run *run, struct pool_contender *c, u32 pattern)
{
	switch (c->giver ? pattern : min_t(u32, pattern, QUARTET_POOL_PATTERN_BURST)) {
	case QUARTET_POOL_PATTERN_LOCAL:
		get_and_put_own(run, c);
		break;
	case QUARTET_POOL_PATTERN_BURST:
		get_and_put(run, c, POOL_BURST);
		break;
	case QUARTET_POOL_PATTERN_STARVATION:
		starve(run, c);
		break;
	case QUARTET_POOL_PATTERN_PIPELINE:
		pipeline(run, c);
		break;
	}
}

void pool_turn(struct torture_contender *base)
{
	struct pool_contender *c = pool_contender_of(base);
	struct pool_run *run = pool_run_of(base->run);
	u32 pattern = run->args.pattern;

	if (pattern == QUARTET_POOL_PATTERN_MIX)
		pattern = prandom_u32_state(&base->random) % QUARTET_POOL_PATTERN_MIX;
	do_pattern(run, c, pattern);
	if (run->args.request.think_ns)
		work_for(torture_spread(base, run->args.request.think_ns));
}

void pool_tick(struct torture_contender *base)
{
	get_and_put(pool_run_of(base->run), pool_contender_of(base),
		    1 + prandom_u32_state(&base->random) % TIMER_MOST);
}

/* The pairs, and the timers; the threads are there. One thread that is left over has no pair. */
int pool_create(struct torture_run *run)
{
	unsigned int i;

	for (i = 0; i < (run->request.threads & ~1U); i++)
		pool_contender_of(run->contenders[i])->giver =
			pool_contender_of(run->contenders[i & ~1U]);
	run->timer_period = TIMER_PERIOD_NS + TIMER_HOLDS * run->request.hold_ns;
	return torture_timers_create(run);
}

/* The contenders have stopped. */
void pool_drain_queues(struct torture_run *run)
{
	unsigned int i;

	for (i = 0; i < run->total; i++) {
		struct pool_contender *c = pool_contender_of(run->contenders[i]);

		if (c->giver == c)
			put_received(pool_run_of(run), c, POOL_QUEUE);
	}
}
