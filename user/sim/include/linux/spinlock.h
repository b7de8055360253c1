/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's spinlocks and its sleeping mutex, which we use and do not test:
 * a word, one who has it, and in the explored world others who are not run until
 * it is free.
 */
#ifndef SIM_SPINLOCK_H
#define SIM_SPINLOCK_H

#include <linux/compiler.h>
#include <linux/irqflags.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>

typedef struct { u32 locked; } raw_spinlock_t;
typedef raw_spinlock_t spinlock_t;

#define __RAW_SPIN_LOCK_UNLOCKED(name)	{ 0 }
#define DEFINE_RAW_SPINLOCK(name)	raw_spinlock_t name = __RAW_SPIN_LOCK_UNLOCKED(name)
#define DEFINE_SPINLOCK(name)		DEFINE_RAW_SPINLOCK(name)

#ifdef SIM_EXPLORE
void sim_explore_lock(const struct sim_site *site, u32 *locked);
#define sim_lock(lock, op, what)	sim_explore_lock(SIM_SITE(op, what), &(lock)->locked)
#else
void sim_native_lock(u32 *locked);
#define sim_lock(lock, op, what)	sim_native_lock(&(lock)->locked)
#endif
#define sim_unlock(lock, op, what)	SIM_STORE(&(lock)->locked, 0, __ATOMIC_RELEASE, op, what)

#define raw_spin_lock_init(lock)	((lock)->locked = 0)
#define raw_spin_lock(lock) \
	(preempt_disable(), sim_lock(lock, "raw_spin_lock", #lock))
#define raw_spin_unlock(lock) \
	(sim_unlock(lock, "raw_spin_unlock", #lock), preempt_enable())
#define raw_spin_lock_irqsave(lock, flags)	((void)((flags) = 0), raw_spin_lock(lock))
#define raw_spin_unlock_irqrestore(lock, flags)	((void)(flags), raw_spin_unlock(lock))
#define spin_lock_init(lock)	raw_spin_lock_init(lock)
#define spin_lock(lock)		raw_spin_lock(lock)
#define spin_unlock(lock)	raw_spin_unlock(lock)

#endif /* SIM_SPINLOCK_H */
