/* SPDX-License-Identifier: GPL-2.0-only */
/* There are no interrupts. */
#ifndef SIM_IRQFLAGS_H
#define SIM_IRQFLAGS_H

#define local_irq_save(flags)		((void)((flags) = 0))
#define local_irq_restore(flags)	((void)(flags))
#define local_irq_disable()		do { } while (0)
#define local_irq_enable()		do { } while (0)

#endif /* SIM_IRQFLAGS_H */
