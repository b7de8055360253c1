// SPDX-License-Identifier: GPL-2.0-only
/* Handles of the device: grants that cross cancels, closes and deaths. */
#include <linux/err.h>
#include <linux/ktime.h>

#include "cases.h"
#include "dev_case.h"
#include "tasks.h"

#define LOCK(n)		(&dev_case.locks[n])
#define OWNER(n)	(&dev_case.owners[n])
#define LEADER(n)	(&dev_case.leaders[n])

static u64 last_token;	/* under the mutex */

/* In the section; whether it was told of a death, it has been. */
static void inside(u64 token, bool died)
{
	holder_enter(&dev_case.holder);
	if (token <= last_token)
		sim_fail("order: a token that does not grow");
	last_token = token;
	if (died != !!(dev_case.deaths - dev_case.told))
		sim_fail("assertion: %u died, and a new owner %s told", dev_case.deaths,
			 died ? "is" : "is not");
	dev_case.told = dev_case.deaths;
	holder_leave(&dev_case.holder);
}

static void use_and_unlock(struct mutex_handle *handle, u64 token, bool died)
{
	inside(token, died);
	if (died && hold_consistent(handle, token))
		sim_fail("assertion: the owner cannot say that it is consistent");
	if (hold_unlock(handle, token))
		sim_fail("assertion: the owner cannot unlock");
}

static void lock_and_unlock(struct mutex_handle *handle)
{
	struct hold_grant grant;
	int err = hold_lock(handle, dev_case_ask(&handle->handle), 0, NULL, &grant);

	if (err && err != -ECANCELED)
		sim_fail("assertion: granted or cancelled, and not %d", err);
	if (!err)
		use_and_unlock(handle, grant.token, grant.result & QUARTET_OWNER_DIED);
}

static void start_mutex(void)
{
	dev_case_start_mutex();
	last_token = 0;
}

/* Handle 0 has it, since before the threads. */
static void start_locked(void)
{
	struct hold_grant grant;

	start_mutex();
	if (hold_lock(LOCK(0), dev_case_ask(&LOCK(0)->handle), 0, NULL, &grant))
		sim_fail("assertion: the first cannot lock");
}

static void unlock_first(void)
{
	if (hold_unlock(LOCK(0), 0))
		sim_fail("assertion: the owner cannot unlock");
	sim_work();
}

static void use_second(void)
{
	lock_and_unlock(LOCK(1));
}

static void use_third(void)
{
	lock_and_unlock(LOCK(2));
}

/* An owner that dies inside. */
static void lock_and_die(void)
{
	struct hold_grant grant;

	if (hold_lock(LOCK(0), dev_case_ask(&LOCK(0)->handle), 0, NULL, &grant))
		sim_fail("assertion: the first cannot lock");
	holder_enter(&dev_case.holder);
	dev_case.deaths++;
	holder_leave(&dev_case.holder);
	sim_exit(NULL);
}

const struct sim_case dev_owner_dies = {
	.name = "dev-owner-dies",
	.what = "an owner dies, and exactly the next one is told",
	.start = start_mutex,
	.threads = { lock_and_die, use_second, use_third },
	.end = dev_case_end_mutex,
};

/* Asynchronously: granted, or cancelled, and then nothing is held. */
static void request_second(void)
{
	struct quartet_event event = { };
	struct hold_grant grant;
	int err = hold_lock_async(LOCK(1), dev_case_ask(&LOCK(1)->handle), NULL, &grant);

	if (err == -EINPROGRESS) {
		event = dev_case_read(&LOCK(1)->handle);
		err = event.error;
		grant.token = event.token;
		grant.result = event.result;
	}
	if (!err)
		use_and_unlock(LOCK(1), grant.token, grant.result & QUARTET_OWNER_DIED);
	else if (err != -ECANCELED)
		sim_fail("assertion: granted or cancelled, and not %d", err);
	else if (LOCK(1)->hold)
		sim_fail("assertion: cancelled, and held");
	sim_work();
}

static void cancel_second(void)
{
	handle_cancel(&LOCK(1)->handle);
}

