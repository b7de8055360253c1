// SPDX-License-Identifier: GPL-2.0-only
/* Mutexes that processes share: their commands. */
#include <linux/err.h>
#include <linux/pid.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "args.h"
#include "hold.h"
#include "limits.h"

static void mutex_tell_grant(const struct hold_grant *grant, struct quartet_lock *args)
{
	args->token = grant->token;
	args->result = grant->result;
	args->dead_ns = grant->dead_ns;
	args->dead_pid = grant->dead_pid;
	memcpy(args->dead_comm, grant->dead_comm, sizeof(args->dead_comm));
}

static long lock_ioctl(struct mutex_handle *handle, void __user *argp)
{
	const struct process *asker;
	struct hold_grant grant;
	struct quartet_lock args;
	struct args_deadline deadline;
	int err = args_in(&args, sizeof(args), argp, ARGS_WAIT);

	if (!err)
		err = args_wait(args.flags, args.deadline_ns, args.clock, &deadline);
	if (err)
		return err;
	if (args.reserved)
		return -EINVAL;
	asker = handle_asker(&handle->handle, args.flags);
	if (IS_ERR(asker))
		return PTR_ERR(asker);
	if (args.flags & QUARTET_ASYNC)
		err = hold_lock_async(handle, asker, args_until(&deadline), &grant);
	else
		err = hold_lock(handle, asker, args.flags, args_until(&deadline), &grant);
	if (err)
		return err;
	mutex_tell_grant(&grant, &args);
	err = args_out(argp, &args, sizeof(args));
	if (err)
		hold_undo(handle, args.token);
	return err;
}

static long grant_ioctl(struct mutex_handle *handle, void __user *argp,
			int (*command)(struct mutex_handle *handle, u64 token))
{
	struct quartet_grant args;
	int err = args_in(&args, sizeof(args), argp, 0);

	return err ?: command(handle, args.token);
}

static long state_ioctl(struct mutex_handle *handle, void __user *argp)
{
	struct mutex_object *mutex = mutex_of(handle);
	struct quartet_mutex_info args;
	int err = args_in(&args, sizeof(args), argp, 0);

	if (err)
		return err;
	if (args.reserved)
		return -EINVAL;
	args.handles = atomic_read(&mutex->object.handles);
	args.waiters = atomic_read(&mutex->object.waiters);
	spin_lock(&handle->handle.lock);
	args.state = handle->hold == HOLD_HELD ? QUARTET_MUTEX_MINE : 0;
	spin_unlock(&handle->handle.lock);
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
		return grant_ioctl(handle, argp, hold_unlock);
	case QUARTET_CONSISTENT:
		return grant_ioctl(handle, argp, hold_consistent);
	case QUARTET_MUTEX_STATE:
		return state_ioctl(handle, argp);
	default:
		return -ENOTTY;
	}
}

static struct dev_object *mutex_create(const struct quartet_create *args, u64 id)
{
	struct mutex_object *mutex = kzalloc(sizeof(*mutex), LIMITS_GFP);
	u64 starve_ns = args->starve_ns;

	if (!mutex)
		return ERR_PTR(-ENOMEM);
	if (starve_ns == QUARTET_STARVE_MS)
		starve_ns = QUARTET_STARVE_DEFAULT;
	else if (starve_ns == QUARTET_STARVE_FIFO)
		starve_ns = QUARTET_STARVE_ALWAYS;
	quartet_mutex_core_init(&mutex->core, starve_ns);
	mutex->core.detect = !(args->flags & QUARTET_NO_DETECT);
	hold_init(mutex);
	return &mutex->object;
}

static void mutex_object_destroy(struct dev_object *object)
{
	struct mutex_object *mutex = container_of(object, struct mutex_object, object);

	hold_exit(mutex);
	kfree(mutex);
}

static void mutex_handle_init(struct dev_handle *base)
{
	INIT_WORK(&mutex_handle(base)->reject, hold_reject);
}

const struct object_kind mutex_object_kind = {
	.number = QUARTET_KIND_MUTEX,
	.name = "mutex",
	.event = QUARTET_EVENT_LOCK,
	.handle_size = sizeof(struct mutex_handle),
	.init = mutex_handle_init,
	.create = mutex_create,
	.destroy = mutex_object_destroy,
	.ioctl = mutex_ioctl,
	.withdraw = hold_withdraw,
	.die = hold_die,
};
