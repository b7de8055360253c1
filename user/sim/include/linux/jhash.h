/* SPDX-License-Identifier: GPL-2.0-only */
/* A checksum of memory: FNV-1a, as good as any. */
#ifndef SIM_JHASH_H
#define SIM_JHASH_H

#include <linux/types.h>

static inline u32 jhash(const void *p, u32 n, u32 seed)
{
	const u8 *byte = p;
	u32 hash = 2166136261u ^ seed;

	for (; n; n--)
		hash = (hash ^ *byte++) * 16777619u;
	return hash;
}

#endif /* SIM_JHASH_H */
