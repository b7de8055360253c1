// SPDX-License-Identifier: GPL-2.0-only
/* The contenders of a run, from creation to destruction; most of them are threads. */
#include <linux/kthread.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "run.h"

struct quartet_live torture_contenders_live = { .name = "torture_contenders" };

static int contender_thread(void *data)
{
	struct torture_contender *c = data;
	const struct torture_ops *ops = c->run->ops;

	/* By itself: since 6.14 a kernel thread forgets, as it starts, what was set before. */
	set_cpus_allowed_ptr(current, cpumask_of(c->stats.cpu));
	if (ops->enter)
		ops->enter(c);
	while (!kthread_should_stop()) {
		if (READ_ONCE(c->run->paused)) {
			flush_signals(current);	/* else it would not sleep */
			schedule_timeout_interruptible(1);
			continue;
		}
		ops->turn(c);
		/* cond_resched() does nothing on kernels that preempt. */
		if (need_resched())
			schedule();
	}
	return 0;
}

/* Under the lock, but @c's alone. */
void torture_waited(struct torture_contender *c, u64 wait_ns)
{
	if (!torture_times(c->run))
		return;
	c->wait_hist[quartet_hist_index(wait_ns)]++;
	c->stats.max_wait_ns = max(c->stats.max_wait_ns, wait_ns);
}

/* Evenly spread over 0 to twice @mean. */
u64 torture_spread(struct torture_contender *c, u64 mean)
{
	return mean ? prandom_u32_state(&c->random) % (2 * mean + 1) : 0;
}

struct torture_contender *torture_contender_create(struct torture_run *run, unsigned int cpu,
						   enum quartet_torture_context context)
{
	struct torture_contender *c = kmem_cache_zalloc(run->ops->contender_cache, GFP_KERNEL);

	if (!c)
		return NULL;
	atomic_inc(&torture_contenders_live.count);
	c->run = run;
	c->stats.context = context;
	c->stats.cpu = cpu;
	prandom_seed_state(&c->random, run->request.seed + run->total);
	run->contenders[run->total++] = c;
	return c;
}

static int create_thread(struct torture_run *run, unsigned int cpu)
{
	struct torture_contender *c = torture_contender_create(run, cpu, QUARTET_CONTEXT_TASK);
	struct task_struct *thread;

	if (!c)
		return -ENOMEM;
	thread = kthread_create_on_node(contender_thread, c, cpu_to_node(cpu), "quartet_%s/%u",
					run->ops->name, run->total - 1);
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	c->thread = thread;
	return 0;
}

/* The @n-th CPU of the run, round robin. */
static unsigned int run_cpu(struct torture_run *run, unsigned int n)
{
	return cpumask_nth(n % cpumask_weight(&run->cpus), &run->cpus);
}

/*
 * torture_contenders_create() - all contenders, none of them running yet
 *
 * On error the caller still owes torture_contenders_destroy().
 */
int torture_contenders_create(struct torture_run *run)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < run->request.threads && !err; i++)
		err = create_thread(run, run_cpu(run, i));
	if (!err && run->ops->create)
		err = run->ops->create(run);
	return err;
}

/*
 * torture_contenders_deal() - the i-th thread to the CPU i + @shift
 *
 * A CPU that is offline by now keeps its thread where the scheduler puts it.
 */
void torture_contenders_deal(struct torture_run *run, unsigned int shift)
{
	unsigned int i;

	for (i = 0; i < run->request.threads; i++)
		set_cpus_allowed_ptr(run->contenders[i]->thread,
				     cpumask_of(run_cpu(run, i + shift)));
}

void torture_contenders_start(struct torture_run *run)
{
	unsigned int i;

	run->started = ktime_get_ns();
	for (i = 0; i < run->total; i++) {
		struct torture_contender *c = run->contenders[i];

		if (c->thread)
			wake_up_process(c->thread);
		else
			torture_timer_start(c);
	}
}

/* When this returns nobody is in, or waits for, any lock of the run. */
void torture_contenders_stop(struct torture_run *run)
{
	unsigned int i;

	for (i = 0; i < run->total; i++) {
		struct torture_contender *c = run->contenders[i];

		if (c->thread)
			kthread_stop(c->thread);
		else if (c->stats.context != QUARTET_CONTEXT_TASK)
			torture_timer_stop(c);
		c->thread = NULL;
	}
}

/* Stopped, or never started. */
void torture_contenders_destroy(struct torture_run *run)
{
	while (run->total) {
		kmem_cache_free(run->ops->contender_cache, run->contenders[--run->total]);
		atomic_dec(&torture_contenders_live.count);
	}
}
