// SPDX-License-Identifier: GPL-2.0-only
/* Cases of atomic accesses and barriers. */
#include <linux/bitops.h>
#include <linux/rcupdate.h>

#include "case.h"
#include "order.h"

FIRST(once)
{
	shared.value = 1;
	WRITE_ONCE(shared.flag, 1);
}

SECOND(once)
{
	if (READ_ONCE(shared.flag))
		shared.value++;
}
CASE(once);

FIRST(once_against_plain)
{
	WRITE_ONCE(shared.value, 1);
}

SECOND(once_against_plain)
{
	shared.value++;
}
CASE(once_against_plain);

FIRST(plain_against_once)
{
	shared.value = 0x51;
}

SECOND(plain_against_once)
{
	if (READ_ONCE(shared.value))
		WRITE_ONCE(shared.other, 1);
}
CASE(plain_against_once);

FIRST(relaxed_atomic)
{
	shared.value = 1;
	atomic_set(&shared.atomic, 1);
}

SECOND(relaxed_atomic)
{
	if (atomic_read(&shared.atomic))
		shared.value++;
}
CASE(relaxed_atomic);

FIRST(atomic_against_plain)
{
	atomic_inc(&shared.atomic);
}

SECOND(atomic_against_plain)
{
	shared.atomic.counter++;
}
CASE(atomic_against_plain);

FIRST(relaxed_add)
{
	shared.value = 1;
	atomic_inc(&shared.atomic);
}

SECOND(relaxed_add)
{
	if (atomic_read_acquire(&shared.atomic))
		shared.value++;
}
CASE(relaxed_add);

FIRST(store_before_write)
{
	smp_store_release(&shared.flag, 1);
	shared.value = 1;
}

SECOND(store_before_write)
{
	if (smp_load_acquire(&shared.flag))
		shared.value++;
}
CASE(store_before_write);

/* A barrier would have ordered them. */
FIRST(store_after_release)
{
	shared.value = 1;
	smp_store_release(&shared.other, 1);
	WRITE_ONCE(shared.flag, 1);
}

SECOND(store_after_release)
{
	if (smp_load_acquire(&shared.flag))
		shared.value++;
}
CASE(store_after_release);

/* All of it, from one place, in two epochs; the other one writes a byte in between. */
static void touch_twice(void)
{
	int i, rounds = 2;

	OPTIMIZER_HIDE_VAR(rounds);	/* or they are two places */
	for (i = 0; i < rounds; i++) {
		shared.bits = i;
		smp_store_release(&shared.flag, 1);
		order_reach(1);
		order_wait(2);
		smp_load_acquire(&shared.other);
	}
}

static void touch_between(void)
{
	if (smp_load_acquire(&shared.flag))
		*(char *)&shared.bits = 1;
}

FIRST(again)
{
	touch_twice();
}

SECOND(again)
{
	touch_between();
}
CASE(again);

FIRST(again_after)
{
	touch_twice();
}

SECOND(again_after)
{
	touch_between();
	smp_store_release(&shared.other, 1);
}
CASE(again_after);

FIRST(load_without_look)
{
	shared.value = 1;
	smp_store_release(&shared.flag, 1);
}

SECOND(load_without_look)
{
	shared.value++;
}
CASE(load_without_look);

FIRST(late_barrier)
{
	WRITE_ONCE(shared.flag, 1);
	shared.value = 1;
	smp_wmb();
}

SECOND(late_barrier)
{
	if (READ_ONCE(shared.flag))
		shared.value++;
}
CASE(late_barrier);

FIRST(bit_without_order)
{
	shared.value = 1;
	set_bit(0, &shared.bits);
}

SECOND(bit_without_order)
{
	if (test_bit(0, &shared.bits))
		shared.value++;
}
CASE(bit_without_order);

FIRST(release_acquire)
{
	shared.value = 1;
	smp_store_release(&shared.flag, 1);
}

SECOND(release_acquire)
{
	if (smp_load_acquire(&shared.flag))
		shared.value++;
}
CASE(release_acquire);

FIRST(full_barriers)
{
	shared.value = 1;
	smp_mb();
	WRITE_ONCE(shared.flag, 1);
}

SECOND(full_barriers)
{
	if (!READ_ONCE(shared.flag))
		return;
	smp_mb();
	shared.value++;
}
CASE(full_barriers);

FIRST(write_barrier)
{
	shared.value = 1;
	smp_wmb();
	WRITE_ONCE(shared.flag, 1);
}

SECOND(write_barrier)
{
	if (!READ_ONCE(shared.flag))
		return;
	smp_rmb();
	shared.other = shared.value;
}
CASE(write_barrier);

BOTH(atomics)
{
	atomic_inc(&shared.atomic);
}

FIRST(atomic_add_return)
{
	shared.value = 1;
	atomic_add_return(1, &shared.atomic);
}

SECOND(atomic_add_return)
{
	if (atomic_add_return(1, &shared.atomic) == 2)
		shared.value++;
}
CASE(atomic_add_return);

FIRST(dec_and_test)
{
	atomic_set(&shared.atomic, 2);
	shared.value = 1;
	if (atomic_dec_and_test(&shared.atomic))
		shared.value++;
}

SECOND(dec_and_test)
{
	if (atomic_dec_and_test(&shared.atomic))
		shared.value++;
}
CASE(dec_and_test);

FIRST(cmpxchg)
{
	shared.value = 1;
	cmpxchg(&shared.flag, 0, 1);
}

SECOND(cmpxchg)
{
	if (cmpxchg(&shared.flag, 1, 2) == 1)
		shared.value++;
}
CASE(cmpxchg);

FIRST(xchg)
{
	shared.value = 1;
	xchg(&shared.flag, 1);
}

SECOND(xchg)
{
	if (xchg(&shared.flag, 2) == 1)
		shared.value++;
}
CASE(xchg);

FIRST(bits)
{
	shared.value = 1;
	test_and_set_bit(0, &shared.bits);
}

SECOND(bits)
{
	if (test_and_clear_bit(0, &shared.bits))
		shared.value++;
}
CASE(bits);

BOTH(bit_lock)
{
	while (test_and_set_bit_lock(1, &shared.bits))
		cpu_relax();
	shared.value++;
	clear_bit_unlock(1, &shared.bits);
}

FIRST(refcount)
{
	refcount_set(&shared.refs, 2);
	shared.value = 1;
	if (refcount_dec_and_test(&shared.refs))
		shared.value++;
}

SECOND(refcount)
{
	if (refcount_dec_and_test(&shared.refs))
		shared.value++;
}
CASE(refcount);

BOTH(both_once)
{
	WRITE_ONCE(shared.flag, READ_ONCE(shared.flag) + 1);
}

BOTH(data_race)
{
	data_race(shared.value++);
}

FIRST(store_mb)
{
	shared.value = 1;
	smp_mb__before_atomic();
	atomic_inc(&shared.atomic);
}

SECOND(store_mb)
{
	if (atomic_read(&shared.atomic))
		shared.value++;
}
CASE(store_mb);

FIRST(assign_pointer)
{
	shared.value = 1;
	smp_store_release(&shared.heap, &shared.value);
}

SECOND(assign_pointer)
{
	int *heap = READ_ONCE(shared.heap);

	if (heap)
		shared.other = *heap;
}
CASE(assign_pointer);
