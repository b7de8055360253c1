// SPDX-License-Identifier: GPL-2.0-only
/* What orders a CPU with its own interrupts. */
#include <linux/percpu.h>
#include <linux/preempt.h>

#include "irq.h"
#include "sync.h"

static DEFINE_PER_CPU(char, irq_clock);
static DEFINE_PER_CPU(char, bh_clock);

void race_irq_off(unsigned long pc)
{
	race_acquire(this_cpu_ptr(&irq_clock), "turning interrupts off", pc);
}

void race_irq_on(unsigned long pc)
{
	race_release(this_cpu_ptr(&irq_clock), "turning interrupts on", pc);
}

/* On PREEMPT_RT they are preemptible, and stay on the CPU. */
void race_bh_off(unsigned long pc)
{
	race_acquire(raw_cpu_ptr(&bh_clock), "turning softirqs off", pc);
}

void race_bh_on(unsigned long pc)
{
	race_release(raw_cpu_ptr(&bh_clock), "turning softirqs on", pc);
}

void race_interrupt_begin(unsigned long pc)
{
	if (in_hardirq())
		race_irq_off(pc);
	else if (in_serving_softirq())
		race_bh_off(pc);
}

void race_interrupt_end(unsigned long pc)
{
	if (in_hardirq())
		race_irq_on(pc);
	else if (in_serving_softirq())
		race_bh_on(pc);
}
