/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The world's tasks, all on the one thread of the fuzzer: a task that sleeps, spins or yields
 * pauses, and others act until it is told to go on. So what only a waiter does is fuzzed too,
 * and no wait is for ever.
 */
#ifndef SIM_FIBER_H
#define SIM_FIBER_H

#include <linux/types.h>

#define FIBERS	6

/* Calls @body as task @n, which is not paused, until it returns or pauses. */
void fiber_start(unsigned int n, void (*body)(unsigned int n));
/* Lets task @n, which is paused, go on until it returns or pauses again. */
void fiber_resume(unsigned int n);
bool fiber_paused(unsigned int n);
/* Of a task that is paused: it sleeps; and until when. */
bool fiber_sleeps(unsigned int n);
s64 fiber_deadline(unsigned int n);

#endif /* SIM_FIBER_H */
