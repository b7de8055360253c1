/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Notifiers, whoever calls them: registration comes before a call, and a call before the end of the
 * registration. Two calls are not ordered by that.
 */
#ifndef QUARTET_RACE_NOTIFIER_H
#define QUARTET_RACE_NOTIFIER_H

#include <linux/notifier.h>

#include "callbacks.h"

/* It is about to be registered, to be called by @run. */
void race_notifier_begin(struct notifier_block *block, race_run_t run, const char *what,
			 unsigned long pc);
/* How it is called. Any context. */
unsigned long race_run_notifier(const struct race_call *call);
/* It is registered no more. */
void race_notifier_over(const struct notifier_block *block, const char *what, unsigned long pc);

#endif /* QUARTET_RACE_NOTIFIER_H */
