// SPDX-License-Identifier: GPL-2.0-only
/* The C library's locks, and its malloc(). */
#include <pthread.h>
#include <stdlib.h>

#include "lock.h"
#include "pool.h"

static void mutex_init(void *lock)
{
	pthread_mutex_init(lock, NULL);
}

contest_inline void mutex_lock(void *lock)
{
	pthread_mutex_lock(lock);
}

contest_inline void mutex_unlock(void *lock)
{
	pthread_mutex_unlock(lock);
}

LOCK(mutex, "pthread-mutex", pthread_mutex_t, NULL, NULL);

static void adaptive_init(void *lock)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ADAPTIVE_NP);
	pthread_mutex_init(lock, &attributes);
	pthread_mutexattr_destroy(&attributes);
}

#define adaptive_lock	mutex_lock
#define adaptive_unlock	mutex_unlock
LOCK(adaptive, "pthread-adaptive", pthread_mutex_t, NULL, NULL);

static void spin_init(void *lock)
{
	pthread_spin_init(lock, PTHREAD_PROCESS_PRIVATE);
}

contest_inline void spin_lock(void *lock)
{
	pthread_spin_lock(lock);
}

contest_inline void spin_unlock(void *lock)
{
	pthread_spin_unlock(lock);
}

LOCK(spin, "pthread-spin", pthread_spinlock_t, NULL, NULL);

static void heap_init(void *pool)
{
}

contest_inline void *heap_get(void *pool)
{
	return malloc(OBJECT_BYTES);
}

contest_inline void heap_put(void *pool, void *object)
{
	free(object);
}

POOL(heap, "malloc", NULL, NULL);

const struct contestant *const libc_contestants[] = { &mutex, &adaptive, &spin, &heap, NULL };
