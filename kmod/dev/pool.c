// SPDX-License-Identifier: GPL-2.0-only
/* Pools of slots that processes map and hand around: their commands. */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/hrtimer.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "args.h"
#include "limits.h"
#include "map.h"
#include "slots.h"

/* As many as fit in what a user may have, with what belongs to each. */
#define SLOT_OVERHEAD	(sizeof(struct pool_slot) + sizeof(u32))

static int get_async(struct pool_handle *handle, const struct process *asker,
		     const ktime_t *deadline, u32 *slot)
{
	struct dev_handle *base = &handle->handle;
	int err = handle_request_begin(base, asker);

	if (err)
		return err;
	handle->request = (struct pool_waiter){
		.handle = handle, .process = asker, .async = true,
	};
	if (!slots_take(pool_of(handle), &handle->request, true)) {
		handle_request_queued(base, deadline);
		return -EINPROGRESS;
	}
	*slot = handle->request.slot;
	handle_request_end(base);
	return 0;
}

/* 0, or why there is nothing to wait for. */
static int slot_must_stop(const struct handle_call *call, const ktime_t *deadline)
{
	if (signal_pending(current))
		return -EINTR;
	if (READ_ONCE(call->stop))
		return -ECANCELED;
	return deadline && ktime_compare(ktime_get(), *deadline) >= 0 ? -ETIMEDOUT : 0;
}

static void slot_sleep(const ktime_t *deadline)
{
	ktime_t until;

	if (!deadline) {
		schedule();
		return;
	}
	until = *deadline;
	schedule_hrtimeout(&until, HRTIMER_MODE_ABS);
}

static int wait_for_slot(struct dev_handle *base, const struct pool_waiter *waiter,
			 const struct handle_call *call, const ktime_t *deadline)
{
	DEFINE_WAIT(entry);
	int err = 0;

	for (;;) {
		prepare_to_wait(&base->wait, &entry, TASK_INTERRUPTIBLE);
		if (READ_ONCE(waiter->slot) != SLOT_NONE)
			break;
		err = slot_must_stop(call, deadline);
		if (err)
			break;
		slot_sleep(deadline);
	}
	finish_wait(&base->wait, &entry);
	return err;
}

static int get_blocking(struct pool_handle *handle, const struct process *asker, u32 flags,
			const ktime_t *deadline, u32 *slot)
{
	struct pool_waiter waiter = { .handle = handle, .process = asker };
	struct pool_object *pool = pool_of(handle);
	struct dev_handle *base = &handle->handle;
	struct handle_call call;
	int err = 0;

	if (flags & QUARTET_TRY) {
		err = slots_take(pool, &waiter, false) ? 0 : -EAGAIN;
		*slot = waiter.slot;
		return err;
	}
	handle_call_begin(base, &call);
	if (!slots_take(pool, &waiter, true)) {
		err = wait_for_slot(base, &waiter, &call, deadline);
		/* One that crosses the wish to leave is kept. */
		if (!slots_leave(pool, &waiter))
			err = 0;
	}
	handle_call_end(base, &call);
	*slot = waiter.slot;
	return err;
}

static long get_ioctl(struct pool_handle *handle, void __user *argp)
{
	const struct process *asker;
	struct quartet_pool_get args;
	struct args_deadline deadline;
	int err = args_in(&args, sizeof(args), argp, ARGS_WAIT);

	if (!err)
		err = args_wait(args.flags, args.deadline_ns, args.clock, &deadline);
	if (err)
		return err;
	asker = handle_asker(&handle->handle, args.flags);
	if (IS_ERR(asker))
		return PTR_ERR(asker);
	if (args.flags & QUARTET_ASYNC)
		err = get_async(handle, asker, args_until(&deadline), &args.slot);
	else
		err = get_blocking(handle, asker, args.flags, args_until(&deadline), &args.slot);
	if (err)
		return err;
	err = args_out(argp, &args, sizeof(args));
	/* The caller does not know that it has it. */
	if (err)
		slots_put(handle, args.slot);
	return err;
}

static int give_to_file(struct pool_handle *handle, struct file *file, u32 slot)
{
	struct dev_handle *to = handle_of(file);

	if (!to || to == &handle->handle || to->object != handle->handle.object)
		return -EINVAL;
	return slots_give(handle, pool_handle(to), slot);
}

static long put_ioctl(struct pool_handle *handle, unsigned int cmd, void __user *argp)
{
	struct quartet_pool_put args;
	struct file *file;
	int err = args_in(&args, sizeof(args), argp, 0);

	if (err)
		return err;
	if (cmd == QUARTET_POOL_PUT)
		return args.fd ? -EINVAL : slots_put(handle, args.slot);
	file = fget(args.fd);
	if (!file)
		return -EBADF;
	err = give_to_file(handle, file, args.slot);
	fput(file);
	return err;
}

