// SPDX-License-Identifier: GPL-2.0-only
/* Memo tables that processes share: their commands. */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "args.h"
#include "limits.h"
#include "memo.h"

static int get(struct memo_handle *handle, struct quartet_memo_get *args, const ktime_t *deadline)
{
	const struct process *asker;
	void *key;
	int err;

	if (!args->key_len || args->key_len > memo_of(handle)->params.key_max)
		return -EINVAL;
	asker = handle_asker(&handle->handle, args->flags);
	if (IS_ERR(asker))
		return PTR_ERR(asker);
	key = memdup_user(u64_to_user_ptr(args->key), args->key_len);
	if (IS_ERR(key))
		return PTR_ERR(key);
	if (args->flags & QUARTET_ASYNC)
		err = memo_get_async(handle, asker, args, key, deadline);
	else
		err = memo_get_blocking(handle, asker, args, key, deadline);
	kfree(key);
	return err;
}

static void clear_outputs(struct quartet_memo_get *args)
{
	args->value_len = 0;
	args->what = QUARTET_ANSWER_NONE;
	args->error = 0;
	args->attempt = 0;
	args->token = 0;
}

static long get_ioctl(struct memo_handle *handle, void __user *argp)
{
	struct quartet_memo_get args;
	struct args_deadline deadline;
	int told, err = args_in(&args, sizeof(args), argp,
				ARGS_WAIT | QUARTET_NO_LEAD | QUARTET_STALE);

	if (!err)
		err = args_wait(args.flags, args.deadline_ns, args.clock, &deadline);
	if (err)
		return err;
	if (args.reserved)
		return -EINVAL;
	clear_outputs(&args);
	err = get(handle, &args, args_until(&deadline));
	if (err && err != -ENOBUFS)
		return err;
	told = args_out(argp, &args, sizeof(args));
	if (told && args.what == QUARTET_ANSWER_LEAD)
		leads_abandon(handle, args.token);
	return told ?: err;
}

static void *copy_value(u64 from, size_t len)
{
	void *value = kvmalloc(len, LIMITS_GFP);

	if (!value)
		return ERR_PTR(-ENOMEM);
	if (copy_from_user(value, u64_to_user_ptr(from), len)) {
		kvfree(value);
		return ERR_PTR(-EFAULT);
	}
	return value;
}

/* Without memory for the value that is the result, as it is where the table has none. */
static int fulfil_nothing(struct memo_handle *handle, u64 token)
{
	return leads_fulfil(handle, token, NULL, 0, -ENOMEM) ?: -ENOMEM;
}

static long fulfil_ioctl(struct memo_handle *handle, void __user *argp)
{
	struct quartet_memo_fulfil args;
	void *value = NULL;
	int err = args_in(&args, sizeof(args), argp, 0);

	if (err)
		return err;
	if (args.error > 0 || args.error < -QUARTET_MEMO_MAX_ERROR ||
	    (args.error && (args.value || args.value_len)))
		return -EINVAL;
	/* What is too long is not looked at. */
	if (args.value_len && args.value_len <= memo_of(handle)->params.value_max) {
		value = copy_value(args.value, args.value_len);
		if (value == ERR_PTR(-ENOMEM))
			return fulfil_nothing(handle, args.token);
		if (IS_ERR(value))
			return PTR_ERR(value);
	}
	err = leads_fulfil(handle, args.token, value, args.value_len, args.error);
	kvfree(value);
	return err;
}

static long abandon_ioctl(struct memo_handle *handle, void __user *argp)
{
	struct quartet_grant args;
	int err = args_in(&args, sizeof(args), argp, 0);

	return err ?: leads_abandon(handle, args.token);
}

static long forget_ioctl(struct memo_handle *handle, void __user *argp)
{
	struct memo_object *memo = memo_of(handle);
	struct quartet_memo_forget args;
	int err = args_in(&args, sizeof(args), argp, 0);
	void *key;

	if (err)
		return err;
	if (args.reserved || !args.key_len || args.key_len > memo->params.key_max)
		return -EINVAL;
	key = memdup_user(u64_to_user_ptr(args.key), args.key_len);
	if (IS_ERR(key))
		return PTR_ERR(key);
	err = quartet_memo_forget(&memo->memo, key, args.key_len);
	kfree(key);
	return err;
}

static long clear_ioctl(struct memo_handle *handle, void __user *argp)
{
	struct quartet_memo_clear args;
	int err = args_in(&args, sizeof(args), argp, 0);

	if (err)
		return err;
	args.cleared = quartet_memo_clear(&memo_of(handle)->memo);
	return args_out(argp, &args, sizeof(args));
}

