/* SPDX-License-Identifier: GPL-2.0-only */
/* Work for a hardirq. There are none: it is done at once. */
#ifndef SIM_IRQ_WORK_H
#define SIM_IRQ_WORK_H

#include <linux/types.h>

struct irq_work { void (*func)(struct irq_work *work); };

#define init_irq_work(work, function)	((void)((work)->func = (function)))
#define irq_work_queue(work)		((work)->func(work))
#define irq_work_sync(work)		((void)(work))

#endif /* SIM_IRQ_WORK_H */
