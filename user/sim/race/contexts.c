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

/* Of these two, any address will do. */
#define GOING	((unsigned long)start)
#define STAYING	((unsigned long)check)

static void synchronise(unsigned long pc)
{
	race_lock((void *)CHUNK(97), "lock", pc);
}

static void synchronise_in_going(void)
{
	synchronise(GOING);
}

static void synchronise_in_staying(void)
{
	synchronise(STAYING);
}

/* Where thread 0 has synchronised last. */
static void check_place(bool may_have_gone)
{
	u32 context = race_place_context(race_threads[1].last.place);
	bool gone = race_contexts[context].pc == (u32)GOING;

	if (!gone && race_contexts[context].pc != (u32)STAYING)
		sim_fail("assertion: it is not known where a thread has synchronised");
	if (gone && !may_have_gone)
		sim_fail("assertion: where a thread has synchronised is where it did before");
}

static void forget_going(void)
{
	race_thread_forget(GOING, 1);
	if (race_place_is_in(READ_ONCE(race_threads[1].last.place), GOING, 1))
		sim_fail("assertion: a place is looked up in text that has gone");
	check_place(true);
}

static void start_synchronised(void)
{
	start();
	detector_as(0, synchronise_in_going);
}

static void end_in_staying(void)
{
	check_place(false);
}

const struct sim_case race_place_kept = {
	.name = "race-place-kept",
	.what = "text goes in which a thread has synchronised, which does so elsewhere meanwhile",
	.start = start_synchronised,
	.threads = { synchronise_in_staying, forget_going },
	.end = end_in_staying,
};
