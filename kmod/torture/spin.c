// SPDX-License-Identifier: GPL-2.0-only
/*
 * QUARTET_TORTURE_SPIN from its arguments to its results.
 *
 * One run at a time. Everything that a run starts ends before its ioctl
 * returns, so that neither a killed caller nor rmmod can meet any of it.
 */
#include <linux/cpu.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include <quartet/debugfs.h>

#include "spin.h"
#include "work.h"

static struct kmem_cache *run_cache;
static struct quartet_live runs_live = { .name = "torture_runs" };

/* Protects all below, and what progress reads of the run; not held during a run. */
static DEFINE_MUTEX(spin_mutex);
static bool spin_busy;
static struct spin_run *spin_running;	/* set while its contenders exist */
static struct quartet_torture_spin spin_last[QUARTET_SPIN_KINDS];
static u64 spin_last_hist[QUARTET_HIST_BUCKETS];

static int check_flags(const struct quartet_torture_spin *args, const struct spin_ops *ops)
{
	const u32 interrupts = QUARTET_TORTURE_SOFTIRQ | QUARTET_TORTURE_HARDIRQ;

	if (args->flags & ~QUARTET_TORTURE_SPIN_FLAGS)
		return -EINVAL;
	if (args->flags & interrupts & ~ops->contexts)
		return -EINVAL;
	if (args->flags & QUARTET_TORTURE_NEST && !(args->flags & interrupts))
		return -EINVAL;
	/* A waiter without a node has its turn only while nobody queues: leave some time. */
	if (args->flags & QUARTET_TORTURE_EXHAUST &&
	    (args->kind != QUARTET_SPIN_QUEUED || args->think_ns < args->threads * args->hold_ns))
		return -EINVAL;
	return 0;
}

static int check_args(const struct quartet_torture_spin *args)
{
	if (args->kind >= QUARTET_SPIN_KINDS || args->reserved)
		return -EINVAL;
	if (!args->threads || args->threads > QUARTET_TORTURE_MAX_THREADS)
		return -EINVAL;
	if (args->hold_ns > QUARTET_TORTURE_MAX_WORK_NS ||
	    args->think_ns > QUARTET_TORTURE_MAX_WORK_NS)
		return -EINVAL;
	if (!args->duration_ns || args->duration_ns > QUARTET_TORTURE_MAX_TIME_NS)
		return -EINVAL;
	if (args->trylock_permille > 1000 || !args->cpus != !args->cpus_size)
		return -EINVAL;
	if (args->stutter_ms > QUARTET_TORTURE_MAX_PERIOD_MS ||
	    args->shuffle_ms > QUARTET_TORTURE_MAX_PERIOD_MS ||
	    args->onoff_ms > QUARTET_TORTURE_MAX_PERIOD_MS)
		return -EINVAL;
	if (!args->contenders != !args->contenders_len ||
	    args->wait_hist_len != (args->wait_hist ? QUARTET_HIST_BUCKETS : 0))
		return -EINVAL;
	return check_flags(args, spin_kind_ops(args->kind));
}

static int read_cpus(struct spin_run *run)
{
	const struct quartet_torture_spin *args = &run->args;
	void __user *from = u64_to_user_ptr(args->cpus);
	size_t size = min_t(size_t, args->cpus_size, sizeof(run->cpus));
	int err;

	if (!from) {
		cpumask_copy(&run->cpus, cpu_online_mask);
		return 0;
	}
	if (args->cpus_size > PAGE_SIZE)
		return -EINVAL;
	if (copy_from_user(cpumask_bits(&run->cpus), from, size))
		return -EFAULT;
	err = check_zeroed_user(from + size, args->cpus_size - size);
	if (err < 0)
		return err;
	/* Every bit of the mask: cpumask_subset() looks at possible CPUs only. */
	if (!err || !bitmap_subset(cpumask_bits(&run->cpus), cpumask_bits(cpu_online_mask),
				   BITS_PER_TYPE(struct cpumask)))
		return -ENODEV;
	return cpumask_empty(&run->cpus) ? -EINVAL : 0;
}

