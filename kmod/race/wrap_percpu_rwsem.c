// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read-write semaphores whose readers are counted by each CPU. They are inline: each has an RCU
 * section at its begin and at its end, and looks at whether there is a writer.
 */
#include <linux/percpu-rwsem.h>

#include "rcu.h"
#include "wrap.h"

static const void *writers_of(const struct percpu_rw_semaphore *sem)
{
	return &sem->rss.gp_state;
}

RACE_WRAP(void, percpu_down_write, struct percpu_rw_semaphore *sem)
{
	percpu_down_write(sem);
	race_rcu_waited("percpu_down_write", _RET_IP_);
	race_lock(writers_of(sem), "percpu_down_write", _RET_IP_);
}

RACE_WRAP(void, percpu_up_write, struct percpu_rw_semaphore *sem)
{
	race_unlock(writers_of(sem), "percpu_up_write", _RET_IP_);
	percpu_up_write(sem);
}
