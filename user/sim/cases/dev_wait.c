// SPDX-License-Identifier: GPL-2.0-only
/* Handles of the device: deadlines, and those who read events. */
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/ktime.h>

#include <dev/event.h>

#include "cases.h"
#include "dev_case.h"

#define LOCK(n)		(&dev_case.locks[n])

/* Handle 0 has it, since before the threads. */
static void start_held(void)
{
	struct hold_grant grant;

	dev_case_start_mutex();
	if (hold_lock(LOCK(0), dev_case_ask(&LOCK(0)->handle), 0, NULL, &grant))
		sim_fail("assertion: the first cannot lock");
}

static void unlock_first(void)
{
	if (hold_unlock(LOCK(0), 0))
		sim_fail("assertion: the owner cannot unlock");
}

static void use_and_unlock(struct mutex_handle *handle, u64 token)
{
	holder_enter(&dev_case.holder);
	holder_leave(&dev_case.holder);
	if (hold_unlock(handle, token))
		sim_fail("assertion: the owner cannot unlock");
}

/* Asynchronously, with a deadline that is past: granted, or too late, and then nothing is held. */
static void request_second_until(void)
{
	struct quartet_event event = { };
	const ktime_t past = 0;
	struct hold_grant grant;
	int err = hold_lock_async(LOCK(1), dev_case_ask(&LOCK(1)->handle), &past, &grant);

	if (err == -EINPROGRESS) {
		event = dev_case_read(&LOCK(1)->handle);
		err = event.error;
		grant.token = event.token;
	}
	if (!err)
		use_and_unlock(LOCK(1), grant.token);
	else if (err != -ETIMEDOUT)
		sim_fail("assertion: granted or too late, and not %d", err);
	else if (LOCK(1)->hold)
		sim_fail("assertion: too late, and held");
}

static void pass_deadline(void)
{
	if (sim_hrtimer_run(&LOCK(1)->handle.timer))
		sim_work();
}

const struct sim_case dev_deadline = {
	.name = "dev-deadline",
	.what = "a grant that crosses the deadline is kept, or the request times out",
	.start = start_held,
	.threads = { unlock_first, request_second_until, pass_deadline },
	.end = dev_case_end_mutex,
};

/* The timer of the first request may run during the second. */
static void request_until_and_again(const ktime_t *deadline)
{
	const ktime_t past = 0;
	struct hold_grant grant;
	int err = hold_lock_async(LOCK(1), dev_case_ask(&LOCK(1)->handle), &past, &grant);

	if (err != -EINPROGRESS)
		sim_fail("assertion: pending, and not %d", err);
	handle_cancel(&LOCK(1)->handle);
	err = dev_case_read(&LOCK(1)->handle).error;
	if (err != -ECANCELED && err != -ETIMEDOUT)
		sim_fail("assertion: cancelled or too late, and not %d", err);
	err = hold_lock_async(LOCK(1), dev_case_ask(&LOCK(1)->handle), deadline, &grant);
	if (err != -EINPROGRESS)
		sim_fail("assertion: pending, and not %d", err);
	handle_cancel(&LOCK(1)->handle);
	err = dev_case_read(&LOCK(1)->handle).error;
	if (err != -ECANCELED)
		sim_fail("assertion: cancelled, and not %d", err);
}

static void request_again_without(void)
{
	request_until_and_again(NULL);
}

static void request_again_for_ever(void)
{
	const ktime_t never = KTIME_MAX;

	request_until_and_again(&never);
}

const struct sim_case dev_deadline_late = {
	.name = "dev-deadline-late",
	.what = "the deadline of a request that has ended does not touch the next",
	.start = start_held,
	.threads = { request_again_without, pass_deadline },
	.end = dev_case_end_mutex,
};

const struct sim_case dev_deadline_later = {
	.name = "dev-deadline-later",
	.what = "the next request ends by its own deadline, and not by that of the one before",
	.start = start_held,
	.threads = { request_again_for_ever, pass_deadline },
	.end = dev_case_end_mutex,
};

