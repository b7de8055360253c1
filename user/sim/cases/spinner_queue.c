// SPDX-License-Identifier: GPL-2.0-only
/* The queue of spinners by itself: whoever leaves it, the others' links hold. */
#include <linux/preempt.h>

#include <lock/spinner_queue.h>
#include "cases.h"
#include "holder.h"
#include "tasks.h"

static atomic_t tail;
static struct holder first;
static int told[SIM_THREADS];	/* to leave */

static void start(void)
{
	atomic_set(&tail, 0);
	memset(&first, 0, sizeof(first));
	memset(told, 0, sizeof(told));
}

static bool stop(const void *data)
{
	return READ_ONCE(*(const int *)data);
}

static void spin(void)
{
	preempt_disable();
	if (spinner_queue_enter(&tail, stop, &told[smp_processor_id()])) {
		holder_enter(&first);
		holder_leave(&first);
		spinner_queue_leave(&tail);
	}
	preempt_enable();
}

static void spin_twice(void)
{
	spin();
	spin();
}

static void tell_one(void)
{
	WRITE_ONCE(told[1], 1);
}

static void tell_two(void)
{
	WRITE_ONCE(told[1], 1);
	WRITE_ONCE(told[2], 1);
}

static void end(void)
{
	if (atomic_read(&tail))
		sim_fail("leak: the queue ends with CPU %d", atomic_read(&tail) - 1);
	tasks_end();
}

const struct sim_case spinner_queue_one = {
	.name = "spinner-queue-one",
	.what = "one of three leaves, from anywhere, and comes back",
	.start = start,
	.threads = { spin_twice, spin_twice, spin, tell_one },
	.end = end,
};

const struct sim_case spinner_queue_two = {
	.name = "spinner-queue-two",
	.what = "two neighbours leave at once",
	.start = start,
	.threads = { spin, spin, spin, spin, tell_two },
	.end = end,
};

#define CROSSINGS	100

static int counter;	/* the first's */

/* So late that the grant has come, if it comes at all. */
static bool stop_late(const void *data)
{
	int i;

	for (i = 0; i < 20; i++)
		cpu_relax();
	return true;
}

/* Everybody gives up, and often is granted meanwhile: is that ordered too? */
static void give_up_often(void)
{
	int i;

	for (i = 0; i < CROSSINGS; i++) {
		preempt_disable();
		if (spinner_queue_enter(&tail, stop_late, NULL)) {
			counter++;
			spinner_queue_leave(&tail);
		}
		preempt_enable();
	}
}

const struct sim_case spinner_queue_crossing = {
	.name = "spinner-queue-crossing",
	.what = "whoever gives up is granted meanwhile",
	.native_only = true,
	.start = start,
	.threads = { give_up_often, give_up_often, give_up_often },
	.end = end,
};

static int left;	/* who need not wait for the first any longer */

static void start_staying(void)
{
	start();
	left = 0;
	told[1] = 1;
	told[2] = 1;
}

static void stay_first(void)
{
	preempt_disable();
	if (spinner_queue_enter(&tail, stop, &told[0])) {
		while (READ_ONCE(left) < 2)
			cpu_relax();
		spinner_queue_leave(&tail);
	}
	preempt_enable();
}

static void leave(void)
{
	spin();
	(void)SIM_FETCH_ADD(&left, 1, __ATOMIC_RELAXED, "leave", "left");
}

const struct sim_case spinner_queue_staying = {
	.name = "spinner-queue-staying",
	.what = "two leave while the first stays: they wait for nobody",
	.start = start_staying,
	.threads = { stay_first, leave, leave },
	.end = end,
};

/* The tail is thread @n: it is the last in the queue. */
static void await_last(int n)
{
	while (atomic_read(&tail) != n + 1)
		cpu_relax();
}

static int leaving;	/* thread 1 is about to */
static int back;	/* thread 2 has been the first, and comes again */

static void start_again(void)
{
	start();
	left = 0;
	leaving = 0;
	back = 0;
}

static bool stop_once_queued(const void *data)
{
	if (atomic_read(&tail) != 3)
		return false;
	WRITE_ONCE(leaving, 1);
	return true;
}

static void be_first(void)
{
	preempt_disable();
	spinner_queue_enter(&tail, stop, &told[0]);
	while (!READ_ONCE(leaving))
		cpu_relax();
	spinner_queue_leave(&tail);
	preempt_enable();
}

static void leave_from_between(void)
{
	await_last(0);
	preempt_disable();
	if (spinner_queue_enter(&tail, stop_once_queued, NULL))
		spinner_queue_leave(&tail);
	preempt_enable();
}

static void come_again(void)
{
	await_last(1);
	spin();
	WRITE_ONCE(told[2], 1);
	WRITE_ONCE(back, 1);
	await_last(3);
	leave();
}

static void be_first_then(void)
{
	while (!READ_ONCE(back))
		cpu_relax();
	preempt_disable();
	spinner_queue_enter(&tail, stop, &told[3]);
	while (!READ_ONCE(left))
		cpu_relax();
	spinner_queue_leave(&tail);
	preempt_enable();
}

const struct sim_case spinner_queue_again = {
	.name = "spinner-queue-again",
	.what = "whoever was behind a leaver comes again, and leaves before the first does",
	.start = start_again,
	.threads = { be_first, leave_from_between, come_again, be_first_then },
	.end = end,
};
