// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mutexes that handles own: what is added to the engine is death.
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
#include <linux/slab.h>
#include <linux/workqueue.h>

#include <quartet/mutex_core.h>

#include "../base/token.h"
#include "args.h"
#include "handle.h"

/**
 * struct who - a process, as it is told of
 * @pid: with a reference, or NULL
 * @comm: its name
 */
struct who {
	struct pid *pid;
	char comm[QUARTET_COMM_LEN];
};

/**
 * struct mutex_object - a mutex
 * @object: the object
 * @core: the mutex
 * @inconsistent: an owner has died; read and written by owners
 * @unrecoverable: the next has not repaired it; the same
 * @lock: protects what follows, which is for STATE alone
 * @token: of the last grant
 * @owner: who has it
 * @dead: who died last
 * @dead_ns: when, or 0
 */
struct mutex_object {
	struct dev_object object;
	struct quartet_mutex_core core;
	bool inconsistent;
	bool unrecoverable;
	spinlock_t lock;		/* innermost */
	u64 token;
	struct who owner;
	struct who dead;
	u64 dead_ns;
};

enum mutex_hold { HOLD_FREE, HOLD_HELD, HOLD_RELEASING };

/**
 * struct mutex_handle - an owner
 * @handle: the handle
 * @waiter: of the asynchronous request
 * @reject: gives back what was granted, and is of no use
 * @who: has asked last; under the handle's lock, and while it waits it does not change
 * @hold: see above
 * @token: of the grant
 * @holder: the files of the process that it was granted to
 */
struct mutex_handle {
	struct dev_handle handle;
	struct quartet_mutex_waiter waiter;
	struct work_struct reject;
	struct who who;
	enum mutex_hold hold;
	u64 token;
	const void *holder;
};

static struct mutex_handle *mutex_handle(struct dev_handle *handle)
{
	return container_of(handle, struct mutex_handle, handle);
}

static struct mutex_object *mutex_of(const struct mutex_handle *handle)
{
	return container_of(handle->handle.object, struct mutex_object, object);
}

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

/* The engine has given it to the handle: with 0 it is the handle's, with an errno of no use. */
static int take(struct mutex_handle *handle, const void *files, u64 *token)
{
	struct mutex_object *mutex = mutex_of(handle);

	if (mutex->unrecoverable)
		return -ENOTRECOVERABLE;
	spin_lock(&handle->handle.lock);
	*token = quartet_token();
	handle->token = *token;
	handle->holder = files;
	handle->hold = HOLD_HELD;
	spin_lock(&mutex->lock);
	mutex->token = *token;
	set_who(&mutex->owner, &handle->who);
	spin_unlock(&mutex->lock);
	spin_unlock(&handle->handle.lock);
	return 0;
}

/* Not where the grant is told: that is in the unlock before, and so on, one within another. */
static void reject(struct work_struct *work)
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

	atomic_dec(&handle->handle.object->waiters);
	if (take(handle, handle->handle.files, &event.token)) {
		schedule_work(&handle->reject);
		return;
	}
	if (mutex_of(handle)->inconsistent)
		event.result = QUARTET_OWNER_DIED;
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
	spin_unlock(&handle->handle.lock);
}

/* HELD -> RELEASING; -EPERM if it is not held, -ESTALE if @token is another grant's. */
static int begin_release(struct mutex_handle *handle, u64 token)
{
	int err = 0;

	spin_lock(&handle->handle.lock);
	if (handle->hold != HOLD_HELD)
		err = -EPERM;
	else if (token && token != handle->token)
		err = -ESTALE;
	if (!err) {
		handle->hold = HOLD_RELEASING;
		drop_event(handle);
	}
	spin_unlock(&handle->handle.lock);
	return err;
}

static int mutex_unlock_handle(struct mutex_handle *handle, u64 token)
{
	int err = begin_release(handle, token);

	if (err)
		return err;
	if (mutex_of(handle)->inconsistent)
		mutex_of(handle)->unrecoverable = true;
	release(handle);
	return 0;
}

/* The caller could not be told: as if it had not been granted. */
static void undo(struct mutex_handle *handle, u64 token)
{
	if (!begin_release(handle, token))
		release(handle);
}

static int mutex_consistent(struct mutex_handle *handle, u64 token)
{
	struct mutex_object *mutex = mutex_of(handle);
	int err = 0;

	/* Held all the while, as its end needs this lock too. */
	spin_lock(&handle->handle.lock);
	if (handle->hold != HOLD_HELD)
		err = -EPERM;
	else if (token && token != handle->token)
		err = -ESTALE;
	else if (!mutex->inconsistent)
		err = -EINVAL;
	else
		mutex->inconsistent = false;
	spin_unlock(&handle->handle.lock);
	return err;
}

