/* SPDX-License-Identifier: GPL-2.0-only */
/* The C library has the rest. */
#ifndef SIM_STRING_H
#define SIM_STRING_H

#include <linux/types.h>

/* The first byte that is not @c, or NULL. */
static inline void *memchr_inv(const void *p, int c, size_t n)
{
	const u8 *byte = p;

	for (; n; n--, byte++)
		if (*byte != (u8)c)
			return (void *)byte;
	return NULL;
}

#endif /* SIM_STRING_H */
