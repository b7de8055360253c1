/* SPDX-License-Identifier: GPL-2.0-only */
/* Counts of references. Where the kernel's saturate, from zero and below it, these fail. */
#ifndef SIM_REFCOUNT_H
#define SIM_REFCOUNT_H

#include <linux/atomic.h>
#include <linux/kernel.h>

typedef struct { int refs; } refcount_t;

/* Plain: of an object that nobody else sees yet. */
#define refcount_set(r, n)	((void)((r)->refs = (n)))
#define refcount_read(r)	((unsigned int)SIM_LOAD(&(r)->refs, __ATOMIC_RELAXED, \
							"refcount_read", #r))

#define refcount_add(n, r) \
	BUG_ON(SIM_FETCH_ADD(&(r)->refs, n, __ATOMIC_RELAXED, "refcount_add", #r) <= 0)
#define refcount_inc(r)		refcount_add(1, r)

static inline bool refcount_inc_not_zero(refcount_t *r)
{
	int old = SIM_LOAD(&r->refs, __ATOMIC_RELAXED, "refcount_inc_not_zero", "refs");

	while (old) {
		if (SIM_CMPXCHG(&r->refs, &old, old + 1, __ATOMIC_RELAXED,
				"refcount_inc_not_zero", "refs"))
			return true;
	}
	return false;
}

static inline bool refcount_dec_and_test(refcount_t *r)
{
	int old = SIM_FETCH_ADD(&r->refs, -1, __ATOMIC_ACQ_REL, "refcount_dec_and_test", "refs");

	BUG_ON(old <= 0);
	return old == 1;
}

#endif /* SIM_REFCOUNT_H */