static void mutex_die(struct dev_handle *base, const void *files)
{
	struct mutex_handle *handle = mutex_handle(base);
	struct mutex_object *mutex = mutex_of(handle);
	bool dies;

	spin_lock(&base->lock);
	dies = handle->hold == HOLD_HELD && (!files || handle->holder == files);
	if (dies) {
		handle->hold = HOLD_RELEASING;
		drop_event(handle);
	}
	spin_unlock(&base->lock);
	if (dies) {
		mutex->inconsistent = true;
		spin_lock(&mutex->lock);
		set_who(&mutex->dead, &mutex->owner);
		mutex->dead_ns = ktime_get_real_ns();
		spin_unlock(&mutex->lock);
		release(handle);
	}
	if (!files) {
		flush_work(&handle->reject);
		clear_who(&handle->who);
	}
}

static bool mutex_withdraw(struct dev_handle *base)
{
	struct mutex_handle *handle = mutex_handle(base);

	if (!quartet_mutex_core_cancel(&mutex_of(handle)->core, &handle->waiter))
		return false;
	atomic_dec(&base->object->waiters);
	return true;
}

/* Neither held, nor waited for by this handle: one owner cannot wait twice. */
static int begin_lock(struct mutex_handle *handle, struct handle_call *call)
{
	struct dev_handle *base = &handle->handle;
	int err = 0;

	spin_lock(&base->lock);
	if (handle->hold == HOLD_HELD)
		err = -EDEADLK;
	else if (handle->hold || !list_empty(&base->calls) || base->request != REQUEST_IDLE)
		err = -EBUSY;
	else if (call)
		handle_call_begin(base, call);
	else
		err = handle_request_begin(base);
	if (!err)
		set_who_caller(&handle->who);
	spin_unlock(&base->lock);
	return err;
}

static int lock_core(struct mutex_handle *handle, u32 flags, ktime_t deadline,
		     const bool *stop)
{
	struct mutex_object *mutex = mutex_of(handle);
	int err;

	if (quartet_mutex_core_lock_fast(&mutex->core, handle))
		return 0;
	if (flags & QUARTET_TRY)
		return quartet_mutex_core_trylock(&mutex->core, handle) ? 0 : -EAGAIN;
	atomic_inc(&mutex->object.waiters);
	err = quartet_mutex_core_lock_slow(&mutex->core, handle, TASK_INTERRUPTIBLE,
					   deadline == KTIME_MAX ? NULL : &deadline, stop);
	atomic_dec(&mutex->object.waiters);
	return err;
}

static int take_or_return(struct mutex_handle *handle, u64 *token)
{
	int err = take(handle, current->files, token);

	if (err)
		quartet_mutex_core_unlock(&mutex_of(handle)->core);
	return err;
}

static int lock_blocking(struct mutex_handle *handle, u32 flags, ktime_t deadline, u64 *token)
{
	struct handle_call call;
	int err = begin_lock(handle, &call);

	if (err)
		return err;
	err = lock_core(handle, flags, deadline, &call.stop);
	if (!err)
		err = take_or_return(handle, token);
	handle_call_end(&handle->handle, &call);
	return err;
}

static int lock_async(struct mutex_handle *handle, ktime_t deadline, u64 *token)
{
	struct mutex_object *mutex = mutex_of(handle);
	int err = begin_lock(handle, NULL);

	if (err)
		return err;
	handle->waiter = (struct quartet_mutex_waiter){ .wake = mutex_granted, .owner = handle };
	atomic_inc(&mutex->object.waiters);
	if (!quartet_mutex_core_enqueue(&mutex->core, &handle->waiter)) {
		handle_request_queued(&handle->handle, deadline);
		return -EINPROGRESS;
	}
	atomic_dec(&mutex->object.waiters);
	err = take_or_return(handle, token);
	handle_request_end(&handle->handle);
	return err;
}

/* How the mutex was when the handle got it, unless another thread has unlocked it by now. */
static void tell_grant(struct mutex_handle *handle, struct quartet_lock *args)
{
	struct mutex_object *mutex = mutex_of(handle);

	args->result = 0;
	args->dead_ns = 0;
	args->dead_pid = 0;
	memset(args->dead_comm, 0, sizeof(args->dead_comm));
	if (!READ_ONCE(mutex->inconsistent))
		return;
	args->result = QUARTET_OWNER_DIED;
	spin_lock(&mutex->lock);
	args->dead_ns = mutex->dead_ns;
	args->dead_pid = pid_vnr(mutex->dead.pid);
	memcpy(args->dead_comm, mutex->dead.comm, sizeof(args->dead_comm));
	spin_unlock(&mutex->lock);
}

