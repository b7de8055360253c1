// SPDX-License-Identifier: GPL-2.0-only
/* What the cases of the mutex share. */
#include "mutex_case.h"
#include "tasks.h"

struct mutex_case mutex_case;

void mutex_case_start(u64 starve_ns, unsigned int spinners)
{
	unsigned int i;

	for (i = 0; i < SIM_THREADS; i++)
		sim_task(i)->resched = !(spinners & 1 << i);
	memset(&mutex_case, 0, sizeof(mutex_case));
	quartet_mutex_init(&mutex_case.mutex, starve_ns);
}

/* Once the head has starved, nobody else is granted before it. */
static void check_order(void)
{
	const struct task_struct *next = mutex_case.next;

	if (next && next != current)
		sim_fail("overtaken: %s has starved, and %s was granted", next->comm,
			 current->comm);
	mutex_case.next = quartet_mutex_core_starved(&mutex_case.mutex.core);
}

void mutex_case_inside(void)
{
	holder_enter(&mutex_case.holder);
	if (mutex_case.in_order)
		check_order();
	holder_leave(&mutex_case.holder);
	quartet_mutex_unlock(&mutex_case.mutex);
}

void mutex_case_rounds(unsigned int rounds)
{
	while (rounds--) {
		quartet_mutex_lock(&mutex_case.mutex);
		mutex_case_inside();
	}
}

/* Every waiter has left in one of three ways, and starvation mode has ended as often as begun. */
static void check_stats(const struct quartet_mutex_stats *stats)
{
	if (stats->queued != stats->handoffs + stats->taken + stats->cancelled)
		sim_fail("assertion: %llu queued, but %llu left", stats->queued,
			 stats->handoffs + stats->taken + stats->cancelled);
	if (stats->starving != stats->normal)
		sim_fail("assertion: starved %llu times, and stopped %llu times",
			 stats->starving, stats->normal);
}

void mutex_case_end(void)
{
	struct quartet_mutex_core *core = &mutex_case.mutex.core;

	if (atomic_read(&core->state) || !list_empty(&core->waiters) || core->owner ||
	    atomic_read(&core->spinners))
		sim_fail("leak: the mutex is in state %#x at the end", atomic_read(&core->state));
	check_stats(&core->stats);
	tasks_end();
}

/* Who waits for a lock that nobody has will wait for ever. */
const char *mutex_case_stuck(void)
{
	int state = atomic_read(&mutex_case.mutex.core.state);

	if (!(state & QUARTET_MUTEX_LOCKED))
		return "the mutex is free";
	return mutex_case.holder.thread ? NULL : "the mutex was handed to somebody who sleeps";
}
