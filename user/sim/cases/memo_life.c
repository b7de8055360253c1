// SPDX-License-Identifier: GPL-2.0-only
/* The life of an entry: leaders that die, waiters that leave, and ends of all kinds. */
#include <linux/err.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable.h>
#include <quartet/mutex.h>

#include "cases.h"
#include "memo_case.h"
#include "tasks.h"

#define KEY	1
#define TTL	(1000 * MS)

static const u8 key = KEY;

/* Callers lead; somebody who is no thread does already. */
static void start_led(void)
{
	memo_case_start((struct quartet_memo_params){ .func = NULL });
	memo_case_lead(KEY);
}

/* Out of the wait graph, to have fewer steps. */
static void start_led_undetected(void)
{
	memo_case_start((struct quartet_memo_params){ .flags = QUARTET_MEMO_NO_DETECT });
	memo_case_lead(KEY);
}

static void lead_dies(void)
{
	quartet_memo_abandon_all(&memo_case.memo, memo_case.lead.owner);
}

static void lead_fulfils(void)
{
	memo_case_fulfil(&memo_case.lead);
}

/* There are no two leaders, so only one value. */
static void get_or_lead(void)
{
	struct quartet_memo_how how = { };
	int number = memo_case_get_or_fulfil(KEY, &how);

	if (number != 1)
		sim_fail("assertion: the first value expected, not %d", number);
}

const struct sim_case memo_promotion = {
	.name = "memo-promotion",
	.what = "a leader dies, and one of those who wait, or come, leads",
	.start = start_led,
	.threads = { get_or_lead, get_or_lead, lead_dies },
	.end = memo_case_end,
};

/* By a signal or the time. */
static void get_or_leave(void)
{
	ktime_t deadline = ktime_add_ns(ktime_get(), MS);
	struct quartet_memo_how how = { .deadline = &deadline };
	int number = memo_case_get_or_fulfil(KEY, &how);

	if (number != 1 && number != -EINTR && number != -ETIMEDOUT)
		sim_fail("assertion: a value, or none in time, expected, not %d", number);
}

static void signal_first(void)
{
	sim_signal(sim_task(0), false);
}

static void time_passes(void)
{
	sim_clock_advance(2 * MS);
}

const struct sim_case memo_signal = {
	.name = "memo-signal",
	.what = "a signal meets a promotion",
	.start = start_led_undetected,
	.threads = { get_or_leave, get_or_lead, lead_dies, signal_first },
	.end = memo_case_end,
};

const struct sim_case memo_deadline = {
	.name = "memo-deadline",
	.what = "a deadline meets a promotion",
	.start = start_led_undetected,
	.threads = { get_or_leave, get_or_lead, lead_dies, time_passes },
	.end = memo_case_end,
};

const struct sim_case memo_signal_result = {
	.name = "memo-signal-result",
	.what = "a signal meets a result",
	.start = start_led,
	.threads = { get_or_leave, get_or_lead, lead_fulfils, signal_first },
	.end = memo_case_end,
};

/* The first value is there. */
static void start_old(void)
{
	memo_case_start((struct quartet_memo_params){ .func = memo_case_compute, .ttl = TTL });
	memo_case.alone = false;
	if (memo_case_get(KEY, NULL) != 1)
		sim_fail("assertion: no first value");
}

static void expect_new(const char *after)
{
	int number = memo_case_get(KEY, NULL);

	if (number <= 1)
		sim_fail("assertion: %d after a %s", number, after);
}

static void forget_and_get(void)
{
	quartet_memo_forget(&memo_case.memo, &key, sizeof(key));
	expect_new("forget");
}

static void clear_and_get(void)
{
	quartet_memo_clear(&memo_case.memo);
	expect_new("clear");
}

static void get_any(void)
{
	if (memo_case_get(KEY, NULL) < 0)
		sim_fail("assertion: a value expected");
}

static void evict(void)
{
	quartet_memo_evict(&memo_case.memo, 1);
	rcu_barrier();
}

const struct sim_case memo_forget = {
	.name = "memo-forget",
	.what = "what two forget, neither gets any more",
	.start = start_old,
	.threads = { forget_and_get, forget_and_get },
	.end = memo_case_end,
};

const struct sim_case memo_clear = {
	.name = "memo-clear",
	.what = "what is evicted and cleared, nobody gets any more",
	.start = start_old,
	.threads = { clear_and_get, evict, get_any },
	.end = memo_case_end,
};

