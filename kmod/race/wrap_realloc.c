// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that is to have another size, and may move: to have that is to free it and to allocate it
 * anew. If that fails, it is as it was, but for what is remembered of it.
 */
#include <linux/slab.h>

#include "compat.h"
#include "memory.h"
#include "wrap.h"

/* Free before somebody else may get it. */
static size_t begin(const void *old, unsigned long pc)
{
	size_t size = race_memory_size(old);

	race_memory_free(old, pc);
	return size;
}

static void *end(const void *old, size_t old_size, void *new, size_t size, unsigned long pc)
{
	if (new)
		race_memory_alloc(new, size, pc);
	else if (size && old_size)
		race_memory_alloc(old, old_size, pc);
	return new;
}

RACE_WRAP(void *, RACE_REALLOC_NODE(krealloc), const void *old, DECL_REALLOC_PARAMS(size))
{
	size_t was = begin(old, _RET_IP_);

	return end(old, was, RACE_REALLOC_NODE(krealloc)(old, PASS_REALLOC_PARAMS(size)), size,
		   _RET_IP_);
}

RACE_WRAP(void *, RACE_REALLOC_NODE(kvrealloc), const void *old,
	  RACE_KVREALLOC_OLD(size_t old_size) DECL_REALLOC_PARAMS(size))
{
	size_t was = begin(old, _RET_IP_);
	void *new = RACE_REALLOC_NODE(kvrealloc)(old, RACE_KVREALLOC_OLD(old_size)
						 PASS_REALLOC_PARAMS(size));

	return end(old, was, new, size, _RET_IP_);
}
