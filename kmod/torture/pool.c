// SPDX-License-Identifier: GPL-2.0-only
/* QUARTET_TORTURE_POOL from its arguments to its results. */
#include <linux/delay.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "last.h"
#include "pool.h"
#include "pool_object.h"

#define INTERRUPTS	(QUARTET_TORTURE_SOFTIRQ | QUARTET_TORTURE_HARDIRQ)
#define SETTLE_MS	1000	/* what is under way at the end has come to rest by then */

static int check_numbers(const struct quartet_torture_pool *args)
{
	if (args->request.kind >= QUARTET_POOL_KINDS || args->pattern >= QUARTET_POOL_PATTERNS)
		return -EINVAL;
	if (args->request.flags & ~QUARTET_TORTURE_POOL_FLAGS || args->request.trylock_permille)
		return -EINVAL;
	if (args->object_size < QUARTET_TORTURE_MIN_OBJECT ||
	    args->object_size > QUARTET_TORTURE_MAX_OBJECT || args->object_size % sizeof(u64))
		return -EINVAL;
	if (args->ctor_ns > QUARTET_TORTURE_MAX_WORK_NS || args->fail_permille > 1000 ||
	    args->scan_us > QUARTET_TORTURE_MAX_PERIOD_MS * USEC_PER_MSEC)
		return -EINVAL;
	return 0;
}

static int check_args(const struct quartet_torture_pool *args)
{
	const struct pool_ops *ops;
	int err = check_numbers(args);

	if (err)
		return err;
	ops = pool_kind_ops(args->request.kind);
	if (!ops->get)
		return -EOPNOTSUPP;
	if (args->request.flags & INTERRUPTS & ~ops->contexts || (args->scan_us && !ops->scan))
		return -EINVAL;
	if (args->fail_permille && !ops->read)
		return -EINVAL;
	if (args->request.flags & QUARTET_TORTURE_ZERO && args->ctor_ns)
		return -EINVAL;
	return 0;
}

static void scan(struct torture_run *run, struct rnd_state *random)
{
	pool_run_of(run)->ops->scan(&pool_run_of(run)->pool);
}

static struct torture_ops pool_torture_ops = {
	.name = "pool",
	.create = pool_create,
	.turn = pool_turn,
	.tick = pool_tick,
	.periodic = scan,
};

/* Of an object fresh from the allocator. */
static void nobody_has(void *object)
{
	((struct pool_object *)object)->owner = NULL;
}

/* All that can be out: a burst of each thread, its queue, and some for the timers. */
static unsigned int most_out(const struct quartet_torture_pool *args)
{
	return (args->request.threads + 1) * (POOL_BURST + POOL_QUEUE) + 8 * num_possible_cpus();
}

static int init_pool(struct pool_run *run)
{
	struct pool_any *pool = &run->pool;
	int err;

	pool->size = run->args.object_size;
	pool->ctor_ns = run->args.ctor_ns;
	pool->fail_permille = run->args.fail_permille;
	pool->zero = run->args.request.flags & QUARTET_TORTURE_ZERO;
	pool->most = most_out(&run->args);
	pool->cache = kmem_cache_create("quartet_torture_object", pool->size, 0,
					SLAB_HWCACHE_ALIGN, nobody_has);
	if (!pool->cache)
		return -ENOMEM;
	err = run->ops->init ? run->ops->init(pool) : 0;
	if (err)
		kmem_cache_destroy(pool->cache);
	return err;
}

static long exit_pool(struct pool_run *run)
{
	long out = run->ops->exit ? run->ops->exit(&run->pool) : 0;

	kmem_cache_destroy(run->pool.cache);
	return out;
}

static void read_state(struct pool_run *run, struct quartet_pool_state *state)
{
	*state = (struct quartet_pool_state){ };
	if (run->ops->read)
		run->ops->read(&run->pool, state);
}

/* Nobody has an object any more: those that are nowhere. */
static u64 count_lost(const struct quartet_pool_state *state)
{
	u64 known = state->freed + state->cached;

	return max(state->allocated, known) - min(state->allocated, known);
}