/* A cancel that has come during the first request, or before, is over when the second begins. */
static void request_after_cancel(void)
{
	struct dev_handle *handle = &LOCK(1)->handle;
	struct hold_grant grant;
	int i;

	for (i = 0; i < 2; i++) {
		if (hold_lock_async(LOCK(1), dev_case_ask(handle), NULL, &grant) != -EINPROGRESS)
			sim_fail("assertion: not pending");
		while (!READ_ONCE(dev_case.events))
			cpu_relax();
		spin_lock(&handle->lock);
		if (i && handle->request != REQUEST_PENDING)
			sim_fail("assertion: the second is not pending");
		spin_unlock(&handle->lock);
		handle_cancel(handle);
		if (dev_case_read(handle).error != -ECANCELED)
			sim_fail("assertion: not cancelled");
	}
}

static void cancel_first(void)
{
	handle_cancel(&LOCK(1)->handle);
	WRITE_ONCE(dev_case.events, 1);
}

const struct sim_case dev_cancel_over = {
	.name = "dev-cancel-over",
	.what = "a cancel ends no request that begins after it",
	.start = start_held,
	.threads = { request_after_cancel, cancel_first },
	.end = dev_case_end_mutex,
};

/* Handle 1's request waits, and can only be cancelled. */
static void start_pending(void)
{
	struct hold_grant grant;

	start_held();
	if (hold_lock_async(LOCK(1), dev_case_ask(&LOCK(1)->handle), NULL, &grant) != -EINPROGRESS)
		sim_fail("assertion: not pending");
}

/* Blocked; how it ends is counted in the case, under the handle's lock. */
static void read_second(void)
{
	struct dev_handle *handle = &LOCK(1)->handle;
	struct quartet_event event = { };
	ssize_t len = event_read(handle, (char *)&event, sizeof(event), true);

	if (len != sizeof(event) && len != -ECANCELED)
		sim_fail("assertion: an event or cancelled, and not %ld", (long)len);
	if (len > 0 && event.error != -ECANCELED)
		sim_fail("assertion: a request cancelled, and not %d", event.error);
	spin_lock(&handle->lock);
	dev_case.events += len > 0;
	spin_unlock(&handle->lock);
}

/* The list is looked at without its lock, and so by the explorer only. */
static void cancel_readers(unsigned int n)
{
	struct list_head *list = &LOCK(1)->handle.readers;

	while (READ_ONCE(list->next) == list)
		cpu_relax();
	while (n > 1 && READ_ONCE(READ_ONCE(list->next)->next) == list)
		cpu_relax();
	handle_cancel(&LOCK(1)->handle);
}

static void cancel_reader(void)
{
	cancel_readers(1);
}

static void cancel_both_readers(void)
{
	cancel_readers(2);
}

static void end_one_event(void)
{
	if (dev_case.events != 1)
		sim_fail("assertion: %u readers have one event", dev_case.events);
	dev_case_end_mutex();
}

static void end_no_event(void)
{
	if (dev_case.events)
		sim_fail("assertion: an event without a request");
	dev_case_end_mutex();
}

const struct sim_case dev_read_cancel = {
	.name = "dev-read-cancel",
	.explored_only = true,
	.what = "a cancel ends a blocked read, and there is no event",
	.start = start_held,
	.threads = { read_second, cancel_reader },
	.end = end_no_event,
};

const struct sim_case dev_readers_cancel = {
	.name = "dev-readers-cancel",
	.explored_only = true,
	.what = "a cancel ends all blocked reads, and one of them has the request's event",
	.start = start_pending,
	.threads = { read_second, read_second, cancel_both_readers },
	.end = end_one_event,
};

/* Blocked; a request is pending, or has been told: there is an event in any case. */
static struct quartet_event read_event(void)
{
	struct quartet_event event = { };
	ssize_t len = event_read(&LOCK(1)->handle, (char *)&event, sizeof(event), true);

	if (len != sizeof(event))
		sim_fail("assertion: the event of a request, and not %ld", (long)len);
	return event;
}

static void use_or_cancelled(int err, u64 token)
{
	if (!err)
		use_and_unlock(LOCK(1), token);
	else if (err != -ECANCELED)
		sim_fail("assertion: granted or cancelled, and not %d", err);
}

