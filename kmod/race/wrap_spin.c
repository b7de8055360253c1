// SPDX-License-Identifier: GPL-2.0-only
/* Spinlocks and rwlocks that spin. */
#include <linux/spinlock.h>

#include "irq.h"
#include "wrap.h"

#define SPIN_LOCK(kind, type)							\
	RACE_WRAP(void, _raw_##kind##_lock, type *lock)				\
	{									\
		_raw_##kind##_lock(lock);					\
		race_lock(lock, #kind "_lock", _RET_IP_);			\
	}									\
	RACE_WRAP(void, _raw_##kind##_lock_irq, type *lock)			\
	{									\
		_raw_##kind##_lock_irq(lock);					\
		race_lock(lock, #kind "_lock_irq", _RET_IP_);			\
		race_irq_off(_RET_IP_);						\
	}									\
	RACE_WRAP(unsigned long, _raw_##kind##_lock_irqsave, type *lock)	\
	{									\
		unsigned long flags = _raw_##kind##_lock_irqsave(lock);		\
										\
		race_lock(lock, #kind "_lock_irqsave", _RET_IP_);		\
		race_irq_off(_RET_IP_);						\
		return flags;							\
	}									\
	RACE_WRAP(void, _raw_##kind##_lock_bh, type *lock)			\
	{									\
		_raw_##kind##_lock_bh(lock);					\
		race_lock(lock, #kind "_lock_bh", _RET_IP_);			\
		race_bh_off(_RET_IP_);						\
	}									\
	RACE_WRAP(int, _raw_##kind##_trylock, type *lock)			\
	{									\
		int locked = _raw_##kind##_trylock(lock);			\
										\
		if (locked)							\
			race_lock(lock, #kind "_trylock", _RET_IP_);		\
		return locked;							\
	}

#define SPIN_UNLOCK(kind, type)							\
	RACE_WRAP(void, _raw_##kind##_unlock, type *lock)			\
	{									\
		race_unlock(lock, #kind "_unlock", _RET_IP_);			\
		_raw_##kind##_unlock(lock);					\
	}									\
	RACE_WRAP(void, _raw_##kind##_unlock_irq, type *lock)			\
	{									\
		race_unlock(lock, #kind "_unlock_irq", _RET_IP_);		\
		race_irq_on(_RET_IP_);						\
		_raw_##kind##_unlock_irq(lock);					\
	}									\
	RACE_WRAP(void, _raw_##kind##_unlock_irqrestore, type *lock,		\
		  unsigned long flags)						\
	{									\
		race_unlock(lock, #kind "_unlock_irqrestore", _RET_IP_);	\
		if (!irqs_disabled_flags(flags))				\
			race_irq_on(_RET_IP_);					\
		_raw_##kind##_unlock_irqrestore(lock, flags);			\
	}									\
	RACE_WRAP(void, _raw_##kind##_unlock_bh, type *lock)			\
	{									\
		race_unlock(lock, #kind "_unlock_bh", _RET_IP_);		\
		race_bh_on(_RET_IP_);						\
		_raw_##kind##_unlock_bh(lock);					\
	}

SPIN_LOCK(spin, raw_spinlock_t)
SPIN_UNLOCK(spin, raw_spinlock_t)

RACE_WRAP(int, _raw_spin_trylock_bh, raw_spinlock_t *lock)
{
	int locked = _raw_spin_trylock_bh(lock);

	if (locked) {
		race_lock(lock, "spin_trylock_bh", _RET_IP_);
		race_bh_off(_RET_IP_);
	}
	return locked;
}

#ifndef CONFIG_PREEMPT_RT
/* Readers are ordered with each other too, which they need not be. */
SPIN_LOCK(read, rwlock_t)
SPIN_UNLOCK(read, rwlock_t)
SPIN_LOCK(write, rwlock_t)
SPIN_UNLOCK(write, rwlock_t)
#endif
