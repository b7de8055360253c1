// SPDX-License-Identifier: GPL-2.0-only
/* Contenders in softirq and hardirq context: a timer a CPU. */
#include <linux/smp.h>

#include "../base/compat.h"
#include "run.h"

static enum hrtimer_mode mode_of(const struct torture_contender *c)
{
	return c->stats.context == QUARTET_CONTEXT_HARDIRQ ? HRTIMER_MODE_ABS_PINNED_HARD :
							     HRTIMER_MODE_ABS_PINNED_SOFT;
}

static enum hrtimer_restart contender_timer(struct hrtimer *timer)
{
	struct torture_contender *c = container_of(timer, struct torture_contender, timer);

	if (READ_ONCE(c->run->stopping))
		return HRTIMER_NORESTART;
	if (!READ_ONCE(c->run->paused))
		c->run->ops->tick(c);
	hrtimer_forward_now(timer, ns_to_ktime(c->run->timer_period));
	return HRTIMER_RESTART;
}

/*
 * On the CPU that the timer is to run on. All start on a multiple of the
 * period, so that the CPUs' interrupts meet.
 */
static void start_timer(void *data)
{
	struct torture_contender *c = data;
	u64 period = c->run->timer_period;
	u64 first = (div64_u64(c->run->started, period) + 2) * period;

	hrtimer_start(&c->timer, ns_to_ktime(first), mode_of(c));
}

static int create_timer(struct torture_run *run, unsigned int cpu,
			enum quartet_torture_context context)
{
	struct torture_contender *c = torture_contender_create(run, cpu, context);

	if (!c)
		return -ENOMEM;
	hrtimer_setup(&c->timer, contender_timer, CLOCK_MONOTONIC, mode_of(c));
	return 0;
}

/* Those that the flags of @run ask for, every timer_period; the threads are there. */
int torture_timers_create(struct torture_run *run)
{
	u32 flags = run->request.flags;
	unsigned int cpu;
	int err = 0;

	for_each_cpu(cpu, &run->cpus) {
		if (!err && flags & QUARTET_TORTURE_SOFTIRQ)
			err = create_timer(run, cpu, QUARTET_CONTEXT_SOFTIRQ);
		if (!err && flags & QUARTET_TORTURE_HARDIRQ)
			err = create_timer(run, cpu, QUARTET_CONTEXT_HARDIRQ);
	}
	return err;
}

void torture_timer_start(struct torture_contender *c)
{
	/* A CPU that has just gone offline has no timer then. */
	smp_call_function_single(c->stats.cpu, start_timer, c, true);
}

void torture_timer_stop(struct torture_contender *c)
{
	hrtimer_cancel(&c->timer);
}
