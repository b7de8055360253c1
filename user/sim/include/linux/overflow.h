/* SPDX-License-Identifier: GPL-2.0-only */
/* Sizes that may be too large. */
#ifndef SIM_OVERFLOW_H
#define SIM_OVERFLOW_H

#define check_mul_overflow(a, b, result)	__builtin_mul_overflow(a, b, result)
/* Too large to be had, if it overflows. */
#define struct_size(p, member, n) ({ \
	size_t sim_size; \
	\
	if (__builtin_mul_overflow(sizeof((p)->member[0]), n, &sim_size) || \
	    __builtin_add_overflow(sizeof(*(p)), sim_size, &sim_size)) \
		sim_size = SIZE_MAX; \
	sim_size; })

#endif /* SIM_OVERFLOW_H */
