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

/* Has @function called with @first, and @second if it has one; what it returns. */
typedef unsigned long (*race_run_t)(void *function, void *first, void *second);
/* The same for a function of up to six arguments. */
typedef unsigned long (*race_run_six_t)(void *function, void *a, void *b, void *c, void *d,
					void *e, void *f);

/* What to have called in place of @function, by @run. Any context. */
void *race_callback(void *function, race_run_t run);
void *race_callback_of_six(void *function, race_run_six_t run);
/* What one of ours stands for, or @function itself. */
void *race_callback_function(void *function);
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
