// SPDX-License-Identifier: GPL-2.0-only
/* Errors as results: each that may be one arrives as one, by every way and in each engine. */
#include "kselftest_harness.h"
#include "../dev/device.h"

#define LARGEST	511

FIXTURE(errors) {
	int device;
	int a;
	int b;
	int c;
};

FIXTURE_VARIANT(errors) {
	enum quartet_engine engine;
	__u64 err_ttl_ns;
};

FIXTURE_VARIANT_ADD(errors, rcu) { .engine = QUARTET_ENGINE_RCU };
FIXTURE_VARIANT_ADD(errors, lock) { .engine = QUARTET_ENGINE_LOCK };
FIXTURE_VARIANT_ADD(errors, monitor) { .engine = QUARTET_ENGINE_MONITOR };
FIXTURE_VARIANT_ADD(errors, rcu_kept) {
	.engine = QUARTET_ENGINE_RCU, .err_ttl_ns = QUARTET_FOR_EVER,
};

FIXTURE_VARIANT_ADD(errors, lock_kept) {
	.engine = QUARTET_ENGINE_LOCK, .err_ttl_ns = QUARTET_FOR_EVER,
};

FIXTURE_VARIANT_ADD(errors, monitor_kept) {
	.engine = QUARTET_ENGINE_MONITOR, .err_ttl_ns = QUARTET_FOR_EVER,
};

FIXTURE_SETUP(errors)
{
	struct quartet_create args = memo_args();

	args.engine = variant->engine;
	args.err_ttl_ns = variant->err_ttl_ns;
	self->device = device_open();
	ASSERT_LE(0, self->device);
	self->a = create(self->device, args);
	ASSERT_LE(0, self->a);
	self->b = clone_handle(self->a);
	ASSERT_LE(0, self->b);
	self->c = clone_handle(self->a);
	ASSERT_LE(0, self->c);
}

FIXTURE_TEARDOWN(errors)
{
	close(self->a);
	close(self->b);
	close(self->c);
	close(self->device);
}

/* 0 or an errno of the command; the answer is in @args. */
static int get(int handle, __u32 flags, struct quartet_memo_get *args)
{
	*args = (struct quartet_memo_get){
		.size = sizeof(*args), .flags = flags, .key = address("key"), .key_len = 3,
	};
	return ioctl(handle, QUARTET_MEMO_GET, args) ? errno : 0;
}

static int fail(int handle, __u64 token, int error)
{
	struct quartet_memo_fulfil args = {
		.size = sizeof(args), .token = token, .error = error,
	};

	return ioctl(handle, QUARTET_MEMO_FULFIL, &args) ? errno : 0;
}

static int forget(int handle)
{
	struct quartet_memo_forget args = {
		.size = sizeof(args), .key = address("key"), .key_len = 3,
	};

	return ioctl(handle, QUARTET_MEMO_FORGET, &args) ? errno : 0;
}

static struct quartet_memo_info state_of(int handle)
{
	struct quartet_memo_info args = { .size = sizeof(args) };

	if (ioctl(handle, QUARTET_MEMO_STATE, &args))
		memset(&args, 0xff, sizeof(args));
	return args;
}

static bool memo_awaits(int handle, unsigned int n)
{
	int i;

	for (i = 0; i < 20000 && state_of(handle).waiters != n; i++)
		usleep(50);
	return state_of(handle).waiters == n;
}

static bool is_kept(__u64 err_ttl_ns, int error)
{
	return err_ttl_ns && error != ENOMEM && error != EDEADLK;
}

/* A thread whose gets block: the error of the last that has come out right. */
struct blocked {
	pthread_t thread;
	int handle;
	int joined;
};

static void *join_each(void *data)
{
	struct blocked *blocked = data;
	struct quartet_memo_get args;

	int error;

	for (error = 1; error <= LARGEST; error++) {
		while (!state_of(blocked->handle).waiters)
			usleep(50);
		if (get(blocked->handle, 0, &args) || args.what != QUARTET_ANSWER_JOINED ||
		    args.error != -error)
			break;
		/* After the answer. */
		__atomic_store_n(&blocked->joined, error, __ATOMIC_RELEASE);
	}
	return NULL;
}

static bool has_joined(struct blocked *blocked, int error)
{
	int i;

	for (i = 0; i < 20000; i++) {
		if (__atomic_load_n(&blocked->joined, __ATOMIC_ACQUIRE) == error)
			return true;
		usleep(50);
	}
	return false;
}

