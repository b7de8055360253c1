/* SPDX-License-Identifier: GPL-2.0-only */
/* Lockdep, as in a kernel that is built without it; held locks are asserted by the explorer. */
#ifndef SIM_LOCKDEP_H
#define SIM_LOCKDEP_H

#include <linux/kernel.h>

struct lock_class_key { char unused; };

#define spin_acquire(map, subclass, trylock, ip)	do { } while (0)
#define spin_release(map, ip)				do { } while (0)
#define mutex_acquire(map, subclass, trylock, ip)	((void)(subclass))
#define mutex_release(map, ip)				do { } while (0)
#define lock_contended(map, ip)				do { } while (0)
#define lock_acquired(map, ip)				do { } while (0)
/* By whomever: a word does not say. */
#define lockdep_assert_held(lock) \
	BUG_ON(!__atomic_load_n(&(lock)->locked, __ATOMIC_RELAXED))

#define lockdep_is_held(lock)	((lock)->locked)

#endif /* SIM_LOCKDEP_H */
