// SPDX-License-Identifier: GPL-2.0-only
/* The memo: each key is computed once at a time, by each engine, and who computes may fail. */
#include <linux/rhashtable.h>

#include <quartet/mutex.h>

#include "cases.h"
#include "memo_case.h"

#define KEY	1

static void start_with(struct quartet_memo_params params)
{
	params.func = params.func ?: memo_case_compute;
	memo_case_start(params);
}

static void start_rcu(void)
{
	start_with((struct quartet_memo_params){ .engine = QUARTET_MEMO_RCU });
}

static void start_lock(void)
{
	start_with((struct quartet_memo_params){ .engine = QUARTET_MEMO_LOCK });
}

/* Without the wait graph, which is no different there. */
static void start_monitor(void)
{
	sim_want_kthread(2);
	start_with((struct quartet_memo_params){
		.engine = QUARTET_MEMO_MONITOR, .flags = QUARTET_MEMO_NO_DETECT,
	});
}

static void get_first(void)
{
	int number = memo_case_get(KEY, NULL);

	if (number != 1)
		sim_fail("assertion: the first value expected, not %d", number);
}

static void get_first_twice(void)
{
	get_first();
	get_first();
}

const struct sim_case memo_rcu = {
	.name = "memo-rcu",
	.what = "three want one key, which is computed once",
	.start = start_rcu,
	.threads = { get_first, get_first, get_first },
	.end = memo_case_end,
};

const struct sim_case memo_lock = {
	.name = "memo-lock",
	.what = "the same, of a table under a mutex",
	.start = start_lock,
	.threads = { get_first, get_first, get_first },
	.end = memo_case_end,
};

const struct sim_case memo_stores = {
	.name = "memo-stores",
	.what = "one computes and another hits, with stores that are delayed",
	.delays = 1,
	.start = start_rcu,
	.threads = { get_first, get_first_twice },
	.end = memo_case_end,
};

#define PATIENCE	20	/* as the engine has it */

static void start_busy(void)
{
	start_rcu();
	sim_rht_refuse(-EBUSY, PATIENCE);
}

const struct sim_case memo_busy = {
	.name = "memo-busy",
	.explored_only = true,
	.what = "who may not insert while the table is resized tries again",
	.start = start_busy,
	.threads = { get_first },
	.end = memo_case_end,
};

static void start_busy_for_long(void)
{
	start_rcu();
	sim_rht_refuse(-EBUSY, 10 * PATIENCE);
}

/* Not for ever: the one who asks is told, and the next one may try. */
static void get_nothing(void)
{
	int number = memo_case_get(KEY, NULL);
	unsigned int left;

	if (number != -ENOMEM)
		sim_fail("assertion: no memory, and not %d", number);
	left = sim_rht_refuse(0, 0);
	if (left != 9 * PATIENCE - 1)
		sim_fail("assertion: %u tries are left", left);
	get_first();
}

const struct sim_case memo_busy_for_long = {
	.name = "memo-busy-for-long",
	.explored_only = true,
	.what = "who may not insert for long is told that there is no memory",
	.start = start_busy_for_long,
	.threads = { get_nothing },
	.end = memo_case_end,
};

static void get_first_and_end(void)
{
	get_first();
	memo_case_last(2);
}

/* Computes, too, if it comes first. */
static void get_at_once_and_end(void)
{
	struct quartet_memo_how how = { .flags = QUARTET_MEMO_NOWAIT };
	int number = memo_case_get(KEY, &how);

	if (number != -EAGAIN && number != 1)
		sim_fail("assertion: -EAGAIN or the first value expected, not %d", number);
	memo_case_last(2);
}

const struct sim_case memo_monitor = {
	.name = "memo-monitor",
	.what = "two ask a thread that owns the table, and end it",
	.start = start_monitor,
	.threads = { get_first_and_end, get_at_once_and_end, sim_kthread },
	.end = memo_case_end,
};

static void start_monitor_of_one(void)
{
	sim_want_kthread(1);
	start_with((struct quartet_memo_params){
		.engine = QUARTET_MEMO_MONITOR, .flags = QUARTET_MEMO_NO_DETECT,
	});
}

static void ask_and_end(void)
{
	u8 key = KEY;

	if (quartet_memo_forget(&memo_case.memo, &key, sizeof(key)) != -ENOENT)
		sim_fail("assertion: what nobody has computed is forgotten");
	memo_case_last(1);
}

const struct sim_case memo_monitor_stores = {
	.name = "memo-monitor-stores",
	.what = "one asks a thread that owns the table, with stores that are delayed",
	.delays = 1,
	.start = start_monitor_of_one,
	.threads = { ask_and_end, sim_kthread },
	.end = memo_case_end,
};

static void start_busted_rcu(void)
{
	start_with((struct quartet_memo_params){
		.engine = QUARTET_MEMO_RCU, .flags = QUARTET_MEMO_BUSTED,
	});
}

static void start_busted_lock(void)
{
	start_with((struct quartet_memo_params){
		.engine = QUARTET_MEMO_LOCK, .flags = QUARTET_MEMO_BUSTED,
	});
}

static void start_busted_monitor(void)
{
	sim_want_kthread(2);
	start_with((struct quartet_memo_params){
		.engine = QUARTET_MEMO_MONITOR, .flags = QUARTET_MEMO_BUSTED,
	});
}

static void get_any(void)
{
	memo_case_get(KEY, NULL);
}

static void get_any_and_end(void)
{
	get_any();
	memo_case_last(2);
}

const struct sim_case broken_memo_rcu = {
	.name = "broken-memo-rcu",
	.what = "a table that inserts without another look computes twice",
	.fails = "exclusion: ",
	.start = start_busted_rcu,
	.threads = { get_any, get_any },
	.end = memo_case_end,
};

