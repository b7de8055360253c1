/* SPDX-License-Identifier: GPL-2.0-only */
/* Single bits. */
#ifndef SIM_BITS_H
#define SIM_BITS_H

#define BIT(n)	(1UL << (n))
#define BIT_ULL(n)	(1ULL << (n))

#endif /* SIM_BITS_H */
