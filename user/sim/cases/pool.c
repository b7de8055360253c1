// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pool: each object is in one hand at a time, and at the end all have gone
 * back to the allocator. Few CPUs, and small rings, so that they meet.
 */
#include <quartet/pool.h>

#include <sim/case.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "cases.h"

/**
 * struct token - an object
 * @link: as freed memory has something at its beginning
 * @hands: who has it: 0 while it is in the pool
 * @written: plain, so that TSan sees what orders its users
 */
struct token {
	void *link;
	unsigned int hands;
	unsigned long written;
};

static struct quartet_pool pool;

static struct token *get(void)
{
	struct token *token = quartet_pool_get(&pool, GFP_KERNEL);

	if (!token)
		return NULL;
	if (xchg_relaxed(&token->hands, 1))
		sim_fail("exclusion: an object is in two hands");
	token->written++;
	return token;
}

static void put(struct token *token)
{
	if (!token)
		return;
	token->written++;
	(void)xchg_relaxed(&token->hands, 0);
	quartet_pool_put(&pool, token);
}

/* With @threads that have a CPU each. */
static void start_with(unsigned int threads, struct quartet_pool_params params)
{
	sim_want_cpus(threads + 1);
	params.name = "sim";
	params.size = sizeof(struct token);
	if (quartet_pool_init(&pool, &params))
		sim_fail("assertion: no pool");
}

/* Two objects in each ring. */
static void start_small(unsigned int threads)
{
	start_with(threads, (struct quartet_pool_params){ .max_cached = 4 * (threads + 1) });
}

static void start_two(void)
{
	start_small(2);
}

static void start_three(void)
{
	start_small(3);
}

static void end(void)
{
	struct quartet_pool_state state;

	quartet_pool_read(&pool, &state);
	if (state.allocated - state.freed != state.cached)
		sim_fail("leak: %llu allocated, %llu freed, %llu cached", state.allocated,
			 state.freed, state.cached);
	if (quartet_pool_destroy(&pool))
		sim_fail("leak: objects are still out");
	if (sim_allocated())
		sim_fail("leak: %ld allocations at the end", sim_allocated());
}

/* One to the private slot, and one to the ring, which is taken back. */
static void produce(void)
{
	struct token *one = get(), *two = get();

	put(one);
	put(two);
}

static void use(void)
{
	put(get());
}

static void scan(void)
{
	quartet_pool_scan(&pool);
}

static struct token *made[4];

/* Objects that are out already, so that producers need not look for any. */
static void start_made(void)
{
	unsigned int i;

	start_small(4);
	for (i = 0; i < ARRAY_SIZE(made); i++)
		made[i] = get();
}

/* One to the private slot, one to the ring, and that one back. */
static void put_and_take_back(struct token *one, struct token *two)
{
	put(one);
	put(two);
	one = get();
	use();
	put(one);
}

static void put_first(void)
{
	put_and_take_back(made[0], made[1]);
}

static void put_second(void)
{
	put_and_take_back(made[2], made[3]);
}

const struct sim_case pool_scan = {
	.name = "pool-scan",
	.what = "two producers, a thief and a scan",
	.start = start_made,
	.threads = { put_first, put_second, use, scan },
	.end = end,
};

/* The scan's work comes while others look for what it moves. */
static void produce_and_work(void)
{
	produce();
	sim_work();
	use();
}

static void scan_twice(void)
{
	scan();
	scan();
}

const struct sim_case pool_private = {
	.name = "pool-private",
	.what = "a scan takes private objects to the victims, where others find them",
	.start = start_three,
	.threads = { produce_and_work, use, scan_twice },
	.end = end,
};

/* Three: half of what is shared goes over to the thief's ring. */
static void produce_three(void)
{
	struct token *one = get(), *two = get(), *three = get();

	put(one);
	put(two);
	put(three);
	use();
}

static void use_two(void)
{
	struct token *one = get(), *two = get();

	put(two);
	put(one);
}

const struct sim_case pool_steal = {
	.name = "pool-steal",
	.what = "two CPUs steal from each other",
	.preemptions = 3,
	.start = start_two,
	.threads = { produce_three, use_two },
	.end = end,
};

const struct sim_case pool_stores = {
	.name = "pool-stores",
	.what = "the same, with stores that are delayed",
	.delays = 1,
	.start = start_two,
	.threads = { produce_three, use_two },
	.end = end,
};

static void put_bulk_and_get_bulk(void)
{
	void *objects[3];
	unsigned int n = quartet_pool_get_bulk(&pool, GFP_KERNEL, objects, 3);

	quartet_pool_put_bulk(&pool, objects, n);
	n = quartet_pool_get_bulk(&pool, GFP_KERNEL, objects, 2);
	quartet_pool_put_bulk(&pool, objects, n);
}

const struct sim_case pool_bulk = {
	.name = "pool-bulk",
	.what = "several at once against a thief",
	.delays = 1,
	.start = start_two,
	.threads = { put_bulk_and_get_bulk, use_two },
	.end = end,
};

static void start_bounded(void)
{
	start_with(3, (struct quartet_pool_params){ .bounded = 2 });
}

static atomic_t asking;

/* Those who have one, and those who are about to ask, are never more than there are slots. */
static void use_bounded(void)
{
	struct token *token;

	if (atomic_inc_return(&asking) <= 2) {
		token = get();
		if (!token)
			sim_fail("assertion: a slot is free, and none was got");
		put(token);
	}
	atomic_dec(&asking);
}

static void end_bounded(void)
{
	if (quartet_pool_destroy(&pool))
		sim_fail("leak: slots are still out");
	if (sim_allocated())
		sim_fail("leak: %ld allocations at the end", sim_allocated());
}

const struct sim_case pool_bounded = {
	.name = "pool-bounded",
	.what = "a get fails only if no slot is free",
	.start = start_bounded,
	.threads = { use_bounded, use_bounded, use_bounded },
	.end = end_bounded,
};

/* No tokens: those are written to while they are in the pool. */
static void use_debugged(void)
{
	void *one = quartet_pool_get(&pool, GFP_KERNEL), *two = quartet_pool_get(&pool, GFP_KERNEL);

	if (one == two)
		sim_fail("exclusion: an object is in two hands");
	quartet_pool_put(&pool, one);
	quartet_pool_put(&pool, two);
}

static void start_debugged(void)
{
	start_with(2, (struct quartet_pool_params){ .flags = QUARTET_POOL_DEBUG });
}

const struct sim_case pool_debug = {
	.name = "pool-debug",
	.what = "records follow objects from CPU to CPU, and report nothing",
	.start = start_debugged,
	.threads = { use_debugged, use_debugged },
	.end = end,
};
