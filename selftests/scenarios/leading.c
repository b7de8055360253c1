// SPDX-License-Identifier: GPL-2.0-only
/* Results that are computed once: leaders that die, stop, fail and forget; who waits for them. */
#include "kselftest_harness.h"
#include "story.h"

FIXTURE(memo) {
	int leads;
	int asks;
};

FIXTURE_VARIANT(memo) {
	enum quartet_engine engine;
};

FIXTURE_VARIANT_ADD(memo, rcu) { .engine = QUARTET_ENGINE_RCU };
FIXTURE_VARIANT_ADD(memo, lock) { .engine = QUARTET_ENGINE_LOCK };
FIXTURE_VARIANT_ADD(memo, monitor) { .engine = QUARTET_ENGINE_MONITOR };

FIXTURE_SETUP(memo)
{
	struct quartet_create args = memo_args();

	story_begin();
	args.engine = variant->engine;
	args.err_ttl_ns = QUARTET_FOR_EVER;
	self->leads = new_object(args);
	ASSERT_LE(0, self->leads);
	self->asks = clone_handle(self->leads);
	ASSERT_LE(0, self->asks);
}

FIXTURE_TEARDOWN(memo)
{
	close(self->leads);
	close(self->asks);
	story_end();
}

/* Leads by the handle until it is killed; returns when it does. */
static pid_t leader(int handle)
{
	pid_t child = start();

	if (!child) {
		if (!memo_lead(handle, 0, "key"))
			_exit(1);
		for (;;)
			pause();
	}
	return SOON(memo_state(handle).leads == 1) ? child : -1;
}

/* Waits for the key, and exits with @what it was; an error is 100. */
static pid_t asker(int handle)
{
	pid_t child = start();

	if (!child) {
		struct answer answer;

		if (memo_get(handle, 0, "key", &answer))
			_exit(100);
		_exit(answer.args.what == QUARTET_ANSWER_LEAD && answer.args.attempt != 2 ?
		      101 : answer.args.what);
	}
	return child;
}

static bool memo_awaits(int handle, unsigned int n)
{
	return SOON(memo_state(handle).waiters == n);
}

/*
 * Thirty workers ask for the same page after a restart. One of them computes it; the others wait,
 * and get the same bytes.
 * Reported of caches: tkem/cachetools #294, nginx's proxy_cache_lock.
 */
TEST_F(memo, thirty_ask_at_once)
{
	int i;

	for (i = 0; i < 30; i++) {
		struct answer answer;
		int handle;

		if (start())
			continue;
		handle = clone_handle(self->asks);
		if (memo_get(handle, 0, "key", &answer))
			_exit(1);
		if (answer.args.what == QUARTET_ANSWER_LEAD) {
			__atomic_fetch_add(&shared[0], 1, __ATOMIC_SEQ_CST);
			usleep(20000);
			_exit(memo_fulfil(handle, answer.args.token, "page") ? 2 : 0);
		}
		_exit(strcmp(answer.value, "page") ? 3 : 0);
	}
	for (i = 0; i < 30; i++)
		EXPECT_EQ(0, wait_for_any());
	EXPECT_EQ(1, shared[0]);
	EXPECT_EQ(1, memo_state(self->asks).computations);
}

/*
 * The worker that computes is killed. One of those who wait computes in its place, at once; nobody
 * waits for a lifetime to run out.
 * Reported of cache locks: symfony/symfony #63592, golang/go #33519.
 */
TEST_F(memo, leader_is_killed)
{
	pid_t dead = leader(self->leads), next;

	ASSERT_LT(0, dead);
	next = asker(self->asks);
	ASSERT_TRUE(memo_awaits(self->asks, 1));
	EXPECT_EQ(-SIGKILL, kill_and_wait(dead));
	EXPECT_EQ(QUARTET_ANSWER_LEAD, wait_for(next));
	EXPECT_EQ(1, memo_state(self->asks).promotions);
}

/*
 * The worker that computes returns from main() without a result. It has abandoned the computation,
 * and one of those who wait computes.
 * Reported of singleflight: golang/go #67087.
 */
