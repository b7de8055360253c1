// SPDX-License-Identifier: GPL-2.0-only
/* The queue of spinners by itself: whoever leaves it, the others' links hold. */
#include <linux/preempt.h>

#include "../../../kmod/lock/spinner_queue.h"
#include "cases.h"
#include "holder.h"

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
