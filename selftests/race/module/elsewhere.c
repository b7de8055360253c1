// SPDX-License-Identifier: GPL-2.0-only
/* Cases of order that there is, but by something else. */
#include <linux/bitops.h>

#include "case.h"

FIRST(mixed_locks)
{
	spin_lock(&shared.lock);
	shared.value++;
	spin_unlock(&shared.lock);
}

SECOND(mixed_locks)
{
	mutex_lock(&shared.mutex);
	shared.value++;
	mutex_unlock(&shared.mutex);
}
CASE(mixed_locks);

FIRST(rwlock_against_spinlock)
{
	write_lock(&shared.rwlock);
	shared.value++;
	write_unlock(&shared.rwlock);
}

SECOND(rwlock_against_spinlock)
{
	spin_lock(&shared.lock);
	shared.value++;
	spin_unlock(&shared.lock);
}
CASE(rwlock_against_spinlock);

FIRST(mutex_against_rwsem)
{
	mutex_lock(&shared.mutex);
	shared.value++;
	mutex_unlock(&shared.mutex);
}

SECOND(mutex_against_rwsem)
{
	down_write(&shared.rwsem);
	shared.value++;
	up_write(&shared.rwsem);
}
CASE(mutex_against_rwsem);

FIRST(bh_lock_elsewhere)
{
	spin_lock_bh(&shared.lock);
	shared.value++;
	spin_unlock_bh(&shared.lock);
}

SECOND(bh_lock_elsewhere)
{
	spin_lock_bh(&shared.other_lock);
	shared.value++;
	spin_unlock_bh(&shared.other_lock);
}
CASE(bh_lock_elsewhere);

FIRST(raw_lock_elsewhere)
{
	raw_spin_lock(&shared.raw);
	shared.value++;
	raw_spin_unlock(&shared.raw);
}

SECOND(raw_lock_elsewhere)
{
	spin_lock(&shared.lock);
	shared.value++;
	spin_unlock(&shared.lock);
}
CASE(raw_lock_elsewhere);

FIRST(other_flag)
{
	shared.value = 1;
	smp_store_release(&shared.flag, 1);
	WRITE_ONCE(shared.other, 1);
	shared.bytes[0] = 1;
}

SECOND(other_flag)
{
	if (smp_load_acquire(&shared.flag))
		shared.bytes[0]++;
}
CASE(other_flag);

FIRST(acquire_alone)
{
	shared.value = 1;
	WRITE_ONCE(shared.flag, 1);
}

SECOND(acquire_alone)
{
	if (smp_load_acquire(&shared.flag))
		shared.value++;
}
CASE(acquire_alone);

FIRST(xchg_relaxed)
{
	shared.value = 1;
	xchg_relaxed(&shared.flag, 1);
}

SECOND(xchg_relaxed)
{
	if (xchg_relaxed(&shared.flag, 2) == 1)
		shared.value++;
}
CASE(xchg_relaxed);

FIRST(cmpxchg_relaxed)
{
	shared.value = 1;
	cmpxchg_relaxed(&shared.flag, 0, 1);
}

SECOND(cmpxchg_relaxed)
{
	if (cmpxchg_acquire(&shared.flag, 1, 2) == 1)
		shared.value++;
}
CASE(cmpxchg_relaxed);

FIRST(add_return_relaxed)
{
	shared.value = 1;
	atomic_add_return_relaxed(1, &shared.atomic);
}

SECOND(add_return_relaxed)
{
	if (atomic_add_return_acquire(1, &shared.atomic) == 2)
		shared.value++;
}
CASE(add_return_relaxed);

FIRST(refcount_taken)
{
	refcount_set(&shared.refs, 1);
	shared.value = 1;
	refcount_inc(&shared.refs);
}

SECOND(refcount_taken)
{
	if (refcount_read(&shared.refs) == 2)
		shared.value++;
}
CASE(refcount_taken);

FIRST(other_bit_lock)
{
	while (test_and_set_bit_lock(0, &shared.bits))
		cpu_relax();
	shared.value++;
	clear_bit_unlock(0, &shared.bits);
}

SECOND(other_bit_lock)
{
	while (test_and_set_bit_lock(0, &shared.other_bits))
		cpu_relax();
	shared.value++;
	clear_bit_unlock(0, &shared.other_bits);
}
CASE(other_bit_lock);
