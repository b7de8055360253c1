// SPDX-License-Identifier: GPL-2.0-only
/*
 * The wait for the end of a run, and what disturbs the run meanwhile: stutter,
 * shuffle and CPU hotplug, as in the kernel's locktorture. The task in the
 * ioctl has nothing else to do, so it does it itself.
 */
#include <linux/cpu.h>
#include <linux/jiffies.h>
#include <linux/sched/signal.h>

#include "spin.h"

struct disturber {
	struct spin_run *run;
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
	spin_contenders_deal(d->run, d->shift);
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
	d->run->args.offlined++;
}

static void disturb(struct disturber *d)
{
	const struct quartet_torture_spin *args = &d->run->args;

	if (is_due(&d->next_stutter, args->stutter_ms))
		WRITE_ONCE(d->run->paused, !d->run->paused);
	if (is_due(&d->next_shuffle, args->shuffle_ms))
		spin_contenders_deal(d->run, ++d->shift);
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
	const struct quartet_torture_spin *args = &d->run->args;
	unsigned long until = end;

	shorten(&until, d->next_stutter, args->stutter_ms);
	shorten(&until, d->next_shuffle, args->shuffle_ms);
	shorten(&until, d->next_onoff, args->onoff_ms);
	return until;
}

/*
 * spin_disturb_until_end() - wait until the run's time is over or a signal comes
 *
 * Returns with all CPUs online that were, whatever ended the wait.
 */
enum quartet_torture_end spin_disturb_until_end(struct spin_run *run)
{
	struct disturber d = {
		.run = run,
		.offline = nr_cpu_ids,
		.last = cpumask_first(&run->cpus),
		.next_stutter = jiffies + msecs_to_jiffies(run->args.stutter_ms),
		.next_shuffle = jiffies + msecs_to_jiffies(run->args.shuffle_ms),
		.next_onoff = jiffies + msecs_to_jiffies(run->args.onoff_ms),
	};
	unsigned long end = jiffies + nsecs_to_jiffies(run->args.duration_ns) + 1;

	while (time_before(jiffies, end) && !signal_pending(current)) {
		unsigned long until = next_event(&d, end), now = jiffies;

		if (time_after(until, now))
			schedule_timeout_interruptible(until - now);
		disturb(&d);
	}
	cpu_back(&d);
	WRITE_ONCE(run->paused, false);
	return time_before(jiffies, end) ? QUARTET_ENDED_BY_SIGNAL : QUARTET_ENDED_BY_TIME;
}
