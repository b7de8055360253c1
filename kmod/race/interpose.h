/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Structures of a module that name functions of it, such as file_operations: the functions are
 * replaced by ours where they stand, since a module may compare the structure's address.
 */
#ifndef QUARTET_RACE_INTERPOSE_H
#define QUARTET_RACE_INTERPOSE_H

#include "callbacks.h"

/* Has what *@slot points to called by @run, if that is a module's. Task context, may sleep. */
void race_interpose_at(void *const *slot, race_run_six_t run, unsigned long pc);

#define race_interpose(slot, run, pc) \
	race_interpose_at((void *const *)(const void *)(slot), run, pc)

/* Is this of a module, and not of the kernel? */
bool race_is_of_module(const void *addr);

/* What @run does first: what was done before the function was handed over comes before. */
void race_interposed(void *function);

/* Calls it with whatever it takes. */
static inline unsigned long race_call(void *function, void *a, void *b, void *c, void *d, void *e,
				      void *f)
{
	unsigned long (*real)(void *, void *, void *, void *, void *, void *) = function;

	return real(a, b, c, d, e, f);
}

#endif /* QUARTET_RACE_INTERPOSE_H */