const struct sim_case dev_cancel = {
	.name = "dev-cancel",
	.what = "a grant that crosses a cancel is kept, or the request is cancelled",
	.start = start_locked,
	.threads = { unlock_first, request_second, cancel_second },
	.end = dev_case_end_mutex,
};

static void request_second_twice(void)
{
	request_second();
	request_second();
}

const struct sim_case dev_cancel_late = {
	.name = "dev-cancel-late",
	.what = "a cancel that was too late for one request does not touch the next",
	.start = start_locked,
	.threads = { unlock_first, request_second_twice, cancel_second },
	.end = dev_case_end_mutex,
};

/* Nobody unlocks: it can only be cancelled. */
static void request_and_cancel(void)
{
	struct hold_grant grant;
	int err = hold_lock_async(LOCK(1), dev_case_ask(&LOCK(1)->handle), NULL, &grant);

	if (err != -EINPROGRESS)
		sim_fail("assertion: pending, and not %d", err);
	handle_cancel(&LOCK(1)->handle);
	err = dev_case_read(&LOCK(1)->handle).error;
	if (err != -ECANCELED)
		sim_fail("assertion: cancelled, and not %d", err);
}

const struct sim_case dev_cancel_twice = {
	.name = "dev-cancel-twice",
	.what = "of two cancels one takes the request back",
	.start = start_locked,
	.threads = { cancel_second, request_and_cancel, cancel_second },
	.end = dev_case_end_mutex,
};

const struct sim_case dev_stop = {
	.name = "dev-stop",
	.what = "a cancel ends a blocked call, but for one that is granted",
	.start = start_locked,
	.threads = { unlock_first, use_second, cancel_second },
	.end = dev_case_end_mutex,
};

/* The list is looked at without its lock, and so by the explorer only. */
static void cancel_when_called(void)
{
	while (READ_ONCE(LOCK(1)->handle.calls.next) == &LOCK(1)->handle.calls)
		cpu_relax();
	handle_cancel(&LOCK(1)->handle);
}

const struct sim_case dev_stop_asleep = {
	.name = "dev-stop-asleep",
	.explored_only = true,
	.what = "a cancel wakes whom it stops, whether he sleeps or is about to",
	.start = start_locked,
	.threads = { cancel_when_called, use_second },
	.end = dev_case_end_mutex,
};

/* By thread 1, which is a process that goes; the handle stays, as a child has it. */
static void request_and_exit(void)
{
	struct hold_grant grant;
	int err = hold_lock_async(LOCK(1), dev_case_ask(&LOCK(1)->handle), NULL, &grant);

	if (err && err != -EINPROGRESS)
		sim_fail("assertion: granted or pending, and not %d", err);
	sim_exit(NULL);
	if (LOCK(1)->hold)
		sim_fail("leak: what a dead process had asked for is held");
}

/* Nobody knows which of those that died had it. */
static void start_locked_by_dead(void)
{
	start_locked();
	dev_case.mutex.inconsistent = true;
	hold_consistent(LOCK(0), 0);
}

static void take_third(void)
{
	struct hold_grant grant;

	if (hold_lock(LOCK(2), dev_case_ask(&LOCK(2)->handle), 0, NULL, &grant))
		sim_fail("assertion: the third cannot lock");
	holder_enter(&dev_case.holder);
	holder_leave(&dev_case.holder);
	if (dev_case.mutex.inconsistent && hold_consistent(LOCK(2), grant.token))
		sim_fail("assertion: the owner cannot say that it is consistent");
	hold_unlock(LOCK(2), grant.token);
}

const struct sim_case dev_exit = {
	.name = "dev-exit",
	.what = "a grant that crosses the death of who asked is not held by the handle",
	.start = start_locked_by_dead,
	.threads = { unlock_first, request_and_exit, take_third },
	.end = dev_case_end_mutex,
};

/* As at the end of the case, but while others are at it. */
static void request_and_close(void)
{
	struct dev_handle *handle = &LOCK(1)->handle;
	struct hold_grant grant;

	hold_lock_async(LOCK(1), dev_case_ask(&LOCK(1)->handle), NULL, &grant);
	dev_case_close(handle);
	memset(LOCK(1), 0x5a, sizeof(*LOCK(1)));
}

