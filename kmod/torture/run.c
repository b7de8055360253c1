// SPDX-License-Identifier: GPL-2.0-only
/*
 * A run of any torture from its request to its results.
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

#include "../base/sized.h"
#include "last.h"
#include "run.h"
#include "work.h"

static struct quartet_live runs_live = { .name = "torture_runs" };

/* Protects all below, and what progress reads of the run; not held during a run. */
static DEFINE_MUTEX(runs_mutex);
static bool busy;
static struct torture_run *running;	/* set while its contenders exist */
static u64 last_wait_hist[QUARTET_HIST_BUCKETS];

int torture_check_hist(u64 hist, u32 len)
{
	return len == (hist ? QUARTET_HIST_BUCKETS : 0) ? 0 : -EINVAL;
}

/* What no torture takes; kind and flags are for each to judge. */
int torture_check_request(const struct quartet_torture_request *request)
{
	if (request->reserved)
		return -EINVAL;
	if (!request->threads || request->threads > QUARTET_TORTURE_MAX_THREADS)
		return -EINVAL;
	if (request->hold_ns > QUARTET_TORTURE_MAX_WORK_NS ||
	    request->think_ns > QUARTET_TORTURE_MAX_WORK_NS)
		return -EINVAL;
	if (!request->duration_ns || request->duration_ns > QUARTET_TORTURE_MAX_TIME_NS)
		return -EINVAL;
	if (request->trylock_permille > 1000 || !request->cpus != !request->cpus_size)
		return -EINVAL;
	if (request->stutter_ms > QUARTET_TORTURE_MAX_PERIOD_MS ||
	    request->shuffle_ms > QUARTET_TORTURE_MAX_PERIOD_MS ||
	    request->onoff_ms > QUARTET_TORTURE_MAX_PERIOD_MS)
		return -EINVAL;
	if (!request->contenders != !request->contenders_len)
		return -EINVAL;
	if (request->onoff_ms && !IS_ENABLED(CONFIG_HOTPLUG_CPU))
		return -EOPNOTSUPP;
	return torture_check_hist(request->wait_hist, request->wait_hist_len);
}

