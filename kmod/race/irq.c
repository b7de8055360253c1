// SPDX-License-Identifier: GPL-2.0-only
/* What orders a CPU with its own interrupts. */
#include <linux/percpu.h>
#include <linux/preempt.h>

#include "irq.h"
#include "rcu.h"
#include "sync.h"

/*
 * A CPU's tasks are not ordered with each other by that: it is by chance that they were on one CPU.
 * So what goes to interrupts and what comes from them have a clock each.
 */
struct clocks {
	char to_irq, from_irq, to_bh, from_bh;
};

static DEFINE_PER_CPU(struct clocks, clocks);

bool race_irq_has(unsigned long addr)
{
	int cpu;

	for_each_possible_cpu(cpu)
		if (addr - (unsigned long)per_cpu_ptr(&clocks, cpu) < sizeof(clocks))
			return true;
	return false;
}

void race_irq_off(unsigned long pc)
{
	race_acquire(&this_cpu_ptr(&clocks)->from_irq, "turning interrupts off", pc);
}

void race_irq_on(unsigned long pc)
{
	race_rcu_read_end(pc);
	race_release(&this_cpu_ptr(&clocks)->to_irq, "turning interrupts on", pc);
}

/* On PREEMPT_RT they are preemptible, and stay on the CPU. */
void race_bh_off(unsigned long pc)
{
	race_acquire(&raw_cpu_ptr(&clocks)->from_bh, "turning softirqs off", pc);
}

void race_bh_on(unsigned long pc)
{
	race_rcu_read_end(pc);
	race_release(&raw_cpu_ptr(&clocks)->to_bh, "turning softirqs on", pc);
}

void race_interrupt_begin(unsigned long pc)
{
	if (in_hardirq())
		race_acquire(&this_cpu_ptr(&clocks)->to_irq, "hardirq", pc);
	else if (in_serving_softirq())
		race_acquire(&raw_cpu_ptr(&clocks)->to_bh, "softirq", pc);
}

void race_interrupt_end(unsigned long pc)
{
	race_rcu_read_end(pc);
	if (in_hardirq())
		race_release(&this_cpu_ptr(&clocks)->from_irq, "end of hardirq", pc);
	else if (in_serving_softirq())
		race_release(&raw_cpu_ptr(&clocks)->from_bh, "end of softirq", pc);
}
