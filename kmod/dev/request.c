// SPDX-License-Identifier: GPL-2.0-only
/* Who waits by a handle: threads that are blocked, and the asynchronous request. */
#include <linux/hrtimer.h>
#include <linux/ktime.h>
#include <linux/poll.h>
#include <linux/sched.h>

#include <quartet/memo.h>

#include "../base/compat.h"
#include "handle.h"

/* Who waits or is granted something by the handle is this thread: under the handle's lock. */
static void use(struct dev_handle *handle)
{
	struct pid *pid = task_pid(current), *old = handle->pid;

	lockdep_assert_held(&handle->lock);
	if (old == pid)
		return;
	handle->pid = get_pid(pid);
	wait_graph_assign(&handle->party, pid);
	put_pid(old);
}

/* The caller is in a command that may block, until it says that it is not. Under the lock. */
void __handle_call_begin(struct dev_handle *handle, struct handle_call *call)
{
	use(handle);
	call->task = current;
	call->stop = false;
	list_add(&call->list, &handle->calls);
}

void handle_call_begin(struct dev_handle *handle, struct handle_call *call)
{
	spin_lock(&handle->lock);
	__handle_call_begin(handle, call);
	spin_unlock(&handle->lock);
}

/* A reader gets nothing that it could be waited for. */
void handle_reader_begin(struct dev_handle *handle, struct handle_call *call)
{
	call->task = current;
	call->stop = false;
	spin_lock(&handle->lock);
	list_add(&call->list, &handle->readers);
	spin_unlock(&handle->lock);
}

void handle_call_end(struct dev_handle *handle, struct handle_call *call)
{
	spin_lock(&handle->lock);
	list_del(&call->list);
	spin_unlock(&handle->lock);
}

/* IDLE -> STARTING; or -EBUSY. Under the lock, settled. */
int __handle_request_begin(struct dev_handle *handle, const struct process *asker)
{
	lockdep_assert_held(&handle->lock);
	if (handle->request != REQUEST_IDLE)
		return -EBUSY;
	use(handle);
	handle->request = REQUEST_STARTING;
	handle->stop = false;
	handle->asker = asker;
	return 0;
}

static bool is_withdrawing(struct dev_handle *handle)
{
	bool withdrawing;

	spin_lock(&handle->lock);
	withdrawing = handle->withdrawing || handle->request == REQUEST_WITHDRAWING;
	spin_unlock(&handle->lock);
	return withdrawing;
}

/*
 * The handle's lock, with nobody on the way to take a request back: he would find the next one.
 * Who is on the way does not sleep before he is done.
 */
void handle_lock_settled(struct dev_handle *handle) __acquires(&handle->lock)
{
	spin_lock(&handle->lock);
	while (handle->withdrawing) {
		spin_unlock(&handle->lock);
		wait_event(handle->wait, !is_withdrawing(handle));
		spin_lock(&handle->lock);
	}
}

int handle_request_begin(struct dev_handle *handle, const struct process *asker)
{
	int err;

	handle_lock_settled(handle);
	err = __handle_request_begin(handle, asker);
	spin_unlock(&handle->lock);
	return err;
}

/* STARTING -> IDLE: it was granted at once, or has failed. */
void handle_request_end(struct dev_handle *handle)
{
	spin_lock(&handle->lock);
	handle->request = REQUEST_IDLE;
	handle->asker = NULL;
	spin_unlock(&handle->lock);
}

/* Whoever grants the request, or has withdrawn it: the last that it does with the handle. */
void handle_tell(struct dev_handle *handle, const struct quartet_event *event,
		 const struct quartet_memo_value *value)
{
	spin_lock(&handle->lock);
	handle->event = *event;
	handle->value = value;
	handle->asker = NULL;
	handle->request = REQUEST_TOLD;
	/* Under the lock: without it, the handle may end before the queue is done. */
	wake_up_poll(&handle->wait, EPOLLIN | EPOLLRDNORM);
	spin_unlock(&handle->lock);
}

/* PENDING -> WITHDRAWING, and then the caller is to finish; false if there is nothing to do yet. */
static bool withdraw_begin(struct dev_handle *handle)
{
	lockdep_assert_held(&handle->lock);
	if (handle->request == REQUEST_STARTING)
		handle->stop = true;
	if (handle->request != REQUEST_PENDING)
		return false;
	handle->request = REQUEST_WITHDRAWING;
	handle->withdrawing = true;
	return true;
}