static int read_cpus(struct torture_run *run)
{
	const struct quartet_torture_request *args = &run->request;
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
static int probe_outputs(const struct quartet_torture_request *request)
{
	size_t contenders = array_size(request->contenders_len,
				       sizeof(struct quartet_torture_contender));

	if (clear_user(u64_to_user_ptr(request->contenders), contenders) ||
	    clear_user(u64_to_user_ptr(request->wait_hist), request->wait_hist_len * sizeof(u64)))
		return -EFAULT;
	return 0;
}

/* Once its contenders are destroyed, if any were created. */
void torture_run_free(struct torture_run *run)
{
	kvfree(run->contenders);
	kmem_cache_free(run->ops->run_cache, run);
	atomic_dec(&runs_live.count);
}

/**
 * torture_run_alloc() - a run that is ready for torture_run(), but for what its torture adds
 * @ops: the torture
 * @request: checked
 * @contenders_per_cpu: how many there can be beside the threads
 *
 * Return: the run, or an error: -ENODEV, -EINVAL, -EFAULT, -ENOMEM.
 */
struct torture_run *torture_run_alloc(const struct torture_ops *ops,
				      const struct quartet_torture_request *request,
				      unsigned int contenders_per_cpu)
{
	struct torture_run *run = kmem_cache_zalloc(ops->run_cache, GFP_KERNEL);
	unsigned int most;
	int err;

	if (!run)
		return ERR_PTR(-ENOMEM);
	atomic_inc(&runs_live.count);
	run->ops = ops;
	run->request = *request;
	err = read_cpus(run) ?: probe_outputs(request);
	if (!err && request->onoff_ms && cpumask_weight(&run->cpus) < 2)
		err = -EINVAL;
	most = request->threads + contenders_per_cpu * cpumask_weight(&run->cpus);
	if (!err)
		run->contenders = kvcalloc(most, sizeof(*run->contenders), GFP_KERNEL);
	if (!err && !run->contenders)
		err = -ENOMEM;
	if (err) {
		torture_run_free(run);
		return ERR_PTR(err);
	}
	return run;
}

/* Jain's index, (sum x)^2 / (n * sum x^2), of the threads' grants, in millionths. */
static u32 jain_ppm(const struct torture_run *run)
{
	u64 sum = 0, squares = 0, most = 0, x;
	unsigned int shift, i, n = run->request.threads;

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

/* When the contenders have stopped. An update that was lost is a violation that nobody saw. */
static void collect(struct torture_run *run)
{
	struct quartet_torture_result *result = &run->result;
	unsigned int i, bucket;

	for (i = 0; i < run->total; i++) {
		const struct torture_contender *c = run->contenders[i];

		result->grants += c->stats.grants;
		result->violations += c->violations;
		result->max_wait_ns = max(result->max_wait_ns, c->stats.max_wait_ns);
		for (bucket = 0; bucket < QUARTET_HIST_BUCKETS; bucket++)
			run->wait_hist[bucket] += c->wait_hist[bucket];
	}
	if (torture_checks(run) && run->ops->lost)
		result->violations += run->ops->lost(run);
	result->jain_ppm = jain_ppm(run);
	result->contenders_total = run->total;
}

static void set_running(struct torture_run *run)
{
	mutex_lock(&runs_mutex);
	running = run;
	mutex_unlock(&runs_mutex);
}

static void run_contenders(struct torture_run *run)
{
	const struct torture_ops *ops = run->ops;

	if (ops->begin)
		ops->begin(run);
	torture_contenders_start(run);
	if (run->periodic)
		wake_up_process(run->periodic);
	set_running(run);
	run->result.ended = torture_disturb_until_end(run);
	WRITE_ONCE(run->stopping, true);
	torture_periodic_stop(run);
	if (ops->end)
		ops->end(run);
	WRITE_ONCE(run->paused, !!ops->drain);
	if (ops->drain && !ops->drain(run))
		run->result.ended = QUARTET_ENDED_STUCK;
	torture_contenders_stop(run);
	run->result.elapsed_ns = ktime_get_ns() - run->started;
	set_running(NULL);
}

/**
 * torture_run() - create the contenders, let them contend, stop them, and sum up
 * @run: gets its result; its contenders stay for whoever wants to know more of them
 *
 * Return: 0 or -ENOMEM; the caller owes torture_finish() either way.
 */
int torture_run(struct torture_run *run)
{
	int err;

	work_calibrate();
	err = torture_contenders_create(run) ?: torture_periodic_create(run);
	if (err) {
		torture_periodic_stop(run);
		torture_contenders_stop(run);
		return err;
	}
	run_contenders(run);
	collect(run);
	mutex_lock(&runs_mutex);
	memcpy(last_wait_hist, run->wait_hist, sizeof(last_wait_hist));
	mutex_unlock(&runs_mutex);
	return 0;
}

/* To a user's pointer, which may be NULL. */
int torture_copy_hist(u64 to, const u64 *hist)
{
	if (!to)
		return 0;
	return copy_to_user(u64_to_user_ptr(to), hist, QUARTET_HIST_BUCKETS * sizeof(*hist)) ?
	       -EFAULT : 0;
}

/* What the request points to. */
static int copy_out(const struct torture_run *run)
{
	const struct quartet_torture_request *request = &run->request;
	struct quartet_torture_contender __user *to = u64_to_user_ptr(request->contenders);
	unsigned int i, n = min(request->contenders_len, run->total);

	for (i = 0; i < n; i++)
		if (copy_to_user(to + i, &run->contenders[i]->stats, sizeof(*to)))
			return -EFAULT;
	return torture_copy_hist(request->wait_hist, run->wait_hist);
}

/*
 * The end of a run, which torture_run() returned @err for: @args, with its results, are
 * remembered, and what the request points to is written.
 */
int torture_finish(struct torture_run *run, int err, struct torture_last *last, const void *args)
{
	if (!err) {
		torture_remember(last, args);
		err = copy_out(run);
	}
	torture_contenders_destroy(run);
	torture_run_free(run);
	return err;
}

/* The right to run. */
int torture_claim(void)
{
	bool was_busy;

	mutex_lock(&runs_mutex);
	was_busy = busy;
	busy = true;
	mutex_unlock(&runs_mutex);
	return was_busy ? -EBUSY : 0;
}

void torture_release(void)
{
	mutex_lock(&runs_mutex);
	busy = false;
	mutex_unlock(&runs_mutex);
}

/*
 * As above, a struct that begins with a request and ends with outputs, from @outputs on. Those
 * are the module's to write, so what the caller left there does not matter.
 */
int torture_begin(void *args, size_t size, size_t outputs, void __user *argp)
{
	int err = quartet_sized_in(args, size, size, argp);

	if (err)
		return err;
	memset(args + outputs, 0, size - outputs);
	return torture_check_request(args);
}

/* After torture_claim() and a run, which returned @err. */
int torture_end(int err, const void *args, size_t size, void __user *argp)
{
	torture_release();
	if (!err && copy_to_user(argp, args, size))
		err = -EFAULT;
	return err;
}

long torture_progress(void __user *argp)
{
	struct quartet_torture_progress progress;
	unsigned int i;
	int err;

	err = quartet_sized_in(&progress, sizeof(progress), sizeof(progress), argp);
	if (err)
		return err;
	memset_startat(&progress, 0, running);
	mutex_lock(&runs_mutex);
	if (running) {
		progress.running = 1;
		progress.elapsed_ns = ktime_get_ns() - running->started;
		progress.duration_ns = running->request.duration_ns;
		for (i = 0; i < running->total; i++) {
			const struct torture_contender *c = running->contenders[i];

			progress.grants += READ_ONCE(c->stats.grants);
			progress.violations += READ_ONCE(c->violations);
		}
	}
	mutex_unlock(&runs_mutex);
	return copy_to_user(argp, &progress, sizeof(progress)) ? -EFAULT : 0;
}

/* The last run's, one line a bucket that counted something. */
static int wait_show(struct seq_file *m, void *unused)
{
	int i;

	seq_puts(m, "wait-ns-from count\n");
	mutex_lock(&runs_mutex);
	for (i = 0; i < QUARTET_HIST_BUCKETS; i++)
		if (last_wait_hist[i])
			seq_printf(m, "%llu %llu\n", quartet_hist_floor(i), last_wait_hist[i]);
	mutex_unlock(&runs_mutex);
	return 0;
}

static void wait_reset(struct quartet_kind *unused)
{
	mutex_lock(&runs_mutex);
	memset(last_wait_hist, 0, sizeof(last_wait_hist));
	mutex_unlock(&runs_mutex);
}

static struct quartet_kind wait_kind = {
	.name = "torture_wait",
	.show = wait_show,
	.reset = wait_reset,
};

/*
 * torture_ops_init() - the caches of a torture's runs and contenders
 *
 * With a part that user space may copy, a cache is merged with no other one, so that
 * the kernel tells when it is destroyed while an object is alive.
 */
int torture_ops_init(struct torture_ops *ops, size_t run_size, size_t contender_size)
{
	char name[32];

	snprintf(name, sizeof(name), "quartet_%s_run", ops->name);
	ops->run_cache = kmem_cache_create_usercopy(name, run_size, 0, 0,
						    offsetof(struct torture_run, cpus),
						    offsetofend(struct torture_run, wait_hist) -
						    offsetof(struct torture_run, cpus), NULL);
	if (!ops->run_cache)
		return -ENOMEM;
	snprintf(name, sizeof(name), "quartet_%s_contender", ops->name);
	ops->contender_cache =
		kmem_cache_create_usercopy(name, contender_size, 0, 0,
					   offsetof(struct torture_contender, stats),
					   sizeof_field(struct torture_contender, stats), NULL);
	if (!ops->contender_cache) {
		kmem_cache_destroy(ops->run_cache);
		return -ENOMEM;
	}
	return 0;
}

void torture_ops_exit(struct torture_ops *ops)
{
	kmem_cache_destroy(ops->contender_cache);
	kmem_cache_destroy(ops->run_cache);
}

void torture_runs_init(void)
{
	quartet_live_add(&runs_live);
	quartet_live_add(&torture_contenders_live);
	quartet_kind_add(&wait_kind);
}

void torture_runs_exit(void)
{
	quartet_kind_remove(&wait_kind);
	quartet_live_remove(&torture_contenders_live);
	quartet_live_remove(&runs_live);
}
