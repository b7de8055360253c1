// SPDX-License-Identifier: GPL-2.0-only
/* Processes that end, with all that the kernel does then, while others use what they had. */
#include <linux/err.h>
#include <linux/ktime.h>

#include "cases.h"
#include "dev_case.h"
#include "tasks.h"

#define LOCK(n)	(&dev_case.locks[n])

static int unlocked;		/* what the unlock of handle 0 said */
static u64 death;		/* the token of the grant that ended by it */

static int lock(struct mutex_handle *handle, struct hold_grant *grant)
{
	return hold_lock(handle, dev_case_ask(&handle->handle), 0, NULL, grant);
}

static void lock_or_fail(struct mutex_handle *handle, struct hold_grant *grant)
{
	if (lock(handle, grant))
		sim_fail("assertion: cannot lock");
}

static void repair_and_unlock(struct mutex_handle *handle, const struct hold_grant *grant)
{
	holder_enter(&dev_case.holder);
	holder_leave(&dev_case.holder);
	if (grant->result && hold_consistent(handle, grant->token))
		sim_fail("assertion: told of a death, and cannot say that it is consistent");
	if (hold_unlock(handle, grant->token))
		sim_fail("assertion: the owner cannot unlock");
}

static void start(void)
{
	dev_case_start_mutex();
	unlocked = -EBUSY;
	death = 0;
}

/* Nothing is left of a process that has ended, before the close that would end it anyhow. */
static void end(void)
{
	int i;

	for (i = 0; i < HANDLES; i++)
		if (LOCK(i)->hold || !list_empty(&LOCK(i)->handle.ties))
			sim_fail("leak: handle %d has what its process asked for", i);
	dev_case_end_mutex();
}

static void lock_first_and_exit(void)
{
	struct hold_grant grant;

	lock_or_fail(LOCK(0), &grant);
	sim_exit(NULL);
}

/* By a process that has not asked. */
static void unlock_first(void)
{
	unlocked = hold_unlock(LOCK(0), 0);
}

static void use_third_and_exit(void)
{
	struct hold_grant grant;

	lock_or_fail(LOCK(2), &grant);
	if (grant.result)
		death = grant.token;
	repair_and_unlock(LOCK(2), &grant);
	sim_exit(NULL);
}

/* Whoever came later is told of a death, or nobody came later. */
static void end_unlocked(void)
{
	if (!unlocked && (death || dev_case.mutex.inconsistent))
		sim_fail("assertion: unlocked, and taken for dead");
	if (unlocked && !death && !dev_case.mutex.inconsistent)
		sim_fail("assertion: not unlocked, and not taken for dead");
	end();
}

const struct sim_case dev_death_unlock = {
	.name = "dev-death-unlock",
	.what = "of an unlock and the death of who asked one ends the grant",
	.start = start,
	.threads = { lock_first_and_exit, unlock_first, use_third_and_exit },
	.end = end_unlocked,
};

static void request_second_and_exit(void)
{
	struct hold_grant grant;
	int err = hold_lock_async(LOCK(1), dev_case_ask(&LOCK(1)->handle), NULL, &grant);

	if (err && err != -EINPROGRESS)
		sim_fail("assertion: granted or pending, and not %d", err);
	sim_exit(NULL);
	if (LOCK(1)->hold)
		sim_fail("leak: what a dead process had asked for is held");
}

static void use_first(void)
{
	struct hold_grant grant;

	lock_or_fail(LOCK(0), &grant);
	repair_and_unlock(LOCK(0), &grant);
	sim_exit(NULL);
}

static void cancel_second(void)
{
	handle_cancel(&LOCK(1)->handle);
}

const struct sim_case dev_death_cancel = {
	.name = "dev-death-cancel",
	.what = "a cancel or the death of who asked withdraws a request, or it is granted and ends",
	.start = start,
	.threads = { use_first, request_second_and_exit, cancel_second },
	.end = end,
};

/* Threads 0 and 1 are one process, and both may find that no other is left. */
static void start_joined(void)
{
	start();
	sim_join(sim_task(1), sim_task(0));
}

static void just_exit(void)
{
	sim_exit(NULL);
}

const struct sim_case dev_death_two_last = {
	.name = "dev-death-two-last",
	.what = "a process of two threads that exit at once ends once",
	.start = start_joined,
	.threads = { lock_first_and_exit, just_exit, use_third_and_exit },
	.end = end,
};

/* Not the last one: what the process has asked for stays. */
static void use_second_late(void)
{
	struct hold_grant grant;

	lock_or_fail(LOCK(1), &grant);
	if (grant.result)
		sim_fail("assertion: told of a death when a thread exits");
	repair_and_unlock(LOCK(1), &grant);
}

static void lock_first_and_leave(void)
{
	struct hold_grant grant;

	lock_or_fail(LOCK(0), &grant);
	hold_unlock(LOCK(0), grant.token);
	sim_exit(NULL);
}

static void end_living(void)
{
	if (LOCK(1)->hold)
		sim_fail("leak: it is held at the end");
	dev_case_end_mutex();
}

