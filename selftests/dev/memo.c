// SPDX-License-Identifier: GPL-2.0-only
/* The memo that processes share: hits, leads, promotion, events, death, in each engine. */
#include <limits.h>

#include "kselftest_harness.h"
#include "../dev/device.h"

FIXTURE(memo) {
	int device;
	int a;
	int b;
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

	args.engine = variant->engine;
	self->device = device_open();
	ASSERT_LE(0, self->device);
	self->a = create(self->device, args);
	ASSERT_LE(0, self->a);
	self->b = clone_handle(self->a);
	ASSERT_LE(0, self->b);
}

FIXTURE_TEARDOWN(memo)
{
	close(self->a);
	close(self->b);
	close(self->device);
}

struct answer {
	struct quartet_memo_get args;
	char value[64];
};

static int memo_get(int handle, __u32 flags, const char *key, struct answer *answer)
{
	answer->args = (struct quartet_memo_get){
		.size = sizeof(answer->args), .flags = flags,
		.key = address(key), .key_len = strlen(key),
		.value = address(answer->value), .value_size = sizeof(answer->value),
	};
	return ioctl(handle, QUARTET_MEMO_GET, &answer->args);
}

static int memo_fulfil(int handle, __u64 token, const char *value)
{
	struct quartet_memo_fulfil args = {
		.size = sizeof(args), .token = token,
		.value = address(value), .value_len = strlen(value) + 1,
	};

	return ioctl(handle, QUARTET_MEMO_FULFIL, &args);
}

static int memo_fail(int handle, __u64 token, int error)
{
	struct quartet_memo_fulfil args = {
		.size = sizeof(args), .token = token, .error = error,
	};

	return ioctl(handle, QUARTET_MEMO_FULFIL, &args);
}

static int memo_forget(int handle, const char *key)
{
	struct quartet_memo_forget args = {
		.size = sizeof(args), .key = address(key), .key_len = strlen(key),
	};

	return ioctl(handle, QUARTET_MEMO_FORGET, &args);
}

static struct quartet_memo_info memo_state(int handle)
{
	struct quartet_memo_info args = { .size = sizeof(args) };

	if (ioctl(handle, QUARTET_MEMO_STATE, &args))
		memset(&args, 0xff, sizeof(args));
	return args;
}

static bool memo_awaits(int handle, unsigned int n)
{
	int i;

	for (i = 0; i < 1000 && memo_state(handle).waiters != n; i++)
		usleep(1000);
	return memo_state(handle).waiters == n;
}

TEST_F(memo, lead_then_hit)
{
	struct answer lead, hit;

	ASSERT_EQ(0, memo_get(self->a, 0, "key", &lead));
	EXPECT_EQ(QUARTET_ANSWER_LEAD, lead.args.what);
	EXPECT_EQ(1, lead.args.attempt);
	EXPECT_EQ(1, memo_state(self->a).leads);
	EXPECT_REFUSED(EAGAIN, memo_get(self->b, QUARTET_TRY, "key", &hit));
	EXPECT_EQ(0, memo_fulfil(self->a, lead.args.token, "value"));
	EXPECT_EQ(0, memo_state(self->a).leads);
	ASSERT_EQ(0, memo_get(self->b, 0, "key", &hit));
	EXPECT_EQ(QUARTET_ANSWER_VALUE, hit.args.what);
	EXPECT_EQ(sizeof("value"), hit.args.value_len);
	EXPECT_STREQ("value", hit.value);
	EXPECT_REFUSED(ESTALE, memo_fulfil(self->a, lead.args.token, "again"));
	EXPECT_EQ(1, memo_state(self->a).entries);
}

/* The value cannot be read: the lead stays, and can still be fulfilled. */
TEST_F(memo, value_from_nowhere)
{
	struct quartet_memo_fulfil nowhere = {
		.size = sizeof(nowhere), .value = 1, .value_len = 8,
	};
	struct answer lead, hit;

	ASSERT_EQ(0, memo_get(self->a, 0, "key", &lead));
	nowhere.token = lead.args.token;
	EXPECT_REFUSED(EFAULT, ioctl(self->a, QUARTET_MEMO_FULFIL, &nowhere));
	EXPECT_EQ(1, memo_state(self->a).leads);
	EXPECT_EQ(0, memo_fulfil(self->a, lead.args.token, "value"));
	EXPECT_EQ(0, memo_get(self->b, 0, "key", &hit));
	EXPECT_EQ(QUARTET_ANSWER_VALUE, hit.args.what);
	EXPECT_STREQ("value", hit.value);
}

