/* SPDX-License-Identifier: GPL-2.0-only */
/* Pointers that are errnos. */
#ifndef SIM_ERR_H
#define SIM_ERR_H

#include <linux/types.h>

#define MAX_ERRNO	4095
#define ERESTARTSYS	512	/* these are not of the C library */
#define EIOCBQUEUED	529
#define IS_ERR_VALUE(x)	((unsigned long)(x) >= (unsigned long)-MAX_ERRNO)

static inline void *ERR_PTR(long err)
{
	return (void *)err;
}

static inline long PTR_ERR(const void *p)
{
	return (long)p;
}

static inline bool IS_ERR(const void *p)
{
	return IS_ERR_VALUE(p);
}

static inline bool IS_ERR_OR_NULL(const void *p)
{
	return !p || IS_ERR_VALUE(p);
}

static inline int PTR_ERR_OR_ZERO(const void *p)
{
	return IS_ERR(p) ? PTR_ERR(p) : 0;
}

static inline void *ERR_CAST(const void *p)
{
	return (void *)p;
}

#endif /* SIM_ERR_H */
