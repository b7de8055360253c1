// SPDX-License-Identifier: GPL-2.0-only
/* Tasklets. */
#include <linux/interrupt.h>

#include "callbacks.h"
#include "wrap.h"

/* A function of the older kind is given this in place of its tasklet. */
static const void *key_of(unsigned long data)
{
	return (const void *)data + 2;
}

/* Who found it scheduled already has only set a bit of its state. */
static unsigned long run(const struct race_call *call)
{
	struct tasklet_struct *tasklet = call->arg[0];

	race_callback_begin(tasklet, "start of the tasklet");
	race_acquire(&tasklet->state, "start of the tasklet", _THIS_IP_);
	race_call(call);
	race_callback_end(tasklet, "end of the tasklet");
	return 0;
}

static unsigned long run_function(const struct race_call *call)
{
	unsigned long data = (unsigned long)call->arg[0];

	race_callback_begin(key_of(data), "start of the tasklet");
	race_call(call);
	race_callback_end(key_of(data), "end of the tasklet");
	return 0;
}

static void ask(struct tasklet_struct *tasklet, const char *what, unsigned long pc)
{
	if (tasklet->use_callback) {
		tasklet->callback = race_callback(tasklet->callback, run);
		race_release(tasklet, what, pc);
	} else {
		tasklet->func = race_callback(tasklet->func, run_function);
		race_release(key_of(tasklet->data), what, pc);
	}
}

static void over(struct tasklet_struct *tasklet, const char *what, unsigned long pc)
{
	const void *key = tasklet->use_callback ? tasklet : key_of(tasklet->data);

	race_callback_over(key, what, pc);
}

RACE_WRAP(void, __tasklet_schedule, struct tasklet_struct *tasklet)
{
	ask(tasklet, "tasklet_schedule", _RET_IP_);
	__tasklet_schedule(tasklet);
}

RACE_WRAP(void, __tasklet_hi_schedule, struct tasklet_struct *tasklet)
{
	ask(tasklet, "tasklet_hi_schedule", _RET_IP_);
	__tasklet_hi_schedule(tasklet);
}

RACE_WRAP(void, tasklet_kill, struct tasklet_struct *tasklet)
{
	tasklet_kill(tasklet);
	over(tasklet, "tasklet_kill", _RET_IP_);
}

/* What tasklet_disable() waits with. */
RACE_WRAP(void, tasklet_unlock_wait, struct tasklet_struct *tasklet)
{
	tasklet_unlock_wait(tasklet);
	over(tasklet, "tasklet_disable", _RET_IP_);
}
