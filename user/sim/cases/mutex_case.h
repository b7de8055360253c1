/* SPDX-License-Identifier: GPL-2.0-only */
/* What the cases of the mutex share: one mutex, who is inside, and what must hold at the end. */
#ifndef SIM_MUTEX_CASE_H
#define SIM_MUTEX_CASE_H

#include <quartet/mutex.h>

#include "holder.h"

#define MS	1000000ULL

struct mutex_case {
	struct quartet_mutex mutex;
	struct holder holder;
	const void *next;	/* has starved, and so must be granted next; under the mutex */
	bool in_order;		/* check that; for cases in which nobody gives up */
};

extern struct mutex_case mutex_case;

/*
 * A mutex with @starve_ns, free. A thread spins if its bit is set in @spinners; the others
 * must reschedule, and so queue at once.
 */
void mutex_case_start(u64 starve_ns, unsigned int spinners);
/* The critical section: alone, and in order. The caller has the mutex, and unlocks it here. */
void mutex_case_inside(void);
/* Takes it, goes inside, @rounds times. */
void mutex_case_rounds(unsigned int rounds);
/* All is as at the start. */
void mutex_case_end(void);
const char *mutex_case_stuck(void);

#endif /* SIM_MUTEX_CASE_H */
