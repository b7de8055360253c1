// SPDX-License-Identifier: GPL-2.0-only
/*
 * The native world: a thread is a pthread, a sleeper waits on a futex that
 * whoever changes its task's state changes too, time is CLOCK_MONOTONIC and what tests add to it.
 */
#include <linux/futex.h>
#include <linux/hrtimer.h>
#include <linux/spinlock.h>
#include <linux/slab.h>
#include <sim/case.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../world/world.h"
#include "native.h"
#include "urcu.h"

#define SPINS_BEFORE_YIELD	100
#define POINTS_BEFORE_YIELD	2

/* On cache lines of its own, as a kernel's: its thread counts in it whenever it takes a lock. */
static struct {
	struct task_struct task;
} __aligned(128) tasks[NR_CPUS];
static u64 clock_added;
static bool clock_frozen;
static long allocated, failing = -1;

/* Outside of a case's threads there is one task, on the last CPU. */
static struct task_struct main_task = { .cpu = NR_CPUS - 1, .on_cpu = 1, .comm = "main",
					 .leader = &main_task };
__thread struct task_struct *sim_current = &main_task;
static __thread unsigned int spins, points;

struct task_struct *sim_task(unsigned int n)
{
	return &tasks[n].task;
}

void native_become(unsigned int n)
{
	sim_current = &tasks[n].task;
#ifdef SIM_LIBURCU
	native_urcu_register();
#endif
}

void native_leave(void)
{
#ifdef SIM_LIBURCU
	native_urcu_unregister();
#endif
	sim_current = &main_task;
}

void native_reset(void)
{
	int i;

	for (i = 0; i < NR_CPUS - 1; i++)
		sim_task_reset(&tasks[i].task, i);
	sim_percpu_reset();
	sim_warnings_reset();
	clock_frozen = false;
}

/* More threads than CPUs is the rule here: let the one run that we wait for. */
void sim_native_relax(void)
{
	if (++spins % SPINS_BEFORE_YIELD)
		__builtin_ia32_pause();
	else
		sched_yield();
}

/* Often enough that others meet a lock that is held. */
void sim_point(void)
{
	if (++points % POINTS_BEFORE_YIELD == 0)
		sched_yield();
}

void sim_yield(void)
{
	sched_yield();
}

void sim_native_lock(u32 *locked)
{
	u32 free = 0;

	while (__atomic_load_n(locked, __ATOMIC_RELAXED) ||
	       !__atomic_compare_exchange_n(locked, &free, 1, false, __ATOMIC_ACQUIRE,
					    __ATOMIC_RELAXED)) {
		free = 0;
		sim_native_relax();
	}
}

u64 ktime_get_ns(void)
{
	struct timespec now = { 0 };

	if (!clock_frozen)
		clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NSEC_PER_SEC + now.tv_nsec +
	       __atomic_load_n(&clock_added, __ATOMIC_ACQUIRE);
}

void sim_clock_freeze(void)
{
	clock_frozen = true;
}

void sim_kick(struct task_struct *task)
{
	__atomic_fetch_add(&task->kicks, 1, __ATOMIC_SEQ_CST);
	syscall(SYS_futex, &task->kicks, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

void sim_clock_advance(u64 ns)
{
	int i;

	__atomic_fetch_add(&clock_added, ns, __ATOMIC_ACQ_REL);
	for (i = 0; i < SIM_THREADS; i++)
		sim_kick(&tasks[i].task);
}

static void futex_wait(unsigned int *word, unsigned int value, s64 ns)
{
	struct timespec timeout = { ns / NSEC_PER_SEC, ns % NSEC_PER_SEC };

	syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, ns < 0 ? NULL : &timeout, NULL, 0);
}

void sim_sleep(s64 deadline)
{
	struct task_struct *task = sim_current;
	unsigned int state, kicks;
	s64 left = -1;

	sim_may_schedule(__FILE__, __LINE__);
	WRITE_ONCE(task->on_cpu, 0);
	for (;;) {
		/* Before all that it looks at: a kick after this look ends the wait. */
		kicks = __atomic_load_n(&task->kicks, __ATOMIC_SEQ_CST);
		state = __atomic_load_n(&task->__state, __ATOMIC_SEQ_CST);
		if (state == TASK_RUNNING)
			break;
		if (signal_pending_state(state, task))
			break;
		if (deadline != KTIME_MAX) {
			if (clock_frozen && deadline > ktime_get())
				sim_clock_advance(deadline - ktime_get());
			left = deadline - ktime_get();
			if (left <= 0)
				break;
		}
		futex_wait(&task->kicks, kicks, left);
	}
	__atomic_store_n(&task->__state, TASK_RUNNING, __ATOMIC_RELAXED);
	WRITE_ONCE(task->on_cpu, 1);
}

void *sim_alloc(size_t size)
{
	void *p;

	if (__atomic_load_n(&failing, __ATOMIC_RELAXED) >= 0 &&
	    __atomic_fetch_sub(&failing, 1, __ATOMIC_RELAXED) == 0)
		return NULL;
	__atomic_fetch_add(&allocated, 1, __ATOMIC_RELAXED);
	/* As structures are that have cache lines of their own. */
	return posix_memalign(&p, 64, size) ? NULL : memset(p, 0, size);
}

void sim_free(const void *p)
{
	if (!p)
		return;
	__atomic_fetch_sub(&allocated, 1, __ATOMIC_RELAXED);
	free((void *)p);
}

long sim_allocated(void)
{
	return __atomic_load_n(&allocated, __ATOMIC_RELAXED);
}

void sim_fail_allocation(long n)
{
	__atomic_store_n(&failing, n, __ATOMIC_RELAXED);
}

void sim_fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	fflush(NULL);
	abort();
}
