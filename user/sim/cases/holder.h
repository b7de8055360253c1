/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who is inside. Plain memory, so that ThreadSanitizer reports a lock that does
 * not order its holders, even if they never meet.
 */
#ifndef SIM_HOLDER_H
#define SIM_HOLDER_H

#include <linux/smp.h>
#include <sim/case.h>

struct holder { int thread; };

static inline void holder_enter(struct holder *holder)
{
	int me = smp_processor_id() + 1;

	if (holder->thread)
		sim_fail("exclusion: T%d is inside, and T%d comes in", holder->thread - 1, me - 1);
	holder->thread = me;
	sim_point();
}

static inline void holder_leave(struct holder *holder)
{
	int me = smp_processor_id() + 1;

	if (holder->thread != me)
		sim_fail("exclusion: T%d finds T%d inside instead of itself", me - 1,
			 holder->thread - 1);
	holder->thread = 0;
}

#endif /* SIM_HOLDER_H */
