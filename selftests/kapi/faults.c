// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mistakes that users of the locks make, committed on demand: reading kapi_fault.<name> commits
 * one. Each is for one debugging kernel, which must notice: see selftests/lab/faults.
 */
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include <quartet/mutex.h>
#include <quartet/spinlock.h>

#include "kapi.h"

#define RACE_MS	1000
#define LEAKED	64

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

	void *memory;

	quartet_spin_lock(&lock);
	memory = kmalloc(8, GFP_KERNEL);
	quartet_spin_unlock(&lock);
	kfree(memory);
	return NULL;
}

/* The lock's memory is gone. */
static const char *use_after_free(void)
{
	struct quartet_mutex *mutex = kmalloc(sizeof(*mutex), GFP_KERNEL);

	if (!mutex)
		return "no memory";
	quartet_mutex_init(mutex, QUARTET_STARVE_DEFAULT);
	kfree(mutex);
	return quartet_mutex_trylock(mutex) ? NULL : "not free";
}

static void ignore_grant(struct quartet_mutex_waiter *waiter)
{
}

static const char *leak_waiter(struct quartet_mutex_core *core)
{
	struct quartet_mutex_waiter *waiter = kzalloc(sizeof(*waiter), GFP_KERNEL);

	if (!waiter)
		return "no memory";
	waiter->wake = ignore_grant;
	waiter->owner = core;
	EXPECT(!quartet_mutex_core_enqueue(core, waiter));
	EXPECT(quartet_mutex_core_cancel(core, waiter));
	return NULL;
}

/* Cancelled and never freed: several, as a stale stack may hide one from the scan. */
static const char *leaked_waiter(void)
{
	static struct quartet_mutex_core core;
	const char *wrong = NULL;
	int i;

	quartet_mutex_core_init(&core, QUARTET_STARVE_DEFAULT);
	EXPECT(quartet_mutex_core_trylock(&core, current));
	for (i = 0; i < LEAKED && !wrong; i++)
		wrong = leak_waiter(&core);
	return wrong;
}

static int racy_flag;

/* A barrier for the compiler, which would count in a register. */
static void breathe(void)
{
	cpu_relax();
	if (need_resched())
		schedule();
}

static int racer(void *unused)
{
	while (!kthread_should_stop()) {
		racy_flag++;
		breathe();
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
		breathe();
	}
	kthread_stop(thread);
	/* It must be read, or it would not exist. */
	return racy_flag ? NULL : "nothing counted";
}

/* The holder waits for itself, in a spinlock: a CPU is stuck. */
static const char *spin_twice(void)
{
	static DEFINE_QUARTET_SPINLOCK(lock);

	quartet_spin_lock(&lock);
	quartet_spin_lock(&lock);
	quartet_spin_unlock(&lock);
	quartet_spin_unlock(&lock);
	return NULL;
}

/* The same in a mutex: a task is stuck, and the CPU is not. */
static const char *lock_lost(void)
{
	static struct quartet_mutex_core core;

	quartet_mutex_core_init(&core, QUARTET_STARVE_DEFAULT);
	EXPECT(quartet_mutex_core_trylock(&core, &core));
	return quartet_mutex_core_lock_slow(&core, current, TASK_UNINTERRUPTIBLE, NULL, NULL) ?
	       "not granted" : NULL;
}

static void do_nothing(struct work_struct *work)
{
}

/* What a newer kernel calls deprecated, once. */
static const char *old_workqueue(void)
{
	static DECLARE_WORK(work, do_nothing);

	queue_work(system_unbound_wq, &work);
	flush_work(&work);
	return NULL;
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
	FAULT(old_workqueue),
};

const int kapi_faults_number = ARRAY_SIZE(kapi_faults);
