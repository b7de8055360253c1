/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A function of the kernel, as instrumented modules call it.
 *
 * quartet-race.mk has the compiler rename each function that has a wrapper among our exports; so a
 * wrapper is all that there is to do for one. What a kernel does not export has none: see compat.h.
 */
#ifndef QUARTET_RACE_WRAP_H
#define QUARTET_RACE_WRAP_H

#include <linux/export.h>
#include <linux/instruction_pointer.h>

#include "sync.h"

#define RACE_WRAP(type, name, ...)		\
	type __qrace_##name(__VA_ARGS__);	\
	EXPORT_SYMBOL_GPL(__qrace_##name);	\
	type __qrace_##name(__VA_ARGS__)

#endif /* QUARTET_RACE_WRAP_H */
