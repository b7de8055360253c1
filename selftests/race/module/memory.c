// SPDX-License-Identifier: GPL-2.0-only
/* Cases of which memory: allocated, freed, side by side. */
#include <linux/slab.h>

#include "case.h"

static void allocate(void)
{
	data_race(shared.heap = kzalloc(64, GFP_KERNEL));
}

static int *heap(void)
{
	return data_race(shared.heap);
}

FIRST(heap)
{
	allocate();
	heap()[3] = 1;
}

SECOND(heap)
{
	heap()[3]++;
	kfree(heap());
}
CASE(heap);

FIRST(heap_bytes)
{
	shared.bytes[3] = 1;
}

SECOND(heap_bytes)
{
	*(u32 *)shared.bytes = 2;
}
CASE(heap_bytes);

FIRST(free_unordered)
{
	allocate();
	heap()[0] = 1;
}

SECOND(free_unordered)
{
	kfree(heap());
}
CASE(free_unordered);

FIRST(published_plainly)
{
	shared.value = 1;
	shared.heap = &shared.value;
}

SECOND(published_plainly)
{
	if (shared.heap)
		shared.other = *shared.heap;
}
CASE(published_plainly);

FIRST(word_of_struct)
{
	struct shared *all = &shared;

	all->other = 1;
}

SECOND(word_of_struct)
{
	struct shared *all = &shared;

	all->other |= 2;
}
CASE(word_of_struct);

FIRST(overlapping)
{
	*(u64 *)shared.bytes = 1;
}

SECOND(overlapping)
{
	shared.bytes[7] = 1;
}
CASE(overlapping);

FIRST(array_tail)
{
	shared.bytes[15] = 1;
}

SECOND(array_tail)
{
	shared.value = shared.bytes[15];
}
CASE(array_tail);

FIRST(same_thread_only)
{
	shared.value++;
	shared.value++;
}

SECOND(same_thread_only)
{
	shared.other++;
	shared.other++;
}
CASE(same_thread_only);

BOTH(only_reads)
{
	int value = shared.value + shared.other;

	if (value)
		WRITE_ONCE(shared.flag, value);
}

FIRST(neighbours)
{
	shared.value++;
}

SECOND(neighbours)
{
	shared.other++;
}
CASE(neighbours);

FIRST(bytes_apart)
{
	shared.bytes[2] = 1;
}

SECOND(bytes_apart)
{
	shared.bytes[3] = 1;
}
CASE(bytes_apart);

FIRST(freed_in_order)
{
	allocate();
	heap()[0] = 1;
	spin_lock(&shared.lock);
	spin_unlock(&shared.lock);
}

SECOND(freed_in_order)
{
	spin_lock(&shared.lock);
	spin_unlock(&shared.lock);
	heap()[0]++;
	kfree(heap());
}
CASE(freed_in_order);

/* Most often the same memory, for the second. */
BOTH(allocated_anew)
{
	int *mine = kmalloc(64, GFP_KERNEL);

	if (!mine)
		return;
	mine[0] = 1;
	kfree(mine);
}

FIRST(published)
{
	int *mine = kzalloc(64, GFP_KERNEL);

	if (!mine)
		return;
	mine[0] = 1;
	smp_store_release(&shared.heap, mine);
}

SECOND(published)
{
	int *theirs = smp_load_acquire(&shared.heap);

	if (!theirs)
		return;
	theirs[0]++;
	kfree(theirs);
}
CASE(published);