TEST_F_TIMEOUT(errors, each_reaches_all_who_join, 120)
{
	struct blocked blocked = { .handle = self->c };
	struct quartet_memo_get lead, other;
	struct quartet_event event;
	int error;

	pthread_create(&blocked.thread, NULL, join_each, &blocked);
	for (error = 1; error <= LARGEST; error++) {
		ASSERT_EQ(0, get(self->a, 0, &lead));
		ASSERT_EQ(QUARTET_ANSWER_LEAD, lead.what);
		/* The thread comes once this one waits. */
		ASSERT_EQ(EINPROGRESS, get(self->b, QUARTET_ASYNC, &other));
		ASSERT_TRUE(memo_awaits(self->a, 2));
		ASSERT_EQ(0, fail(self->a, lead.token, -error));
		event = next_event(self->b);
		ASSERT_EQ(QUARTET_EVENT_MEMO, event.what);
		ASSERT_EQ(-error, event.error);
		ASSERT_EQ(QUARTET_ANSWER_JOINED, event.result);
		ASSERT_EQ(0, event.token | event.attempt);
		ASSERT_TRUE(has_joined(&blocked, error));
		ASSERT_EQ(is_kept(variant->err_ttl_ns, error) ? 0 : ENOENT, forget(self->a));
	}
	pthread_join(blocked.thread, NULL);
	EXPECT_EQ(0, state_of(self->a).entries);
	EXPECT_EQ(0, state_of(self->a).waiters);
}

TEST_F(errors, each_that_is_kept_is_an_answer)
{
	struct quartet_memo_get lead, other;
	int error;

	for (error = 1; error <= LARGEST; error++) {
		ASSERT_EQ(0, get(self->a, 0, &lead));
		ASSERT_EQ(QUARTET_ANSWER_LEAD, lead.what);
		ASSERT_EQ(0, fail(self->a, lead.token, -error));
		if (!is_kept(variant->err_ttl_ns, error)) {
			ASSERT_EQ(ENOENT, get(self->b, QUARTET_NO_LEAD, &other));
			ASSERT_EQ(QUARTET_ANSWER_NONE, other.what);
			continue;
		}
		ASSERT_EQ(0, get(self->b, 0, &other));
		ASSERT_EQ(QUARTET_ANSWER_ERROR, other.what);
		ASSERT_EQ(-error, other.error);
		ASSERT_EQ(0, get(self->b, QUARTET_ASYNC, &other));
		ASSERT_EQ(QUARTET_ANSWER_ERROR, other.what);
		ASSERT_EQ(-error, other.error);
		ASSERT_EQ(0, get(self->b, QUARTET_TRY | QUARTET_NO_LEAD, &other));
		ASSERT_EQ(QUARTET_ANSWER_ERROR, other.what);
		ASSERT_EQ(-error, other.error);
		ASSERT_EQ(0, forget(self->a));
	}
}

/* Those are the request's own, and say so. */
TEST_F(errors, a_request_that_fails_has_no_answer)
{
	struct quartet_memo_get lead, other;
	struct quartet_event event;

	ASSERT_EQ(0, get(self->a, 0, &lead));
	ASSERT_EQ(EINPROGRESS, get(self->b, QUARTET_ASYNC, &other));
	EXPECT_EQ(0, ioctl(self->b, QUARTET_CANCEL, 0));
	event = next_event(self->b);
	EXPECT_EQ(-ECANCELED, event.error);
	EXPECT_EQ(QUARTET_ANSWER_NONE, event.result);
	other = (struct quartet_memo_get){
		.size = sizeof(other), .flags = QUARTET_ASYNC | QUARTET_DEADLINE,
		.clock = QUARTET_CLOCK_MONOTONIC, .deadline_ns = in_ms(20),
		.key = address("key"), .key_len = 3,
	};
	EXPECT_REFUSED(EINPROGRESS, ioctl(self->b, QUARTET_MEMO_GET, &other));
	event = next_event(self->b);
	EXPECT_EQ(-ETIMEDOUT, event.error);
	EXPECT_EQ(QUARTET_ANSWER_NONE, event.result);
	EXPECT_EQ(0, fail(self->a, lead.token, -ETIMEDOUT));
}

/* What is the kernel's own is refused, and the lead goes on; again and again, beside who joins. */
TEST_F_TIMEOUT(errors, the_kernels_own_are_refused, 120)
{
	static const int refused[] = { 1, 511, 4096, -512, -513, -516, -529, -530, -4095, -4096 };
	struct quartet_memo_get lead, other;
	int i, round;

	for (round = 0; round < 200; round++) {
		ASSERT_EQ(0, get(self->a, 0, &lead));
		ASSERT_EQ(QUARTET_ANSWER_LEAD, lead.what);
		ASSERT_EQ(EINPROGRESS, get(self->b, QUARTET_ASYNC, &other));
		for (i = 0; i < sizeof(refused) / sizeof(*refused); i++)
			ASSERT_EQ(EINVAL, fail(self->a, lead.token, refused[i]));
		ASSERT_EQ(1, state_of(self->a).leads);
		ASSERT_EQ(0, fail(self->a, lead.token, -EIO));
		ASSERT_EQ(-EIO, next_event(self->b).error);
		forget(self->a);
	}
	EXPECT_EQ(0, state_of(self->a).entries);
}

TEST_HARNESS_MAIN
