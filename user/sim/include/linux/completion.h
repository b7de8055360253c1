/* SPDX-License-Identifier: GPL-2.0-only */
/* Waiting for one event, awake: for what is not tested. */
#ifndef SIM_COMPLETION_H
#define SIM_COMPLETION_H

#include <linux/kernel.h>
#include <asm/barrier.h>

struct completion { u32 done; };

#define init_completion(x)	((void)((x)->done = 0))
#define complete(x)		smp_store_release(&(x)->done, 1)
#define wait_for_completion(x) \
	({ might_sleep(); (void)smp_cond_load_acquire(&(x)->done, VAL); })

#endif /* SIM_COMPLETION_H */
