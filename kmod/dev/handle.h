/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A handle: one owner of what it is granted, by whatever thread and process it is used.
 *
 * Of an asynchronous request a handle has at most one:
 *
 *	IDLE ------> STARTING ------> PENDING ------> TOLD ------> IDLE
 *	  ASYNC          |   queued      |  granted, or  ^  read()
 *	                 |               |  withdrawn    |
 *	                 |               v               |
 *	                 |          WITHDRAWING ---------+
 *	                 +---- granted at once: IDLE; told before queued: TOLD
 *
 * STARTING and WITHDRAWING belong to the thread that has set them, which alone takes the request
 * to or from its object; whoever grants may tell in PENDING, WITHDRAWING and STARTING. A grant may
 * thus be told, read and given back while one who withdraws is still on the way to the object;
 * until he is back, there is no other request. All under the handle's lock.
 */
#ifndef QUARTET_DEV_HANDLE_H
#define QUARTET_DEV_HANDLE_H

#include <linux/hrtimer.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/pid.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <linux/quartet.h>

#include "../lock/wait_graph.h"
#include "object.h"

struct file;
struct process;
struct quartet_memo_value;
struct quota_charge;
struct task_struct;

enum handle_request {
	REQUEST_IDLE,
	REQUEST_STARTING,
	REQUEST_PENDING,
	REQUEST_WITHDRAWING,
	REQUEST_TOLD,
};

/**
 * struct dev_handle - what the handles of all kinds have
 * @object: of which it is one
 * @charge: who opened it, and pays
 * @party: the thread that used it last to wait or be granted, for the wait graph
 * @pid: that thread, so that its address stays its own; under @lock
 * @lock: taken in task context; outermost but for the locks of pools
 * @wait: for events, and of pools for slots
 * @calls: blocked in commands; under @lock
 * @readers: blocked in read(); under @lock
 * @reading: one of the readers copies an event; under @lock, and looked at
 * @request: an asynchronous one; under @lock
 * @withdrawing: a thread is at the object to take it back; under @lock
 * @stop: it is to be withdrawn as soon as it is pending; under @lock
 * @asker: the process that the request is of, while there is one, pinned by its tie; NULL: only the
 *	handle's (QUARTET_BY_HANDLE); under @lock
 * @ties: to the processes that have asked by it; under @lock
 * @timed: it has a deadline; under @lock
 * @deadline: when it is to be withdrawn, if it is @timed and pending; under @lock
 * @event: of it, if TOLD; under @lock
 * @value: that comes with the event, with a reference, or NULL; under @lock
 * @timer: queues @expire at the deadline; started under @lock
 * @expire: withdraws the request, as @lock may sleep
 * @rcu: for its end
 */
struct dev_handle {
	struct dev_object *object;
	struct quota_charge *charge;
	struct wait_owner party;
	struct pid *pid;
	spinlock_t lock;		/* who waits */
	wait_queue_head_t wait;
	struct list_head calls;
	struct list_head readers;
	bool reading;
	enum handle_request request;
	bool withdrawing;
	bool stop;
	const struct process *asker;
	struct list_head ties;
	bool timed;
	ktime_t deadline;
	struct quartet_event event;
	const struct quartet_memo_value *value;
	struct hrtimer timer;
	struct work_struct expire;
	struct rcu_head rcu;
};

/**
 * struct handle_call - a thread in a command or read() that may block
 * @list: of the handle's, under its lock
 * @task: it, which is in the command as long as it is in the list
 * @stop: it is to return; written under the handle's lock
 */
struct handle_call {
	struct list_head list;
	struct task_struct *task;
	bool stop;
};

int handle_open(struct dev_object *object);
struct dev_handle *handle_of(struct file *file);
const struct process *handle_asker(struct dev_handle *handle, u32 flags);

void handle_lock_settled(struct dev_handle *handle) __acquires(&handle->lock);

/* With underscores: under the handle's lock, which the others take. */
void __handle_call_begin(struct dev_handle *handle, struct handle_call *call);
int __handle_request_begin(struct dev_handle *handle, const struct process *asker);
void handle_call_begin(struct dev_handle *handle, struct handle_call *call);
int handle_request_begin(struct dev_handle *handle, const struct process *asker);
void handle_reader_begin(struct dev_handle *handle, struct handle_call *call);
void handle_call_end(struct dev_handle *handle, struct handle_call *call);
void handle_request_end(struct dev_handle *handle);
void handle_request_queued(struct dev_handle *handle, const ktime_t *deadline);
void handle_cancel(struct dev_handle *handle);
void handle_withdraw(struct dev_handle *handle, const struct process *process);
void handle_request_init(struct dev_handle *handle);
void handle_request_exit(struct dev_handle *handle);
void handle_tell(struct dev_handle *handle, const struct quartet_event *event,
		 const struct quartet_memo_value *value);

#endif /* QUARTET_DEV_HANDLE_H */
