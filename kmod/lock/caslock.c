// SPDX-License-Identifier: GPL-2.0-only
/* The slow paths of the two plain compare-and-swap spinlocks, cas and yield. */
#include <linux/export.h>
#include <linux/processor.h>
#include <linux/sched.h>
#include <linux/sched/prio.h>

#include <quartet/spinlock.h>

#include "../base/compat.h"
#include "../base/trace.h"
#include "transitions.h"

/**
 * quartet_cas_lock_slow() - quartet_cas_lock() after its first try failed
 * @lock: the lock
 *
 * Context: preemption off.
 */
void quartet_cas_lock_slow(struct quartet_caslock *lock)
{
	trace_spin_contended(lock);
	trace_contention_begin(lock, LCB_F_SPIN);
	quartet_count(QUARTET_TRANSITION_RETRY);
	do {
		cpu_relax();
	} while (!__quartet_cas_try(&lock->locked));
	trace_contention_end(lock, 0);
	trace_spin_acquired(lock);
}
EXPORT_SYMBOL_GPL(quartet_cas_lock_slow);

/**
 * quartet_yield_lock_slow() - quartet_yield_lock() after its first try failed
 * @lock: the lock
 *
 * yield() and not cond_resched(): the latter does nothing where the kernel is
 * preemptible, and comes back to us where it finds no reason to switch.
 *
 * Context: task, may schedule.
 */
void quartet_yield_lock_slow(struct quartet_yieldlock *lock)
{
	/* By its own priority: one that was lent for a while comes to an end. */
	WARN_ONCE(current->normal_prio < MAX_RT_PRIO,
		  "quartet: a yield lock in a real-time task may never be granted\n");
	trace_spin_contended(lock);
	trace_contention_begin(lock, LCB_F_SPIN);
	quartet_count(QUARTET_TRANSITION_YIELD);
	do {
		yield();
	} while (!__quartet_cas_try(&lock->locked));
	trace_contention_end(lock, 0);
	trace_spin_acquired(lock);
}
EXPORT_SYMBOL_GPL(quartet_yield_lock_slow);