TEST_F(memo, foreign_tokens)
{
	struct answer lead;

	ASSERT_EQ(0, memo_get(self->a, 0, "key", &lead));
	EXPECT_REFUSED(EPERM, memo_fulfil(self->b, lead.args.token, "value"));
	EXPECT_REFUSED(EPERM, grant_command(self->b, QUARTET_MEMO_ABANDON, lead.args.token));
	EXPECT_REFUSED(ESTALE, memo_fulfil(self->a, lead.args.token + 1000, "value"));
	EXPECT_REFUSED(ESTALE, memo_fulfil(self->a, 0, "value"));
	EXPECT_EQ(0, memo_fulfil(self->a, lead.args.token, "value"));
}

TEST_F(memo, errors_are_answers)
{
	struct answer lead, other;
	int error;

	ASSERT_EQ(0, memo_get(self->a, 0, "key", &lead));
	EXPECT_REFUSED(EINPROGRESS, memo_get(self->b, QUARTET_ASYNC, "key", &other));
	EXPECT_REFUSED(EINVAL, memo_fail(self->a, lead.args.token, 5));
	for (error = -512; error >= -4096; error--)
		EXPECT_REFUSED(EINVAL, memo_fail(self->a, lead.args.token, error));
	EXPECT_REFUSED(EINVAL, memo_fail(self->a, lead.args.token, INT_MIN));
	EXPECT_EQ(0, memo_fail(self->a, lead.args.token, -EIO));
	EXPECT_EQ(-EIO, next_event(self->b).error);
	/* err_ttl is 0: it is not kept. */
	ASSERT_EQ(0, memo_get(self->b, 0, "key", &other));
	EXPECT_EQ(QUARTET_ANSWER_LEAD, other.args.what);
}

TEST_F(memo, room_for_the_value)
{
	struct answer lead, hit;

	ASSERT_EQ(0, memo_get(self->a, 0, "key", &lead));
	EXPECT_EQ(0, memo_fulfil(self->a, lead.args.token, "value"));
	hit.args = (struct quartet_memo_get){
		.size = sizeof(hit.args), .key = address("key"), .key_len = 3,
		.value = address(hit.value), .value_size = 3,
	};
	EXPECT_REFUSED(ENOBUFS, ioctl(self->b, QUARTET_MEMO_GET, &hit.args));
	EXPECT_EQ(sizeof("value"), hit.args.value_len);
}

TEST_F(memo, asynchronous_value)
{
	struct { struct quartet_event event; char value[16]; } got;
	struct answer lead, other;

	ASSERT_EQ(0, memo_get(self->a, QUARTET_ASYNC, "key", &lead));
	EXPECT_EQ(QUARTET_ANSWER_LEAD, lead.args.what);
	EXPECT_REFUSED(EINPROGRESS, memo_get(self->b, QUARTET_ASYNC, "key", &other));
	EXPECT_REFUSED(EBUSY, memo_get(self->b, QUARTET_ASYNC, "key", &other));
	EXPECT_EQ(0, memo_fulfil(self->a, lead.args.token, "value"));
	EXPECT_TRUE(is_readable(self->b, 1000));
	EXPECT_EQ(sizeof(got.event) + sizeof("value"), read(self->b, &got, sizeof(got)));
	EXPECT_EQ(QUARTET_EVENT_MEMO, got.event.what);
	EXPECT_EQ(sizeof("value"), got.event.result);
	EXPECT_STREQ("value", got.value);
	ASSERT_EQ(0, memo_get(self->b, QUARTET_ASYNC, "key", &other));
	EXPECT_STREQ("value", other.value);
}

TEST_F(memo, asynchronous_lead)
{
	struct answer lead, other;
	struct quartet_event event;

	ASSERT_EQ(0, memo_get(self->a, 0, "key", &lead));
	EXPECT_REFUSED(EINPROGRESS, memo_get(self->b, QUARTET_ASYNC, "key", &other));
	EXPECT_EQ(0, grant_command(self->a, QUARTET_MEMO_ABANDON, lead.args.token));
	event = next_event(self->b);
	EXPECT_EQ(0, event.error);
	EXPECT_EQ(2, event.attempt);
	EXPECT_LT(lead.args.token, event.token);
	EXPECT_EQ(1, memo_state(self->b).leads);
	EXPECT_EQ(0, memo_fulfil(self->b, event.token, "value"));
}