TEST_F(memo, leader_exits)
{
	pid_t first = start(), next;

	if (!first) {
		if (!memo_lead(self->leads, 0, "key"))
			_exit(1);
		_exit(memo_awaits(self->leads, 1) ? 0 : 2);
	}
	ASSERT_TRUE(SOON(memo_state(self->leads).leads == 1));
	next = asker(self->asks);
	EXPECT_EQ(0, wait_for(first));
	EXPECT_EQ(QUARTET_ANSWER_LEAD, wait_for(next));
}

/*
 * Each worker that computes crashes, ten times in a row. Each of those who wait becomes the leader
 * in its turn, with the number of its attempt, and the last one has the result.
 * Reported of singleflight: golang/go #41133.
 */
TEST_F(memo, every_leader_crashes)
{
	struct answer answer;
	int i;

	for (i = 0; i < 10; i++) {
		pid_t child = start();

		if (child)
			continue;
		if (memo_get(clone_handle(self->leads), 0, "key", &answer))
			_exit(1);
		if (answer.args.what != QUARTET_ANSWER_LEAD)
			_exit(2);
		shared[answer.args.attempt]++;
		while (shared[50] != answer.args.attempt)
			usleep(1000);
		kill(getpid(), SIGKILL);
	}
	ASSERT_TRUE(memo_awaits(self->asks, 9));
	for (i = 1; i <= 10; i++) {
		ASSERT_TRUE(SOON(shared[i] == 1));
		shared[50] = i;
		EXPECT_EQ(-SIGKILL, wait_for_any());
	}
	ASSERT_EQ(0, memo_get(self->asks, 0, "key", &answer));
	EXPECT_EQ(QUARTET_ANSWER_LEAD, answer.args.what);
	EXPECT_EQ(0, memo_fulfil(self->asks, answer.args.token, "value"));
}

/*
 * The worker that computes is stopped. Who does not want to wait for it has a deadline, and goes on
 * without; the worker goes on later, and its result counts.
 * Reported of proxies: nginx's proxy_cache_lock_timeout.
 */
TEST_F(memo, leader_is_stopped)
{
	struct answer answer = { };
	pid_t child = start();

	if (!child) {
		__u64 token = memo_lead(self->leads, 0, "key");

		raise(SIGSTOP);
		_exit(memo_fulfil(self->leads, token, "late") ? 1 : 0);
	}
	ASSERT_TRUE(SOON(state_of(child) == 'T'));
	answer.args = (struct quartet_memo_get){
		.size = sizeof(answer.args), .flags = QUARTET_DEADLINE,
		.deadline_ns = in_ms(50), .clock = QUARTET_CLOCK_MONOTONIC,
		.key = address("key"), .key_len = 3,
	};
	EXPECT_REFUSED(ETIMEDOUT, ioctl(self->asks, QUARTET_MEMO_GET, &answer.args));
	EXPECT_REFUSED(EAGAIN, memo_get(self->asks, QUARTET_TRY, "key", &answer));
	kill(child, SIGCONT);
	EXPECT_EQ(0, wait_for(child));
	EXPECT_EQ(0, memo_get(self->asks, QUARTET_TRY, "key", &answer));
	EXPECT_STREQ("late", answer.value);
}

/*
 * The client of the worker that computes hangs up, and the worker gives up. One of those who wait
 * computes: one client's hanging up is no error of theirs.
 * Reported of singleflight: golang/go #55343.
 */
TEST_F(memo, leader_gives_up)
{
	__u64 token = memo_lead(self->leads, 0, "key");
	pid_t next = asker(self->asks);

	ASSERT_TRUE(memo_awaits(self->asks, 1));
	EXPECT_EQ(0, grant_command(self->leads, QUARTET_MEMO_ABANDON, token));
	EXPECT_EQ(QUARTET_ANSWER_LEAD, wait_for(next));
	EXPECT_REFUSED(ESTALE, memo_fulfil(self->leads, token, "too late"));
}

/*
 * A handler interrupts one of those who wait, and another one is cancelled. The computation and the
 * others go on.
 * Reported of singleflight: authzed/spicedb #2953.
 */
TEST_F(memo, waiter_gives_up)
{
	__u64 token = memo_lead(self->leads, 0, "key");
	int cancelled = clone_handle(self->asks);
	pid_t patient = asker(self->asks), impatient = asker(cancelled);

	ASSERT_TRUE(memo_awaits(self->asks, 2));
	EXPECT_EQ(0, ioctl(cancelled, QUARTET_CANCEL, 0));
	EXPECT_EQ(100, wait_for(impatient));
	EXPECT_TRUE(memo_awaits(self->asks, 1));
	EXPECT_EQ(0, memo_fulfil(self->leads, token, "value"));
	EXPECT_EQ(QUARTET_ANSWER_JOINED, wait_for(patient));
	close(cancelled);
}

