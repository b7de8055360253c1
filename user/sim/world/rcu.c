// SPDX-License-Identifier: GPL-2.0-only
/*
 * RCU by epochs; or liburcu's, in a native program that no tool watches.
 *
 * A reader publishes the epoch that it found; a grace period begins a new one,
 * and is over once no reader is left in an older one.
 *
 * Ordering: the reader's announcement is a full barrier before its first read; its end is
 * a release, which the waiter's acquire pairs with. All of it is on the accesses,
 * for ThreadSanitizer, which calls liburcu's correct fences races.
 */
#include <linux/rcupdate.h>
#include <linux/smp.h>
#include <linux/spinlock.h>

#include "world.h"

static DEFINE_RAW_SPINLOCK(callbacks_lock);
static struct rcu_head *callbacks;	/* under callbacks_lock */

#ifdef SIM_LIBURCU
#include "../native/urcu.h"

void rcu_read_lock(void)
{
	native_urcu_read_lock();
}

void rcu_read_unlock(void)
{
	native_urcu_read_unlock();
}

void synchronize_rcu(void)
{
	might_sleep();
	native_urcu_synchronize();
}

#else /* !SIM_LIBURCU */

static u64 epoch;
static u64 reading[NR_CPUS];		/* epoch + 1, or 0 outside */
static unsigned int nesting[NR_CPUS];	/* the CPU's own */

void rcu_read_lock(void)
{
	int cpu = smp_processor_id();

	if (!nesting[cpu]++)
		(void)SIM_XCHG(&reading[cpu],
			       SIM_LOAD(&epoch, __ATOMIC_ACQUIRE, "rcu_read_lock", "epoch") + 1,
			       __ATOMIC_SEQ_CST, "rcu_read_lock", "reading");
}

void rcu_read_unlock(void)
{
	int cpu = smp_processor_id();

	if (!--nesting[cpu])
		SIM_STORE(&reading[cpu], 0, __ATOMIC_RELEASE, "rcu_read_unlock", "reading");
}

/* Not from inside a read section. */
void synchronize_rcu(void)
{
	u64 mine = SIM_FETCH_ADD(&epoch, 1, __ATOMIC_SEQ_CST, "synchronize_rcu", "epoch");
	u64 reader;
	int cpu;

	might_sleep();
	for (cpu = 0; cpu < NR_CPUS; cpu++)
		while (reader = SIM_LOAD(&reading[cpu], __ATOMIC_ACQUIRE, "synchronize_rcu",
					 "reading"), reader && reader <= mine + 1)
			cpu_relax();
}

#endif /* SIM_LIBURCU */

void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head))
{
	head->func = func;
	raw_spin_lock(&callbacks_lock);
	head->next = callbacks;
	callbacks = head;
	raw_spin_unlock(&callbacks_lock);
}

/* Callbacks are called here, and nowhere else. */
void rcu_barrier(void)
{
	struct rcu_head *head, *next;

	raw_spin_lock(&callbacks_lock);
	head = callbacks;
	callbacks = NULL;
	raw_spin_unlock(&callbacks_lock);
	if (head)
		synchronize_rcu();
	for (; head; head = next) {
		next = head->next;
		head->func(head);
	}
}
