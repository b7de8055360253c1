/* SPDX-License-Identifier: GPL-2.0-only */
/* Powers of two. */
#ifndef SIM_LOG2_H
#define SIM_LOG2_H

#define is_power_of_2(n)		((n) && !((n) & ((n) - 1)))
#define rounddown_pow_of_two(n)		(1UL << (63 - __builtin_clzl(n)))

#define roundup_pow_of_two(n)		((n) <= 1 ? 1UL : 2 * rounddown_pow_of_two((n) - 1))
#define ilog2(n)			(63 - __builtin_clzl(n))

#endif /* SIM_LOG2_H */