/*
 * Somebody changes the data and says FORGET while the old value is being computed. Those who wait
 * get what they waited for; who asks after the FORGET has it computed anew, and that stays.
 * Reported of singleflight: golang/go #31420, janos/singleflight #14.
 */
TEST_F(memo, forgotten_while_it_is_computed)
{
	__u64 old = memo_lead(self->leads, 0, "key"), new;
	pid_t waits = asker(self->asks), late;
	struct answer answer;

	ASSERT_TRUE(memo_awaits(self->asks, 1));
	EXPECT_EQ(0, memo_forget(self->asks, "key"));
	new = memo_lead(self->asks, 0, "key");
	ASSERT_LT(old, new);
	late = asker(clone_handle(self->asks));
	EXPECT_TRUE(memo_awaits(self->asks, 2));
	EXPECT_EQ(0, memo_fulfil(self->leads, old, "old"));
	EXPECT_EQ(QUARTET_ANSWER_JOINED, wait_for(waits));
	EXPECT_TRUE(memo_awaits(self->asks, 1));
	EXPECT_REFUSED(EAGAIN, memo_get(self->leads, QUARTET_TRY, "key", &answer));
	EXPECT_EQ(0, memo_fulfil(self->asks, new, "new"));
	EXPECT_EQ(QUARTET_ANSWER_JOINED, wait_for(late));
	EXPECT_EQ(0, memo_get(self->leads, 0, "key", &answer));
	EXPECT_STREQ("new", answer.value);
}

/*
 * A computation asks for its own key, by way of a helper that is cached too. It is told so, instead
 * of waiting for itself.
 * Reported of recursion: awolverp/cachebox #54, symfony/symfony #41130.
 */
TEST_F(memo, asks_for_its_own_key)
{
	struct answer answer;
	__u64 token = memo_lead(self->leads, 0, "key");

	EXPECT_REFUSED(EDEADLK, memo_get(self->leads, 0, "key", &answer));
	EXPECT_REFUSED(EDEADLK, memo_get(self->asks, 0, "key", &answer));
	EXPECT_EQ(0, memo_fulfil(self->leads, token, "value"));
	EXPECT_EQ(0, memo_get(self->asks, 0, "key", &answer));
}

/*
 * Two workers compute two keys, and each needs the other's. One of them is refused, and the other
 * one gets on when that one gives up.
 * Reported of nested caches: symfony/symfony #41130, symfony/symfony #59191.
 */
TEST_F(memo, two_need_each_other)
{
	__u64 token = memo_lead(self->asks, 0, "two");
	struct answer answer;
	pid_t child = start();

	if (!child) {
		token = memo_lead(self->leads, 0, "one");
		shared[0] = 1;
		if (!token || memo_get(self->leads, 0, "two", &answer))
			_exit(1);
		_exit(answer.args.what != QUARTET_ANSWER_LEAD || answer.args.attempt != 2);
	}
	ASSERT_TRUE(SOON(shared[0]));
	ASSERT_TRUE(memo_awaits(self->asks, 1));
	EXPECT_REFUSED(EDEADLK, memo_get(self->asks, 0, "one", &answer));
	EXPECT_EQ(0, grant_command(self->asks, QUARTET_MEMO_ABANDON, token));
	EXPECT_EQ(0, wait_for(child));
}

/*
 * The computation fails. All who wait get its error, and it is kept as long as the table says; the
 * next one asks no server that is down.
 * Reported of negative caching: golang/groupcache #4, TykTechnologies/tyk #2323.
 */
TEST_F(memo, computation_fails)
{
	__u64 token = memo_lead(self->leads, 0, "key");
	struct answer answer;
	pid_t child = start();

	if (!child) {
		if (memo_get(self->asks, 0, "key", &answer))
			_exit(1);
		_exit(answer.args.what != QUARTET_ANSWER_JOINED ||
		      answer.args.error != -ECONNREFUSED);
	}
	ASSERT_TRUE(memo_awaits(self->asks, 1));
	EXPECT_EQ(0, memo_fail(self->leads, token, -ECONNREFUSED));
	EXPECT_EQ(0, wait_for(child));
	ASSERT_EQ(0, memo_get(self->asks, 0, "key", &answer));
	EXPECT_EQ(QUARTET_ANSWER_ERROR, answer.args.what);
	EXPECT_EQ(-ECONNREFUSED, answer.args.error);
}

