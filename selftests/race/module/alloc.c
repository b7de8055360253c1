// SPDX-License-Identifier: GPL-2.0-only
/* Cases of who allocates: pages, vmalloc(), copies, caches and pools. */
#include <linux/gfp.h>
#include <linux/mempool.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "case.h"

static int *heap(void)
{
	return data_race(shared.heap);
}

/* One thread has what @allocate returns, and the other one writes it without order. */
#define UNORDERED(name, allocate, release)		\
	FIRST(name)					\
	{						\
		data_race(shared.heap = (void *)(allocate));	\
		heap()[1] = 1;				\
	}						\
	SECOND(name)					\
	{						\
		int *memory = heap();			\
							\
		memory[1]++;				\
		release;				\
	}						\
	CASE(name)

UNORDERED(in_pages, __get_free_pages(GFP_KERNEL, 1), free_pages((unsigned long)memory, 1));
UNORDERED(in_page, page_address(alloc_page(GFP_KERNEL)), __free_page(virt_to_page(memory)));
UNORDERED(in_zeroed_page, get_zeroed_page(GFP_KERNEL), free_page((unsigned long)memory));
UNORDERED(in_exact_pages, alloc_pages_exact(3 * PAGE_SIZE, GFP_KERNEL),
	  free_pages_exact(memory, 3 * PAGE_SIZE));
UNORDERED(in_put_page, page_address(alloc_page(GFP_KERNEL)), put_page(virt_to_page(memory)));
UNORDERED(in_vzalloc, vzalloc(PAGE_SIZE), vfree(memory));
UNORDERED(in_vmalloc_user, vmalloc_user(PAGE_SIZE), vfree(memory));
UNORDERED(in_kvmalloc, kvmalloc(PAGE_SIZE * 16, GFP_KERNEL), kvfree(memory));
UNORDERED(in_vmalloc_array, __vmalloc_array(100, 8, GFP_KERNEL), vfree(memory));
UNORDERED(in_kmemdup, kmemdup(shared.bytes, sizeof(shared.bytes), GFP_KERNEL), kfree(memory));
UNORDERED(in_kstrdup, kstrdup("no more than a text", GFP_KERNEL), kfree_sensitive(memory));
UNORDERED(in_kasprintf, kasprintf(GFP_KERNEL, "%d, and so on", 7), kfree(memory));
UNORDERED(in_krealloc, krealloc(kmalloc(8, GFP_KERNEL), 200, GFP_KERNEL), kfree(memory));

/* The memory moves, or goes, below who uses it. */
FIRST(reallocated_unordered)
{
	data_race(shared.heap = kmalloc(64, GFP_KERNEL));
	heap()[1] = 1;
}

SECOND(reallocated_unordered)
{
	kfree(krealloc(heap(), 4000, GFP_KERNEL));
}
CASE(reallocated_unordered);

FIRST(page_freed_unordered)
{
	data_race(shared.heap = (void *)get_zeroed_page(GFP_KERNEL));
	heap()[700] = 1;
}

SECOND(page_freed_unordered)
{
	free_page((unsigned long)heap());
}
CASE(page_freed_unordered);

static struct kmem_cache *cache;

FIRST(in_bulk)
{
	void *both[2] = { };

	data_race(cache = kmem_cache_create("race_cases_bulk", 64, 0, 0, NULL));
	if (!kmem_cache_alloc_bulk(data_race(cache), GFP_KERNEL, 2, both))
		return;
	kmem_cache_free(data_race(cache), both[0]);
	data_race(shared.heap = both[1]);
	heap()[1] = 1;
}

SECOND(in_bulk)
{
	void *one = heap();

	heap()[1]++;
	kmem_cache_free_bulk(data_race(cache), 1, &one);
	kmem_cache_destroy(data_race(cache));
}
CASE(in_bulk);

static mempool_t *pool;

static void make_pool(void)
{
	data_race(pool = mempool_create_kmalloc_pool(1, 64));
}

FIRST(in_mempool)
{
	make_pool();
	data_race(shared.heap = mempool_alloc(data_race(pool), GFP_KERNEL));
	heap()[1] = 1;
}

SECOND(in_mempool)
{
	heap()[1]++;
	mempool_free(heap(), data_race(pool));
	mempool_destroy(data_race(pool));
}
CASE(in_mempool);

/* The same memory, for the second. */
#define ANEW(name, allocate, release)		\
	BOTH(name)				\
	{					\
		int *memory = (void *)(allocate);	\
						\
		if (!memory)			\
			return;			\
		memory[1]++;			\
		release;			\
	}

ANEW(pages_anew, __get_free_pages(GFP_KERNEL, 1), free_pages((unsigned long)memory, 1))
ANEW(page_anew, page_address(alloc_page(GFP_KERNEL)), put_page(virt_to_page(memory)))
ANEW(exact_pages_anew, alloc_pages_exact(3 * PAGE_SIZE, GFP_KERNEL),
     free_pages_exact(memory, 3 * PAGE_SIZE))
ANEW(kvmalloc_anew, kvzalloc(PAGE_SIZE * 16, GFP_KERNEL), kvfree(memory))
ANEW(vzalloc_anew, vzalloc(PAGE_SIZE), vfree(memory))
ANEW(kmemdup_anew, kmemdup(&pool, sizeof(pool), GFP_KERNEL), kfree(memory))
ANEW(kasprintf_anew, kasprintf(GFP_KERNEL, "%d, and so on", 7), kfree(memory))
ANEW(krealloc_anew, krealloc(kmalloc(8, GFP_KERNEL), 200, GFP_KERNEL), kfree(memory))

FIRST(reallocated)
{
	int *mine = kzalloc(64, GFP_KERNEL);

	mine[1] = 1;
	smp_store_release(&shared.heap, mine);
}

SECOND(reallocated)
{
	int *theirs = smp_load_acquire(&shared.heap);
	int *moved = krealloc(theirs, 4000, GFP_KERNEL);

	if (moved)
		moved[1]++;
	kfree(moved);
}
CASE(reallocated);

/* Others hold it, too, and may know of an order that is not seen. */
FIRST(page_shared)
{
	struct page *page = alloc_page(GFP_KERNEL);

	get_page(page);
	data_race(shared.heap = page_address(page));
	heap()[1] = 1;
}

SECOND(page_shared)
{
	struct page *page = virt_to_page(heap());

	heap()[1]++;
	__free_page(page);
	put_page(page);
}
CASE(page_shared);

/* The reserve is all that there is: what the second gets is what the first had. */
FIRST(mempool_anew)
{
	int *memory;

	make_pool();
	memory = mempool_alloc(data_race(pool), GFP_KERNEL);
	memory[1] = 1;
	mempool_free(memory, data_race(pool));
}

SECOND(mempool_anew)
{
	int *memory = mempool_alloc(data_race(pool), GFP_KERNEL);

	memory[1] = 1;
	mempool_free(memory, data_race(pool));
	mempool_destroy(data_race(pool));
}
CASE(mempool_anew);

/* Readers may look at what is free. */
FIRST(typesafe)
{
	data_race(cache = kmem_cache_create("race_cases_safe", 64, 0, SLAB_TYPESAFE_BY_RCU, NULL));
	data_race(shared.heap = kmem_cache_alloc(data_race(cache), GFP_KERNEL));
	WRITE_ONCE(heap()[1], 1);
}

SECOND(typesafe)
{
	kmem_cache_free(data_race(cache), heap());
	kmem_cache_destroy(data_race(cache));
}
CASE(typesafe);
