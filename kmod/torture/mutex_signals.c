// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals to contenders, at any state of their waits.
 *
 * Who sends one looks at the form before it sends, so that a plain lock meets a SIGKILL only by the
 * rare chance that the attempt has just ended; then the attempt counts as interrupted.
 */
#include <linux/sched/signal.h>

#include "mutex.h"

void mutex_signal(struct torture_run *run, struct rnd_state *random)
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
