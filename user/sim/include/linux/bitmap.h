/* SPDX-License-Identifier: GPL-2.0-only */
/* Bits of an array; plain accesses, under a lock of the caller. */
#ifndef SIM_BITMAP_H
#define SIM_BITMAP_H

#include <linux/slab.h>

#define SIM_WORD(n)		((n) / 64)
#define SIM_BIT(n)		(1UL << (n) % 64)
#define bitmap_zalloc(n, gfp)	kcalloc(((n) + 63) / 64, 8, gfp)
#define bitmap_free(bitmap)	kfree(bitmap)

static inline void __set_bit(unsigned long n, unsigned long *bitmap)
{
	bitmap[SIM_WORD(n)] |= SIM_BIT(n);
}

static inline bool __test_and_clear_bit(unsigned long n, unsigned long *bitmap)
{
	bool was = bitmap[SIM_WORD(n)] & SIM_BIT(n);

	bitmap[SIM_WORD(n)] &= ~SIM_BIT(n);
	return was;
}

#endif /* SIM_BITMAP_H */
