// SPDX-License-Identifier: GPL-2.0-only
/* QUARTET_TORTURE_MEMO from its arguments to its results. */
#include <linux/delay.h>
#include <linux/seq_file.h>

#include "last.h"
#include "memo.h"

#define SETTLE_MS	1000	/* what is under way at the end has come to rest by then */

static const struct {
	const char *name;
	enum quartet_memo_engine engine;
} kinds[QUARTET_MEMO_KINDS] = {
	[QUARTET_MEMO_KIND_RCU] = { "rcu", QUARTET_MEMO_RCU },
	[QUARTET_MEMO_KIND_LOCK] = { "lock", QUARTET_MEMO_LOCK },
	[QUARTET_MEMO_KIND_MONITOR] = { "monitor", QUARTET_MEMO_MONITOR },
	[QUARTET_MEMO_KIND_BUSTED_RCU] = { "busted-rcu", QUARTET_MEMO_RCU },
	[QUARTET_MEMO_KIND_BUSTED_LOCK] = { "busted-lock", QUARTET_MEMO_LOCK },
	[QUARTET_MEMO_KIND_BUSTED_MONITOR] = { "busted-monitor", QUARTET_MEMO_MONITOR },
	[QUARTET_MEMO_KIND_RHASHTABLE] = { "rhashtable" },
};

static int check_numbers(const struct quartet_torture_memo *args)
{
	const u32 most_us = QUARTET_TORTURE_MAX_PERIOD_MS * USEC_PER_MSEC;

	if (args->request.kind >= QUARTET_MEMO_KINDS || args->pattern >= QUARTET_MEMO_PATTERNS)
		return -EINVAL;
	if (args->request.flags & ~QUARTET_TORTURE_MEMO_FLAGS || args->request.trylock_permille)
		return -EINVAL;
	if (args->work >= QUARTET_MEMO_WORKS || args->amount > QUARTET_TORTURE_MAX_AMOUNT)
		return -EINVAL;
	if (args->scan_us > most_us || args->signal_us > most_us || args->reserved ||
	    args->timeout_ns > QUARTET_TORTURE_MAX_WORK_NS)
		return -EINVAL;
	return 0;
}

static int check_args(const struct quartet_torture_memo *args)
{
	u32 kind = args->request.kind;
	int err = check_numbers(args);

	if (err)
		return err;
	if (args->work != QUARTET_MEMO_WORK_NONE && args->pattern != QUARTET_MEMO_PATTERN_MISSES)
		return -EINVAL;
	if (args->amount && args->work == QUARTET_MEMO_WORK_NONE)
		return -EINVAL;
	if (memo_is_busted(kind) && (args->pattern == QUARTET_MEMO_PATTERN_MISSES ||
				     args->request.threads > QUARTET_TORTURE_BUSTED_THREADS))
		return -EINVAL;
	if (kind == QUARTET_MEMO_KIND_RHASHTABLE &&
	    (args->pattern != QUARTET_MEMO_PATTERN_HITS || args->scan_us))
		return -EINVAL;
	return 0;
}

static struct torture_ops memo_torture_ops = {
	.name = "memo",
	.create = memo_create,
	.enter = memo_enter,
	.turn = memo_turn,
	.periodic = memo_disturb,
	.stuck = memo_stuck,
	.end = memo_rescue,
};

static void set_function(struct memo_run *run, struct quartet_memo_params *params)
{
	bool cpu = run->args.work == QUARTET_MEMO_WORK_CPU;

	if (run->args.work == QUARTET_MEMO_WORK_NONE) {
		params->func = run->plan->external ? NULL : memo_torture_compute;
	} else if (!run->args.amount) {
		params->func_name = cpu ? "sha256" : "sleep";
	} else {
		run->work.amount = run->args.amount;
		params->func = cpu ? memo_work_sha256 : memo_work_sleep;
		params->data = &run->work;
	}
}

static int init_table(struct memo_run *run)
{
	const struct memo_plan *plan = run->plan;
	u32 kind = run->args.request.kind;
	struct quartet_memo_params params = {
		.name = "torture",
		.engine = kinds[kind].engine,
		.flags = memo_is_busted(kind) ? QUARTET_MEMO_BUSTED : 0,
		.key_max = sizeof(struct memo_torture_key),
		.value_max = sizeof(struct memo_torture_value),
		.capacity = plan->capacity,
		.bytes = plan->bytes ?: SIZE_MAX,
		.ttl = plan->ttl ?: QUARTET_MEMO_FOR_EVER,
		.err_ttl = plan->err_ttl,
		.refresh_percent = kinds[kind].engine == QUARTET_MEMO_RCU ?
				   plan->refresh_percent : 0,
	};

	set_function(run, &params);
	return quartet_memo_init(&run->memo, &params);
}

static int init_peer(struct memo_run *run)
{
	int err = memo_peer_init(&run->peer);
	u32 id;

	if (err)
		return err;
	for (id = 0; id < run->plan->keys && !err; id++)
		err = memo_peer_add(&run->peer, id);
	if (err)
		memo_peer_exit(&run->peer);
	return err;
}

static bool is_peer(const struct memo_run *run)
{
	return run->args.request.kind == QUARTET_MEMO_KIND_RHASHTABLE;
}

static int init_parts(struct memo_run *run)
{
	const struct memo_plan *plan = run->plan;
	bool permanent = plan->permanent && !run->args.scan_us;
	int err = memo_records_init(&run->records, plan->keys, permanent);

	if (!err && plan->zipf)
		err = zipf_init(&run->zipf, plan->keys);
	if (!err)
		err = is_peer(run) ? init_peer(run) : init_table(run);
	if (err) {
		zipf_exit(&run->zipf);
		memo_records_exit(&run->records);
	}
	return err;
}

