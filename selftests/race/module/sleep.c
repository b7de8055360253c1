// SPDX-License-Identifier: GPL-2.0-only
/* Cases of locks that sleep, but for mutexes. */
#include <linux/rwsem.h>
#include <linux/semaphore.h>

#include "case.h"

FIRST(rwsem_readers)
{
	down_read(&shared.rwsem);
	shared.value++;
	up_read(&shared.rwsem);
}

SECOND(rwsem_readers)
{
	down_read(&shared.rwsem);
	shared.value++;
	up_read(&shared.rwsem);
}
CASE(rwsem_readers);

FIRST(rwsem_one_side)
{
	down_write(&shared.rwsem);
	shared.value++;
	up_write(&shared.rwsem);
}

SECOND(rwsem_one_side)
{
	shared.value++;
}
CASE(rwsem_one_side);

FIRST(semaphore_after)
{
	down(&shared.semaphore);
	up(&shared.semaphore);
	shared.value++;
}

SECOND(semaphore_after)
{
	down(&shared.semaphore);
	shared.value++;
	up(&shared.semaphore);
}
CASE(semaphore_after);

BOTH(rwsem_write)
{
	down_write(&shared.rwsem);
	shared.value++;
	up_write(&shared.rwsem);
}

FIRST(rwsem_read)
{
	down_write(&shared.rwsem);
	shared.value++;
	up_write(&shared.rwsem);
}

SECOND(rwsem_read)
{
	down_read(&shared.rwsem);
	shared.other = shared.value;
	up_read(&shared.rwsem);
}
CASE(rwsem_read);

FIRST(rwsem_read_first)
{
	down_read(&shared.rwsem);
	shared.other = shared.value;
	up_read(&shared.rwsem);
}

SECOND(rwsem_read_first)
{
	down_write(&shared.rwsem);
	shared.value++;
	up_write(&shared.rwsem);
}
CASE(rwsem_read_first);

FIRST(rwsem_downgrade)
{
	down_write(&shared.rwsem);
	shared.value++;
	downgrade_write(&shared.rwsem);
	up_read(&shared.rwsem);
}

SECOND(rwsem_downgrade)
{
	if (!down_read_trylock(&shared.rwsem))
		return;
	shared.other = shared.value;
	up_read(&shared.rwsem);
}
CASE(rwsem_downgrade);

BOTH(rwsem_killable)
{
	if (down_write_killable(&shared.rwsem))
		return;
	shared.value++;
	up_write(&shared.rwsem);
}

BOTH(rwsem_trylock)
{
	while (!down_write_trylock(&shared.rwsem))
		cpu_relax();
	shared.value++;
	up_write(&shared.rwsem);
}

BOTH(semaphore)
{
	down(&shared.semaphore);
	shared.value++;
	up(&shared.semaphore);
}

BOTH(semaphore_interruptible)
{
	if (down_interruptible(&shared.semaphore))
		return;
	shared.value++;
	up(&shared.semaphore);
}

BOTH(semaphore_trylock)
{
	while (down_trylock(&shared.semaphore))
		cpu_relax();
	shared.value++;
	up(&shared.semaphore);
}

BOTH(semaphore_timeout)
{
	if (down_timeout(&shared.semaphore, HZ))
		return;
	shared.value++;
	up(&shared.semaphore);
}
