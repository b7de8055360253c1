// SPDX-License-Identifier: GPL-2.0-only
/* Cases of which memory: allocated, freed, side by side. */
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

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

struct pair {
	long left[3];
	long right[3];
};

static struct pair pair;

FIRST(struct_copied)
{
	pair.left[2]++;
}

SECOND(struct_copied)
{
	struct pair copy = pair;

	shared.value = copy.left[2] + copy.right[0];
}
CASE(struct_copied);

/* Neighbours in a word: the compiler writes all of it. */
FIRST(bitfields)
{
	shared.low = 1;
}

SECOND(bitfields)
{
	shared.high = 1;
}
CASE(bitfields);

FIRST(in_cache)
{
	struct kmem_cache *cache = kmem_cache_create("race_cases", 64, 0, 0, NULL);

	WRITE_ONCE(shared.cache, cache);
	data_race(shared.heap = kmem_cache_alloc(cache, GFP_KERNEL));
	heap()[1] = 1;
}

SECOND(in_cache)
{
	heap()[1]++;
	kmem_cache_free(READ_ONCE(shared.cache), heap());
	kmem_cache_destroy(READ_ONCE(shared.cache));
}
CASE(in_cache);

FIRST(in_vmalloc)
{
	data_race(shared.heap = vmalloc(3 * PAGE_SIZE));
	heap()[PAGE_SIZE / 2] = 1;
}

SECOND(in_vmalloc)
{
	heap()[PAGE_SIZE / 2]++;
	vfree(heap());
}
CASE(in_vmalloc);

static LIST_HEAD(list);
static struct list_head element;

FIRST(list_walked)
{
	list_add(&element, &list);
}

SECOND(list_walked)
{
	struct list_head *each;

	list_for_each(each, &list)
		shared.value++;
	list_del_init(&list);
}
CASE(list_walked);

static noinline int next_number(void)
{
	static int number;

	return ++number;
}

FIRST(in_function)
{
	shared.value = next_number();
}

SECOND(in_function)
{
	shared.other = next_number();
}
CASE(in_function);

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