TEST_F(memo, asynchronous_ends)
{
	struct answer lead, other;

	ASSERT_EQ(0, memo_get(self->a, 0, "key", &lead));
	EXPECT_REFUSED(EINPROGRESS, memo_get(self->b, QUARTET_ASYNC, "key", &other));
	EXPECT_EQ(0, ioctl(self->b, QUARTET_CANCEL, 0));
	EXPECT_EQ(-ECANCELED, next_event(self->b).error);
	EXPECT_REFUSED(EINPROGRESS, memo_get(self->b, QUARTET_ASYNC, "key", &other));
	close(self->b);
	EXPECT_EQ(0, memo_state(self->a).waiters);
	EXPECT_EQ(0, memo_fulfil(self->a, lead.args.token, "value"));
}

static pid_t leader(int handle, int watch)
{
	struct answer lead;
	pid_t child = fork();

	if (!child) {
		if (memo_get(handle, 0, "key", &lead) || lead.args.what != QUARTET_ANSWER_LEAD)
			_exit(1);
		for (;;)
			pause();
	}
	while (!memo_state(watch).misses)
		usleep(1000);
	return child;
}

TEST_F(memo, wait_ends)
{
	struct answer other;
	pid_t child = leader(self->a, self->b);

	alarm_in_ms(20);
	EXPECT_REFUSED(EINTR, memo_get(self->b, 0, "key", &other));
	other.args = (struct quartet_memo_get){
		.size = sizeof(other.args), .flags = QUARTET_DEADLINE,
		.clock = QUARTET_CLOCK_MONOTONIC, .deadline_ns = in_ms(20),
		.key = address("key"), .key_len = 3,
	};
	EXPECT_REFUSED(ETIMEDOUT, ioctl(self->b, QUARTET_MEMO_GET, &other.args));
	other.args.clock = QUARTET_CLOCK_REALTIME;
	other.args.deadline_ns = now_ns(CLOCK_REALTIME) + 20 * MSEC;
	EXPECT_REFUSED(ETIMEDOUT, ioctl(self->b, QUARTET_MEMO_GET, &other.args));
	EXPECT_EQ(0, memo_state(self->b).waiters);
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
}

/* Of those who wait, exactly one. */
TEST_F(memo, leader_dies)
{
	int c = clone_handle(self->a);
	pid_t child = leader(self->a, self->b);
	struct quartet_event event;
	struct answer other;

	EXPECT_REFUSED(EINPROGRESS, memo_get(self->b, QUARTET_ASYNC, "key", &other));
	EXPECT_REFUSED(EINPROGRESS, memo_get(c, QUARTET_ASYNC, "key", &other));
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
	event = next_event(self->b);
	EXPECT_EQ(2, event.attempt);
	EXPECT_FALSE(is_readable(c, 0));
	EXPECT_EQ(0, memo_fulfil(self->b, event.token, "value"));
	EXPECT_EQ(sizeof("value"), next_event(c).result);
	EXPECT_EQ(1, memo_state(c).promotions);
	close(c);
}

struct get_call {
	pthread_t thread;
	int handle;
	int error;
	struct answer answer;
};

static void *get_in_thread(void *data)
{
	struct get_call *call = data;

	call->error = memo_get(call->handle, 0, "key", &call->answer) ? errno : 0;
	return NULL;
}

TEST_F(memo, blocked_thread_joins)
{
	struct get_call call = { .handle = self->b };
	struct answer lead;

	ASSERT_EQ(0, memo_get(self->a, 0, "key", &lead));
	pthread_create(&call.thread, NULL, get_in_thread, &call);
	EXPECT_TRUE(memo_awaits(self->a, 1));
	EXPECT_EQ(0, memo_fulfil(self->a, lead.args.token, "value"));
	pthread_join(call.thread, NULL);
	EXPECT_EQ(0, call.error);
	EXPECT_EQ(QUARTET_ANSWER_JOINED, call.answer.args.what);
	EXPECT_STREQ("value", call.answer.value);
}

