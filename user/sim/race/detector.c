// SPDX-License-Identifier: GPL-2.0-only
/* The race detector as the cases need it, and what it needs of its other half. */
#include <linux/pid_namespace.h>
#include <race/memory.h>
#include <race/report.h>

#include "detector.h"

extern unsigned int *const sim_parameter_blocks, *const sim_parameter_clocks,
	*const sim_parameter_contexts;

unsigned int detector_reports;
static int handed_over;
struct pid_namespace init_pid_ns;

void race_report(unsigned long granule, race_cell new, race_cell old, unsigned int how)
{
	detector_reports++;
}

bool race_memory_is_shared(unsigned long addr)
{
	return false;
}

struct pid *find_pid_ns(int nr, struct pid_namespace *ns)
{
	unsigned int i;

	for (i = 0; i < SIM_THREADS; i++)
		if (sim_task(i)->pid == nr)
			return task_pid(sim_task(i));
	return NULL;
}

void detector_as(unsigned int n, void (*function)(void))
{
	struct task_struct *self = sim_current;

	sim_current = sim_task(n);
	function();
	sim_current = self;
}

static void take_slot(void)
{
	struct race_thread *thread = race_thread_enter();

	if (!thread->slot)
		sim_fail("assertion: a thread has no slot");
	race_thread_leave(thread);
}

void detector_start(unsigned int n)
{
	unsigned int i;
	int cpu;

	handed_over = 0;
	*sim_parameter_blocks = 5;
	*sim_parameter_clocks = 16;
	*sim_parameter_contexts = 16;
	if (race_context_init() || race_sync_init() || race_shadow_init())
		sim_fail("assertion: the detector does not start");
	for_each_possible_cpu(cpu)
		per_cpu(race_last, cpu) = &race_threads[0];
	for (i = 0; i < n; i++)
		detector_as(i, take_slot);
	race_shadow_own(NULL, SHARED, 8, 0);
}

static void release(void)
{
	race_release((void *)ORDER, "order", 0);
}

static void acquire(void)
{
	race_acquire((void *)ORDER, "order", 0);
}

void detector_order(void)
{
	unsigned int i;

	detector_as(0, release);
	for (i = 1; i < SIM_THREADS && race_threads[i + 1].slot; i++)
		detector_as(i, acquire);
}

void detector_start_ordered(unsigned int n)
{
	detector_start(n);
	detector_as(0, write_shared);
	detector_order();
}

void detector_hold(unsigned long lock)
{
	race_lock((void *)lock, "lock", 0);
	race_unlock((void *)lock, "unlock", 0);
}

void detector_hand_over(unsigned long lock)
{
	write_shared();
	race_unlock((void *)lock, "unlock", 0);
	smp_store_release(&handed_over, 1);	/* pairs with detector_take() */
}

void detector_take(unsigned long lock)
{
	if (!smp_load_acquire(&handed_over))	/* pairs with detector_hand_over() */
		return;
	race_lock((void *)lock, "lock", 0);
	write_shared();
}

void detector_must_report(void)
{
	if (!detector_reports)
		sim_fail("assertion: two accesses race, and are not reported");
}

void detector_must_not_report(void)
{
	if (detector_reports)
		sim_fail("assertion: two accesses are ordered, and are reported");
}

/* What follows keeps the calls from being jumps, which return to another place. */
noinline void write_shared(void)
{
	__tsan_write4((void *)SHARED);
	barrier();
}

noinline void read_shared(void)
{
	__tsan_read4((void *)SHARED);
	barrier();
}
