/* SPDX-License-Identifier: GPL-2.0-only */
/* Which memory is a module's, since when and from whom. */
#ifndef QUARTET_RACE_MEMORY_H
#define QUARTET_RACE_MEMORY_H

#include "thread.h"

/**
 * struct race_memory - an allocation
 * @addr: its start, or 0
 * @size: in bytes
 * @context: where it was made
 * @who: by whom
 */
struct race_memory {
	unsigned long addr;
	size_t size;
	u32 context;
	struct race_name who;
};

/* The caller has allocated it, at @pc. NULL is no allocation. Any context. */
void race_memory_alloc(const void *addr, size_t size, unsigned long pc);
/* The caller is about to free it; nothing if it is not a module's. Any context. */
void race_memory_free(const void *addr, unsigned long pc);
/* It becomes somebody else's: whatever uses it from now on is not looked at. Any context. */
void race_memory_retire(const void *addr);
/* What the caller has allocated there, or 0. Any context. */
size_t race_memory_size(const void *addr);
/* In a page that others hold, too: there may be order by them that is not seen. */
bool race_memory_is_shared(unsigned long addr);
/* The one that @addr is in, copied. */
bool race_memory_find(unsigned long addr, struct race_memory *memory);

int race_memory_init(void);
void race_memory_exit(void);

#endif /* QUARTET_RACE_MEMORY_H */
