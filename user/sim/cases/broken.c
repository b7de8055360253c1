// SPDX-License-Identifier: GPL-2.0-only
/* Seeded mistakes, one a verdict: an explorer that does not find them proves nothing. */
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <quartet/spinlock.h>

#include "cases.h"
#include "mutex_case.h"

static int flag, other_flag;
static struct holder inside;
static raw_spinlock_t one, other;

static void start(void)
{
	flag = 0;
	other_flag = 0;
	memset(&inside, 0, sizeof(inside));
	raw_spin_lock_init(&one);
	raw_spin_lock_init(&other);
}

static void test_then_set(void)
{
	while (READ_ONCE(flag))
		cpu_relax();
	WRITE_ONCE(flag, 1);
	holder_enter(&inside);
	holder_leave(&inside);
	WRITE_ONCE(flag, 0);
}

const struct sim_case broken_exclusion = {
	.name = "broken-exclusion",
	.what = "tests, then sets",
	.fails = "exclusion: ",
	.start = start,
	.threads = { test_then_set, test_then_set },
};

static void one_then_other(void)
{
	raw_spin_lock(&one);
	raw_spin_lock(&other);
	raw_spin_unlock(&other);
	raw_spin_unlock(&one);
}

static void other_then_one(void)
{
	raw_spin_lock(&other);
	raw_spin_lock(&one);
	raw_spin_unlock(&one);
	raw_spin_unlock(&other);
}

const struct sim_case broken_deadlock = {
	.name = "broken-deadlock",
	.what = "two locks in two orders",
	.fails = "deadlock",
	.start = start,
	.threads = { one_then_other, other_then_one },
};

/* Says that it sleeps after the last look at what it waits for. */
static void sleep_late(void)
{
	if (READ_ONCE(flag))
		return;
	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule();
}

static void set_and_wake(void)
{
	WRITE_ONCE(flag, 1);
	wake_up_process(sim_task(0));
}

static const char *flag_is_set(void)
{
	return flag ? "the flag is set" : NULL;
}

const struct sim_case broken_wakeup = {
	.name = "broken-wakeup",
	.what = "looks first, then says that it sleeps",
	.fails = "lost wake-up: ",
	.start = start,
	.threads = { sleep_late, set_and_wake },
	.stuck = flag_is_set,
};

/* In the right order in the source; but x86 may look before others see the state. */
static void sleep_without_barrier(void)
{
	__set_current_state(TASK_UNINTERRUPTIBLE);
	if (READ_ONCE(flag))
		__set_current_state(TASK_RUNNING);
	schedule();
}

const struct sim_case broken_barrier = {
	.name = "broken-barrier",
	.what = "says that it sleeps, without a barrier: with delayed stores",
	.fails = "lost wake-up: ",
	.delays = 1,
	.start = start,
	.threads = { sleep_without_barrier, set_and_wake },
	.stuck = flag_is_set,
};

const struct sim_case broken_barrier_unseen = {
	.name = "broken-barrier-unseen",
	.what = "the same without delayed stores, where it cannot be seen",
	.explored_only = true,
	.start = start,
	.threads = { sleep_without_barrier, set_and_wake },
	.stuck = flag_is_set,
};

static void wait_for_other(void)
{
	WRITE_ONCE(flag, 1);
	while (!READ_ONCE(other_flag))
		cpu_relax();
}

static void wait_for_flag(void)
{
	if (READ_ONCE(flag))
		return;
	WRITE_ONCE(other_flag, 1);
}

const struct sim_case broken_livelock = {
	.name = "broken-livelock",
	.what = "spins for what was not done, for all was thought to be over",
	.fails = "livelock",
	.start = start,
	.threads = { wait_for_other, wait_for_flag },
};

static void free_unless_flag(void)
{
	void *memory = sim_alloc(8);

	if (!READ_ONCE(flag))
		sim_free(memory);
}

static void set_flag(void)
{
	WRITE_ONCE(flag, 1);
}

static void end_without_memory(void)
{
	if (sim_allocated())
		sim_fail("leak: %ld allocations at the end", sim_allocated());
}

const struct sim_case broken_leak = {
	.name = "broken-leak",
	.what = "frees, unless another was faster",
	.fails = "leak: ",
	.start = start,
	.threads = { free_unless_flag, set_flag },
	.end = end_without_memory,
};

static void warn_on_flag(void)
{
	WARN_ON(READ_ONCE(flag));
}

const struct sim_case broken_assertion = {
	.name = "broken-assertion",
	.what = "warns, if another was faster",
	.fails = "assertion: ",
	.start = start,
	.threads = { warn_on_flag, set_flag },
};

static void start_normal(void)
{
	mutex_case_start(QUARTET_STARVE_NEVER, 0x1);
}

/* Asks who would be next if nobody could pass the head. */
static void lock_and_look(void)
{
	struct mutex_case *m = &mutex_case;

	quartet_mutex_lock(&m->mutex);
	if (m->next && m->next != current)
		sim_fail("overtaken: the head was passed");
	m->mutex.core.starve_ns = QUARTET_STARVE_ALWAYS;
	m->next = quartet_mutex_core_starved(&m->mutex.core);
	m->mutex.core.starve_ns = QUARTET_STARVE_NEVER;
	quartet_mutex_unlock(&m->mutex);
}

static void lock_and_look_twice(void)
{
	lock_and_look();
	lock_and_look();
}

const struct sim_case broken_order = {
	.name = "broken-order",
	.what = "expects a mutex that never starves to let nobody pass the head",
	.fails = "overtaken: ",
	.start = start_normal,
	.threads = { lock_and_look_twice, lock_and_look },
};