/* Either this tells, or who grants it does. */
static void withdraw_finish(struct dev_handle *handle, int error)
{
	const struct object_kind *kind = handle->object->kind;
	struct quartet_event event = { .what = kind->event, .error = error };

	if (kind->withdraw(handle))
		handle_tell(handle, &event, NULL);
	spin_lock(&handle->lock);
	handle->withdrawing = false;
	wake_up_all(&handle->wait);
	spin_unlock(&handle->lock);
}

/* The timer of a request that has ended may come late, and find another one. */
static void request_expire(struct work_struct *work)
{
	struct dev_handle *handle = container_of(work, struct dev_handle, expire);
	bool due;

	spin_lock(&handle->lock);
	due = handle->timed && ktime_compare(ktime_get(), handle->deadline) >= 0 &&
	      withdraw_begin(handle);
	spin_unlock(&handle->lock);
	if (due)
		withdraw_finish(handle, -ETIMEDOUT);
}

/* In hard or soft interrupts. */
static enum hrtimer_restart request_timer(struct hrtimer *timer)
{
	struct dev_handle *handle = container_of(timer, struct dev_handle, timer);

	queue_work(system_dfl_wq, &handle->expire);
	return HRTIMER_NORESTART;
}

/* Under the handle's lock, so that no later request has been started, with its own deadline. */
static void request_start_timer(struct dev_handle *handle, const ktime_t *deadline)
{
	lockdep_assert_held(&handle->lock);
	handle->timed = deadline;
	if (!deadline)
		return;
	handle->deadline = *deadline;
	hrtimer_start(&handle->timer, *deadline, HRTIMER_MODE_ABS);
}

/* STARTING -> PENDING, unless it has been told already. NULL is no deadline. */
void handle_request_queued(struct dev_handle *handle, const ktime_t *deadline)
{
	bool stop = false;

	spin_lock(&handle->lock);
	if (handle->request == REQUEST_STARTING) {
		handle->request = REQUEST_PENDING;
		request_start_timer(handle, deadline);
		stop = handle->stop && withdraw_begin(handle);
	}
	spin_unlock(&handle->lock);
	if (stop)
		withdraw_finish(handle, -ECANCELED);
}

static void stop_calls(struct dev_handle *handle)
{
	struct handle_call *call;

	spin_lock(&handle->lock);
	list_for_each_entry(call, &handle->calls, list) {
		WRITE_ONCE(call->stop, true);
		/* A: after the store; it matches the look after the task says that it sleeps. */
		wake_up_process(call->task);
	}
	/* A request made since the withdrawal is not cancelled: its reader waits on. */
	if (handle->request != REQUEST_STARTING && handle->request != REQUEST_PENDING) {
		list_for_each_entry(call, &handle->readers, list)
			/* R: after the event; it matches the load before the look for one. */
			smp_store_release(&call->stop, true);
		if (!list_empty(&handle->readers))
			wake_up_all(&handle->wait);
	}
	spin_unlock(&handle->lock);
}

/*
 * The request of the process, or whichever if NULL, ends; if it was too late for that, it has been
 * granted when this returns, and the handle told.
 */
void handle_withdraw(struct dev_handle *handle, const struct process *process)
{
	bool pending;

	spin_lock(&handle->lock);
	pending = (!process || handle->asker == process) && withdraw_begin(handle);
	spin_unlock(&handle->lock);
	if (pending)
		withdraw_finish(handle, -ECANCELED);
	wait_event(handle->wait, !is_withdrawing(handle));
}

/* All that wait by the handle are told -ECANCELED, if nothing has been granted by now. */
void handle_cancel(struct dev_handle *handle)
{
	handle_withdraw(handle, NULL);
	/* Second: the event is there then, for one of the readers. */
	stop_calls(handle);
}

void handle_request_init(struct dev_handle *handle)
{
	spin_lock_init(&handle->lock);
	init_waitqueue_head(&handle->wait);
	INIT_LIST_HEAD(&handle->calls);
	INIT_LIST_HEAD(&handle->readers);
	INIT_LIST_HEAD(&handle->ties);
	hrtimer_setup(&handle->timer, request_timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
	INIT_WORK(&handle->expire, request_expire);
	handle->party.owner = handle;
	INIT_HLIST_NODE(&handle->party.node);
	handle->pid = get_pid(task_pid(current));
	wait_graph_assign(&handle->party, handle->pid);
}

/* Its request has been withdrawn. */
void handle_request_exit(struct dev_handle *handle)
{
	/* In this order: the timer queues the work. */
	hrtimer_cancel(&handle->timer);
	cancel_work_sync(&handle->expire);
	if (handle->value)
		quartet_memo_put_ref(handle->value);
	wait_graph_dismiss(&handle->party);
	put_pid(handle->pid);
}