static long state_ioctl(struct pool_handle *handle, void __user *argp)
{
	struct pool_object *pool = pool_of(handle);
	struct quartet_pool_info args;
	int err = args_in(&args, sizeof(args), argp, 0);

	if (err)
		return err;
	if (args.reserved)
		return -EINVAL;
	args.slots = pool->slots;
	args.slot_size = pool->slot_size;
	args.stride = pool->stride;
	spin_lock(&pool->lock);
	args.free = pool->slots - pool->out;
	args.mine = handle->owned;
	spin_unlock(&pool->lock);
	args.waiters = atomic_read(&pool->object.waiters);
	args.handles = atomic_read(&pool->object.handles);
	args.map_len = PAGE_ALIGN(pool->stride * pool->slots);
	return args_out(argp, &args, sizeof(args));
}

static long pool_ioctl(struct dev_handle *base, unsigned int cmd, void __user *argp)
{
	struct pool_handle *handle = pool_handle(base);

	switch (cmd) {
	case QUARTET_POOL_GET:
		return get_ioctl(handle, argp);
	case QUARTET_POOL_PUT:
	case QUARTET_POOL_GIVE:
		return put_ioctl(handle, cmd, argp);
	case QUARTET_POOL_STATE:
		return state_ioctl(handle, argp);
	default:
		return -ENOTTY;
	}
}

static bool pool_withdraw(struct dev_handle *base)
{
	struct pool_handle *handle = pool_handle(base);

	return slots_leave(pool_of(handle), &handle->request);
}

static void pool_die(struct dev_handle *base, const struct process *process)
{
	slots_die(pool_handle(base), process);
}

static bool pool_given(struct dev_handle *base, struct quartet_event *event)
{
	u32 slot;

	if (!slots_given(pool_handle(base), &slot))
		return false;
	*event = (struct quartet_event){ .what = QUARTET_EVENT_GIVEN, .token = slot };
	return true;
}

static void pool_accept(struct dev_handle *base, const struct quartet_event *event,
			const struct process *process)
{
	slots_accept(pool_handle(base), event->token, process);
}

static void pool_handle_init(struct dev_handle *base)
{
	INIT_LIST_HEAD(&pool_handle(base)->inbox);
}

static int pool_check(const struct quartet_create *args, u64 *bytes)
{
	u64 each = (u64)ALIGN(args->slot_size, sizeof(u64)) + SLOT_OVERHEAD;

	if (args->flags || !args->slots || args->slots > limits_slots() || !args->slot_size ||
	    args->slot_size > limits_slot_max())
		return -EINVAL;
	return check_mul_overflow(each, (u64)args->slots, bytes) ? -EINVAL : 0;
}

static int create_slots(struct pool_object *pool)
{
	u32 n;

	pool->slot = kvcalloc(pool->slots, sizeof(*pool->slot), LIMITS_GFP);
	if (!pool->slot)
		return -ENOMEM;
	for (n = 0; n < pool->slots; n++)
		INIT_LIST_HEAD(&pool->slot[n].inbox);
	return 0;
}

static int create_pool(struct pool_object *pool, u64 id)
{
	char name[QUARTET_NAME_LEN + 1];
	struct quartet_pool_params params = {
		.name = name,
		.size = pool->slot_size,
		.align = sizeof(u64),
		.bounded = pool->slots,
		.gfp = LIMITS_GFP,
	};
	int err = create_slots(pool);

	if (err)
		return err;
	snprintf(name, sizeof(name), "device-%llu", id);
	err = quartet_pool_init(&pool->pool, &params);
	if (err) {
		kvfree(pool->slot);
		return err;
	}
	pool->memory = quartet_pool_slots(&pool->pool, &pool->stride);
	return 0;
}

static struct dev_object *pool_create(const struct quartet_create *args, u64 id)
{
	struct pool_object *pool = kzalloc(sizeof(*pool), LIMITS_GFP);
	int err;

	if (!pool)
		return ERR_PTR(-ENOMEM);
	pool->slots = args->slots;
	pool->slot_size = args->slot_size;
	spin_lock_init(&pool->lock);
	INIT_LIST_HEAD(&pool->waiters);
	err = create_pool(pool, id);
	if (err) {
		kfree(pool);
		return ERR_PTR(err);
	}
	return &pool->object;
}

/* Nobody has a slot: each handle that dies gives them back. */
static void pool_object_destroy(struct dev_object *object)
{
	struct pool_object *pool = container_of(object, struct pool_object, object);

	quartet_pool_destroy(&pool->pool);
	kvfree(pool->slot);
	kfree(pool);
}

static int pool_mmap(struct dev_object *object, struct vm_area_struct *vma)
{
	struct pool_object *pool = container_of(object, struct pool_object, object);

	return map_slots(object, pool->memory, pool->stride * pool->slots, vma);
}

const struct object_kind pool_object_kind = {
	.number = QUARTET_KIND_POOL,
	.name = "pool",
	.event = QUARTET_EVENT_SLOT,
	.handle_size = sizeof(struct pool_handle),
	.init = pool_handle_init,
	.check = pool_check,
	.create = pool_create,
	.destroy = pool_object_destroy,
	.ioctl = pool_ioctl,
	.withdraw = pool_withdraw,
	.die = pool_die,
	.given = pool_given,
	.accept = pool_accept,
	.mmap = pool_mmap,
};
