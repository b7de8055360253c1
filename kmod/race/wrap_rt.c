// SPDX-License-Identifier: GPL-2.0-only
/* Spinlocks and rwlocks that sleep: those of PREEMPT_RT, which leave interrupts alone. */
#include <linux/spinlock.h>

#include "wrap.h"

RACE_WRAP(void, rt_spin_lock, spinlock_t *lock)
{
	rt_spin_lock(lock);
	race_lock(lock, "spin_lock", _RET_IP_);
}

RACE_WRAP(int, rt_spin_trylock, spinlock_t *lock)
{
	int locked = rt_spin_trylock(lock);

	if (locked)
		race_lock(lock, "spin_trylock", _RET_IP_);
	return locked;
}

RACE_WRAP(int, rt_spin_trylock_bh, spinlock_t *lock)
{
	int locked = rt_spin_trylock_bh(lock);

	if (locked)
		race_lock(lock, "spin_trylock_bh", _RET_IP_);
	return locked;
}

RACE_WRAP(void, rt_spin_unlock, spinlock_t *lock)
{
	race_unlock(lock, "spin_unlock", _RET_IP_);
	rt_spin_unlock(lock);
}

RACE_WRAP(void, rt_read_lock, rwlock_t *lock)
{
	rt_read_lock(lock);
	race_lock(lock, "read_lock", _RET_IP_);
}

RACE_WRAP(int, rt_read_trylock, rwlock_t *lock)
{
	int locked = rt_read_trylock(lock);

	if (locked)
		race_lock(lock, "read_trylock", _RET_IP_);
	return locked;
}

RACE_WRAP(void, rt_read_unlock, rwlock_t *lock)
{
	race_unlock(lock, "read_unlock", _RET_IP_);
	rt_read_unlock(lock);
}

RACE_WRAP(void, rt_write_lock, rwlock_t *lock)
{
	rt_write_lock(lock);
	race_lock(lock, "write_lock", _RET_IP_);
}

RACE_WRAP(int, rt_write_trylock, rwlock_t *lock)
{
	int locked = rt_write_trylock(lock);

	if (locked)
		race_lock(lock, "write_trylock", _RET_IP_);
	return locked;
}

RACE_WRAP(void, rt_write_unlock, rwlock_t *lock)
{
	race_unlock(lock, "write_unlock", _RET_IP_);
	rt_write_unlock(lock);
}
