/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What orders a CPU with its own interrupts: while they are off, they have run before, or will run
 * after. A CPU has a clock for its hardirqs, and one for its softirqs.
 *
 * The others are called while they are off, at @pc.
 */
#ifndef QUARTET_RACE_IRQ_H
#define QUARTET_RACE_IRQ_H

#include <linux/types.h>

/* Is it one of these clocks? Any context. */
bool race_irq_has(unsigned long addr);

/* Hardirqs: have been turned off; are about to be turned on. */
void race_irq_off(unsigned long pc);
void race_irq_on(unsigned long pc);
/* Softirqs: the same. */
void race_bh_off(unsigned long pc);
void race_bh_on(unsigned long pc);
/* Whichever the caller is in: begins, and ends. */
void race_interrupt_begin(unsigned long pc);
void race_interrupt_end(unsigned long pc);

#endif /* QUARTET_RACE_IRQ_H */
