// SPDX-License-Identifier: GPL-2.0-only
/* QUARTET_TORTURE_SPIN from its arguments to its results. */
#include <linux/seq_file.h>

#include "last.h"
#include "spin.h"

/* The flat struct of the ioctl and the parts that all tortures share. */
static_assert(offsetof(struct quartet_torture_spin, wait_hist_len) ==
	      offsetof(struct quartet_torture_request, wait_hist_len));
static_assert(offsetof(struct quartet_torture_spin, pad) -
	      offsetof(struct quartet_torture_spin, elapsed_ns) ==
	      offsetof(struct quartet_torture_result, pad));

#define INTERRUPTS	(QUARTET_TORTURE_SOFTIRQ | QUARTET_TORTURE_HARDIRQ)

static int check_flags(const struct quartet_torture_spin *args, const struct spin_ops *ops)
{
	if (args->flags & ~QUARTET_TORTURE_SPIN_FLAGS)
		return -EINVAL;
	if (args->flags & INTERRUPTS & ~ops->contexts)
		return -EINVAL;
	if (args->flags & QUARTET_TORTURE_NEST && !(args->flags & INTERRUPTS))
		return -EINVAL;
	/* A waiter without a node has its turn only while nobody queues: leave some time. */
	if (args->flags & QUARTET_TORTURE_EXHAUST &&
	    (args->kind != QUARTET_SPIN_QUEUED || args->think_ns < args->threads * args->hold_ns))
		return -EINVAL;
	return 0;
}

static int check_args(const struct quartet_torture_spin *args)
{
	if (args->kind >= QUARTET_SPIN_KINDS)
		return -EINVAL;
	return check_flags(args, spin_kind_ops(args->kind));
}

static u64 lost_updates(const struct torture_run *run)
{
	const struct spin_arena *arenas = spin_run_of(run)->arenas;
	u64 grants[ARRAY_SIZE(spin_run_of(run)->arenas)] = { }, lost = 0;
	unsigned int i;

	for (i = 0; i < run->total; i++)
		grants[spin_contender_of(run->contenders[i])->arena - arenas] +=
			run->contenders[i]->stats.grants;
	for (i = 0; i < ARRAY_SIZE(grants); i++)
		lost += section_lost(&arenas[i].section, grants[i]);
	return lost;
}

static struct torture_ops spin_torture_ops = {
	.name = "spin",
	.create = spin_create,
	.turn = spin_turn,
	.tick = spin_tick,
	.lost = lost_updates,
};

static void run_counted(struct spin_run *run, struct quartet_torture_spin *args, int *err)
{
	u64 before[QUARTET_TRANSITIONS], after[QUARTET_TRANSITIONS];
	unsigned int first = cpumask_first(&run->base.cpus), i;

	if (args->flags & QUARTET_TORTURE_EXHAUST)
		quartet_spin_claim_nodes(first);
	quartet_spin_transitions(before);
	*err = torture_run(&run->base);
	quartet_spin_transitions(after);
	if (args->flags & QUARTET_TORTURE_EXHAUST)
		quartet_spin_unclaim_nodes(first);
	for (i = 0; i < QUARTET_TRANSITIONS; i++)
		args->transitions[i] = after[i] - before[i];
}

static void show_run(struct seq_file *m, const void *args)
{
	const struct quartet_torture_spin *last = args;

	seq_printf(m, "%-16s %7u %12llu %11llu %11llu %11llu %12llu %9u\n",
		   spin_kind_name(last->kind), last->threads, last->grants,
		   last->violations, last->inversions, last->order_checks,
		   last->max_wait_ns, last->jain_ppm);
}

static struct quartet_torture_spin last_runs[QUARTET_SPIN_KINDS];
static struct torture_last last = TORTURE_LAST("torture", last_runs, show_run,
	"spinlock         threads       grants  violations  inversions      checks  max-wait-ns  jain-ppm\n");

static void collect(struct spin_run *run, struct quartet_torture_spin *args)
{
	struct quartet_torture_result *result = &run->base.result;
	int i;

	for (i = 0; i < ARRAY_SIZE(run->arenas); i++) {
		result->inversions += run->arenas[i].inversions;
		result->order_checks += run->arenas[i].epoch;
	}
	memcpy((void *)args + offsetof(struct quartet_torture_spin, elapsed_ns), result,
	       sizeof(*result));
}

static int spin_torture(struct quartet_torture_spin *args)
{
	struct quartet_torture_request request;
	struct torture_run *base;
	struct spin_run *run;
	int err, i;

	memcpy(&request, args, sizeof(request));
	base = torture_run_alloc(&spin_torture_ops, &request,
				 hweight32(args->flags & INTERRUPTS));
	if (IS_ERR(base))
		return PTR_ERR(base);
	run = spin_run_of(base);
	run->ops = spin_kind_ops(args->kind);
	for (i = 0; i < ARRAY_SIZE(run->arenas); i++)
		run->ops->init(&run->arenas[i].lock);
	run_counted(run, args, &err);
	if (!err)
		collect(run, args);
	return torture_finish(base, err, &last, args);
}

long spin_torture_ioctl(void __user *argp)
{
	struct quartet_torture_spin args;
	int err = torture_begin(&args, sizeof(args), offsetof(typeof(args), elapsed_ns), argp);

	err = err ?: check_args(&args) ?: torture_claim();
	if (err)
		return err;
	return torture_end(spin_torture(&args), &args, sizeof(args), argp);
}

int spin_torture_init(void)
{
	int err;

	err = torture_ops_init(&spin_torture_ops, sizeof(struct spin_run),
			       sizeof(struct spin_contender));
	if (err)
		return err;
	quartet_kind_add(&last.file);
	return 0;
}

void spin_torture_exit(void)
{
	quartet_kind_remove(&last.file);
	torture_ops_exit(&spin_torture_ops);
}