/*
 * A worker leads, forks a helper that computes, and the helper says FULFIL by the handle that it
 * has inherited. A handle is one owner, whoever uses it: that is the result.
 * Reported of forks: joblib/loky #360.
 */
TEST_F(memo, helper_fulfils)
{
	__u64 token = memo_lead(self->leads, 0, "key");
	struct answer answer;
	pid_t helper = start();

	if (!helper)
		_exit(memo_fulfil(self->leads, token, "helped") ? 1 : 0);
	EXPECT_EQ(0, wait_for(helper));
	ASSERT_EQ(0, memo_get(self->asks, QUARTET_TRY, "key", &answer));
	EXPECT_STREQ("helped", answer.value);
}

/*
 * A worker leads, and dies; the helper that it forked goes on, and is slow. Another worker leads by
 * then, and the helper's late result is refused.
 * Reported of late writers: redis/redis-py #4258, golang/go #31420.
 */
TEST_F(memo, helper_is_late)
{
	struct answer answer;
	pid_t worker = start();
	__u64 token;

	if (!worker) {
		token = memo_lead(self->leads, 0, "key");
		if (!token)
			_exit(1);
		if (start())
			_exit(0);
		while (!shared[0])
			usleep(1000);
		shared[1] = WAS_REFUSED(ESTALE, memo_fulfil(self->leads, token, "late")) ? 1 : 2;
		_exit(0);
	}
	ASSERT_EQ(0, wait_for(worker));
	ASSERT_EQ(0, memo_get(self->asks, QUARTET_TRY, "key", &answer));
	ASSERT_EQ(QUARTET_ANSWER_LEAD, answer.args.what);
	shared[0] = 1;
	EXPECT_TRUE(SOON(shared[1]));
	EXPECT_EQ(1, shared[1]);
	EXPECT_EQ(0, memo_fulfil(self->asks, answer.args.token, "right"));
	ASSERT_EQ(0, memo_get(self->leads, QUARTET_TRY, "key", &answer));
	EXPECT_STREQ("right", answer.value);
}

/*
 * All results are cleared while one is being computed, and the leader is killed then. The one who
 * waits computes, and nobody hangs.
 * Reported of singleflight: moby/moby #48930.
 */
TEST_F(memo, cleared_and_then_the_leader_dies)
{
	struct quartet_memo_clear clear = { .size = sizeof(clear) };
	pid_t dead = leader(self->leads), next;

	ASSERT_LT(0, dead);
	next = asker(self->asks);
	ASSERT_TRUE(memo_awaits(self->asks, 1));
	EXPECT_EQ(0, ioctl(self->asks, QUARTET_MEMO_CLEAR, &clear));
	EXPECT_EQ(-SIGKILL, kill_and_wait(dead));
	EXPECT_EQ(QUARTET_ANSWER_LEAD, wait_for(next));
}

/*
 * A client has too little room for the value. It is told how much it needs, and the second call
 * gets it; nothing is computed again.
 * Reported of truncated values: axboe/liburing #1041.
 */
TEST_F(memo, value_is_larger_than_thought)
{
	char value[200], room[200] = "";
	struct answer answer;

	memset(value, 'v', sizeof(value) - 1);
	value[sizeof(value) - 1] = 0;
	ASSERT_EQ(0, memo_fulfil(self->leads, memo_lead(self->leads, 0, "key"), value));
	EXPECT_REFUSED(ENOBUFS, memo_get(self->asks, 0, "key", &answer));
	ASSERT_EQ(sizeof(value), answer.args.value_len);
	answer.args.value = address(room);
	answer.args.value_size = sizeof(room);
	answer.args.value_len = 0;
	answer.args.what = 0;
	EXPECT_EQ(0, ioctl(self->asks, QUARTET_MEMO_GET, &answer.args));
	EXPECT_STREQ(value, room);
	EXPECT_EQ(1, memo_state(self->asks).computations);
}

TEST_HARNESS_MAIN
