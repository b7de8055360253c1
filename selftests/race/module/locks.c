// SPDX-License-Identifier: GPL-2.0-only
/* Cases of locks that spin, and of mutexes. */
#include "case.h"

BOTH(plain)
{
	shared.value++;
}

FIRST(read_then_write)
{
	shared.other = shared.value;
}

SECOND(read_then_write)
{
	shared.value = 1;
}
CASE(read_then_write);

FIRST(other_spinlock)
{
	spin_lock(&shared.lock);
	shared.value++;
	spin_unlock(&shared.lock);
}

SECOND(other_spinlock)
{
	spin_lock(&shared.other_lock);
	shared.value++;
	spin_unlock(&shared.other_lock);
}
CASE(other_spinlock);

FIRST(before_lock)
{
	spin_lock(&shared.lock);
	shared.value++;
	spin_unlock(&shared.lock);
}

SECOND(before_lock)
{
	shared.value++;
	spin_lock(&shared.lock);
	spin_unlock(&shared.lock);
}
CASE(before_lock);

FIRST(after_unlock)
{
	spin_lock(&shared.lock);
	spin_unlock(&shared.lock);
	shared.value++;
}

SECOND(after_unlock)
{
	spin_lock(&shared.lock);
	shared.value++;
	spin_unlock(&shared.lock);
}
CASE(after_unlock);

FIRST(one_of_two_locked)
{
	shared.value++;
}

SECOND(one_of_two_locked)
{
	spin_lock(&shared.lock);
	shared.value++;
	spin_unlock(&shared.lock);
}
CASE(one_of_two_locked);

/* Whoever holds it lets go only after the write, and the second does not wait. */
FIRST(failed_trylock)
{
	spin_lock(&shared.lock);
	spin_unlock(&shared.lock);
	shared.value++;
}

SECOND(failed_trylock)
{
	if (spin_trylock(&shared.lock))
		spin_unlock(&shared.lock);
	shared.value++;
}
CASE(failed_trylock);

FIRST(other_mutex)
{
	mutex_lock(&shared.mutex);
	shared.value++;
	mutex_unlock(&shared.mutex);
}

SECOND(other_mutex)
{
	mutex_lock(&shared.other_mutex);
	shared.value++;
	mutex_unlock(&shared.other_mutex);
}
CASE(other_mutex);

FIRST(one_mutexed)
{
	mutex_lock(&shared.mutex);
	shared.value++;
	mutex_unlock(&shared.mutex);
}

SECOND(one_mutexed)
{
	shared.value++;
}
CASE(one_mutexed);

FIRST(irq_lock_elsewhere)
{
	spin_lock_irq(&shared.lock);
	shared.value++;
	spin_unlock_irq(&shared.lock);
}

SECOND(irq_lock_elsewhere)
{
	spin_lock_irq(&shared.other_lock);
	shared.value++;
	spin_unlock_irq(&shared.other_lock);
}
CASE(irq_lock_elsewhere);

BOTH(spin_lock)
{
	spin_lock(&shared.lock);
	shared.value++;
	spin_unlock(&shared.lock);
}

BOTH(spin_lock_irq)
{
	spin_lock_irq(&shared.lock);
	shared.value++;
	spin_unlock_irq(&shared.lock);
}

BOTH(spin_lock_irqsave)
{
	unsigned long flags;

	spin_lock_irqsave(&shared.lock, flags);
	shared.value++;
	spin_unlock_irqrestore(&shared.lock, flags);
}

BOTH(spin_lock_bh)
{
	spin_lock_bh(&shared.lock);
	shared.value++;
	spin_unlock_bh(&shared.lock);
}

BOTH(spin_trylock)
{
	while (!spin_trylock(&shared.lock))
		cpu_relax();
	shared.value++;
	spin_unlock(&shared.lock);
}

BOTH(raw_spin_lock)
{
	raw_spin_lock(&shared.raw);
	shared.value++;
	raw_spin_unlock(&shared.raw);
}

FIRST(read_lock)
{
	write_lock(&shared.rwlock);
	shared.value++;
	write_unlock(&shared.rwlock);
}

SECOND(read_lock)
{
	read_lock(&shared.rwlock);
	shared.other = shared.value;
	read_unlock(&shared.rwlock);
}
CASE(read_lock);

BOTH(write_lock)
{
	write_lock_irq(&shared.rwlock);
	shared.value++;
	write_unlock_irq(&shared.rwlock);
}

/* One of them is enough. */
FIRST(two_locks)
{
	spin_lock(&shared.lock);
	spin_lock(&shared.other_lock);
	shared.value++;
	spin_unlock(&shared.other_lock);
	spin_unlock(&shared.lock);
}

SECOND(two_locks)
{
	spin_lock(&shared.other_lock);
	shared.value++;
	spin_unlock(&shared.other_lock);
}
CASE(two_locks);

BOTH(mutex)
{
	mutex_lock(&shared.mutex);
	shared.value++;
	mutex_unlock(&shared.mutex);
}

BOTH(mutex_trylock)
{
	while (!mutex_trylock(&shared.mutex))
		cpu_relax();
	shared.value++;
	mutex_unlock(&shared.mutex);
}

BOTH(mutex_interruptible)
{
	if (mutex_lock_interruptible(&shared.mutex))
		return;
	shared.value++;
	mutex_unlock(&shared.mutex);
}

BOTH(mutex_killable)
{
	if (mutex_lock_killable(&shared.mutex))
		return;
	shared.value++;
	mutex_unlock(&shared.mutex);
}