static void copy_stats(const struct quartet_pool_stats *from, u64 *to)
{
	BUILD_BUG_ON(sizeof(*from) != QUARTET_POOL_STATS_LEN * sizeof(*to));
	to[QUARTET_POOL_STAT_PRIVATE] = from->private;
	to[QUARTET_POOL_STAT_SHARED] = from->shared;
	to[QUARTET_POOL_STAT_NEAR] = from->near;
	to[QUARTET_POOL_STAT_FAR] = from->far;
	to[QUARTET_POOL_STAT_VICTIM] = from->victim;
	to[QUARTET_POOL_STAT_FRESH] = from->fresh;
	to[QUARTET_POOL_STAT_FAILED] = from->failed;
	to[QUARTET_POOL_STAT_PUTS] = from->puts;
	to[QUARTET_POOL_STAT_DROPPED] = from->dropped;
	to[QUARTET_POOL_STAT_RECLAIMED] = from->reclaimed;
}

/* Work that a scan has queued, and objects that are freed late, may still be under way. */
static void settle(struct pool_run *run, struct quartet_pool_state *state)
{
	unsigned int ms;

	read_state(run, state);
	for (ms = 0; ms < SETTLE_MS && count_lost(state); ms++) {
		usleep_range(1000, 2000);
		read_state(run, state);
	}
}

static void show_run(struct seq_file *m, const void *args)
{
	const struct quartet_torture_pool *last = args;

	seq_printf(m, "%-12s %7u %12llu %11llu %11llu %11llu %12llu %9u\n",
		   pool_kind_name(last->request.kind), last->request.threads,
		   last->result.grants, last->result.violations, last->lost,
		   last->dirty, last->result.max_wait_ns, last->result.jain_ppm);
}

static struct quartet_torture_pool last_runs[QUARTET_POOL_KINDS];
static struct torture_last last = TORTURE_LAST("torture_pool", last_runs, show_run,
	"pool         threads         gets  violations        lost       dirty   max-get-ns  jain-ppm\n");

static void collect(struct pool_run *run)
{
	struct quartet_torture_pool *args = &run->args;
	struct torture_run *base = &run->base;
	struct quartet_pool_state state;
	unsigned int i;

	settle(run, &state);
	for (i = 0; i < base->total; i++) {
		args->failed += pool_contender_of(base->contenders[i])->failed;
		args->dirty += pool_contender_of(base->contenders[i])->dirty;
	}
	args->allocated = state.allocated;
	args->freed = state.freed;
	args->cached = state.cached;
	args->lost = count_lost(&state);
	copy_stats(&state.stats, args->stats);
	args->result = base->result;
	args->result.violations += args->lost;
}

static struct pool_run *run_alloc(const struct quartet_torture_pool *args)
{
	struct torture_run *base = torture_run_alloc(&pool_torture_ops, &args->request,
						     hweight32(args->request.flags & INTERRUPTS));
	struct pool_run *run;
	int err;

	if (IS_ERR(base))
		return ERR_CAST(base);
	run = pool_run_of(base);
	run->args = *args;
	run->ops = pool_kind_ops(args->request.kind);
	base->periodic_us = args->scan_us;
	err = init_pool(run);
	if (err) {
		torture_run_free(base);
		return ERR_PTR(err);
	}
	return run;
}

static int pool_torture(struct quartet_torture_pool *args)
{
	struct pool_run *run = run_alloc(args);
	long out;
	int err;

	if (IS_ERR(run))
		return PTR_ERR(run);
	err = torture_run(&run->base);
	pool_drain_queues(&run->base);
	if (!err)
		collect(run);
	out = exit_pool(run);
	/* A pool that has lost count of its objects, although it seemed right. */
	if (!run->args.lost && out) {
		run->args.lost = abs(out);
		run->args.result.violations += abs(out);
	}
	if (!err)
		*args = run->args;
	return torture_finish(&run->base, err, &last, args);
}

long pool_torture_ioctl(void __user *argp)
{
	struct quartet_torture_pool args;
	int err = torture_begin(&args, sizeof(args), offsetof(typeof(args), result), argp);

	err = err ?: check_args(&args) ?: torture_claim();
	if (err)
		return err;
	return torture_end(pool_torture(&args), &args, sizeof(args), argp);
}

int pool_torture_init(void)
{
	int err;

	err = torture_ops_init(&pool_torture_ops, sizeof(struct pool_run),
			       sizeof(struct pool_contender));
	if (err)
		return err;
	quartet_kind_add(&last.file);
	return 0;
}

void pool_torture_exit(void)
{
	quartet_kind_remove(&last.file);
	torture_ops_exit(&pool_torture_ops);
}
