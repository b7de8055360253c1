// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stress of memo tables: one computation a key at a time, and all who wait for it get its value.
 *
 * A key that is forgotten may be computed anew while an old computation goes on, whose result only
 * those get that wait for it. So computations belong to generations of their key, and one whose
 * get has been crossed by a forget is not judged: it may be of either.
 */
#include <errno.h>
#include <string.h>

#include "stress.h"

#define FILL_MAX	8
#define CLEARS		0x100	/* struct check_thread.forgets: all keys of a memo */
#define AN_ERROR	(-EIO)	/* the only one that computations have */

/* What is computed: a function of the key and the computation's number. */
struct value {
	__u64 key;
	__u64 number;
	__u64 fill[FILL_MAX];
};

/* A get, from before it asks. */
struct ask {
	unsigned int memo, key;
	unsigned int generation;
	bool quiet;	/* nobody made it forget the key then */
	__u64 floor;
	struct value value;
	struct quartet_memo_query query;
};

static int memo_create(struct stress *stress)
{
	struct quartet_memo_params params = {
		.capacity = KEYS - 1, .bytes = 1 << 16, .ttl_ns = 2000000, .err_ttl_ns = 1000000,
		.key_max = sizeof(__u64), .value_max = sizeof(struct value),
	};
	int i, err = 0;

	for (i = 0; i < MEMOS && !err; i++) {
		params.engine = i;
		params.refresh_percent = i == QUARTET_ENGINE_RCU ? 25 : 0;
		err = quartet_memo_create(&stress->memo[i], NULL, &params);
	}
	return err;
}

static int memo_open(struct stress_thread *thread)
{
	int i, err = 0;

	for (i = 0; i < MEMOS && !err; i++)
		err = quartet_memo_clone(&thread->memo[i], thread->stress->memo[i]);
	return err;
}

static void reopen(struct stress_thread *thread, unsigned int i)
{
	struct quartet_memo *old = thread->memo[i];
	struct history_record call;

	check_count(thread->check, STRESS_MEMO, COUNT_CLOSES);
	stress_cloned(quartet_memo_clone(&thread->memo[i], old));
	call = stress_invoke(thread, HISTORY_CLOSE, STRESS_MEMO, i, quartet_memo_fd(old), 0);
	quartet_memo_close(old);
	history_answer(&thread->check->history, &call, 0);
}

static struct check_key *key_of(struct stress_thread *thread, const struct ask *ask)
{
	return &thread->check->key[ask->memo][ask->key];
}

static unsigned int key_number(const struct ask *ask)
{
	return ask->memo * KEYS + ask->key + 1;
}

static bool is_forgetting(struct check *check, const struct ask *ask)
{
	unsigned int i, j, what;

	for (i = 0; i < PROCESSES_MAX; i++) {
		for (j = 0; j < THREADS_MAX; j++) {
			what = atomic_load(&check->thread[i][j].forgets);
			if (what == key_number(ask) || what == CLEARS + ask->memo)
				return true;
		}
	}
	return false;
}

static void begin(struct stress_thread *thread, struct ask *ask)
{
	struct check_key *key = key_of(thread, ask);

	/* In this order: whoever forgets says so first, and then counts. */
	ask->generation = atomic_load(&key->generation);
	ask->quiet = !is_forgetting(thread->check, ask);
	ask->floor = atomic_load(&key->floor);
	ask->value.key = key_number(ask);
	ask->query = (struct quartet_memo_query){
		.key = &ask->value.key, .key_len = sizeof(__u64),
		.value = &ask->value, .size = sizeof(ask->value),
	};
	if (stress_one_in(thread, 16))
		ask->query.flags |= QUARTET_NO_LEAD;
	if (stress_one_in(thread, 16))
		ask->query.flags |= QUARTET_STALE;
}

static int get_async(struct stress_thread *thread, struct ask *ask)
{
	struct quartet_memo *memo = thread->memo[ask->memo];
	struct timespec deadline;
	clockid_t clock = stress_deadline(thread, &deadline);
	bool timed = stress_one_in(thread, 2);
	struct quartet_event event;
	int err = quartet_memo_get_async(memo, clock, timed ? &deadline : NULL, &ask->query);

	if (err != -EINPROGRESS)
		return err;
	if (!stress_await(thread, quartet_memo_fd(memo), &event, &ask->value,
			  sizeof(ask->value))) {
		check_dies(thread->check, NULL, thread->holder);
		reopen(thread, ask->memo);
		return -EAGAIN;
	}
	ask->query.what = event.attempt ? QUARTET_ANSWER_LEAD : QUARTET_ANSWER_JOINED;
	ask->query.token = event.token;
	ask->query.attempt = event.attempt;
	ask->query.len = event.result;
	ask->query.error = event.error == AN_ERROR ? event.error : 0;
	return event.error == AN_ERROR ? 0 : event.error;
}

