// SPDX-License-Identifier: GPL-2.0-only
/* Read-write semaphores. */
#include <linux/rwsem.h>

#include "wrap.h"

/* A function that locks, and may give up. */
#define LOCK(name, lock)						\
	RACE_WRAP(void, name, struct rw_semaphore *sem)			\
	{								\
		name(sem);						\
		lock(sem, #name, _RET_IP_);				\
	}
#define LOCK_OR_FAIL(name, lock)					\
	RACE_WRAP(int, name, struct rw_semaphore *sem)			\
	{								\
		int err = name(sem);					\
									\
		if (!err)						\
			lock(sem, #name, _RET_IP_);			\
		return err;						\
	}
#define TRYLOCK(name, lock)						\
	RACE_WRAP(int, name, struct rw_semaphore *sem)			\
	{								\
		int locked = name(sem);					\
									\
		if (locked)						\
			lock(sem, #name, _RET_IP_);			\
		return locked;						\
	}

LOCK(down_read, race_lock)
LOCK_OR_FAIL(down_read_interruptible, race_lock)
LOCK_OR_FAIL(down_read_killable, race_lock)
TRYLOCK(down_read_trylock, race_lock)
LOCK(down_write, race_write_lock)
LOCK_OR_FAIL(down_write_killable, race_write_lock)
TRYLOCK(down_write_trylock, race_write_lock)

RACE_WRAP(void, up_read, struct rw_semaphore *sem)
{
	race_read_unlock(sem, "up_read", _RET_IP_);
	up_read(sem);
}

RACE_WRAP(void, up_write, struct rw_semaphore *sem)
{
	race_unlock(sem, "up_write", _RET_IP_);
	up_write(sem);
}

/* It stays held. */
RACE_WRAP(void, downgrade_write, struct rw_semaphore *sem)
{
	race_release(sem, "downgrade_write", _RET_IP_);
	downgrade_write(sem);
}
