// SPDX-License-Identifier: GPL-2.0-only
/* The function, the tables and the threads of the memo cases. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "memo.h"

struct memo_plan memo_plan;
enum quartet_memo_engine memo_engine;

static int get_nested(struct memo_plan *plan, struct quartet_memo_call *call)
{
	struct quartet_memo_how how = { .call = call };
	ssize_t ret;

	if (!plan->nested)
		return 0;
	ret = memo_get(plan->nested, plan->nested_key, &how);
	return ret < 0 ? ret : 0;
}

static int hold(struct memo_plan *plan)
{
	if (!plan->held)
		return 0;
	complete(&plan->started);
	return wait_for_completion_interruptible(&plan->go);
}

/* With the mutex, if there is one. */
static int go_on(struct memo_plan *plan, struct quartet_memo_call *call)
{
	int err;

	if (!plan->mutex)
		return get_nested(plan, call);
	err = quartet_mutex_lock_interruptible(plan->mutex);
	if (err)
		return err;
	err = get_nested(plan, call);
	quartet_mutex_unlock(plan->mutex);
	return err;
}

/* Echoes the key, unless its plan says otherwise. */
int memo_function(struct quartet_memo_call *call, const void *key, size_t key_len, void *data)
{
	struct memo_plan *plan = data;
	size_t len = plan->len ?: key_len;
	void *room;
	int err;

	atomic_inc(&plan->calls);
	err = hold(plan);
	if (err)
		return err;
	if (atomic_dec_if_positive(&plan->interrupted) >= 0)
		return -EINTR;
	err = go_on(plan, call) ?: plan->err;
	if (err)
		return err;
	room = quartet_memo_room(call, len);
	if (IS_ERR(room))
		return PTR_ERR(room);
	memset(room, 'x', len);
	memcpy(room, key, min(len, key_len));
	return 0;
}

u32 memo_calls(void)
{
	return atomic_read(&memo_plan.calls);
}

void memo_plan_reset(struct memo_plan *plan)
{
	memset(plan, 0, sizeof(*plan));
	init_completion(&plan->started);
	init_completion(&plan->go);
}

/* Kept for ever, values and errors. */
struct quartet_memo_params memo_params(void)
{
	return (struct quartet_memo_params){
		.name = "kapi", .engine = memo_engine, .func = memo_function, .data = &memo_plan,
		.key_max = MEMO_KEY_MAX, .value_max = MEMO_VALUE_MAX, .capacity = 1000,
		.bytes = SIZE_MAX, .ttl = QUARTET_MEMO_FOR_EVER, .err_ttl = QUARTET_MEMO_FOR_EVER,
	};
}

struct quartet_memo_params memo_external(void)
{
	struct quartet_memo_params params = memo_params();

	params.func = NULL;
	return params;
}

const char *memo_each_engine(const char *(*run)(void))
{
	static const char *const names[] = { "rcu", "lock", "monitor" };
	const char *wrong = NULL;
	int i;

	for (i = 0; i < QUARTET_MEMO_ENGINES && !wrong; i++) {
		memo_engine = i;
		memo_plan_reset(&memo_plan);
		wrong = run();
		if (wrong)
			pr_info("kapi: in the engine %s\n", names[i]);
	}
	memo_engine = QUARTET_MEMO_RCU;
	return wrong;
}

ssize_t memo_get(struct quartet_memo *memo, const char *key, struct quartet_memo_how *how)
{
	char value[MEMO_VALUE_MAX];

	return quartet_memo_get(memo, key, strlen(key), value, sizeof(value), how);
}

/* The echo of the key, and from there? */
bool memo_gives(struct quartet_memo *memo, const char *key, enum quartet_memo_what what)
{
	struct quartet_memo_how how = { };
	char value[MEMO_VALUE_MAX];
	ssize_t ret = quartet_memo_get(memo, key, strlen(key), value, sizeof(value), &how);

	return ret == strlen(key) && !memcmp(value, key, ret) && how.what == what &&
	       how.len == ret;
}

struct quartet_memo_state memo_state(struct quartet_memo *memo)
{
	struct quartet_memo_state state;

	quartet_memo_read(memo, &state);
	return state;
}

/* At rest. */
bool memo_is_exact(struct quartet_memo *memo, u64 entries)
{
	struct quartet_memo_state state = memo_state(memo);

	return state.entries == entries && state.bytes == quartet_memo_count_bytes(memo) &&
	       !state.waiting && !entries == !state.bytes;
}

static int asker_thread(void *data)
{
	struct memo_asker *asker = data;

	allow_signal(SIGINT);
	if (asker->mutex)
		quartet_mutex_lock(asker->mutex);
	asker->ret = quartet_memo_get(asker->memo, asker->key, strlen(asker->key), asker->value,
				      sizeof(asker->value), &asker->how);
	if (asker->mutex)
		quartet_mutex_unlock(asker->mutex);
	complete(&asker->done);
	return 0;
}

void memo_start(struct memo_asker *asker, int (*thread)(void *asker))
{
	init_completion(&asker->done);
	asker->task = kthread_create(thread, asker, "kapi_memo");
	get_task_struct(asker->task);
	wake_up_process(asker->task);
}

/* The rest of @asker is set by the caller before, or zero. */
void memo_ask(struct memo_asker *asker, struct quartet_memo *memo, const char *key,
	      const struct quartet_memo_how *how)
{
	asker->memo = memo;
	asker->key = key;
	asker->how = how ? *how : (struct quartet_memo_how){ };
	memo_start(asker, asker_thread);
}

void memo_wait_for(struct quartet_memo *memo, u64 waiting)
{
	while (memo_state(memo).waiting != waiting)
		usleep_range(200, 500);
}

/* Waits for its end. */
ssize_t memo_answer(struct memo_asker *asker)
{
	wait_for_completion(&asker->done);
	while (!READ_ONCE(asker->task->exit_state))
		usleep_range(200, 500);
	put_task_struct(asker->task);
	return asker->ret;
}
