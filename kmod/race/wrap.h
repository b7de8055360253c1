/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A function of the kernel, as instrumented modules call it.
 *
 * quartet-race.mk has the compiler rename each function that has a wrapper among our exports; so a
 * wrapper is all that there is to do for one. What a kernel does not export has none: see compat.h.
 */
#ifndef QUARTET_RACE_WRAP_H
#define QUARTET_RACE_WRAP_H

#include <linux/err.h>
#include <linux/export.h>
#include <linux/instruction_pointer.h>

#include "memory.h"
#include "sync.h"

/* The name may be a macro that differs between kernels. */
#define RACE_WRAP(type, name, ...)	__RACE_WRAP(type, name, __VA_ARGS__)
#define __RACE_WRAP(type, name, ...)		\
	type __qrace_##name(__VA_ARGS__);	\
	EXPORT_SYMBOL_GPL(__qrace_##name);	\
	type __qrace_##name(__VA_ARGS__)

#define WITH(...)	__VA_ARGS__

/* A function that allocates @size bytes, if it returns a pointer to them. */
#define RACE_WRAP_ALLOC(type, name, size, params, args)			\
	RACE_WRAP(type, name, params)					\
	{								\
		type memory = name(args);				\
									\
		if (!IS_ERR(memory))					\
			race_memory_alloc(memory, size, _RET_IP_);	\
		return memory;						\
	}

#endif /* QUARTET_RACE_WRAP_H */
