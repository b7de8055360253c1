// SPDX-License-Identifier: GPL-2.0-only
/*
 * The wait for the end of a run, and what disturbs the run meanwhile: stutter,
 * shuffle and CPU hotplug, as in the kernel's locktorture. The task in the
 * ioctl has nothing else to do, so it does it itself; but for what comes more often
 * than a tick, which has a thread.
 */
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/sched/signal.h>

#include "run.h"

struct disturber {
	struct torture_run *run;
	unsigned int shift;	/* shuffle: how far the threads have been dealt on */
	unsigned int offline;	/* onoff: the CPU we took, or nr_cpu_ids */
	unsigned int last;	/* onoff: the CPU we took last */
	unsigned long next_stutter, next_shuffle, next_onoff;
};

static bool is_due(unsigned long *next, u32 period_ms)
{
	if (!period_ms || time_before(jiffies, *next))
		return false;
	*next = jiffies + msecs_to_jiffies(period_ms);
	return true;
}

static void cpu_back(struct disturber *d)
{
	if (d->offline == nr_cpu_ids)
		return;
	if (add_cpu(d->offline))
		pr_warn("quartet_torture: CPU %u does not come back\n", d->offline);
	d->offline = nr_cpu_ids;
	torture_contenders_deal(d->run, d->shift);
}

/* The first CPU stays: some architectures cannot do without it, nor can the threads. */
static void cpu_away(struct disturber *d)
{
	const struct cpumask *cpus = &d->run->cpus;
	unsigned int cpu = cpumask_next(d->last, cpus);

	if (cpu >= nr_cpu_ids)
		cpu = cpumask_next(cpumask_first(cpus), cpus);
	d->last = cpu;
	if (remove_cpu(cpu))
		return;
	d->offline = cpu;
	d->run->result.offlined++;
}

static void disturb(struct disturber *d)
{
	const struct quartet_torture_request *args = &d->run->request;

	if (is_due(&d->next_stutter, args->stutter_ms))
		WRITE_ONCE(d->run->paused, !d->run->paused);
	if (is_due(&d->next_shuffle, args->shuffle_ms))
		torture_contenders_deal(d->run, ++d->shift);
	if (is_due(&d->next_onoff, args->onoff_ms)) {
		if (d->offline == nr_cpu_ids)
			cpu_away(d);
		else
			cpu_back(d);
	}
}

static void shorten(unsigned long *until, unsigned long next, u32 period_ms)
{
	if (period_ms && time_before(next, *until))
		*until = next;
}

/* When to wake up next: at @end or for the next disturbance. */
static unsigned long next_event(const struct disturber *d, unsigned long end)
{
	const struct quartet_torture_request *args = &d->run->request;
	unsigned long until = end;

	if (d->run->ops->stuck)
		shorten(&until, jiffies + HZ, MSEC_PER_SEC);
	shorten(&until, d->next_stutter, args->stutter_ms);
	shorten(&until, d->next_shuffle, args->shuffle_ms);
	shorten(&until, d->next_onoff, args->onoff_ms);
	return until;
}

/*
 * torture_disturb_until_end() - wait until the run's time is over, a signal comes, or it is stuck
 *
 * Returns with all CPUs online that were, whatever ended the wait.
 */
enum quartet_torture_end torture_disturb_until_end(struct torture_run *run)
{
	struct disturber d = {
		.run = run,
		.offline = nr_cpu_ids,
		.last = cpumask_first(&run->cpus),
		.next_stutter = jiffies + msecs_to_jiffies(run->request.stutter_ms),
		.next_shuffle = jiffies + msecs_to_jiffies(run->request.shuffle_ms),
		.next_onoff = jiffies + msecs_to_jiffies(run->request.onoff_ms),
	};
	unsigned long end = jiffies + nsecs_to_jiffies(run->request.duration_ns) + 1;
	bool stuck = false;

	while (time_before(jiffies, end) && !signal_pending(current) && !stuck) {
		unsigned long until = next_event(&d, end), now = jiffies;

		if (time_after(until, now))
			schedule_timeout_interruptible(until - now);
		disturb(&d);
		stuck = run->ops->stuck && run->ops->stuck(run);
	}
	cpu_back(&d);
	if (stuck)
		return QUARTET_ENDED_STUCK;
	return time_before(jiffies, end) ? QUARTET_ENDED_BY_SIGNAL : QUARTET_ENDED_BY_TIME;
}

static int periodic(void *data)
{
	struct torture_run *run = data;
	struct rnd_state random;

	prandom_seed_state(&random, ~run->request.seed);
	while (!kthread_should_stop()) {
		run->ops->periodic(run, &random);
		usleep_range(run->periodic_us, run->periodic_us + run->periodic_us / 4 + 1);
	}
	return 0;
}

/* Not running yet; none if the run has nothing for it. */
int torture_periodic_create(struct torture_run *run)
{
	struct task_struct *thread;

	if (!run->periodic_us)
		return 0;
	thread = kthread_create(periodic, run, "quartet_%s_often", run->ops->name);
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	run->periodic = thread;
	return 0;
}

/* When this returns it is over. */
void torture_periodic_stop(struct torture_run *run)
{
	if (run->periodic)
		kthread_stop(run->periodic);
	run->periodic = NULL;
}
