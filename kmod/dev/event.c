// SPDX-License-Identifier: GPL-2.0-only
/*
 * The events of a handle, and those who read them.
 *
 * An event is read once: a reader claims the handle, looks for an event, copies it, and accepts
 * it. A copy may fault and sleep, so nothing is locked meanwhile. A reader that finds the handle
 * claimed, or no event, waits.
 */
#include <linux/err.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include <quartet/memo.h>

#include "event.h"
#include "process.h"

/* An event to be read; that of the request first. It stays until it is accepted. */
static bool event_look(struct dev_handle *handle, struct quartet_event *event,
		       const struct quartet_memo_value **value)
{
	const struct object_kind *kind = handle->object->kind;
	bool told;

	*value = NULL;
	spin_lock(&handle->lock);
	told = handle->request == REQUEST_TOLD;
	if (told) {
		*event = handle->event;
		*value = handle->value;
	}
	spin_unlock(&handle->lock);
	return told || (kind->given && kind->given(handle, event));
}

bool event_is_there(struct dev_handle *handle)
{
	const struct quartet_memo_value *value;
	struct quartet_event event;

	return event_look(handle, &event, &value);
}

static void event_accept(struct dev_handle *handle, const struct quartet_event *event,
			 const struct process *reader)
{
	const struct quartet_memo_value *value = NULL;

	if (event->what == QUARTET_EVENT_GIVEN) {
		handle->object->kind->accept(handle, event, reader);
		return;
	}
	spin_lock(&handle->lock);
	/* What was granted may have been given back meanwhile, and the event with it. */
	if (handle->request == REQUEST_TOLD && !memcmp(&handle->event, event, sizeof(*event))) {
		handle->request = REQUEST_IDLE;
		value = handle->value;
		handle->value = NULL;
	}
	spin_unlock(&handle->lock);
	if (value)
		quartet_memo_put_ref(value);
}

static ssize_t event_copy(struct dev_handle *handle, char __user *buf, size_t count,
			  const struct quartet_event *event,
			  const struct quartet_memo_value *value)
{
	size_t len = value ? min(value->len, count - sizeof(*event)) : 0;
	const struct process *reader = NULL;

	/* What is given is the reader's from now on. */
	if (event->what == QUARTET_EVENT_GIVEN)
		reader = process_ask(handle);
	if (IS_ERR(reader))
		return PTR_ERR(reader);
	if (copy_to_user(buf, event, sizeof(*event)) ||
	    (len && copy_to_user(buf + sizeof(*event), value->data, len)))
		return -EFAULT;
	event_accept(handle, event, reader);
	return sizeof(*event) + len;
}

static void event_unclaim(struct dev_handle *handle)
{
	spin_lock(&handle->lock);
	handle->reading = false;
	/* Readers that found it claimed sleep. */
	if (!list_empty(&handle->readers))
		wake_up_all(&handle->wait);
	spin_unlock(&handle->lock);
}

/* True with an event that nobody else reads now; it ends by event_unclaim(). */
static bool event_claim(struct dev_handle *handle, struct quartet_event *event,
			const struct quartet_memo_value **value)
{
	bool claimed;

	spin_lock(&handle->lock);
	claimed = !handle->reading;
	handle->reading = true;
	spin_unlock(&handle->lock);
	if (!claimed)
		return false;
	if (event_look(handle, event, value))
		return true;
	event_unclaim(handle);
	return false;
}

static bool event_is_worth_a_claim(struct dev_handle *handle)
{
	return !READ_ONCE(handle->reading) && event_is_there(handle);
}

/* 0 with a claim. An event comes before the wish to stop: it may be what that has made. */
static int event_await(struct dev_handle *handle, const struct handle_call *call,
		       struct quartet_event *event, const struct quartet_memo_value **value)
{
	bool stop;
	int err;

	for (;;) {
		/* R: before the look for an event, which was told before the wish to stop was. */
		stop = smp_load_acquire(&call->stop);
		if (event_claim(handle, event, value))
			return 0;
		if (stop)
			return -ECANCELED;
		err = wait_event_interruptible(handle->wait, READ_ONCE(call->stop) ||
					       event_is_worth_a_claim(handle));
		if (err)
			return err;
	}
}

/**
 * event_read() - read an event, and the value that comes with it
 * @handle: a handle
 * @buf: user's, with room for @count bytes
 * @count: at least that of a struct quartet_event
 * @wait: until there is an event
 *
 * Context: task, may sleep.
 * Return: bytes that were read; -EAGAIN without @wait; -EFAULT and -ENOMEM, and the event stays;
 * -ECANCELED; -ERESTARTSYS.
 */
ssize_t event_read(struct dev_handle *handle, char __user *buf, size_t count, bool wait)
{
	const struct quartet_memo_value *value;
	struct quartet_event event;
	struct handle_call call;
	ssize_t err = 0;

	if (wait) {
		handle_reader_begin(handle, &call);
		err = event_await(handle, &call, &event, &value);
		handle_call_end(handle, &call);
	} else if (!event_claim(handle, &event, &value)) {
		err = -EAGAIN;
	}
	if (err)
		return err;
	err = event_copy(handle, buf, count, &event, value);
	event_unclaim(handle);
	return err;
}