/* The closed one cannot be closed again. */
static void end_closed(void)
{
	dev_case_reopen(LOCK(1));
	dev_case_end_mutex();
}

const struct sim_case dev_close = {
	.name = "dev-close",
	.what = "nobody reaches a handle that has been closed",
	.start = start_locked_by_dead,
	.threads = { unlock_first, request_and_close, take_third },
	.end = end_closed,
};

/* Handle 0 has it from a dead one. */
static void start_inconsistent(void)
{
	start_locked();
	dev_case.mutex.inconsistent = true;
}

static void expect_no_use_async(void)
{
	struct hold_grant grant;
	int err = hold_lock_async(LOCK(1), dev_case_ask(&LOCK(1)->handle), NULL, &grant);

	if (err == -EINPROGRESS)
		err = dev_case_read(&LOCK(1)->handle).error;
	if (err != -ENOTRECOVERABLE)
		sim_fail("assertion: of no use, and not %d", err);
	sim_work();
}

static void expect_no_use(void)
{
	struct hold_grant grant;
	int err = hold_lock(LOCK(2), dev_case_ask(&LOCK(2)->handle), 0, NULL, &grant);

	if (err != -ENOTRECOVERABLE)
		sim_fail("assertion: of no use, and not %d", err);
	sim_work();
}

/* Whoever's thread gave it back does the work that comes of that. */
static void unlock_unrepaired(void)
{
	if (hold_unlock(LOCK(0), 0))
		sim_fail("assertion: the owner cannot unlock");
	sim_work();
}

const struct sim_case dev_unrecoverable = {
	.name = "dev-unrecoverable",
	.what = "not repaired: all who wait, in either way, are told",
	.start = start_inconsistent,
	.threads = { unlock_unrepaired, expect_no_use_async, expect_no_use },
	.end = dev_case_end_mutex,
};

/* The only slot is handle 0's. */
static void start_taken(void)
{
	struct pool_waiter first = { .handle = OWNER(0) };

	dev_case_start_pool();
	if (!slots_take(&dev_case.pool, &first, false))
		sim_fail("assertion: no slot");
}

static void put_first(void)
{
	if (slots_put(OWNER(0), 0))
		sim_fail("assertion: the owner cannot put");
}

static void die_first(void)
{
	slots_die(OWNER(0), NULL);
}

static void use_slot(struct pool_handle *handle)
{
	holder_enter(&dev_case.holder);
	holder_leave(&dev_case.holder);
	if (slots_put(handle, 0))
		sim_fail("assertion: the owner cannot put");
}

static void request_slot(struct pool_handle *handle)
{
	struct quartet_event event;

	const struct process *asker = dev_case_ask(&handle->handle);

	if (handle_request_begin(&handle->handle, asker))
		sim_fail("assertion: the handle is busy");
	handle->request = (struct pool_waiter){ .handle = handle, .process = asker, .async = true };
	if (slots_take(&dev_case.pool, &handle->request, true)) {
		handle_request_end(&handle->handle);
		use_slot(handle);
		return;
	}
	handle_request_queued(&handle->handle, NULL);
	event = dev_case_read(&handle->handle);
	if (!event.error)
		use_slot(handle);
	else if (handle->owned)
		sim_fail("assertion: cancelled, and owned");
}

static void request_slot_second(void)
{
	request_slot(OWNER(1));
}

static void request_slot_third(void)
{
	request_slot(OWNER(2));
}

static void cancel_slot(void)
{
	handle_cancel(&OWNER(1)->handle);
}

const struct sim_case dev_slots = {
	.name = "dev-slots",
	.what = "a slot that is put goes to the next in the line",
	.start = start_taken,
	.threads = { put_first, request_slot_second, request_slot_third },
	.end = dev_case_end_pool,
};

