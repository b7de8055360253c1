/* SPDX-License-Identifier: GPL-2.0-only */
/* References that can be refused; here one count, twice what there are, plus 1 if it is dead. */
#ifndef SIM_PERCPU_REFCOUNT_H
#define SIM_PERCPU_REFCOUNT_H

#include <linux/atomic.h>
#include <linux/kernel.h>

struct percpu_ref {
	long count;
	void (*release)(struct percpu_ref *ref);
};

#define percpu_ref_init(ref, function, flags, gfp) \
	((ref)->count = 2, (ref)->release = (function), 0)
#define percpu_ref_exit(ref)	((void)(ref))

static inline bool percpu_ref_tryget_live(struct percpu_ref *ref)
{
	long old = SIM_LOAD(&ref->count, __ATOMIC_RELAXED, "percpu_ref_tryget_live", "count");

	while (!(old & 1)) {
		if (SIM_CMPXCHG(&ref->count, &old, old + 2, __ATOMIC_RELAXED,
				"percpu_ref_tryget_live", "count"))
			return true;
	}
	return false;
}

static inline void percpu_ref_put(struct percpu_ref *ref)
{
	if (SIM_FETCH_ADD(&ref->count, -2, __ATOMIC_ACQ_REL, "percpu_ref_put", "count") == 3)
		ref->release(ref);
}

static inline void percpu_ref_kill(struct percpu_ref *ref)
{
	if (SIM_FETCH_ADD(&ref->count, -1, __ATOMIC_ACQ_REL, "percpu_ref_kill", "count") == 2)
		ref->release(ref);
}

#endif /* SIM_PERCPU_REFCOUNT_H */
