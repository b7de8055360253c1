/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers spread over few bits. */
#ifndef SIM_HASH_H
#define SIM_HASH_H

#include <linux/types.h>

#define hash_64(value, bits)	((u32)((u64)(value) * 0x61C8864680B583EBULL >> (64 - (bits))))
#define hash_long(value, bits)	hash_64(value, bits)

#endif /* SIM_HASH_H */