#define OLD_NUMBER	U16_MAX

static void expect_not_old(void)
{
	struct quartet_memo_how how = { };
	int number = memo_case_get_or_fulfil(KEY, &how);

	if (number < 0 || number == OLD_NUMBER)
		sim_fail("assertion: a new value expected, not %d", number);
}

static void clear_and_lead(void)
{
	quartet_memo_clear(&memo_case.memo);
	expect_not_old();
}

static void forget_and_lead(void)
{
	quartet_memo_forget(&memo_case.memo, &key, sizeof(key));
	expect_not_old();
}

/* A lead of before the clear ends well, but its result is not kept. */
static void old_lead_fulfils(void)
{
	struct answer answer = { OLD_NUMBER, ~(u32)OLD_NUMBER };

	if (quartet_memo_fulfil(&memo_case.memo, &memo_case.lead, &answer, sizeof(answer)))
		sim_fail("assertion: a lead is not forgotten, its result is");
}

static void end_forgotten(void)
{
	struct quartet_memo_how how = { .flags = QUARTET_MEMO_PEEK };

	if (memo_case_get(KEY, &how) == OLD_NUMBER)
		sim_fail("assertion: a result that was forgotten is kept");
	memo_case_end();
}

const struct sim_case memo_clear_computing = {
	.name = "memo-clear-computing",
	.what = "a table is cleared while one computes",
	.start = start_led,
	.threads = { clear_and_lead, old_lead_fulfils },
	.end = end_forgotten,
};

const struct sim_case memo_forget_computing = {
	.name = "memo-forget-computing",
	.what = "a key is forgotten, twice, while one computes",
	.start = start_led,
	.threads = { forget_and_lead, forget_and_lead, old_lead_fulfils },
	.end = end_forgotten,
};

static void destroy(void)
{
	quartet_memo_destroy(&memo_case.memo);
}

static void get_until_end(void)
{
	struct quartet_memo_how how = { };
	int number = memo_case_get(KEY, &how);

	if (number != 1 && number != -ESHUTDOWN)
		sim_fail("assertion: a value or the end expected, not %d", number);
}

static void fulfil_until_end(void)
{
	int number = memo_case_fulfil(&memo_case.lead);

	if (number != 1 && number != -ESHUTDOWN)
		sim_fail("assertion: a result or the end expected, not %d", number);
}

const struct sim_case memo_destroy = {
	.name = "memo-destroy",
	.what = "a table ends while one computes and one waits",
	.start = start_led,
	.threads = { get_until_end, fulfil_until_end, destroy },
	.end = memo_case_end,
};

static void start_function(void)
{
	memo_case_start((struct quartet_memo_params){ .func = memo_case_compute });
}

const struct sim_case memo_destroy_function = {
	.name = "memo-destroy-function",
	.what = "a table ends while its function runs",
	.start = start_function,
	.threads = { get_until_end, get_until_end, destroy },
	.end = memo_case_end,
};

static void expire_and_get(void)
{
	sim_clock_advance(2 * TTL);
	expect_new("time");
}

static void sweep(void)
{
	quartet_memo_sweep(&memo_case.memo);
}

static void start_expiring(void)
{
	start_old();
	memo_case.alone = true;
}

const struct sim_case memo_expire = {
	.name = "memo-expire",
	.what = "a value expires, and is computed once more, or swept",
	.start = start_expiring,
	.threads = { expire_and_get, get_any, sweep },
	.end = memo_case_end,
};

/* Enough for a shard to have several. */
#define KEYS	5

static void start_several(void)
{
	u8 key;

	memo_case_start((struct quartet_memo_params){ .func = memo_case_compute });
	for (key = 0; key < KEYS; key++)
		memo_case_get(key, NULL);
}

static void clear_all(void)
{
	quartet_memo_clear(&memo_case.memo);
}

static void forget_each(void)
{
	u8 key;

	for (key = 0; key < KEYS; key++)
		quartet_memo_forget(&memo_case.memo, &key, sizeof(key));
}

const struct sim_case memo_broom = {
	.name = "memo-broom",
	.what = "entries go while the broom is among them",
	.start = start_several,
	.threads = { clear_all, forget_each },
	.end = memo_case_end,
};

