// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mistakes that users of the locks make, committed on demand: reading kapi_fault.<name> commits
 * one. Each is for one debugging kernel, which must notice: see selftests/lab/faults.
 */
#include <linux/delay.h>
#include <linux/kmemleak.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include <quartet/mutex.h>
#include <quartet/spinlock.h>

#include "kapi.h"

#define RACE_MS	1000

/* In one task and without a deadlock: lockdep sees the orders, not the threads. */
static const char *abba(void)
{
	static DEFINE_QUARTET_MUTEX(a);
	static DEFINE_QUARTET_MUTEX(b);

	quartet_mutex_lock(&a);
	quartet_mutex_lock(&b);
	quartet_mutex_unlock(&b);
	quartet_mutex_unlock(&a);
	quartet_mutex_lock(&b);
	quartet_mutex_lock(&a);
	quartet_mutex_unlock(&a);
	quartet_mutex_unlock(&b);
	return NULL;
}

static const char *sleep_in_spinlock(void)
{
	static DEFINE_QUARTET_SPINLOCK(lock);

	quartet_spin_lock(&lock);
	usleep_range(10, 20);
	quartet_spin_unlock(&lock);
	return NULL;
}

/* What the contract of unlock forbids: to free the lock from under its own unlock. */
static const char *use_after_free(void)
{
	struct quartet_mutex *mutex = kmalloc(sizeof(*mutex), GFP_KERNEL);

	if (!mutex)
		return "no memory";
	quartet_mutex_init(mutex, QUARTET_STARVE_DEFAULT);
	quartet_mutex_lock(mutex);
	kfree(mutex);
	quartet_mutex_unlock(mutex);
	return NULL;
}

static void ignore_grant(struct quartet_mutex_waiter *waiter)
{
}

/* A waiter that is cancelled and never freed. */
static const char *leaked_waiter(void)
{
	static struct quartet_mutex_core core;
	struct quartet_mutex_waiter *waiter = kzalloc(sizeof(*waiter), GFP_KERNEL);

	if (!waiter)
		return "no memory";
	quartet_mutex_core_init(&core, QUARTET_STARVE_DEFAULT);
	EXPECT(quartet_mutex_core_trylock(&core, current));
	waiter->wake = ignore_grant;
	waiter->owner = waiter;
	EXPECT(!quartet_mutex_core_enqueue(&core, waiter));
	EXPECT(quartet_mutex_core_cancel(&core, waiter));
	memset(&core, 0, sizeof(core));		/* its list has the address still */
	return NULL;
}

static int racy_flag;

static int racer(void *unused)
{
	while (!kthread_should_stop()) {
		racy_flag++;
		cond_resched();
	}
	return 0;
}

/* A plain flag that nothing protects. */
static const char *plain_flag(void)
{
	unsigned long end = jiffies + msecs_to_jiffies(RACE_MS);
	struct task_struct *thread = kthread_run(racer, NULL, "kapi_racer");

	if (IS_ERR(thread))
		return "no thread";
	while (time_before(jiffies, end)) {
		racy_flag++;
		cond_resched();
	}
	kthread_stop(thread);
	return NULL;
}

/* The holder waits for itself, in a spinlock: a CPU is stuck. */
static const char *spin_twice(void)
{
	static DEFINE_QUARTET_SPINLOCK(lock);

	quartet_spin_lock(&lock);
	quartet_spin_lock(&lock);
	return NULL;
}

/* The same in a mutex: a task is stuck, and the CPU is not. */
static const char *lock_lost(void)
{
	static struct quartet_mutex_core core;

	quartet_mutex_core_init(&core, QUARTET_STARVE_DEFAULT);
	EXPECT(quartet_mutex_core_trylock(&core, &core));
	return quartet_mutex_core_lock_slow(&core, current, TASK_UNINTERRUPTIBLE, NULL) ?
	       "not granted" : NULL;
}

#define FAULT(name) KAPI_CASE(fault, name)

struct kapi_case kapi_faults[] = {
	FAULT(abba),
	FAULT(sleep_in_spinlock),
	FAULT(use_after_free),
	FAULT(leaked_waiter),
	FAULT(plain_flag),
	FAULT(spin_twice),
	FAULT(lock_lost),
};

const int kapi_faults_number = ARRAY_SIZE(kapi_faults);
