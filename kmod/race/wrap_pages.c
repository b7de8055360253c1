// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whole pages. What others hold, too, when it is given back is theirs from then on.
 */
#include <linux/gfp.h>
#include <linux/mm.h>

#include "compat.h"
#include "memory.h"
#include "wrap.h"

static struct page *allocated(struct page *page, unsigned int order, unsigned long pc)
{
	if (page)
		race_memory_alloc(page_address(page), PAGE_SIZE << order, pc);
	return page;
}

static unsigned long allocated_at(unsigned long addr, unsigned int order, unsigned long pc)
{
	race_memory_alloc((void *)addr, PAGE_SIZE << order, pc);
	return addr;
}

/* A part of what was allocated may go alone, if that was split. */
static void give_back(const void *addr, size_t size, unsigned long pc)
{
	if (race_memory_is_shared((unsigned long)addr) || race_memory_size(addr) != size)
		race_memory_retire(addr);
	else
		race_memory_free(addr, pc);
}

RACE_WRAP(struct page *, RACE_ALLOC(alloc_pages), gfp_t flags, unsigned int order)
{
	return allocated(RACE_ALLOC(alloc_pages)(flags, order), order, _RET_IP_);
}

#ifdef RACE_ALLOC_PAGES_NODEMASK
RACE_WRAP(struct page *, RACE_ALLOC(__alloc_pages), gfp_t flags, unsigned int order, int node,
	  nodemask_t *nodes)
{
	return allocated(RACE_ALLOC(__alloc_pages)(flags, order, node, nodes), order, _RET_IP_);
}
#else
RACE_WRAP(struct page *, alloc_pages_node_noprof, int node, gfp_t flags, unsigned int order)
{
	return allocated(alloc_pages_node_noprof(node, flags, order), order, _RET_IP_);
}
#endif

RACE_WRAP(struct folio *, RACE_ALLOC(folio_alloc), gfp_t flags, unsigned int order)
{
	struct folio *folio = RACE_ALLOC(folio_alloc)(flags, order);

	allocated(folio ? &folio->page : NULL, order, _RET_IP_);
	return folio;
}

RACE_WRAP(struct folio *, RACE_ALLOC(__folio_alloc), gfp_t flags, unsigned int order, int node,
	  nodemask_t *nodes)
{
	struct folio *folio = RACE_ALLOC(__folio_alloc)(flags, order, node, nodes);

	allocated(folio ? &folio->page : NULL, order, _RET_IP_);
	return folio;
}

RACE_WRAP(unsigned long, RACE_GET_FREE_PAGES, gfp_t flags, unsigned int order)
{
	return allocated_at(RACE_GET_FREE_PAGES(flags, order), order, _RET_IP_);
}

RACE_WRAP(unsigned long, RACE_ALLOC(get_zeroed_page), gfp_t flags)
{
	return allocated_at(RACE_ALLOC(get_zeroed_page)(flags), 0, _RET_IP_);
}

RACE_WRAP_ALLOC(void *, RACE_ALLOC(alloc_pages_exact), size, WITH(size_t size, gfp_t flags),
		WITH(size, flags))

RACE_WRAP(void, free_pages_exact, void *addr, size_t size)
{
	give_back(addr, size, _RET_IP_);
	free_pages_exact(addr, size);
}

RACE_WRAP(void, __free_pages, struct page *page, unsigned int order)
{
	give_back(page_address(page), PAGE_SIZE << order, _RET_IP_);
	__free_pages(page, order);
}

RACE_WRAP(void, free_pages, unsigned long addr, unsigned int order)
{
	if (addr)
		give_back((void *)addr, PAGE_SIZE << order, _RET_IP_);
	free_pages(addr, order);
}

/* What put_page() calls in the end. */
RACE_WRAP(void, __folio_put, struct folio *folio)
{
	give_back(folio_address(folio), folio_size(folio), _RET_IP_);
	__folio_put(folio);
}

/* They are given back one by one. */
RACE_WRAP(void, split_page, struct page *page, unsigned int order)
{
	race_memory_retire(page_address(page));
	split_page(page, order);
}
