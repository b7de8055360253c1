/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Structures of a module that name functions of it, such as file_operations: the functions are
 * replaced by ours where they stand, since a module may compare the structure's address.
 */
#ifndef QUARTET_RACE_INTERPOSE_H
#define QUARTET_RACE_INTERPOSE_H

#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/stddef.h>

#include "callbacks.h"

/**
 * struct race_slot - where a structure names a function
 * @offset: in the structure
 * @run: how that is to be called
 */
struct race_slot {
	size_t offset;
	race_run_t run;
};

#define RACE_SLOT(type, method, run)	{ offsetof(struct type, method), run }

/*
 * Has the functions of a module that are named in @ops, which may be NULL, called by ours; the
 * caller is about to register them. Task context, may sleep.
 */
#define race_interpose(ops, slots, pc)	__race_interpose(ops, slots, ARRAY_SIZE(slots), pc)
void __race_interpose(const void *ops, const struct race_slot *slots, unsigned int n,
		      unsigned long pc);

/* The same for one that is handed over by itself: what to hand over. Any context. */
void *race_hand_over(void *function, race_run_t run, unsigned long pc);

/* Is this of a module, and not of the kernel? */
bool race_is_of_module(const void *addr);

/*
 * Calls what was interposed: what was done before the function was registered comes before, and
 * who waits for the end of calls comes after.
 */
unsigned long race_method(const struct race_call *call);
/* The caller knows that each such call that had begun has ended. */
void race_methods_over(const char *what, unsigned long pc);

#endif /* QUARTET_RACE_INTERPOSE_H */