static void hold(void)
{
	const struct quartet_memo_value *value = quartet_memo_get_ref(&memo_case.memo, &key,
								      sizeof(key), NULL);

	if (IS_ERR(value))
		sim_fail("assertion: a reference expected");
	sim_point();
	if (value->len != sizeof(struct answer) ||
	    memo_case_number((const struct answer *)value->data) < 1)
		sim_fail("assertion: a value of %zu bytes", value->len);
	quartet_memo_put_ref(value);
}

const struct sim_case memo_evict = {
	.name = "memo-evict",
	.what = "an entry goes while one hits and one has a reference",
	.start = start_old,
	.threads = { get_any, hold, evict },
	.end = memo_case_end,
};

/* In the last half of its time. */
static void start_refresh(void)
{
	memo_case_start((struct quartet_memo_params){
		.func = memo_case_compute, .ttl = TTL, .refresh_percent = 50,
	});
	if (memo_case_get(KEY, NULL) != 1)
		sim_fail("assertion: no first value");
	sim_clock_advance(TTL - TTL / 4);
}

/* Nobody waits, and nobody is told no. */
static void get_old_or_new(void)
{
	struct quartet_memo_how how = { .flags = QUARTET_MEMO_STALE };
	int number = memo_case_get(KEY, &how);

	if (number != (how.what == QUARTET_MEMO_COMPUTED ? 2 : how.what == QUARTET_MEMO_HIT ?
		       clamp(number, 1, 2) : 0))
		sim_fail("assertion: %d of kind %d during a refresh", number, how.what);
}

/* A value that somebody computes anew, and whose time goes by meanwhile. */
static void start_refreshed(void)
{
	memo_case_start((struct quartet_memo_params){ .ttl = TTL, .refresh_percent = 50 });
	memo_case_lead(KEY);
	if (memo_case_fulfil(&memo_case.lead) != 1)
		sim_fail("assertion: no first value");
	sim_clock_advance(TTL - TTL / 4);
	memo_case_lead(KEY);
}

static void expect_peek(int wanted, const char *when)
{
	struct quartet_memo_how how = { .flags = QUARTET_MEMO_PEEK };
	int number = memo_case_get(KEY, &how);

	if (number != wanted)
		sim_fail("assertion: %s: %d, not %d", when, number, wanted);
}

static void outlive_value(void)
{
	expect_peek(1, "in its time");
	sim_clock_advance(TTL);
	expect_peek(-EAGAIN, "after its time");
	if (memo_case_fulfil(&memo_case.lead) != 2)
		sim_fail("assertion: no second value");
	expect_peek(2, "computed anew");
}

const struct sim_case memo_refresh_late = {
	.name = "memo-refresh-late",
	.what = "a value ends before the one that is to follow is there",
	.start = start_refreshed,
	.threads = { outlive_value },
	.end = memo_case_end,
};

static void expect_refusal(int err)
{
	int number;

	sim_rht_refuse(err, U32_MAX);
	number = memo_case_get(KEY, NULL);
	sim_rht_refuse(0, 0);
	if (number != -ENOMEM)
		sim_fail("assertion: -ENOMEM expected for %d, not %d", err, number);
}

static void get_in_vain(void)
{
	expect_refusal(-EBUSY);
	expect_refusal(-E2BIG);
	expect_refusal(-ENOMEM);
	if (memo_case_get(KEY, NULL) != 1)
		sim_fail("assertion: a value expected, when there is room again");
}

const struct sim_case memo_no_room = {
	.name = "memo-no-room",
	.what = "a table that cannot grow has no memory, whatever it says",
	.start = start_function,
	.threads = { get_in_vain },
	.end = memo_case_end,
};

const struct sim_case memo_refresh = {
	.name = "memo-refresh",
	.what = "one computes anew, others still get the old value",
	.start = start_refresh,
	.threads = { get_old_or_new, get_old_or_new, get_old_or_new },
	.end = memo_case_end,
};

static struct quartet_memo_waiter waiter;
static struct quartet_memo_how collected;
static int called, result;

/* As soon as it may: from then on the waiter's reference is gone. */
static void collect(struct quartet_memo_waiter *waiter)
{
	struct answer answer;
	ssize_t len = quartet_memo_collect(waiter, &answer, sizeof(answer), &collected);

	if (READ_ONCE(called))
		sim_fail("assertion: a waiter is called twice");
	result = len < 0 ? len : memo_case_number(&answer);
	/* Pairs with wait_for_call(). */
	smp_store_release(&called, 1);
}

