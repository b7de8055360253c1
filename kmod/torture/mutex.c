// SPDX-License-Identifier: GPL-2.0-only
/* QUARTET_TORTURE_MUTEX from its arguments to its results. */
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "last.h"
#include "mutex.h"

static u32 forms_asked(const struct quartet_torture_mutex *args)
{
	return !!args->request.trylock_permille << MUTEX_TRY |
	       !!args->interruptible_permille << MUTEX_INTERRUPTIBLE |
	       !!args->killable_permille << MUTEX_KILLABLE |
	       !!args->timeout_permille << MUTEX_TIMEOUT |
	       !!args->async_permille << MUTEX_ASYNC;
}

/* Each share for itself first: their sum could overflow. */
static bool shares_fit(const struct quartet_torture_mutex *args)
{
	return args->interruptible_permille <= 1000 && args->killable_permille <= 1000 &&
	       args->timeout_permille <= 1000 && args->async_permille <= 1000 &&
	       args->rt_permille <= 1000 && args->nap_permille <= 1000 &&
	       args->request.trylock_permille + args->interruptible_permille +
	       args->killable_permille + args->timeout_permille + args->async_permille <= 1000;
}

static int check_args(const struct quartet_torture_mutex *args)
{
	if (args->request.kind >= QUARTET_MUTEX_KINDS)
		return -EINVAL;
	if (args->request.flags & ~QUARTET_TORTURE_MUTEX_FLAGS)
		return -EINVAL;
	if (!shares_fit(args) || forms_asked(args) & ~mutex_kind_ops(args->request.kind)->forms)
		return -EINVAL;
	if (args->timeout_ns > QUARTET_TORTURE_MAX_WORK_NS ||
	    args->signal_us > QUARTET_TORTURE_MAX_PERIOD_MS * USEC_PER_MSEC)
		return -EINVAL;
	return torture_check_hist(args->idle_hist, args->idle_hist_len);
}

/* Every thread in 1000 / rt_permille, evenly. */
static bool is_realtime(const struct quartet_torture_mutex *args, unsigned int i)
{
	return (i + 1) * args->rt_permille / 1000 > i * args->rt_permille / 1000;
}

static int mutex_create(struct torture_run *run)
{
	const struct quartet_torture_mutex *args = &mutex_run_of(run)->args;
	unsigned int i;

	for (i = 0; i < run->total; i++) {
		struct mutex_contender *c = mutex_contender_of(run->contenders[i]);

		c->hog = !i && args->request.flags & QUARTET_TORTURE_HOG;
		c->realtime = is_realtime(args, i);
	}
	return 0;
}

static void mutex_begin(struct torture_run *run)
{
	mutex_run_of(run)->progress_at = jiffies;
}

static u64 lost_updates(const struct torture_run *run)
{
	u64 grants = 0;
	unsigned int i;

	for (i = 0; i < run->total; i++)
		grants += run->contenders[i]->stats.grants;
	return section_lost(&mutex_run_of(run)->arena.section, grants);
}

static struct torture_ops mutex_torture_ops = {
	.name = "mutex",
	.create = mutex_create,
	.enter = mutex_enter,
	.turn = mutex_turn,
	.stuck = mutex_stuck,
	.drain = mutex_drain,
	.begin = mutex_begin,
	.periodic = mutex_signal,
	.lost = lost_updates,
};

static void collect_stats(const struct quartet_mutex_stats *from, u64 *to)
{
	BUILD_BUG_ON(sizeof(*from) != QUARTET_MUTEX_STATS_LEN * sizeof(*to));
	to[QUARTET_MUTEX_STAT_SPUN] = from->spun;
	to[QUARTET_MUTEX_STAT_QUEUED] = from->queued;
	to[QUARTET_MUTEX_STAT_WOKEN] = from->woken;
	to[QUARTET_MUTEX_STAT_LOST] = from->lost;
	to[QUARTET_MUTEX_STAT_TAKEN] = from->taken;
	to[QUARTET_MUTEX_STAT_HANDOFFS] = from->handoffs;
	to[QUARTET_MUTEX_STAT_STARVING] = from->starving;
	to[QUARTET_MUTEX_STAT_NORMAL] = from->normal;
	to[QUARTET_MUTEX_STAT_CANCELLED] = from->cancelled;
	to[QUARTET_MUTEX_STAT_CROSSED] = from->crossed;
}