/* Bad output pointers are found before the run: it may take an hour. */
static int probe_outputs(const struct quartet_torture_spin *args)
{
	size_t contenders = array_size(args->contenders_len,
				       sizeof(struct quartet_torture_contender));

	if (clear_user(u64_to_user_ptr(args->contenders), contenders) ||
	    clear_user(u64_to_user_ptr(args->wait_hist), args->wait_hist_len * sizeof(u64)))
		return -EFAULT;
	return 0;
}

static unsigned int max_contenders(const struct spin_run *run)
{
	return run->args.threads +
	       hweight32(run->args.flags & (QUARTET_TORTURE_SOFTIRQ | QUARTET_TORTURE_HARDIRQ)) *
	       cpumask_weight(&run->cpus);
}

static void run_free(struct spin_run *run)
{
	kvfree(run->contenders);
	kmem_cache_free(run_cache, run);
	atomic_dec(&runs_live.count);
}

static struct spin_run *run_alloc(const struct quartet_torture_spin *args)
{
	struct spin_run *run = kmem_cache_zalloc(run_cache, GFP_KERNEL);
	int err, i;

	if (!run)
		return ERR_PTR(-ENOMEM);
	atomic_inc(&runs_live.count);
	run->args = *args;
	run->ops = spin_kind_ops(args->kind);
	for (i = 0; i < ARRAY_SIZE(run->arenas); i++)
		run->ops->init(&run->arenas[i].lock);
	err = read_cpus(run);
	if (!err && args->onoff_ms && cpumask_weight(&run->cpus) < 2)
		err = -EINVAL;
	if (!err)
		run->contenders = kvcalloc(max_contenders(run), sizeof(*run->contenders),
					   GFP_KERNEL);
	if (!err && !run->contenders)
		err = -ENOMEM;
	if (err) {
		run_free(run);
		return ERR_PTR(err);
	}
	return run;
}

/* Jain's index, (sum x)^2 / (n * sum x^2), of the threads' grants, in millionths. */
static u32 jain_ppm(const struct spin_run *run)
{
	u64 sum = 0, squares = 0, most = 0, x;
	unsigned int shift, i, n = run->args.threads;

	for (i = 0; i < n; i++)
		most = max(most, run->contenders[i]->stats.grants);
	/* With 20 bits each and 512 threads nothing overflows. */
	shift = most >> 20 ? ilog2(most) - 19 : 0;
	for (i = 0; i < n; i++) {
		x = run->contenders[i]->stats.grants >> shift;
		sum += x;
		squares += x * x;
	}
	return squares ? mul_u64_u64_div_u64(sum * sum, 1000000, n * squares) : 0;
}

/* An update that was lost is a violation that nobody saw. */
static u64 lost_updates(const struct spin_run *run)
{
	u64 grants[ARRAY_SIZE(run->arenas)] = { }, lost = 0;
	unsigned int i;

	for (i = 0; i < run->total; i++)
		grants[run->contenders[i]->arena - run->arenas] += run->contenders[i]->stats.grants;
	for (i = 0; i < ARRAY_SIZE(grants); i++)
		lost += max(grants[i], run->arenas[i].words[0]) -
			min(grants[i], run->arenas[i].words[0]);
	return lost;
}

/* When the contenders have stopped. @hist gets the sum of their histograms. */
static void collect(struct spin_run *run, u64 *hist)
{
	struct quartet_torture_spin *result = &run->args;
	unsigned int i, bucket;

	for (i = 0; i < run->total; i++) {
		const struct spin_contender *c = run->contenders[i];

		result->grants += c->stats.grants;
		result->violations += c->violations;
		result->max_wait_ns = max(result->max_wait_ns, c->stats.max_wait_ns);
		for (bucket = 0; bucket < QUARTET_HIST_BUCKETS; bucket++)
			hist[bucket] += c->wait_hist[bucket];
	}
	result->violations += lost_updates(run);
	for (i = 0; i < ARRAY_SIZE(run->arenas); i++) {
		result->inversions += run->arenas[i].inversions;
		result->order_checks += run->arenas[i].epoch;
	}
	result->jain_ppm = jain_ppm(run);
	result->contenders_total = run->total;
}

