// SPDX-License-Identifier: GPL-2.0-only
/* Interrupt lines, each with a clock of its handlers: they are known by their line. */
#include <linux/interrupt.h>

#include "callbacks.h"
#include "wrap.h"

#define LINES	256

static struct { char begin, end; } lines[LINES];

static const void *line_of(unsigned int irq)
{
	return &lines[irq % LINES];
}

static unsigned long run(const struct race_call *call)
{
	unsigned int irq = (unsigned long)call->arg[0];
	unsigned long result;

	race_callback_begin(line_of(irq), "start of the interrupt handler");
	result = race_call(call);
	race_callback_end(line_of(irq), "end of the interrupt handler");
	return result;
}

RACE_WRAP(int, request_threaded_irq, unsigned int irq, irq_handler_t handler,
	  irq_handler_t thread, unsigned long flags, const char *name, void *device)
{
	race_release(line_of(irq), "request_irq", _RET_IP_);
	return request_threaded_irq(irq, race_callback(handler, run), race_callback(thread, run),
				    flags, name, device);
}

RACE_WRAP(int, request_any_context_irq, unsigned int irq, irq_handler_t handler,
	  unsigned long flags, const char *name, void *device)
{
	race_release(line_of(irq), "request_any_context_irq", _RET_IP_);
	return request_any_context_irq(irq, race_callback(handler, run), flags, name, device);
}

/* Freed with the device, which is not seen. */
RACE_WRAP(int, devm_request_threaded_irq, struct device *owner, unsigned int irq,
	  irq_handler_t handler, irq_handler_t thread, unsigned long flags, const char *name,
	  void *device)
{
	race_release(line_of(irq), "devm_request_irq", _RET_IP_);
	return devm_request_threaded_irq(owner, irq, race_callback(handler, run),
					 race_callback(thread, run), flags, name, device);
}

RACE_WRAP(const void *, free_irq, unsigned int irq, void *device)
{
	const void *name = free_irq(irq, device);

	race_callback_over(line_of(irq), "free_irq", _RET_IP_);
	return name;
}

RACE_WRAP(void, synchronize_irq, unsigned int irq)
{
	synchronize_irq(irq);
	race_callback_over(line_of(irq), "synchronize_irq", _RET_IP_);
}

RACE_WRAP(void, disable_irq, unsigned int irq)
{
	disable_irq(irq);
	race_callback_over(line_of(irq), "disable_irq", _RET_IP_);
}

RACE_WRAP(void, enable_irq, unsigned int irq)
{
	race_release(line_of(irq), "enable_irq", _RET_IP_);
	enable_irq(irq);
}