static long lock_ioctl(struct mutex_handle *handle, void __user *argp)
{
	struct quartet_lock args;
	ktime_t deadline;
	int err = args_in(&args, sizeof(args), argp);

	if (!err)
		err = args_deadline(args.flags, args.deadline_ns, args.clock, &deadline);
	if (err)
		return err;
	if (args.flags & ~(QUARTET_TRY | QUARTET_ASYNC | QUARTET_DEADLINE) || args.reserved ||
	    (args.flags & QUARTET_TRY && args.flags & QUARTET_ASYNC))
		return -EINVAL;
	if (args.flags & QUARTET_ASYNC)
		err = lock_async(handle, deadline, &args.token);
	else
		err = lock_blocking(handle, args.flags, deadline, &args.token);
	if (err)
		return err;
	tell_grant(handle, &args);
	err = args_out(argp, &args, sizeof(args));
	if (err)
		undo(handle, args.token);
	return err;
}

static long grant_ioctl(struct mutex_handle *handle, void __user *argp,
			int (*command)(struct mutex_handle *handle, u64 token))
{
	struct quartet_grant args;
	int err = args_in(&args, sizeof(args), argp);

	if (err)
		return err;
	if (args.flags)
		return -EINVAL;
	return command(handle, args.token);
}

static long state_ioctl(struct mutex_handle *handle, void __user *argp)
{
	struct mutex_object *mutex = mutex_of(handle);
	struct quartet_mutex_info args;
	int err = args_in(&args, sizeof(args), argp);

	if (err)
		return err;
	if (args.flags || args.reserved)
		return -EINVAL;
	args.handles = atomic_read(&mutex->object.handles);
	args.waiters = atomic_read(&mutex->object.waiters);
	args.state = handle->hold == HOLD_HELD ? QUARTET_MUTEX_MINE : 0;
	if (atomic_read(&mutex->core.state) & QUARTET_MUTEX_LOCKED)
		args.state |= QUARTET_MUTEX_HELD;
	if (READ_ONCE(mutex->inconsistent))
		args.state |= QUARTET_MUTEX_INCONSISTENT;
	if (READ_ONCE(mutex->unrecoverable))
		args.state |= QUARTET_MUTEX_UNRECOVERABLE;
	spin_lock(&mutex->lock);
	args.token = mutex->token;
	args.dead_ns = mutex->dead_ns;
	args.owner_pid = pid_vnr(mutex->owner.pid);
	args.dead_pid = pid_vnr(mutex->dead.pid);
	memcpy(args.owner_comm, mutex->owner.comm, sizeof(args.owner_comm));
	memcpy(args.dead_comm, mutex->dead.comm, sizeof(args.dead_comm));
	spin_unlock(&mutex->lock);
	return args_out(argp, &args, sizeof(args));
}

static long mutex_ioctl(struct dev_handle *base, unsigned int cmd, void __user *argp)
{
	struct mutex_handle *handle = mutex_handle(base);

	switch (cmd) {
	case QUARTET_LOCK:
		return lock_ioctl(handle, argp);
	case QUARTET_UNLOCK:
		return grant_ioctl(handle, argp, mutex_unlock_handle);
	case QUARTET_CONSISTENT:
		return grant_ioctl(handle, argp, mutex_consistent);
	case QUARTET_MUTEX_STATE:
		return state_ioctl(handle, argp);
	default:
		return -ENOTTY;
	}
}

static int mutex_check(const struct quartet_create *args, u64 *bytes)
{
	if (args->slots || args->slot_size || args->engine || args->capacity || args->bytes ||
	    args->ttl_ns || args->err_ttl_ns || args->func || args->func_len ||
	    args->key_max || args->value_max || args->refresh_percent)
		return -EINVAL;
	return 0;
}

static struct dev_object *mutex_create(const struct quartet_create *args, u64 id)
{
	struct mutex_object *mutex = kzalloc(sizeof(*mutex), GFP_KERNEL_ACCOUNT);
	u64 starve_ns = args->starve_ns;

	if (!mutex)
		return ERR_PTR(-ENOMEM);
	if (starve_ns == QUARTET_STARVE_MS)
		starve_ns = QUARTET_STARVE_DEFAULT;
	else if (starve_ns == QUARTET_STARVE_FIFO)
		starve_ns = QUARTET_STARVE_ALWAYS;
	quartet_mutex_core_init(&mutex->core, starve_ns);
	mutex->core.detect = !(args->flags & QUARTET_NO_DETECT);
	spin_lock_init(&mutex->lock);
	return &mutex->object;
}

static void mutex_object_destroy(struct dev_object *object)
{
	struct mutex_object *mutex = container_of(object, struct mutex_object, object);

	clear_who(&mutex->dead);
	kfree(mutex);
}

static void mutex_handle_init(struct dev_handle *base)
{
	INIT_WORK(&mutex_handle(base)->reject, reject);
}

const struct object_kind mutex_object_kind = {
	.number = QUARTET_KIND_MUTEX,
	.name = "mutex",
	.handle_size = sizeof(struct mutex_handle),
	.init = mutex_handle_init,
	.check = mutex_check,
	.create = mutex_create,
	.destroy = mutex_object_destroy,
	.ioctl = mutex_ioctl,
	.withdraw = mutex_withdraw,
	.die = mutex_die,
};
