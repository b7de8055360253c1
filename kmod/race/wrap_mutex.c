// SPDX-License-Identifier: GPL-2.0-only
/* Mutexes. */
#include <linux/mutex.h>

#include "wrap.h"

#ifndef CONFIG_DEBUG_LOCK_ALLOC
RACE_WRAP(void, mutex_lock, struct mutex *lock)
{
	mutex_lock(lock);
	race_lock(lock, "mutex_lock", _RET_IP_);
}

RACE_WRAP(int, mutex_lock_interruptible, struct mutex *lock)
{
	int err = mutex_lock_interruptible(lock);

	if (!err)
		race_lock(lock, "mutex_lock_interruptible", _RET_IP_);
	return err;
}

RACE_WRAP(int, mutex_lock_killable, struct mutex *lock)
{
	int err = mutex_lock_killable(lock);

	if (!err)
		race_lock(lock, "mutex_lock_killable", _RET_IP_);
	return err;
}

RACE_WRAP(int, mutex_trylock, struct mutex *lock)
{
	int locked = mutex_trylock(lock);

	if (locked)
		race_lock(lock, "mutex_trylock", _RET_IP_);
	return locked;
}
#endif

RACE_WRAP(void, mutex_unlock, struct mutex *lock)
{
	race_unlock(lock, "mutex_unlock", _RET_IP_);
	mutex_unlock(lock);
}
