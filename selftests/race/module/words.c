// SPDX-License-Identifier: GPL-2.0-only
/* Races of which the words matter: what was held, by whom, and in which function. */
#include <linux/err.h>
#include <linux/kthread.h>

#include "case.h"
#include "order.h"

/* More than the detector has numbers for threads: each number comes to be somebody else's. */
#define CROWD	140

/* Locks with a name each. */
static DEFINE_SPINLOCK(words_first_lock);
static DEFINE_SPINLOCK(words_second_lock);
static DEFINE_SPINLOCK(words_third_lock);
static DEFINE_RWLOCK(words_shared_lock);

/* What who has ended wrote is not to be found by the next case. */
static int written_by_gone, written_by_last;

static noinline void words_write(void)
{
	shared.value = 1;
}

FIRST(held_after_one)
{
	words_write();
}

/* The one that was taken first goes first. */
SECOND(held_after_one)
{
	spin_lock(&words_first_lock);
	spin_lock(&words_second_lock);
	spin_lock(&words_third_lock);
	spin_unlock(&words_first_lock);
	words_write();
	spin_unlock(&words_third_lock);
	spin_unlock(&words_second_lock);
}
CASE(held_after_one);

FIRST(held_twice)
{
	words_write();
}

SECOND(held_twice)
{
	read_lock(&words_shared_lock);
	read_lock(&words_shared_lock);
	read_unlock(&words_shared_lock);
	words_write();
	read_unlock(&words_shared_lock);
}
CASE(held_twice);

FIRST(held_no_more)
{
	words_write();
}

SECOND(held_no_more)
{
	spin_lock(&words_first_lock);
	spin_lock(&words_second_lock);
	spin_lock(&words_third_lock);
	spin_unlock(&words_second_lock);
	spin_unlock(&words_first_lock);
	spin_unlock(&words_third_lock);
	words_write();
}
CASE(held_no_more);

static noinline void words_inner(void)
{
	shared.value = 1;
}

/* What follows a call keeps it from being a jump, which would leave no trace. */
static noinline void words_middle(void)
{
	words_inner();
	barrier();
}

static noinline void words_outer(void)
{
	words_middle();
	barrier();
}

static noinline void words_other(void)
{
	shared.value = 4;
}

static noinline void words_before(void)
{
	barrier();
}

FIRST(in_outer)
{
	words_before();
	words_outer();
}

SECOND(in_outer)
{
	words_before();
	words_other();
}
CASE(in_outer);

static noinline void words_elsewhere(void)
{
	shared.value = 3;
}

static noinline void words_here(void)
{
	shared.value = 2;
}

FIRST(there)
{
	words_here();
}

SECOND(there)
{
	words_other();
}
CASE(there);

FIRST(back)
{
	words_other();
}

SECOND(back)
{
	words_here();
}
CASE(back);

FIRST(elsewhere)
{
	words_here();
}

SECOND(elsewhere)
{
	words_elsewhere();
}
CASE(elsewhere);

static int write_as_gone(void *unused)
{
	written_by_gone = 1;
	return 0;
}

static int write_as_last(void *unused)
{
	written_by_last = 1;
	return 0;
}

/* A thread that has ended when this returns; what it did is ordered with nobody who lives. */
static void run_shortly(int (*function)(void *unused), const char *name)
{
	struct task_struct *thread = kthread_create(function, NULL, "%s", name);
	pid_t pid;

	if (IS_ERR(thread))
		return;
	pid = thread->pid;
	wake_up_process(thread);
	order_wait_gone(pid);
}

/* Who is created after it has ended is ordered with it; the first of these finds it dead. */
FIRST(has_ended)
{
	order_wait_both();
	run_shortly(write_as_gone, "words_gone");
	run_shortly(write_as_last, "words_last");
}

SECOND(has_ended)
{
	shared.value = written_by_gone;
}
CASE(has_ended);

FIRST(number_is_anothers)
{
	int i;

	order_wait_both();
	run_shortly(write_as_gone, "words_gone");
	for (i = 0; i < CROWD; i++)
		run_shortly(write_as_last, "words_crowd");
	run_shortly(write_as_last, "words_last");
}

SECOND(number_is_anothers)
{
	shared.value = written_by_gone;
	shared.other = written_by_last;
}
CASE(number_is_anothers);
