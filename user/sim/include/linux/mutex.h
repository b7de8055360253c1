/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's mutex: see linux/spinlock.h. */
#ifndef SIM_MUTEX_H
#define SIM_MUTEX_H

#include <linux/kernel.h>
#include <linux/spinlock.h>

struct mutex { u32 locked; };

#define DEFINE_MUTEX(name)	struct mutex name = { 0 }
#define mutex_init(mutex)	((mutex)->locked = 0)
#define mutex_lock(mutex)	({ might_sleep(); sim_lock(mutex, "mutex_lock", #mutex); })
#define mutex_trylock(mutex) ({ \
	u32 sim_free_word = 0; \
	\
	SIM_CMPXCHG(&(mutex)->locked, &sim_free_word, 1, __ATOMIC_ACQUIRE, "mutex_trylock", \
		    #mutex); })
#define mutex_unlock(mutex)	sim_unlock(mutex, "mutex_unlock", #mutex)

#endif /* SIM_MUTEX_H */
