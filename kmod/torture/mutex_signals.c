// SPDX-License-Identifier: GPL-2.0-only
/*
 * A thread that sends signals to contenders, at any state of their waits.
 *
 * It looks at the form before it sends, so that a plain lock meets a SIGKILL only by the
 * rare chance that the attempt has just ended; then the attempt counts as interrupted.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/sched/signal.h>

#include "mutex.h"

static void signal_one(struct torture_run *run, struct rnd_state *random)
{
	struct mutex_contender *c =
		mutex_contender_of(run->contenders[prandom_u32_state(random) % run->total]);
	enum mutex_form form = READ_ONCE(c->form);

	if (!mutex_attempts(c))
		return;
	if (form == MUTEX_KILLABLE)
		send_sig(SIGKILL, c->base.thread, 1);
	else if (form == MUTEX_INTERRUPTIBLE || form == MUTEX_TIMEOUT || form == MUTEX_ASYNC)
		send_sig(SIGINT, c->base.thread, 1);
}

static int signaller(void *data)
{
	struct torture_run *run = data;
	u32 us = mutex_run_of(run)->args.signal_us;
	struct rnd_state random;

	prandom_seed_state(&random, ~run->request.seed);
	while (!kthread_should_stop()) {
		signal_one(run, &random);
		usleep_range(us, us + us / 4 + 1);
	}
	return 0;
}

/* Not running yet. */
int mutex_signals_create(struct torture_run *base)
{
	struct mutex_run *run = mutex_run_of(base);
	struct task_struct *thread;

	if (!run->args.signal_us)
		return 0;
	thread = kthread_create(signaller, base, "quartet_signals");
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	run->signaller = thread;
	return 0;
}

void mutex_signals_start(struct torture_run *base)
{
	if (mutex_run_of(base)->signaller)
		wake_up_process(mutex_run_of(base)->signaller);
}

/* When this returns nobody gets a signal any more. */
void mutex_signals_stop(struct torture_run *base)
{
	struct mutex_run *run = mutex_run_of(base);

	if (run->signaller)
		kthread_stop(run->signaller);
	run->signaller = NULL;
}