static void show_run(struct seq_file *m, const void *args)
{
	const struct quartet_torture_mutex *last = args;

	seq_printf(m, "%-12s %7u %12llu %11llu %11llu %11llu %12llu %9u\n",
		   mutex_kind_name(last->request.kind), last->request.threads,
		   last->result.grants, last->result.violations,
		   last->result.inversions, last->result.order_checks,
		   last->result.max_wait_ns, last->result.jain_ppm);
}

static struct quartet_torture_mutex last_runs[QUARTET_MUTEX_KINDS];
static struct torture_last last = TORTURE_LAST("torture_mutex", last_runs, show_run,
	"mutex        threads       grants  violations   overtakes      checks  max-wait-ns  jain-ppm\n");

static void collect(struct mutex_run *run)
{
	struct quartet_torture_mutex *args = &run->args;
	unsigned int i;

	args->result = run->base.result;
	for (i = 0; i < run->base.total; i++) {
		struct mutex_contender *c = mutex_contender_of(run->base.contenders[i]);

		args->interrupted += c->interrupted;
		args->timed_out += c->timed_out;
	}
	args->idle_max_ns = run->arena.idle_max_ns;
	if (args->request.kind == QUARTET_MUTEX_KIND_QUARTET)
		collect_stats(&run->arena.lock.quartet.core.stats, args->stats);
}

static struct mutex_run *run_alloc(const struct quartet_torture_mutex *args)
{
	struct torture_run *base = torture_run_alloc(&mutex_torture_ops, &args->request, 0);
	struct mutex_run *run;

	if (IS_ERR(base))
		return ERR_CAST(base);
	run = mutex_run_of(base);
	run->args = *args;
	base->periodic_us = args->signal_us;
	run->ops = mutex_kind_ops(args->request.kind);
	run->ops->init(&run->arena.lock, args->starve_ns);
	run->arena.idle_hist = kvcalloc(QUARTET_HIST_BUCKETS, sizeof(u64), GFP_KERNEL);
	if (!run->arena.idle_hist) {
		torture_run_free(base);
		return ERR_PTR(-ENOMEM);
	}
	return run;
}

static int mutex_torture(struct quartet_torture_mutex *args)
{
	struct mutex_run *run = run_alloc(args);
	int err;

	if (IS_ERR(run))
		return PTR_ERR(run);
	err = torture_run(&run->base);
	if (!err) {
		collect(run);
		*args = run->args;
		err = torture_copy_hist(args->idle_hist, run->arena.idle_hist);
	}
	kvfree(run->arena.idle_hist);
	return torture_finish(&run->base, err, &last, args);
}

static int probe_idle_hist(const struct quartet_torture_mutex *args)
{
	return clear_user(u64_to_user_ptr(args->idle_hist), args->idle_hist_len * sizeof(u64)) ?
	       -EFAULT : 0;
}

long mutex_torture_ioctl(void __user *argp)
{
	struct quartet_torture_mutex args;
	int err = torture_begin(&args, sizeof(args), offsetof(typeof(args), result), argp);

	err = err ?: check_args(&args) ?: probe_idle_hist(&args) ?: torture_claim();
	if (err)
		return err;
	return torture_end(mutex_torture(&args), &args, sizeof(args), argp);
}

int mutex_torture_init(void)
{
	int err;

	err = torture_ops_init(&mutex_torture_ops, sizeof(struct mutex_run),
			       sizeof(struct mutex_contender));
	if (err)
		return err;
	quartet_kind_add(&last.file);
	return 0;
}

void mutex_torture_exit(void)
{
	quartet_kind_remove(&last.file);
	torture_ops_exit(&mutex_torture_ops);
}
