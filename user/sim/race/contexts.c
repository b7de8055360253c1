// SPDX-License-Identifier: GPL-2.0-only
/* The tree of contexts: who adds to it, or finds what others add, is where it says. */
#include "detector.h"

static void start(void)
{
	detector_start(2);
}

static void check(u32 context, unsigned long pc, unsigned long parent)
{
	if (!context)
		sim_fail("assertion: there is room for a context, and it is lost");
	if (race_contexts[context].pc != pc)
		sim_fail("assertion: a context is at another place");
	if (race_contexts[race_contexts[context].parent].pc != parent)
		sim_fail("assertion: a context is within another one");
}

/* Two calls, one within the other. */
static void call(unsigned long outer, unsigned long inner)
{
	struct race_thread *thread = &race_threads[current == sim_task(0) ? 1 : 2];

	__tsan_func_entry((void *)outer);
	check(thread->context, outer, 0);
	__tsan_func_entry((void *)inner);
	check(thread->context, inner, outer);
	__tsan_func_exit(NULL);
	check(thread->context, outer, 0);
	__tsan_func_exit(NULL);
	if (thread->context)
		sim_fail("assertion: a thread does not come out again");
}

static void call_one(void)
{
	call(1000, 1001);
}

static void call_other(void)
{
	call(1000, 1002);
}

const struct sim_case race_tree = {
	.name = "race-tree",
	.what = "two threads make the same context, and one within it each",
	.start = start,
	.threads = { call_one, call_other },
};

static void start_known(void)
{
	start();
	detector_as(0, call_one);
}

const struct sim_case race_tree_known = {
	.name = "race-tree-known",
	.what = "a context that is known, while another is made beside it",
	.start = start_known,
	.threads = { call_one, call_other },
};
