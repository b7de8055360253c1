// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who holds a mutex: what handles add to the engine is death.
 *
 * An owner that dies unlocks, and leaves the mutex inconsistent: whoever locks it is told, until
 * one of them says that it has repaired what the mutex protects. If one unlocks without, the
 * mutex is of no use any more, and all who wait for it, or try, are told so, one after the other,
 * each by being granted it and giving it back.
 *
 *	hold of a handle
 *
 *	FREE ------> HELD ------> RELEASING ------> FREE
 *	  granted        unlock, death     the engine has it back
 *
 * It changes under the handle's lock; what RELEASING does belongs to the thread that set it.
 * While it is not FREE, the handle does not wait.
 */
#include <linux/err.h>
#include <linux/ktime.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "../base/compat.h"
#include "../base/token.h"
#include "hold.h"

static void set_who(struct who *who, const struct who *from)
{
	struct pid *old = who->pid;

	who->pid = get_pid(from->pid);
	memcpy(who->comm, from->comm, sizeof(who->comm));
	put_pid(old);
}

static void set_who_caller(struct who *who)
{
	struct who caller = { .pid = task_tgid(current) };

	get_task_comm(caller.comm, current);
	set_who(who, &caller);
}

static void clear_who(struct who *who)
{
	set_who(who, &(struct who){ });
}

/* From a death until the next CONSISTENT. Under the mutex's lock, as its owner. */
static void hold_tell_death(const struct mutex_object *mutex, struct hold_grant *grant)
{
	if (!mutex->inconsistent)
		return;
	grant->result = QUARTET_OWNER_DIED;
	grant->dead_ns = mutex->dead_ns;
	grant->dead_pid = pid_vnr(mutex->dead.pid);
	memcpy(grant->dead_comm, mutex->dead.comm, sizeof(grant->dead_comm));
}

/*
 * The engine has given it to the handle: with 0 it is the handle's, with an errno of no use. From
 * where the handle holds it, other threads may unlock, say CONSISTENT, or die with it: what is told
 * of the grant is looked up before they can.
 */
static int hold_take(struct mutex_handle *handle, const struct process *asker,
		     struct hold_grant *grant)
{
	struct mutex_object *mutex = mutex_of(handle);

	*grant = (struct hold_grant){ };

	if (mutex->unrecoverable)
		return -ENOTRECOVERABLE;
	spin_lock(&handle->handle.lock);
	grant->token = quartet_token();
	handle->token = grant->token;
	handle->holder = asker;
	handle->hold = HOLD_HELD;
	spin_lock(&mutex->lock);
	mutex->token = grant->token;
	hold_tell_death(mutex, grant);
	set_who(&mutex->owner, &handle->who);
	spin_unlock(&mutex->lock);
	spin_unlock(&handle->handle.lock);
	return 0;
}

/* Not where the grant is told: that is in the unlock before, and so on, one within another. */
void hold_reject(struct work_struct *work)
{
	struct mutex_handle *handle = container_of(work, struct mutex_handle, reject);
	struct quartet_event event = {
		.what = QUARTET_EVENT_LOCK, .error = -ENOTRECOVERABLE,
	};

	quartet_mutex_core_unlock(&mutex_of(handle)->core);
	handle_tell(&handle->handle, &event, NULL);
}

/* In the unlock before. */
static void mutex_granted(struct quartet_mutex_waiter *waiter)
{
	struct mutex_handle *handle = container_of(waiter, struct mutex_handle, waiter);
	struct quartet_event event = { .what = QUARTET_EVENT_LOCK };
	struct hold_grant grant;

	atomic_dec(&handle->handle.object->waiters);
	if (hold_take(handle, handle->handle.asker, &grant)) {
		queue_work(system_dfl_wq, &handle->reject);
		return;
	}
	event.token = grant.token;
	event.result = grant.result;
	handle_tell(&handle->handle, &event, NULL);
}

/* An event that tells of the grant is of the past. Under the handle's lock. */
static void drop_event(struct mutex_handle *handle)
{
	if (handle->handle.request == REQUEST_TOLD && handle->handle.event.token == handle->token)
		handle->handle.request = REQUEST_IDLE;
}

/* RELEASING -> FREE */
static void release(struct mutex_handle *handle)
{
	struct mutex_object *mutex = mutex_of(handle);

	spin_lock(&mutex->lock);
	clear_who(&mutex->owner);
	spin_unlock(&mutex->lock);
	quartet_mutex_core_unlock(&mutex->core);
	spin_lock(&handle->handle.lock);
	handle->hold = HOLD_FREE;
	handle->holder = NULL;
	spin_unlock(&handle->handle.lock);
}

/* Under the handle's lock: 0; -EPERM if it is not held, -ESTALE if @token is another grant's. */
static int check_token(const struct mutex_handle *handle, u64 token)
{
	if (handle->hold != HOLD_HELD)
		return -EPERM;
	return token && token != handle->token ? -ESTALE : 0;
}

/* HELD -> RELEASING, under the handle's lock. */
static void let_go(struct mutex_handle *handle)
{
	handle->hold = HOLD_RELEASING;
	drop_event(handle);
}

static int begin_release(struct mutex_handle *handle, u64 token)
{
	int err;

	spin_lock(&handle->handle.lock);
	err = check_token(handle, token);
	if (!err)
		let_go(handle);
	spin_unlock(&handle->handle.lock);
	return err;
}