const struct sim_case dev_death_of_thread = {
	.name = "dev-death-of-thread",
	.what = "the exit of one thread ends nothing of its process",
	.start = start_joined,
	.threads = { lock_first_and_leave, use_second_late },
	.end = end_living,
};

/* By two handles: one has the lock, the other one waits for it. */
static void lock_and_request_and_exit(void)
{
	struct hold_grant grant;
	int err;

	lock_or_fail(LOCK(0), &grant);
	err = hold_lock_async(LOCK(1), dev_case_ask(&LOCK(1)->handle), NULL, &grant);
	if (err != -EINPROGRESS)
		sim_fail("assertion: pending, and not %d", err);
	sim_exit(NULL);
	if (LOCK(0)->hold || LOCK(1)->hold)
		sim_fail("leak: what a dead process had asked for is held");
}

const struct sim_case dev_death_two_ties = {
	.name = "dev-death-two-ties",
	.what = "a process lets go of all handles by which it has asked",
	.start = start,
	.threads = { lock_and_request_and_exit, use_third_and_exit },
	.end = end,
};

static void close_second(void)
{
	dev_case_close(&LOCK(1)->handle);
	memset(LOCK(1), 0x5a, sizeof(*LOCK(1)));
}

static void end_closed(void)
{
	dev_case_reopen(LOCK(1));
	end();
}

/* Asked by handles 0 and 1, one of which another process closes meanwhile. */
static void exit_asked(void)
{
	sim_exit(NULL);
}

static void start_asked(void)
{
	struct task_struct *main_task = current;

	start();
	sim_current = sim_task(0);
	dev_case_ask(&LOCK(0)->handle);
	dev_case_ask(&LOCK(1)->handle);
	sim_current = main_task;
}

const struct sim_case dev_death_close = {
	.name = "dev-death-close",
	.what = "a handle that closes while who asked by it ends is not looked at after",
	.explored_only = true,
	.start = start_asked,
	.threads = { exit_asked, close_second },
	.end = end_closed,
};

/* The module may go as soon as no handle is open, though a process is about to end. */
static void close_all_and_unload(void)
{
	int i;

	for (i = 0; i < HANDLES; i++)
		dev_case_close(&LOCK(i)->handle);
	process_exit();
	sim_unload(true);
}

static void end_unloaded(void)
{
	int i;

	sim_unload(false);
	if (process_init())
		sim_fail("assertion: processes cannot be watched again");
	for (i = 0; i < HANDLES; i++)
		dev_case_reopen(LOCK(i));
	end();
}

const struct sim_case dev_death_unload = {
	.name = "dev-death-unload",
	.what = "no end of a process is under way when the module has gone",
	.explored_only = true,
	.start = start_asked,
	.threads = { exit_asked, close_all_and_unload },
	.end = end_unloaded,
};

/* What runs in an exit, after the end has been noticed, asks for nothing. */
static void ask_late(void)
{
	if (process_ask(&LOCK(0)->handle) != ERR_PTR(-ESRCH))
		sim_fail("assertion: a task that exits may ask");
}

static void ask_in_exit(void)
{
	sim_exit(ask_late);
}

const struct sim_case dev_death_late_ask = {
	.name = "dev-death-late-ask",
	.what = "a task that exits asks for nothing",
	.start = start,
	.threads = { ask_in_exit },
	.end = end,
};

/* Two threads of one process ask by a handle for the first time. */
static void ask_first(void)
{
	struct dev_handle *handle = &LOCK(0)->handle;

	dev_case_ask(handle);
	spin_lock(&handle->lock);
	if (handle->ties.next != handle->ties.prev)
		sim_fail("assertion: a process has two ties to a handle");
	spin_unlock(&handle->lock);
	sim_exit(NULL);
}

const struct sim_case dev_death_ask_at_once = {
	.name = "dev-death-ask-at-once",
	.what = "a process has one tie to a handle, whichever of its threads asks first",
	.start = start_joined,
	.threads = { ask_first, ask_first },
	.end = end,
};

/* What is told of a grant is as of then, though others unlock the handle, and die, before it is. */
static void lock_first_and_compare(void)
{
	struct hold_grant grant;
	int err = lock(LOCK(0), &grant);

	if (err)
		sim_fail("assertion: cannot lock: %d", err);
	if (grant.result && (!death || grant.token < death))
		sim_fail("assertion: told of a death that came after");
	hold_unlock(LOCK(0), grant.token);
}

static void lock_third_and_exit(void)
{
	struct hold_grant grant;

	lock_or_fail(LOCK(2), &grant);
	death = grant.token;
	sim_exit(NULL);
}

const struct sim_case dev_death_told_as_of = {
	.name = "dev-death-told-as-of",
	.what = "what is told of a grant is as of when it was made",
	.explored_only = true,
	.start = start,
	.threads = { lock_first_and_compare, unlock_first, lock_third_and_exit },
	.end = dev_case_end_mutex,
};
