/* SPDX-License-Identifier: GPL-2.0-only */
/* A hash of bytes with a key: FNV-1a, which anyone can make collide, and nobody here wants to. */
#ifndef SIM_SIPHASH_H
#define SIM_SIPHASH_H

#include <linux/types.h>

typedef struct { u64 key[2]; } siphash_key_t;

static inline u64 siphash(const void *data, size_t len, const siphash_key_t *key)
{
	u64 hash = 14695981039346656037ull ^ key->key[0];
	const u8 *byte = data;

	for (; len; len--)
		hash = (hash ^ *byte++) * 1099511628211ull;
	return hash ^ key->key[1];
}

#endif /* SIM_SIPHASH_H */