static void exit_parts(struct memo_run *run)
{
	if (is_peer(run))
		memo_peer_exit(&run->peer);
	else
		quartet_memo_destroy(&run->memo);
	zipf_exit(&run->zipf);
	memo_records_exit(&run->records);
}

/* What is charged for, and not kept, or the other way round. */
static u64 bytes_off(struct memo_run *run, const struct quartet_memo_state *state)
{
	u64 counted = quartet_memo_count_bytes(&run->memo);

	return max(state->bytes, counted) - min(state->bytes, counted);
}

/* The table's own sweep, and a shrinker's, may still be under way. */
static u64 settle(struct memo_run *run, struct quartet_memo_state *state)
{
	unsigned int ms;
	u64 off;

	for (ms = 0; ; ms++) {
		quartet_memo_read(&run->memo, state);
		off = bytes_off(run, state);
		if (!off || ms == SETTLE_MS)
			return off;
		usleep_range(1000, 2000);
	}
}

static void copy_stats(const struct quartet_memo_stats *from, u64 *to)
{
	BUILD_BUG_ON(sizeof(*from) != QUARTET_MEMO_STATS_LEN * sizeof(*to));
	to[QUARTET_MEMO_STAT_HITS] = from->hits;
	to[QUARTET_MEMO_STAT_MISSES] = from->misses;
	to[QUARTET_MEMO_STAT_JOINED] = from->joined;
	to[QUARTET_MEMO_STAT_COMPUTATIONS] = from->computations;
	to[QUARTET_MEMO_STAT_REFRESHES] = from->refreshes;
	to[QUARTET_MEMO_STAT_PROMOTIONS] = from->promotions;
	to[QUARTET_MEMO_STAT_ABANDONED] = from->abandoned;
	to[QUARTET_MEMO_STAT_ERRORS] = from->errors;
	to[QUARTET_MEMO_STAT_LEFT] = from->left;
	to[QUARTET_MEMO_STAT_DEADLOCKS] = from->deadlocks;
	to[QUARTET_MEMO_STAT_EVICTIONS] = from->evictions;
	to[QUARTET_MEMO_STAT_EXPIRIES] = from->expiries;
	to[QUARTET_MEMO_STAT_FORGOTTEN] = from->forgotten;
}

static void show_run(struct seq_file *m, const void *args)
{
	const struct quartet_torture_memo *last = args;

	seq_printf(m, "%-14s %7u %12llu %12llu %11llu %12llu %9u\n",
		   kinds[last->request.kind].name, last->request.threads,
		   last->result.grants, last->computed, last->result.violations,
		   last->result.max_wait_ns, last->result.jain_ppm);
}

static struct quartet_torture_memo last_runs[QUARTET_MEMO_KINDS];
static struct torture_last last = TORTURE_LAST("torture_memo", last_runs, show_run,
	"memo           threads         gets     computed  violations   max-get-ns  jain-ppm\n");

static void collect(struct memo_run *run)
{
	struct quartet_torture_memo *args = &run->args;
	struct torture_run *base = &run->base;
	struct quartet_memo_state state;
	unsigned int i;

	args->bytes_off = settle(run, &state);
	copy_stats(&state.stats, args->stats);
	for (i = 0; i < base->total; i++) {
		const struct memo_contender *c = memo_contender_of(base->contenders[i]);

		args->twice += c->twice;
		args->again += c->again;
		args->wrong += c->wrong;
		args->computed += c->computed;
	}
	args->cpus = cpumask_weight(&base->cpus);
	args->result = base->result;
	args->result.violations += args->bytes_off;
	/* Memory was short: what had to be there may have gone, and be computed again. */
	if (args->stats[QUARTET_MEMO_STAT_EVICTIONS]) {
		args->result.violations -= args->again;
		args->again = 0;
	}
}

static u32 periodic_us(const struct quartet_torture_memo *args)
{
	return min_not_zero(args->scan_us, args->signal_us);
}

static struct memo_run *run_alloc(const struct quartet_torture_memo *args)
{
	struct torture_run *base = torture_run_alloc(&memo_torture_ops, &args->request, 0);
	struct memo_run *run;
	int err;

	if (IS_ERR(base))
		return ERR_CAST(base);
	run = memo_run_of(base);
	run->args = *args;
	run->plan = memo_plan_of(args->pattern);
	base->periodic_us = periodic_us(args);
	err = init_parts(run);
	if (err) {
		torture_run_free(base);
		return ERR_PTR(err);
	}
	return run;
}

static int memo_torture(struct quartet_torture_memo *args)
{
	struct memo_run *run = run_alloc(args);
	int err;

	if (IS_ERR(run))
		return PTR_ERR(run);
	err = torture_run(&run->base);
	if (!err)
		collect(run);
	exit_parts(run);
	if (!err)
		*args = run->args;
	return torture_finish(&run->base, err, &last, args);
}

long memo_torture_ioctl(void __user *argp)
{
	struct quartet_torture_memo args;
	int err = torture_begin(&args, sizeof(args), offsetof(typeof(args), result), argp);

	err = err ?: check_args(&args) ?: torture_claim();
	if (err)
		return err;
	return torture_end(memo_torture(&args), &args, sizeof(args), argp);
}

int memo_torture_init(void)
{
	int err = memo_work_init();

	if (err)
		return err;
	err = torture_ops_init(&memo_torture_ops, sizeof(struct memo_run),
			       sizeof(struct memo_contender));
	if (err) {
		memo_work_exit();
		return err;
	}
	quartet_kind_add(&last.file);
	return 0;
}

void memo_torture_exit(void)
{
	quartet_kind_remove(&last.file);
	torture_ops_exit(&memo_torture_ops);
	memo_work_exit();
}