static int get_by(struct stress_thread *thread, struct ask *ask)
{
	struct quartet_memo *memo = thread->memo[ask->memo];
	struct timespec deadline;
	clockid_t clock;

	switch (stress_choose_form(thread)) {
	case FORM_TRY:
		return quartet_memo_tryget(memo, &ask->query);
	case FORM_TIMED:
		clock = stress_deadline(thread, &deadline);
		return quartet_memo_timedget(memo, clock, &deadline, &ask->query);
	case FORM_ASYNC:
		return get_async(thread, ask);
	default:
		return quartet_memo_get(memo, &ask->query);
	}
}

static struct history_record call_key(struct stress_thread *thread, enum history_op op,
				      const struct ask *ask)
{
	struct history_record call = stress_call(thread, op, STRESS_MEMO, ask->memo,
						 quartet_memo_fd(thread->memo[ask->memo]));

	call.key = ask->key;
	call.token = op == HISTORY_ASK ? 0 : ask->query.token;
	return call;
}

static enum history_said said(const struct ask *ask)
{
	static const enum history_said words[] = {
		[QUARTET_ANSWER_VALUE] = SAID_VALUE, [QUARTET_ANSWER_OLD] = SAID_OLD,
		[QUARTET_ANSWER_JOINED] = SAID_JOINED, [QUARTET_ANSWER_ERROR] = SAID_ERROR,
		[QUARTET_ANSWER_LEAD] = SAID_LEAD,
	};

	return ask->query.what < sizeof(words) / sizeof(*words) ? words[ask->query.what] : 0;
}

static void answer_ask(struct stress_thread *thread, struct history_record *call,
		       const struct ask *ask, int err)
{
	if (!err) {
		call->said = said(ask);
		call->token = ask->query.token;
		call->attempt = ask->query.attempt;
		if (call->said != SAID_LEAD)
			call->value = ask->query.error ? (__u64)ask->query.error :
				      history_digest(&ask->value, ask->query.len);
	}
	history_answer(&thread->check->history, call, err);
}

/* A handle that was closed meanwhile has no answer. */
static int get(struct stress_thread *thread, struct ask *ask)
{
	const struct quartet_memo *asked = thread->memo[ask->memo];
	struct history_record call = call_key(thread, HISTORY_ASK, ask);
	int err;

	history_invoke(&thread->check->history, &call);
	err = get_by(thread, ask);
	if (asked == thread->memo[ask->memo])
		answer_ask(thread, &call, ask, err);
	return err;
}

/* Returns its length, which differs as its number does. */
static size_t compute(struct value *value, __u64 key, __u64 number)
{
	unsigned int i, n = number % (FILL_MAX + 1);
	__u64 state = number << 8 | key;

	value->key = key;
	value->number = number;
	for (i = 0; i < n; i++)
		value->fill[i] = stress_random(&state, ~0U);
	return offsetof(struct value, fill) + n * sizeof(value->fill[0]);
}

static const char *flaw_of(struct stress_thread *thread, const struct ask *ask)
{
	const struct value *got = &ask->value;
	struct value right;
	__u64 known;

	if (ask->query.len < offsetof(struct value, fill))
		return "too short";
	if (got->key != key_number(ask))
		return "of another key";
	if (ask->query.len != compute(&right, got->key, got->number) ||
	    memcmp(got, &right, ask->query.len))
		return "not what was computed";
	known = atomic_load(&thread->check->fulfilled[got->number % VALUES]);
	if (known >> 8 < got->number)
		return "of a computation that has not ended";
	if (known >> 8 == got->number && (known & 0xff) != got->key)
		return "of a computation of another key";
	return got->number < ask->floor ? "older than one that had been kept" : NULL;
}