static void set_running(struct spin_run *run)
{
	mutex_lock(&spin_mutex);
	spin_running = run;
	mutex_unlock(&spin_mutex);
}

static void run_contenders(struct spin_run *run)
{
	u64 before[QUARTET_TRANSITIONS], after[QUARTET_TRANSITIONS];
	int i;

	if (run->args.flags & QUARTET_TORTURE_EXHAUST)
		quartet_spin_claim_nodes(cpumask_first(&run->cpus));
	quartet_spin_transitions(before);
	spin_contenders_start(run);
	set_running(run);
	run->args.ended = spin_disturb_until_end(run);
	spin_contenders_stop(run);
	run->args.elapsed_ns = ktime_get_ns() - run->started;
	set_running(NULL);
	quartet_spin_transitions(after);
	if (run->args.flags & QUARTET_TORTURE_EXHAUST)
		quartet_spin_unclaim_nodes(cpumask_first(&run->cpus));
	for (i = 0; i < QUARTET_TRANSITIONS; i++)
		run->args.transitions[i] = after[i] - before[i];
}

/* For debugfs, until the next run of the same kind. */
static void remember(const struct quartet_torture_spin *result, const u64 *hist)
{
	mutex_lock(&spin_mutex);
	spin_last[result->kind] = *result;
	memcpy(spin_last_hist, hist, sizeof(spin_last_hist));
	mutex_unlock(&spin_mutex);
}

static int copy_out(const struct spin_run *run, const u64 *hist, void __user *argp)
{
	const struct quartet_torture_spin *result = &run->args;
	struct quartet_torture_contender __user *to = u64_to_user_ptr(result->contenders);
	unsigned int i, n = min(result->contenders_len, run->total);

	for (i = 0; i < n; i++)
		if (copy_to_user(to + i, &run->contenders[i]->stats, sizeof(*to)))
			return -EFAULT;
	if (result->wait_hist &&
	    copy_to_user(u64_to_user_ptr(result->wait_hist), hist,
			 QUARTET_HIST_BUCKETS * sizeof(*hist)))
		return -EFAULT;
	return copy_to_user(argp, result, sizeof(*result)) ? -EFAULT : 0;
}

static int spin_torture(const struct quartet_torture_spin *args, void __user *argp)
{
	struct spin_run *run;
	u64 *hist;
	int err;

	hist = kvcalloc(QUARTET_HIST_BUCKETS, sizeof(*hist), GFP_KERNEL);
	if (!hist)
		return -ENOMEM;
	run = run_alloc(args);
	if (IS_ERR(run)) {
		err = PTR_ERR(run);
		goto out_hist;
	}
	work_calibrate();
	err = spin_contenders_create(run);
	if (err) {
		spin_contenders_stop(run);
		goto out_run;
	}
	run_contenders(run);
	collect(run, hist);
	remember(&run->args, hist);
	err = copy_out(run, hist, argp);
out_run:
	spin_contenders_destroy(run);
	run_free(run);
out_hist:
	kvfree(hist);
	return err;
}

static bool claim_busy(void)
{
	bool was_busy;

	mutex_lock(&spin_mutex);
	was_busy = spin_busy;
	spin_busy = true;
	mutex_unlock(&spin_mutex);
	return !was_busy;
}

static void release_busy(void)
{
	mutex_lock(&spin_mutex);
	spin_busy = false;
	mutex_unlock(&spin_mutex);
}

/*
 * Copies a struct that begins with its size. The outputs in it are the
 * module's to write, so what the caller left there does not matter.
 */
static int copy_args(void *args, size_t size, void __user *argp)
{
	u32 usize;

	if (get_user(usize, (u32 __user *)argp))
		return -EFAULT;
	if (usize < size)
		return -EINVAL;
	if (usize > PAGE_SIZE)
		return -E2BIG;
	return copy_struct_from_user(args, size, argp, usize);
}

