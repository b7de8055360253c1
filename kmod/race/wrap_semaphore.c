// SPDX-License-Identifier: GPL-2.0-only
/* Semaphores, that anybody may release: who holds one is not known. */
#include <linux/semaphore.h>

#include "wrap.h"

RACE_WRAP(void, down, struct semaphore *sem)
{
	down(sem);
	race_acquire(sem, "down", _RET_IP_);
}

#define DOWN_OR_FAIL(name)						\
	RACE_WRAP(int, name, struct semaphore *sem)			\
	{								\
		int err = name(sem);					\
									\
		if (!err)						\
			race_acquire(sem, #name, _RET_IP_);		\
		return err;						\
	}

DOWN_OR_FAIL(down_interruptible)
DOWN_OR_FAIL(down_killable)
DOWN_OR_FAIL(down_trylock)

RACE_WRAP(int, down_timeout, struct semaphore *sem, long timeout)
{
	int err = down_timeout(sem, timeout);

	if (!err)
		race_acquire(sem, "down_timeout", _RET_IP_);
	return err;
}

RACE_WRAP(void, up, struct semaphore *sem)
{
	race_release(sem, "up", _RET_IP_);
	up(sem);
}