static void check_answer(struct stress_thread *thread, const struct ask *ask)
{
	const char *flaw = NULL;

	if (!ask->query.error)
		flaw = flaw_of(thread, ask);
	else if (ask->query.error != AN_ERROR)
		flaw = strerror(-ask->query.error);
	if (flaw)
		check_fail(thread->check, STRESS_MEMO, "memo: %u, key %u: a value %s", ask->memo,
			   ask->key, flaw);
}

static __u64 leader_word(struct stress_thread *thread, const struct ask *ask)
{
	return (__u64)ask->generation << 32 | thread->holder;
}

/* Nobody else computes the key in this generation. */
static void enter(struct stress_thread *thread, const struct ask *ask)
{
	__u64 old = atomic_exchange(&key_of(thread, ask)->leader, leader_word(thread, ask));

	if (!old || old >> 32 != ask->generation)
		return;
	if (check_is_gone(thread->check, (__u32)old))
		check_count(thread->check, STRESS_MEMO, COUNT_DEATHS);
	else
		check_fail(thread->check, STRESS_MEMO,
			   "memo: %u, key %u: two compute it, attempt %u", ask->memo, ask->key,
			   ask->query.attempt);
}

/* Another generation's leader may have come over it. */
static void leave(struct stress_thread *thread, const struct ask *ask)
{
	struct check_key *key = key_of(thread, ask);
	unsigned long long word = leader_word(thread, ask);

	if (!atomic_compare_exchange_strong(&key->leader, &word, 0) &&
	    atomic_load(&key->generation) == ask->generation)
		check_fail(thread->check, STRESS_MEMO,
			   "memo: %u, key %u: another computed it meanwhile", ask->memo, ask->key);
}

static void raise_floor(struct check_key *key, unsigned long long number)
{
	unsigned long long floor = atomic_load(&key->floor);

	while (floor < number && !atomic_compare_exchange_weak(&key->floor, &floor, number))
		;
}

/* @sure: its generation was not over; what is computed in a later one has a larger number. */
static void fulfil(struct stress_thread *thread, struct ask *ask, __u64 number, bool sure)
{
	size_t len = compute(&ask->value, key_number(ask), number);
	struct history_record call = call_key(thread, HISTORY_FULFIL, ask);
	int err;

	atomic_store(&thread->check->fulfilled[number % VALUES], number << 8 | key_number(ask));
	call.value = history_digest(&ask->value, len);
	history_invoke(&thread->check->history, &call);
	err = quartet_memo_fulfil(thread->memo[ask->memo], ask->query.token, &ask->value, len);
	stress_done(thread, &call, "fulfil", err);
	if (sure && !err)
		raise_floor(key_of(thread, ask), number);
}

static void fail(struct stress_thread *thread, struct ask *ask)
{
	struct history_record call = call_key(thread, HISTORY_FULFIL, ask);

	call.value = (__u64)AN_ERROR;
	history_invoke(&thread->check->history, &call);
	stress_done(thread, &call, "fail", quartet_memo_fail(thread->memo[ask->memo],
							     ask->query.token, AN_ERROR));
}

static void abandon(struct stress_thread *thread, struct ask *ask)
{
	struct history_record call = call_key(thread, HISTORY_ABANDON, ask);

	history_invoke(&thread->check->history, &call);
	stress_done(thread, &call, "abandon",
		    quartet_memo_abandon(thread->memo[ask->memo], ask->query.token));
}

static void finish_lead(struct stress_thread *thread, struct ask *ask, __u64 number, bool sure)
{
	switch (stress_random(&thread->state, 8)) {
	case 0:
		fail(thread, ask);
		break;
	case 1:
		abandon(thread, ask);
		break;
	default:
		fulfil(thread, ask, number, sure);
	}
}

static void lead(struct stress_thread *thread, struct ask *ask)
{
	struct check_key *key = key_of(thread, ask);
	bool judged = ask->quiet && atomic_load(&key->generation) == ask->generation;
	__u64 number;

	check_count(thread->check, STRESS_MEMO, COUNT_GRANTS);
	if (ask->query.attempt > 1)
		check_count(thread->check, STRESS_MEMO, COUNT_PROMOTIONS);
	if (judged)
		enter(thread, ask);
	number = atomic_fetch_add(&thread->check->computations, 1) + 1;
	stress_dally(thread);
	if (stress_may_die(thread))
		stress_die(thread, quartet_memo_fd(thread->memo[ask->memo]));
	if (stress_one_in(thread, 64)) {
		check_dies(thread->check, judged ? &key->leader : NULL, thread->holder);
		reopen(thread, ask->memo);
		return;
	}
	if (judged)
		leave(thread, ask);
	finish_lead(thread, ask, number,
		    judged && atomic_load(&key->generation) == ask->generation);
}

