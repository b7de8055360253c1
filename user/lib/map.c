// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The kernel gives a forked child no mapping of slots. Here it gets one, at the same address, where
 * nothing can be but for what another handler of fork() has just put there.
 */
#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>

#include "pool.h"

static struct quartet_pool *pools;
static pthread_mutex_t pools_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int once_error;

static void *map_at(const struct quartet_pool *pool, int flags)
{
	return mmap(pool->memory, pool->len, PROT_READ | PROT_WRITE, MAP_SHARED | flags, pool->fd,
		    0);
}

static void before_fork(void)
{
	pthread_mutex_lock(&pools_lock);
}

static void after_fork(void)
{
	pthread_mutex_unlock(&pools_lock);
}

static void in_child(void)
{
	struct quartet_pool *pool;

	for (pool = pools; pool; pool = pool->next)
		if (pool->memory && map_at(pool, MAP_FIXED_NOREPLACE) == MAP_FAILED)
			pool->memory = NULL;
	pthread_mutex_unlock(&pools_lock);
}

static void watch_forks(void)
{
	once_error = -pthread_atfork(before_fork, after_fork, in_child);
}

/* Maps the slots; the rest of the pool is set, and its memory NULL. */
int libquartet_map(struct quartet_pool *pool)
{
	int err = 0;
	void *memory;

	pthread_once(&once, watch_forks);
	if (once_error)
		return once_error;
	/* Under the lock: a fork finds it both mapped and listed, or neither. */
	pthread_mutex_lock(&pools_lock);
	memory = map_at(pool, 0);
	if (memory == MAP_FAILED) {
		err = -errno;
	} else {
		pool->memory = memory;
		pool->next = pools;
		pools = pool;
	}
	pthread_mutex_unlock(&pools_lock);
	return err;
}

void libquartet_unmap(struct quartet_pool *pool)
{
	struct quartet_pool **link = &pools;

	pthread_mutex_lock(&pools_lock);
	while (*link != pool)
		link = &(*link)->next;
	*link = pool->next;
	if (pool->memory)
		munmap(pool->memory, pool->len);
	pthread_mutex_unlock(&pools_lock);
}