static long state_ioctl(struct memo_handle *handle, void __user *argp)
{
	struct memo_object *memo = memo_of(handle);
	struct quartet_memo_state state;
	struct quartet_memo_info args;
	int err = args_in(&args, sizeof(args), argp, 0);

	if (err)
		return err;
	quartet_memo_read(&memo->memo, &state);
	args.entries = state.entries;
	args.bytes = state.bytes;
	args.capacity = memo->params.capacity;
	args.bytes_max = memo->params.bytes;
	args.hits = state.stats.hits;
	args.misses = state.stats.misses;
	args.joined = state.stats.joined;
	args.computations = state.stats.computations;
	args.promotions = state.stats.promotions;
	args.evictions = state.stats.evictions;
	args.leads = READ_ONCE(handle->nleads);
	args.waiters = state.waiting;
	args.handles = atomic_read(&memo->object.handles);
	args.key_max = memo->params.key_max;
	args.value_max = memo->params.value_max;
	args.engine = memo->params.engine;
	return args_out(argp, &args, sizeof(args));
}

static long memo_ioctl(struct dev_handle *base, unsigned int cmd, void __user *argp)
{
	struct memo_handle *handle = memo_handle(base);

	switch (cmd) {
	case QUARTET_MEMO_GET:
		return get_ioctl(handle, argp);
	case QUARTET_MEMO_FULFIL:
		return fulfil_ioctl(handle, argp);
	case QUARTET_MEMO_ABANDON:
		return abandon_ioctl(handle, argp);
	case QUARTET_MEMO_FORGET:
		return forget_ioctl(handle, argp);
	case QUARTET_MEMO_CLEAR:
		return clear_ioctl(handle, argp);
	case QUARTET_MEMO_STATE:
		return state_ioctl(handle, argp);
	default:
		return -ENOTTY;
	}
}

static bool memo_withdraw(struct dev_handle *base)
{
	struct memo_handle *handle = memo_handle(base);

	return quartet_memo_cancel(&memo_of(handle)->memo, &handle->waiter);
}

static void memo_die(struct dev_handle *base, const struct process *process)
{
	struct memo_handle *handle = memo_handle(base);

	leads_die(handle, process);
	if (!process)
		kfree(handle->spare);
}

static void memo_handle_init(struct dev_handle *base)
{
	INIT_LIST_HEAD(&memo_handle(base)->leads);
}

static int memo_check(const struct quartet_create *args, u64 *bytes)
{
	if (args->engine > QUARTET_ENGINE_MONITOR || args->refresh_percent > 99 ||
	    !args->key_max || args->key_max > limits_key_max() ||
	    args->value_max > limits_value_max() || !args->capacity || !args->bytes ||
	    args->capacity > ULONG_MAX || !args->func != !args->func_len)
		return -EINVAL;
	*bytes = args->bytes;
	return 0;
}

static enum quartet_memo_engine engine_of(u32 engine)
{
	switch (engine) {
	case QUARTET_ENGINE_LOCK:
		return QUARTET_MEMO_LOCK;
	case QUARTET_ENGINE_MONITOR:
		return QUARTET_MEMO_MONITOR;
	default:
		return QUARTET_MEMO_RCU;
	}
}

static int create_memo(struct memo_object *memo, const struct quartet_create *args, u64 id)
{
	char name[QUARTET_NAME_LEN + 1], func[QUARTET_NAME_LEN + 1];
	int err;

	snprintf(name, sizeof(name), "device-%llu", id);
	memo->params = (struct quartet_memo_params){
		.name = name,
		.engine = engine_of(args->engine),
		.flags = args->flags & QUARTET_NO_DETECT ? QUARTET_MEMO_NO_DETECT : 0,
		.key_max = args->key_max,
		.value_max = args->value_max,
		.capacity = args->capacity,
		.bytes = args->bytes,
		.ttl = args->ttl_ns,
		.err_ttl = args->err_ttl_ns,
		.refresh_percent = args->refresh_percent,
		.gfp = LIMITS_GFP,
	};
	if (args->func) {
		err = args_name(func, args->func, args->func_len);
		if (err)
			return err;
		memo->params.func_name = func;
	}
	err = quartet_memo_init(&memo->memo, &memo->params);
	memo->has_function = memo->params.func_name;
	memo->params.name = NULL;
	memo->params.func_name = NULL;
	return err;
}

static struct dev_object *memo_create(const struct quartet_create *args, u64 id)
{
	struct memo_object *memo = kzalloc(sizeof(*memo), LIMITS_GFP);
	int err;

	if (!memo)
		return ERR_PTR(-ENOMEM);
	err = create_memo(memo, args, id);
	if (err) {
		kfree(memo);
		return ERR_PTR(err);
	}
	return &memo->object;
}

static void memo_object_destroy(struct dev_object *object)
{
	struct memo_object *memo = container_of(object, struct memo_object, object);

	quartet_memo_destroy(&memo->memo);
	kfree(memo);
}

const struct object_kind memo_object_kind = {
	.number = QUARTET_KIND_MEMO,
	.name = "memo",
	.event = QUARTET_EVENT_MEMO,
	.handle_size = sizeof(struct memo_handle),
	.init = memo_handle_init,
	.check = memo_check,
	.create = memo_create,
	.destroy = memo_object_destroy,
	.ioctl = memo_ioctl,
	.withdraw = memo_withdraw,
	.die = memo_die,
};