static void read_and_use(void)
{
	struct quartet_event event = read_event();

	use_or_cancelled(event.error, event.token);
}

/* The cancel that ended the first request may still be on the way. */
static void read_and_request_again(void)
{
	struct hold_grant grant;
	int err;

	read_and_use();
	err = hold_lock_async(LOCK(1), dev_case_ask(&LOCK(1)->handle), NULL, &grant);
	if (err == -EINPROGRESS)
		read_and_use();
	else
		use_or_cancelled(err, grant.token);
}

static void cancel_and_unlock_first(void)
{
	handle_cancel(&LOCK(1)->handle);
	unlock_first();
}

const struct sim_case dev_read_next = {
	.name = "dev-read-next",
	.what = "a cancel ends no read of an event of the request that comes after it",
	.start = start_pending,
	.threads = { read_and_request_again, cancel_and_unlock_first },
	.end = dev_case_end_mutex,
};

/* Nothing is looked at without a lock but whether the first event has been read. */
static void tell_twice(void)
{
	struct hold_grant grant;

	handle_withdraw(&LOCK(1)->handle, NULL);
	while (READ_ONCE(LOCK(1)->handle.request) != REQUEST_IDLE)
		cpu_relax();
	if (hold_lock_async(LOCK(1), dev_case_ask(&LOCK(1)->handle), NULL, &grant) != -EINPROGRESS)
		sim_fail("assertion: not pending");
	handle_withdraw(&LOCK(1)->handle, NULL);
}

static void end_two_events(void)
{
	if (dev_case.events != 2)
		sim_fail("assertion: %u of two events were read", dev_case.events);
	dev_case_end_mutex();
}

/* An event may come while one reads the last one, and the other finds that. */
const struct sim_case dev_readers_two = {
	.name = "dev-readers-two",
	.explored_only = true,
	.what = "of two readers each has one of two events",
	.start = start_pending,
	.threads = { read_second, read_second, tell_twice },
	.end = end_two_events,
};

static u64 stale_token;	/* of the grant that handle 1 has been told of, before the threads */

static void start_told(void)
{
	start_pending();
	unlock_first();
	if (LOCK(1)->handle.request != REQUEST_TOLD)
		sim_fail("assertion: not told");
	stale_token = LOCK(1)->handle.event.token;
}

static void read_if_there(void)
{
	struct dev_handle *handle = &LOCK(1)->handle;
	struct quartet_event event = { };
	ssize_t len = event_read(handle, (char *)&event, sizeof(event), false);

	if (len != sizeof(event) && len != -EAGAIN)
		sim_fail("assertion: an event or none, and not %ld", (long)len);
	spin_lock(&handle->lock);
	dev_case.events += len > 0 && event.token != stale_token;
	spin_unlock(&handle->lock);
}

/* What handle 1 was granted is given back, read or not, and granted to it again. */
static void give_back_and_again(void)
{
	struct hold_grant grant;
	int err;

	if (hold_unlock(LOCK(1), stale_token))
		sim_fail("assertion: the owner cannot unlock");
	if (hold_lock(LOCK(0), dev_case_ask(&LOCK(0)->handle), 0, NULL, &grant))
		sim_fail("assertion: the first cannot lock");
	err = hold_lock_async(LOCK(1), dev_case_ask(&LOCK(1)->handle), NULL, &grant);
	if (err != -EINPROGRESS)
		sim_fail("assertion: pending, and not %d", err);
	unlock_first();
}

static void end_new_event(void)
{
	if ((LOCK(1)->handle.request == REQUEST_TOLD) == dev_case.events)
		sim_fail("assertion: the new event was read %u times, and is %s", dev_case.events,
			 dev_case.events ? "there" : "gone");
	dev_case_end_mutex();
}

const struct sim_case dev_event_stale = {
	.name = "dev-event-stale",
	.what = "who reads the event of a grant that has ended does not take that of the next",
	.start = start_told,
	.threads = { read_if_there, give_back_and_again },
	.end = end_new_event,
};