long spin_torture_ioctl(void __user *argp)
{
	struct quartet_torture_spin args;
	int err;

	err = copy_args(&args, sizeof(args), argp);
	if (err)
		return err;
	memset_startat(&args, 0, elapsed_ns);
	err = check_args(&args);
	if (!err)
		err = probe_outputs(&args);
	if (err)
		return err;
	if (!claim_busy())
		return -EBUSY;
	err = spin_torture(&args, argp);
	release_busy();
	return err;
}

long spin_torture_progress(void __user *argp)
{
	struct quartet_torture_progress progress;
	unsigned int i;
	int err;

	err = copy_args(&progress, sizeof(progress), argp);
	if (err)
		return err;
	memset_startat(&progress, 0, running);
	mutex_lock(&spin_mutex);
	if (spin_running) {
		progress.running = 1;
		progress.elapsed_ns = ktime_get_ns() - spin_running->started;
		progress.duration_ns = spin_running->args.duration_ns;
		for (i = 0; i < spin_running->total; i++) {
			const struct spin_contender *c = spin_running->contenders[i];

			progress.grants += READ_ONCE(c->stats.grants);
			progress.violations += READ_ONCE(c->violations);
		}
	}
	mutex_unlock(&spin_mutex);
	return copy_to_user(argp, &progress, sizeof(progress)) ? -EFAULT : 0;
}

static int torture_show(struct seq_file *m, void *unused)
{
	const struct quartet_torture_spin *last;
	int kind;

	seq_puts(m, "spinlock         threads       grants  violations  inversions      checks  max-wait-ns  jain-ppm\n");
	mutex_lock(&spin_mutex);
	for (kind = 0; kind < QUARTET_SPIN_KINDS; kind++) {
		last = &spin_last[kind];
		if (last->size)
			seq_printf(m, "%-16s %7u %12llu %11llu %11llu %11llu %12llu %9u\n",
				   spin_kind_name(kind), last->threads, last->grants,
				   last->violations, last->inversions, last->order_checks,
				   last->max_wait_ns, last->jain_ppm);
	}
	mutex_unlock(&spin_mutex);
	return 0;
}

/* The last run's, one line a bucket that counted something. */
static int torture_wait_show(struct seq_file *m, void *unused)
{
	int i;

	seq_puts(m, "wait-ns-from count\n");
	mutex_lock(&spin_mutex);
	for (i = 0; i < QUARTET_HIST_BUCKETS; i++)
		if (spin_last_hist[i])
			seq_printf(m, "%llu %llu\n", quartet_hist_floor(i), spin_last_hist[i]);
	mutex_unlock(&spin_mutex);
	return 0;
}

static void torture_reset(void)
{
	mutex_lock(&spin_mutex);
	memset(spin_last, 0, sizeof(spin_last));
	memset(spin_last_hist, 0, sizeof(spin_last_hist));
	mutex_unlock(&spin_mutex);
}

static struct quartet_kind torture_kind = {
	.name = "torture",
	.show = torture_show,
	.reset = torture_reset,
};

static struct quartet_kind torture_wait_kind = {
	.name = "torture_wait",
	.show = torture_wait_show,
};

int spin_torture_init(void)
{
	int err;

	run_cache = kmem_cache_create_usercopy("quartet_torture_run", sizeof(struct spin_run),
					       0, 0, offsetof(struct spin_run, args),
					       offsetofend(struct spin_run, cpus), NULL);
	if (!run_cache)
		return -ENOMEM;
	err = spin_contenders_init();
	if (err) {
		kmem_cache_destroy(run_cache);
		return err;
	}
	quartet_live_add(&runs_live);
	quartet_kind_add(&torture_kind);
	quartet_kind_add(&torture_wait_kind);
	return 0;
}

void spin_torture_exit(void)
{
	quartet_kind_remove(&torture_wait_kind);
	quartet_kind_remove(&torture_kind);
	quartet_live_remove(&runs_live);
	spin_contenders_exit();
	kmem_cache_destroy(run_cache);
}
