// SPDX-License-Identifier: GPL-2.0-only
/* The C library's locks. */
#include <pthread.h>
#include <stddef.h>

#include "contest.h"

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

CONTESTANT(mutex, "pthread-mutex", pthread_mutex_t, NULL, NULL);

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
CONTESTANT(adaptive, "pthread-adaptive", pthread_mutex_t, NULL, NULL);

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

CONTESTANT(spin, "pthread-spin", pthread_spinlock_t, NULL, NULL);

const struct contestant *const pthread_contestants[] = { &mutex, &adaptive, &spin, NULL };