const struct sim_case dev_slots_cancel = {
	.name = "dev-slots-cancel",
	.what = "a slot that crosses a cancel is kept, or the request is cancelled",
	.start = start_taken,
	.threads = { put_first, request_slot_second, cancel_slot },
	.end = dev_case_end_pool,
};

static void accept_given(struct pool_handle *handle)
{
	static u32 n;

	if (slots_given(handle, &n))
		slots_accept(handle, n, dev_case_ask(&handle->handle));
}

static void give_to_second(void)
{
	if (slots_give(OWNER(0), OWNER(1), 0))
		return;
	accept_given(OWNER(1));
	sim_exit(NULL);
}

const struct sim_case dev_slots_die = {
	.name = "dev-slots-die",
	.what = "a slot that is given while its owner dies is somebody's, or the pool's",
	.start = start_taken,
	.threads = { give_to_second, die_first, request_slot_third },
	.end = dev_case_end_pool,
};

static const u8 key = 1;

/* Values have no bytes. */
static struct quartet_memo_get get_args(void)
{
	return (struct quartet_memo_get){ .key_len = 1, .value = (unsigned long)&key };
}

/* Handle 0 leads. */
static void start_led(void)
{
	struct quartet_memo_get args = get_args();

	dev_case_start_memo();
	if (memo_get_blocking(LEADER(0), dev_case_ask(&LEADER(0)->handle), &args, &key,
			      NULL) ||
	    args.what != QUARTET_ANSWER_LEAD)
		sim_fail("assertion: the first does not lead");
}

static void leader_dies(void)
{
	leads_die(LEADER(0), NULL);
}

static void fulfil(struct memo_handle *handle, u64 token)
{
	if (leads_fulfil(handle, token, "", 0, 0))
		sim_fail("assertion: the leader cannot fulfil");
}

static void get_second(void)
{
	struct quartet_memo_get args = get_args();
	struct quartet_event event;
	int err = memo_get_async(LEADER(1), dev_case_ask(&LEADER(1)->handle), &args, &key,
				 NULL);

	if (!err && args.what == QUARTET_ANSWER_LEAD)
		fulfil(LEADER(1), args.token);
	if (err != -EINPROGRESS)
		return;
	event = dev_case_read(&LEADER(1)->handle);
	if (event.token)
		fulfil(LEADER(1), event.token);
	else if (event.error && event.error != -ECANCELED)
		sim_fail("assertion: a value, a lead or a cancel, and not %d", event.error);
	if (LEADER(1)->nleads)
		sim_fail("leak: a lead that nobody was told of");
}

static void cancel_get(void)
{
	handle_cancel(&LEADER(1)->handle);
}

static void get_third(void)
{
	struct quartet_memo_get args = get_args();

	if (memo_get_blocking(LEADER(2), dev_case_ask(&LEADER(2)->handle), &args, &key, NULL))
		sim_fail("assertion: the third has no answer");
	if (args.what == QUARTET_ANSWER_LEAD)
		fulfil(LEADER(2), args.token);
}

const struct sim_case dev_leader_dies = {
	.name = "dev-leader-dies",
	.what = "a leader dies, and one of those who wait leads",
	.start = start_led,
	.threads = { leader_dies, get_second, get_third },
	.end = dev_case_end_memo,
};

const struct sim_case dev_lead_cancelled = {
	.name = "dev-lead-cancelled",
	.what = "a lead that crosses a cancel is kept, or the request is cancelled",
	.start = start_led,
	.threads = { leader_dies, get_second, cancel_get },
	.end = dev_case_end_memo,
};

/* The process that asks goes, with what it may have got by then. */
static void get_and_exit(void)
{
	struct quartet_memo_get args = get_args();

	memo_get_async(LEADER(1), dev_case_ask(&LEADER(1)->handle), &args, &key, NULL);
	sim_exit(NULL);
	if (LEADER(1)->nleads)
		sim_fail("leak: a dead process leads");
}

const struct sim_case dev_lead_exit = {
	.name = "dev-lead-exit",
	.what = "a lead that crosses the death of who asked passes to the next",
	.start = start_led,
	.threads = { leader_dies, get_and_exit, get_third },
	.end = dev_case_end_memo,
};