int hold_unlock(struct mutex_handle *handle, u64 token)
{
	int err = begin_release(handle, token);

	if (err)
		return err;
	if (mutex_of(handle)->inconsistent)
		WRITE_ONCE(mutex_of(handle)->unrecoverable, true);
	release(handle);
	return 0;
}

/* The caller could not be told: as if it had not been granted. */
void hold_undo(struct mutex_handle *handle, u64 token)
{
	if (!begin_release(handle, token))
		release(handle);
}

int hold_consistent(struct mutex_handle *handle, u64 token)
{
	struct mutex_object *mutex = mutex_of(handle);
	int err;

	/* Held all the while, as its end needs this lock too. */
	spin_lock(&handle->handle.lock);
	err = check_token(handle, token);
	if (!err && !mutex->inconsistent)
		err = -EINVAL;
	if (!err)
		WRITE_ONCE(mutex->inconsistent, false);
	spin_unlock(&handle->handle.lock);
	return err;
}

void hold_die(struct dev_handle *base, const struct process *process)
{
	struct mutex_handle *handle = mutex_handle(base);
	struct mutex_object *mutex = mutex_of(handle);
	bool dies;

	spin_lock(&base->lock);
	dies = handle->hold == HOLD_HELD && (!process || handle->holder == process);
	if (dies)
		let_go(handle);
	spin_unlock(&base->lock);
	if (dies) {
		WRITE_ONCE(mutex->inconsistent, true);
		spin_lock(&mutex->lock);
		set_who(&mutex->dead, &mutex->owner);
		mutex->dead_ns = ktime_get_real_ns();
		spin_unlock(&mutex->lock);
		release(handle);
	}
	if (!process) {
		flush_work(&handle->reject);
		clear_who(&handle->who);
	}
}

bool hold_withdraw(struct dev_handle *base)
{
	struct mutex_handle *handle = mutex_handle(base);

	if (!quartet_mutex_core_cancel(&mutex_of(handle)->core, &handle->waiter))
		return false;
	atomic_dec(&base->object->waiters);
	return true;
}

/* Neither held, nor waited for by this handle: one owner cannot wait twice. */
static int begin_lock(struct mutex_handle *handle, const struct process *asker,
		      struct handle_call *call)
{
	struct dev_handle *base = &handle->handle;
	int err = 0;

	handle_lock_settled(base);
	if (handle->hold == HOLD_HELD)
		err = -EDEADLK;
	else if (handle->hold || !list_empty(&base->calls) || base->request != REQUEST_IDLE)
		err = -EBUSY;
	else if (call)
		__handle_call_begin(base, call);
	else
		err = __handle_request_begin(base, asker);
	if (!err)
		set_who_caller(&handle->who);
	spin_unlock(&base->lock);
	return err;
}

static int lock_core(struct mutex_handle *handle, u32 flags, const ktime_t *deadline,
		     const bool *stop)
{
	struct mutex_object *mutex = mutex_of(handle);
	int err;

	if (quartet_mutex_core_lock_fast(&mutex->core, handle))
		return 0;
	if (flags & QUARTET_TRY)
		return quartet_mutex_core_trylock(&mutex->core, handle) ? 0 : -EAGAIN;
	atomic_inc(&mutex->object.waiters);
	err = quartet_mutex_core_lock_slow(&mutex->core, handle, TASK_INTERRUPTIBLE, deadline,
					   stop);
	atomic_dec(&mutex->object.waiters);
	return err;
}

static int hold_take_or_return(struct mutex_handle *handle, const struct process *asker,
			       struct hold_grant *grant)
{
	int err = hold_take(handle, asker, grant);

	if (err)
		quartet_mutex_core_unlock(&mutex_of(handle)->core);
	return err;
}

int hold_lock(struct mutex_handle *handle, const struct process *asker, u32 flags,
	      const ktime_t *deadline, struct hold_grant *grant)
{
	struct handle_call call;
	int err = begin_lock(handle, asker, &call);

	if (err)
		return err;
	err = lock_core(handle, flags, deadline, &call.stop);
	if (!err)
		err = hold_take_or_return(handle, asker, grant);
	handle_call_end(&handle->handle, &call);
	return err;
}

int hold_lock_async(struct mutex_handle *handle, const struct process *asker,
		    const ktime_t *deadline, struct hold_grant *grant)
{
	struct mutex_object *mutex = mutex_of(handle);
	int err = begin_lock(handle, asker, NULL);

	if (err)
		return err;
	handle->waiter = (struct quartet_mutex_waiter){ .wake = mutex_granted, .owner = handle };
	atomic_inc(&mutex->object.waiters);
	if (!quartet_mutex_core_enqueue(&mutex->core, &handle->waiter)) {
		handle_request_queued(&handle->handle, deadline);
		return -EINPROGRESS;
	}
	atomic_dec(&mutex->object.waiters);
	err = hold_take_or_return(handle, asker, grant);
	handle_request_end(&handle->handle);
	return err;
}

void hold_init(struct mutex_object *mutex)
{
	spin_lock_init(&mutex->lock);
}

void hold_exit(struct mutex_object *mutex)
{
	clear_who(&mutex->dead);
}
