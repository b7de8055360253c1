/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A pool's handle, and its mapping, which a forked child makes anew. */
#ifndef LIBQUARTET_POOL_H
#define LIBQUARTET_POOL_H

#include "quartet.h"

/**
 * struct quartet_pool - a handle
 * @fd: its descriptor
 * @flags: of each get
 * @slots: how many
 * @stride: bytes from one to the next
 * @len: of the mapping
 * @memory: the mapping; NULL if a forked child had no room for it
 * @next: of all in this process
 */
struct quartet_pool {
	int fd;
	unsigned int flags;
	unsigned int slots;
	size_t stride;
	size_t len;
	char *memory;
	struct quartet_pool *next;
};

int libquartet_map(struct quartet_pool *pool);
void libquartet_unmap(struct quartet_pool *pool);

#endif /* LIBQUARTET_POOL_H */
