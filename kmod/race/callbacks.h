/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Functions that a module has the kernel call later: it is given one of ours in their place, which
 * says what orders the call.
 *
 * Ours are of functions, and not of the objects that they are called with: an object may be freed
 * by its function, or be set up again, and there would be no telling when it is gone.
 */
#ifndef QUARTET_RACE_CALLBACKS_H
#define QUARTET_RACE_CALLBACKS_H

#include <linux/types.h>

/**
 * struct race_call - a call by the kernel
 * @self: the one of ours that it has called
 * @function: what that stands for
 * @arg: what it was given, and whatever else is in registers
 */
struct race_call {
	void *self;
	void *function;
	void *arg[6];
};

/* Says what orders the call, and makes it, by race_call(); what to return. */
typedef unsigned long (*race_run_t)(const struct race_call *call);

/* Who takes less than this does not look into the other registers. */
static inline unsigned long race_call(const struct race_call *call)
{
	unsigned long (*function)(void *a, void *b, void *c, void *d, void *e, void *f) =
		call->function;
	void *const *arg = call->arg;

	return function(arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
}

/* What to have called in place of @function, by @run. Any context. */
void *race_callback(void *function, race_run_t run);
/* A function is called as it is: what orders its calls is not seen from here on. Any context. */
void race_callback_lost(void);
/* Text that is about to go. */
void race_callbacks_forget(unsigned long start, unsigned long size);

/* A call for @object is about to begin: after it was asked for, and after the last one. */
void race_callback_begin(const void *object, const char *what);
/* It has ended; @object may be gone. */
void race_callback_end(const void *object, const char *what);
/* The caller knows that each call that had begun has ended. */
void race_callback_over(const void *object, const char *what, unsigned long pc);

int race_callbacks_init(void);

#endif /* QUARTET_RACE_CALLBACKS_H */