static void *cancelled_in_thread(void *data)
{
	struct answer answer;

	return (void *)(long)WAS_REFUSED(ECANCELED, memo_get(*(int *)data, 0, "key", &answer));
}

TEST_F(memo, blocked_thread_is_cancelled)
{
	struct answer lead;
	pthread_t thread;
	void *cancelled;

	ASSERT_EQ(0, memo_get(self->a, 0, "key", &lead));
	pthread_create(&thread, NULL, cancelled_in_thread, &self->b);
	EXPECT_TRUE(memo_awaits(self->a, 1));
	EXPECT_EQ(0, ioctl(self->b, QUARTET_CANCEL, 0));
	pthread_join(thread, &cancelled);
	EXPECT_TRUE(cancelled);
	EXPECT_EQ(0, memo_state(self->a).waiters);
}

TEST_F(memo, waits_for_itself)
{
	struct answer lead, again;

	ASSERT_EQ(0, memo_get(self->a, 0, "key", &lead));
	EXPECT_REFUSED(EDEADLK, memo_get(self->a, 0, "key", &again));
	EXPECT_REFUSED(EDEADLK, memo_get(self->b, 0, "key", &again));
}

/* Leads the key again and again: false if a later token is not larger than all before. */
static bool lead_often(int handle, __u64 *newest)
{
	struct answer lead;
	__u64 before;
	int i;

	for (i = 0; i < 2000; i++) {
		if (memo_get(handle, 0, "key", &lead) ||
		    lead.args.what != QUARTET_ANSWER_LEAD)
			return false;
		before = __atomic_exchange_n(newest, lead.args.token, __ATOMIC_SEQ_CST);
		if (lead.args.token <= before)
			return false;
		if (grant_command(handle, QUARTET_MEMO_ABANDON, lead.args.token))
			return false;
	}
	return true;
}

TEST_F(memo, later_leads_have_larger_tokens)
{
	__u64 *newest = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t children[4];
	int i;

	ASSERT_NE(MAP_FAILED, newest);
	for (i = 0; i < 4; i++) {
		children[i] = fork();
		if (!children[i])
			_exit(!lead_often(clone_handle(self->a), newest));
	}
	for (i = 0; i < 4; i++)
		EXPECT_EQ(0, wait_for(children[i]));
	EXPECT_NE(0, *newest);
	munmap(newest, 4096);
}

TEST_F(memo, forget_and_clear)
{
	struct quartet_memo_clear clear = { .size = sizeof(clear) };
	struct answer answer;

	EXPECT_REFUSED(ENOENT, memo_get(self->a, QUARTET_NO_LEAD, "key", &answer));
	ASSERT_EQ(0, memo_get(self->a, 0, "key", &answer));
	EXPECT_EQ(0, memo_fulfil(self->a, answer.args.token, "value"));
	EXPECT_EQ(0, memo_forget(self->b, "key"));
	EXPECT_REFUSED(ENOENT, memo_forget(self->b, "key"));
	ASSERT_EQ(0, memo_get(self->a, 0, "key", &answer));
	EXPECT_EQ(QUARTET_ANSWER_LEAD, answer.args.what);
	EXPECT_EQ(0, memo_fulfil(self->a, answer.args.token, "value"));
	EXPECT_EQ(0, ioctl(self->b, QUARTET_MEMO_CLEAR, &clear));
	EXPECT_EQ(1, clear.cleared);
	EXPECT_EQ(0, memo_state(self->a).entries);
}

TEST_F(memo, limits)
{
	struct answer answer;
	char long_key[66] = "";
	static char long_value[5000];

	memset(long_key, 'k', 65);
	EXPECT_REFUSED(EINVAL, memo_get(self->a, 0, long_key, &answer));
	EXPECT_REFUSED(EINVAL, memo_get(self->a, 0, "", &answer));
	EXPECT_REFUSED(EINVAL, memo_forget(self->a, long_key));
	EXPECT_REFUSED(EINVAL, memo_forget(self->a, ""));
	ASSERT_EQ(0, memo_get(self->a, 0, "key", &answer));
	memset(long_value, 'v', sizeof(long_value) - 1);
	/* That is this key's result. */
	EXPECT_REFUSED(EMSGSIZE, memo_fulfil(self->a, answer.args.token, long_value));
	EXPECT_REFUSED(ESTALE, memo_fulfil(self->a, answer.args.token, "value"));
}

TEST_HARNESS_MAIN
