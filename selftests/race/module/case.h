/* SPDX-License-Identifier: GPL-2.0-only */
/* What the cases are made of. */
#ifndef RACE_CASES_CASE_H
#define RACE_CASES_CASE_H

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/mutex.h>
#include <linux/path.h>
#include <linux/refcount.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/semaphore.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "cases.h"

#define FIRST(name)	static noinline void name##_first(void)
#define SECOND(name)	static noinline void name##_second(void)
/* Both do the same. */
#define BOTH(name)				\
	static noinline void name##_both(void);	\
	FIRST(name)				\
	{					\
		name##_both();			\
	}					\
	SECOND(name)				\
	{					\
		name##_both();			\
	}					\
	CASE(name);				\
	static noinline void name##_both(void)
#define CASE(name)				\
	const struct race_case race_case_##name = { name##_first, name##_second }

#define DECLARE(name)	extern const struct race_case race_case_##name;
RACY_CASES(DECLARE)
CORRECT_CASES(DECLARE)
WORDS_CASES(DECLARE)
#undef DECLARE

/* For every case; set up anew before each run, by who creates its threads. */
struct shared {
	int value;
	int other;
	int flag;
	char bytes[16];
	unsigned long bits;
	unsigned long other_bits;
	unsigned int low : 4;
	unsigned int high : 4;
	int *heap;
	struct kmem_cache *cache;
	struct path root;	/* of who runs the cases */
	atomic_t atomic;
	refcount_t refs;
	spinlock_t lock;		/* of the case */
	spinlock_t other_lock;		/* the same */
	raw_spinlock_t raw;
	rwlock_t rwlock;
	struct mutex mutex;		/* the same */
	struct mutex other_mutex;	/* the same */
	struct rw_semaphore rwsem;
	struct semaphore semaphore;
	wait_queue_head_t queue;
	struct completion done;
	struct completion other_done;
};

extern struct shared shared;

#endif /* RACE_CASES_CASE_H */
