/* SPDX-License-Identifier: GPL-2.0-only */
/* Single bits. */
#ifndef SIM_BITS_H
#define SIM_BITS_H

#define BIT(n)	(1UL << (n))
#define BIT_ULL(n)	(1ULL << (n))
#define GENMASK(high, low)	(~0UL >> (63 - (high)) & ~0UL << (low))
#define GENMASK_ULL(high, low)	(~0ULL >> (63 - (high)) & ~0ULL << (low))
#define for_each_set_bit(bit, word, size) \
	for ((bit) = 0; (bit) < (size); (bit)++) \
		if (*(word) & BIT(bit))

#endif /* SIM_BITS_H */
