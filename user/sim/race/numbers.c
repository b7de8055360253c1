// SPDX-License-Identifier: GPL-2.0-only
/* Numbers of threads are used again: what one did is never taken for another one's. */
#include "detector.h"

#define BORN	100	/* the pid of the first who comes to be where another one was */

static struct race_thread *slot_of(pid_t pid)
{
	unsigned int i;

	for (i = 1; i < RACE_SLOTS; i++)
		if (race_threads[i].name.pid == pid)
			return &race_threads[i];
	return NULL;
}

/* Thread 0 dies, and who comes next has its task_struct. */
static void bear(unsigned int n)
{
	sim_task(0)->pid = BORN + n;
	sim_task(0)->start_time++;
}

static void start_reborn(void)
{
	detector_start(2);
	detector_as(0, write_shared);
	bear(0);
}

static void end_reborn(void)
{
	const struct race_thread *dead = slot_of(1), *born = slot_of(BORN);

	if (!born)
		sim_fail("assertion: who has another one's task_struct is taken for him");
	if (!dead || dead == born || dead->task || born->task != sim_task(0))
		sim_fail("assertion: a slot is not that of its thread");
	detector_must_report();
}

const struct sim_case race_reborn = {
	.name = "race-reborn",
	.what = "a thread whose task_struct was a dead one's, and another one",
	.preemptions = 1,
	.start = start_reborn,
	.threads = { write_shared, write_shared },
	.end = end_reborn,
};

static u32 slot_again, last_epoch;

/* The dead one released nothing: its last access is of the epoch that it ended in. */
static void start_again(void)
{
	const struct race_thread *thread;
	unsigned int n = 0;

	detector_start(2);
	detector_as(0, write_shared);
	thread = slot_of(1);
	slot_again = thread->slot;
	last_epoch = race_thread_epoch(thread);
	while (thread->name.pid == 1) {
		if (n == 2 * RACE_SLOTS)
			sim_fail("assertion: a dead thread's slot is never used again");
		bear(n++);
		detector_as(0, read_shared);
	}
}

static void end_again(void)
{
	const struct race_thread *thread = &race_threads[slot_again];

	if (thread->first <= last_epoch || race_thread_epoch(thread) < thread->first)
		sim_fail("assertion: what a dead thread did is taken for its successor's");
	if (thread->name.context || thread->last.what || thread->nheld)
		sim_fail("assertion: a thread has what a dead one had");
}

const struct sim_case race_number_again = {
	.name = "race-number-again",
	.what = "a slot is used again, once all others have been",
	.preemptions = 1,
	.start = start_again,
	.threads = { write_shared, write_shared },
	.end = end_again,
};