const struct sim_case broken_memo_lock = {
	.name = "broken-memo-lock",
	.what = "the same under a mutex",
	.fails = "exclusion: ",
	.start = start_busted_lock,
	.threads = { get_any, get_any },
	.end = memo_case_end,
};

const struct sim_case broken_memo_monitor = {
	.name = "broken-memo-monitor",
	.what = "the same of a thread that owns the table",
	.fails = "exclusion: ",
	.start = start_busted_monitor,
	.threads = { get_any_and_end, get_any_and_end, sim_kthread },
	.end = memo_case_end,
};

/* Interrupted the first time. */
static int compute_after_signal(struct quartet_memo_call *call, const void *key, size_t key_len,
				void *data)
{
	u32 number = quartet_memo_attempt(call);

	return number == 1 ? -EINTR : memo_case_compute(call, key, key_len, data);
}

static void start_interrupted(void)
{
	start_with((struct quartet_memo_params){ .func = compute_after_signal });
}

/* The interrupted one says so; a second attempt is only of who has waited. */
static void get_or_be_interrupted(void)
{
	int number = memo_case_get(KEY, NULL);

	if (number != -EINTR && number != 1)
		sim_fail("assertion: -EINTR or the first value expected, not %d", number);
}

const struct sim_case memo_interrupted = {
	.name = "memo-interrupted",
	.what = "a function that a signal ends makes a waiter compute",
	.start = start_interrupted,
	.threads = { get_or_be_interrupted, get_or_be_interrupted, get_or_be_interrupted },
	.end = memo_case_end,
};

static int fail_to_compute(struct quartet_memo_call *call, const void *key, size_t key_len,
			   void *data)
{
	if (!memo_case_compute(call, key, key_len, data))
		return -EIO;
	return 0;
}

static void start_failing(void)
{
	start_with((struct quartet_memo_params){
		.func = fail_to_compute, .err_ttl = QUARTET_MEMO_FOR_EVER,
	});
}

static void get_error(void)
{
	struct quartet_memo_how how = { };
	int err = memo_case_get(KEY, &how);

	if (err != -EIO || how.what == QUARTET_MEMO_NOTHING)
		sim_fail("assertion: the function's error expected, not %d", err);
	if (atomic_read(&memo_case.numbers) != 1)
		sim_fail("assertion: an error that is kept is computed again");
}

const struct sim_case memo_error = {
	.name = "memo-error",
	.what = "an error is for all who wait, and is kept",
	.start = start_failing,
	.threads = { get_error, get_error, get_error },
	.end = memo_case_end,
};

static struct quartet_mutex mutex;
static atomic_t refused;

/* Each of two keys needs the other; who is told that this cannot be computes by itself. */
static int compute_from_other(struct quartet_memo_call *call, const void *key, size_t key_len,
			      void *data)
{
	struct quartet_memo_how how = { .call = call };
	int number = memo_case_get(3 - *(const u8 *)key, &how);

	if (number == -EDEADLK)
		atomic_inc(&refused);
	return memo_case_compute(call, key, key_len, data);
}

static void start_cycle(void)
{
	start_with((struct quartet_memo_params){ .func = compute_from_other });
	memo_case.alone = false;
	atomic_set(&refused, 0);
}

static void get_one(void)
{
	if (memo_case_get(1, NULL) < 0)
		sim_fail("assertion: the value of one key expected");
}

static void get_other(void)
{
	if (memo_case_get(2, NULL) < 0)
		sim_fail("assertion: the value of the other key expected");
}

static void end_cycle(void)
{
	/* One who closes the cycle, be it by himself. */
	if (atomic_read(&refused) != 1)
		sim_fail("assertion: %d were refused, not one", atomic_read(&refused));
	memo_case_end();
}

const struct sim_case memo_deadlock = {
	.name = "memo-deadlock",
	.what = "two computations need each other: one of them is told",
	.start = start_cycle,
	.threads = { get_one, get_other },
	.end = end_cycle,
};

static int compute_under_mutex(struct quartet_memo_call *call, const void *key, size_t key_len,
			       void *data)
{
	int err = quartet_mutex_lock_killable(&mutex);

	if (err == -EDEADLK)
		atomic_inc(&refused);
	if (!err)
		quartet_mutex_unlock(&mutex);
	return err ?: memo_case_compute(call, key, key_len, data);
}

static void start_mutex(void)
{
	start_with((struct quartet_memo_params){ .func = compute_under_mutex });
	quartet_mutex_init(&mutex, QUARTET_STARVE_DEFAULT);
	quartet_mutex_detect(&mutex);
	atomic_set(&refused, 0);
}

static void get_under_mutex(void)
{
	struct quartet_memo_how how = { };
	int err;

	quartet_mutex_lock(&mutex);
	err = memo_case_get(KEY, &how);
	if (err == -EDEADLK && how.what == QUARTET_MEMO_NOTHING)
		atomic_inc(&refused);
	quartet_mutex_unlock(&mutex);
}

static void end_mutex(void)
{
	if (atomic_read(&refused) > 1)
		sim_fail("assertion: both were refused, and one would have done");
	if (quartet_mutex_is_locked(&mutex))
		sim_fail("leak: the mutex is held at the end");
	memo_case_end();
}

const struct sim_case memo_deadlock_mutex = {
	.name = "memo-deadlock-mutex",
	.what = "a computation wants a mutex whose owner waits for the value",
	.start = start_mutex,
	.threads = { get_any, get_under_mutex },
	.end = end_mutex,
};
