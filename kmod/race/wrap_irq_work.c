// SPDX-License-Identifier: GPL-2.0-only
/* What is to be done in a hardirq, as soon as may be. */
#include <linux/irq_work.h>

#include "callbacks.h"
#include "wrap.h"

/* The work may be freed by its function. */
static unsigned long run(const struct race_call *call)
{
	race_callback_begin(call->arg[0], "start of the irq_work");
	race_call(call);
	race_callback_end(call->arg[0], "end of the irq_work");
	return 0;
}

RACE_WRAP(bool, irq_work_queue, struct irq_work *work)
{
	void *function = race_callback(work->func, run);

	if (work->func != function)
		WRITE_ONCE(work->func, function);
	race_release(work, "irq_work_queue", _RET_IP_);
	return irq_work_queue(work);
}

RACE_WRAP(void, irq_work_sync, struct irq_work *work)
{
	irq_work_sync(work);
	race_callback_over(work, "irq_work_sync", _RET_IP_);
}