/* For those who may cancel: until they have been told that they cannot, nobody collects. */
static void note_call(struct quartet_memo_waiter *waiter)
{
	if (READ_ONCE(called))
		sim_fail("assertion: a waiter is called twice");
	/* Pairs with cancel(). */
	smp_store_release(&called, 1);
}

static void start_async(void)
{
	/* Nothing is kept for long. */
	memo_case_start((struct quartet_memo_params){ .bytes = 1 });
	memo_case_lead(KEY);
	waiter = (struct quartet_memo_waiter){ .wake = collect };
	called = 0;
}

static void start_cancel(void)
{
	start_async();
	waiter.wake = note_call;
}

static int wait_for_call(void)
{
	(void)smp_cond_load_acquire(&called, VAL);
	return result == -ENODATA ? memo_case_fulfil(&collected.lead) : result;
}

/* True if the waiter will be called; whoever leads instead fulfils. */
static bool enqueue(void)
{
	struct quartet_memo_how how = { };
	struct answer answer;

	quartet_memo_enqueue(&memo_case.memo, &key, sizeof(key), &answer, sizeof(answer), &how,
			     &waiter);
	if (how.what == QUARTET_MEMO_LEAD)
		memo_case_fulfil(&how.lead);
	return how.what == QUARTET_MEMO_QUEUED;
}

static void wait_by_call(void)
{
	if (enqueue() && wait_for_call() < 1)
		sim_fail("assertion: a value expected, not %d", result);
}

static void cancel(void)
{
	struct quartet_memo_how how = { };
	struct answer answer;

	if (!enqueue())
		return;
	if (quartet_memo_cancel(&memo_case.memo, &waiter)) {
		if (READ_ONCE(called))
			sim_fail("assertion: a waiter that has left is called");
		return;
	}
	(void)smp_cond_load_acquire(&called, VAL);
	if (quartet_memo_collect(&waiter, &answer, sizeof(answer), &how) == -ENODATA)
		memo_case_fulfil(&how.lead);
}

static void fulfil_and_free(void)
{
	lead_fulfils();
	rcu_barrier();
}

const struct sim_case memo_async = {
	.name = "memo-async",
	.what = "a waiter is called, and its entry goes at once",
	.start = start_async,
	.threads = { wait_by_call, fulfil_and_free },
	.end = memo_case_end,
};

const struct sim_case memo_cancel = {
	.name = "memo-cancel",
	.what = "a waiter is cancelled as it is to be called",
	.start = start_cancel,
	.threads = { cancel, fulfil_and_free },
	.end = memo_case_end,
};

const struct sim_case memo_cancel_abandon = {
	.name = "memo-cancel-abandon",
	.what = "a waiter is cancelled as it is to lead",
	.start = start_cancel,
	.threads = { cancel, lead_dies, destroy },
	.end = memo_case_end,
};

static struct quartet_mutex mutex;

static void start_edges(void)
{
	memo_case_start((struct quartet_memo_params){ .ttl = TTL });
	memo_case_lead(KEY);
	quartet_mutex_init(&mutex, QUARTET_STARVE_DEFAULT);
	quartet_mutex_detect(&mutex);
}

/* Waits for the first leader, and for no other. */
static void wait_under_mutex(void)
{
	struct quartet_memo_how how = { };

	quartet_mutex_lock(&mutex);
	if (memo_case_get(KEY, &how) != 1)
		sim_fail("assertion: the first value expected");
	quartet_mutex_unlock(&mutex);
}

/* Leads anew, and wants the mutex of one who has waited, but does not any more. */
static void lead_anew_and_lock(void)
{
	struct quartet_memo_how how = { };

	task_await_sleep(0);
	lead_fulfils();
	sim_clock_advance(2 * TTL);
	if (memo_case_get(KEY, &how) != -ENODATA)
		sim_fail("assertion: what has expired is to be computed anew");
	if (quartet_mutex_lock_killable(&mutex))
		sim_fail("assertion: a wait that is over closes a cycle");
	quartet_mutex_unlock(&mutex);
	memo_case_fulfil(&how.lead);
}

const struct sim_case memo_edges = {
	.name = "memo-edges",
	.what = "who has waited for a leader does not wait for the next",
	.start = start_edges,
	.threads = { wait_under_mutex, lead_anew_and_lock },
	.end = memo_case_end,
};