static void forget(struct stress_thread *thread, struct ask *ask)
{
	struct history_record call = call_key(thread, HISTORY_FORGET, ask);

	history_invoke(&thread->check->history, &call);
	ask->value.key = key_number(ask);
	atomic_store(&thread->shared->forgets, key_number(ask));
	atomic_fetch_add(&key_of(thread, ask)->generation, 1);
	/* -ENOENT: there was nothing. */
	quartet_memo_forget(thread->memo[ask->memo], &ask->value.key, sizeof(__u64));
	history_answer(&thread->check->history, &call, 0);
	atomic_store(&thread->shared->forgets, 0);
}

static void clear(struct stress_thread *thread, struct ask *ask)
{
	struct history_record call = call_key(thread, HISTORY_CLEAR, ask);
	int i;

	history_invoke(&thread->check->history, &call);
	atomic_store(&thread->shared->forgets, CLEARS + ask->memo);
	for (i = 0; i < KEYS; i++)
		atomic_fetch_add(&thread->check->key[ask->memo][i].generation, 1);
	stress_done(thread, &call, "clear",
		    quartet_memo_clear(thread->memo[ask->memo]) < 0 ? -EINVAL : 0);
	atomic_store(&thread->shared->forgets, 0);
}

/* Computes without having been asked to. */
static void intrude(struct stress_thread *thread, struct ask *ask)
{
	begin(thread, ask);
	enter(thread, ask);
	stress_dally(thread);
	leave(thread, ask);
}

static void ask_for_value(struct stress_thread *thread, struct ask *ask)
{
	__u64 start = stress_now();
	int err;

	begin(thread, ask);
	atomic_store(&thread->asks, quartet_memo_fd(thread->memo[ask->memo]));
	err = get(thread, ask);
	atomic_store(&thread->asks, -1);
	check_waited(thread->check, STRESS_MEMO, stress_now() - start);
	if (err == -ENOENT && ask->query.flags & QUARTET_NO_LEAD)
		return;
	if (err)
		stress_refused(thread, STRESS_MEMO, err);
	else if (ask->query.what == QUARTET_ANSWER_LEAD)
		lead(thread, ask);
	else
		check_answer(thread, ask);
}

static void memo_step(struct stress_thread *thread)
{
	struct ask ask = {
		.memo = stress_random(&thread->state, MEMOS),
		.key = stress_random(&thread->state, KEYS),
	};

	switch (stress_random(&thread->state, 64)) {
	case 0:
		forget(thread, &ask);
		break;
	case 1:
		clear(thread, &ask);
		break;
	default:
		if (thread->stress->busted && stress_one_in(thread, 8))
			intrude(thread, &ask);
		else
			ask_for_value(thread, &ask);
	}
}

/* All leaders are dead: no key is left to one of them. */
static void check_key_is_free(struct stress *stress, unsigned int memo, __u64 key)
{
	struct quartet_memo_query query = {
		.key = &key, .key_len = sizeof(key), .flags = QUARTET_NO_LEAD,
	};

	if (quartet_memo_tryget(stress->memo[memo], &query) == -EAGAIN)
		check_fail(stress->check, STRESS_MEMO, "memo: %u, key %llu: led by a dead one",
			   memo, key);
}

static void memo_finish(struct stress *stress)
{
	struct quartet_memo_info info;
	int i, key, err;

	for (i = 0; i < MEMOS; i++) {
		for (key = 0; key < KEYS; key++)
			check_key_is_free(stress, i, i * KEYS + key + 1);
		err = quartet_memo_state(stress->memo[i], &info);
		if (err || info.waiters || info.leads || info.handles != 1)
			check_fail(stress->check, STRESS_MEMO,
				   "memo: %d: in the end %u wait, %u leads, %u handles", i,
				   info.waiters, info.leads, info.handles);
	}
}

const struct stress_subject stress_memo = {
	.create = memo_create,
	.open = memo_open,
	.step = memo_step,
	.finish = memo_finish,
};
