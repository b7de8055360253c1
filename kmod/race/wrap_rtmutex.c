// SPDX-License-Identifier: GPL-2.0-only
/* Mutexes that lend their waiters' priority to the owner. */
#include <linux/rtmutex.h>

#include "wrap.h"

#ifndef CONFIG_DEBUG_LOCK_ALLOC
RACE_WRAP(void, rt_mutex_lock, struct rt_mutex *lock)
{
	rt_mutex_lock(lock);
	race_lock(lock, "rt_mutex_lock", _RET_IP_);
}
#endif

RACE_WRAP(int, rt_mutex_lock_interruptible, struct rt_mutex *lock)
{
	int err = rt_mutex_lock_interruptible(lock);

	if (!err)
		race_lock(lock, "rt_mutex_lock_interruptible", _RET_IP_);
	return err;
}

RACE_WRAP(int, rt_mutex_trylock, struct rt_mutex *lock)
{
	int locked = rt_mutex_trylock(lock);

	if (locked)
		race_lock(lock, "rt_mutex_trylock", _RET_IP_);
	return locked;
}

RACE_WRAP(void, rt_mutex_unlock, struct rt_mutex *lock)
{
	race_unlock(lock, "rt_mutex_unlock", _RET_IP_);
	rt_mutex_unlock(lock);
}
