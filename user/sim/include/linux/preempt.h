/* SPDX-License-Identifier: GPL-2.0-only */
/* A count, so that sleeping with preemption off is noticed; nothing preempts a section. */
#ifndef SIM_PREEMPT_H
#define SIM_PREEMPT_H

#include <linux/sched.h>

#define preempt_disable()	((void)sim_current->preempt_count++)
#define preempt_enable()	((void)sim_current->preempt_count--)
#define preempt_count()		(sim_current->preempt_count)
#define preemptible()		(!preempt_count())

/* There are no interrupts. */
#define HARDIRQ_MASK		0x000f0000
#define SOFTIRQ_OFFSET		0x00000100
#define NMI_MASK		0x00f00000
#define in_nmi()		0
#define in_hardirq()		0
#define in_serving_softirq()	0

#endif /* SIM_PREEMPT_H */
