// SPDX-License-Identifier: GPL-2.0-only
/* Notifiers, whoever calls them. */
#include <linux/instruction_pointer.h>

#include "irq.h"
#include "notifier.h"
#include "sync.h"

static const void *ends_of(const void *block)
{
	return (const char *)block + 1;
}

void race_notifier_begin(struct notifier_block *block, race_run_t run, const char *what,
			 unsigned long pc)
{
	block->notifier_call = race_callback(block->notifier_call, run);
	race_release(block, what, pc);
}

unsigned long race_run_notifier(const struct race_call *call)
{
	unsigned long result;

	race_interrupt_begin(_THIS_IP_);
	race_acquire(call->arg[0], "call of the notifier", _THIS_IP_);
	result = race_call(call);
	race_release(ends_of(call->arg[0]), "end of the notifier", _THIS_IP_);
	race_interrupt_end(_THIS_IP_);
	return result;
}

void race_notifier_over(const struct notifier_block *block, const char *what, unsigned long pc)
{
	race_acquire(ends_of(block), what, pc);
}
