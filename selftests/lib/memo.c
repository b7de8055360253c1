// SPDX-License-Identifier: GPL-2.0-only
/* libquartet's memo tables: each function, each answer, computations that end in each way. */
#include "kselftest_harness.h"
#include "../lib/lib.h"

FIXTURE(memo) {
	struct quartet_memo *a;
	struct quartet_memo *b;
};

static const struct quartet_memo_params defaults = {
	.capacity = 64, .bytes = 1 << 20, .ttl_ns = QUARTET_FOR_EVER,
	.key_max = 16, .value_max = 64,
};

FIXTURE_SETUP(memo)
{
	ASSERT_EQ(0, quartet_memo_create(&self->a, NULL, &defaults));
	ASSERT_EQ(0, quartet_memo_clone(&self->b, self->a));
}

FIXTURE_TEARDOWN(memo)
{
	quartet_memo_close(self->a);
	quartet_memo_close(self->b);
}

/* A query with room, for the key "key" unless it is changed. */
struct room {
	struct quartet_memo_query query;
	char value[64];
};

static struct quartet_memo_query *ask(struct room *room)
{
	*room = (struct room){
		.query = { .key = "key", .key_len = 3, .value = room->value,
			   .size = sizeof(room->value) },
	};
	return &room->query;
}

static int fulfil(struct quartet_memo *memo, __u64 token, const char *value)
{
	return quartet_memo_fulfil(memo, token, value, strlen(value) + 1);
}

static struct quartet_memo_info state_of(const struct quartet_memo *memo)
{
	struct quartet_memo_info info;

	if (quartet_memo_state(memo, &info))
		memset(&info, 0xff, sizeof(info));
	return info;
}

TEST_F(memo, lead_then_value)
{
	struct room lead, value;

	ASSERT_EQ(0, quartet_memo_get(self->a, ask(&lead)));
	EXPECT_EQ(QUARTET_ANSWER_LEAD, lead.query.what);
	EXPECT_EQ(1, lead.query.attempt);
	EXPECT_EQ(1, state_of(self->a).leads);
	EXPECT_EQ(-EAGAIN, quartet_memo_tryget(self->b, ask(&value)));
	EXPECT_EQ(QUARTET_ANSWER_NONE, value.query.what);
	EXPECT_EQ(-EPERM, fulfil(self->b, lead.query.token, "value"));
	EXPECT_EQ(0, fulfil(self->a, lead.query.token, "value"));
	EXPECT_EQ(-ESTALE, fulfil(self->a, lead.query.token, "value"));
	ASSERT_EQ(0, quartet_memo_tryget(self->b, ask(&value)));
	EXPECT_EQ(QUARTET_ANSWER_VALUE, value.query.what);
	EXPECT_EQ(sizeof("value"), value.query.len);
	EXPECT_STREQ("value", value.value);
	value.query.size = 2;
	EXPECT_EQ(-ENOBUFS, quartet_memo_get(self->b, &value.query));
	EXPECT_EQ(sizeof("value"), value.query.len);
}

TEST_F(memo, bad_queries)
{
	struct room room;

	ask(&room)->key_len = 0;
	EXPECT_EQ(-EINVAL, quartet_memo_get(self->a, &room.query));
	ask(&room)->key_len = 17;
	EXPECT_EQ(-EINVAL, quartet_memo_get(self->a, &room.query));
	ask(&room)->key_len = (1UL << 32) + 3;
	EXPECT_EQ(-EINVAL, quartet_memo_get(self->a, &room.query));
	ask(&room)->flags = QUARTET_TRY;
	EXPECT_EQ(-EINVAL, quartet_memo_get(self->a, &room.query));
	ask(&room)->key = NULL;
	EXPECT_EQ(-EFAULT, quartet_memo_get(self->a, &room.query));
	ask(&room)->flags = QUARTET_NO_LEAD;
	EXPECT_EQ(-ENOENT, quartet_memo_get(self->a, &room.query));
	EXPECT_EQ(0, state_of(self->a).misses);
}

TEST_F(memo, fail_and_abandon)
{
	struct room lead, other;

	ASSERT_EQ(0, quartet_memo_get(self->a, ask(&lead)));
	EXPECT_EQ(-EINVAL, quartet_memo_fail(self->a, lead.query.token, 0));
	EXPECT_EQ(-EINVAL, quartet_memo_fail(self->a, lead.query.token, EIO));
	EXPECT_EQ(-EINPROGRESS, quartet_memo_get_async(self->b, 0, NULL, ask(&other)));
	EXPECT_EQ(0, quartet_memo_fail(self->a, lead.query.token, -EIO));
	EXPECT_TRUE(is_readable(quartet_memo_fd(self->b), 1000));
	ASSERT_EQ(0, quartet_memo_get(self->a, ask(&lead)));
	EXPECT_EQ(-ESTALE, quartet_memo_abandon(self->a, lead.query.token + 99));
	EXPECT_EQ(0, quartet_memo_abandon(self->a, lead.query.token));
	EXPECT_EQ(0, state_of(self->a).leads);
}

TEST_F(memo, kept_error)
{
	struct quartet_memo_params params = defaults;
	struct quartet_memo *memo;
	struct room room;

	params.err_ttl_ns = QUARTET_FOR_EVER;
	ASSERT_EQ(0, quartet_memo_create(&memo, NULL, &params));
	ASSERT_EQ(0, quartet_memo_get(memo, ask(&room)));
	EXPECT_EQ(0, quartet_memo_fail(memo, room.query.token, -EIO));
	ASSERT_EQ(0, quartet_memo_get(memo, ask(&room)));
	EXPECT_EQ(QUARTET_ANSWER_ERROR, room.query.what);
	EXPECT_EQ(-EIO, room.query.error);
	quartet_memo_close(memo);
}

TEST_F(memo, old_value)
{
	struct quartet_memo_params params = defaults;
	struct quartet_memo *memo;
	struct room room;
	int err;

	params.ttl_ns = 1;
	ASSERT_EQ(0, quartet_memo_create(&memo, NULL, &params));
	ASSERT_EQ(0, quartet_memo_get(memo, ask(&room)));
	EXPECT_EQ(0, fulfil(memo, room.query.token, "value"));
	/* It expires with the next tick, and may then be swept away before it is asked for. */
	do {
		ask(&room)->flags = QUARTET_STALE | QUARTET_NO_LEAD;
		err = quartet_memo_get(memo, &room.query);
	} while (room.query.what == QUARTET_ANSWER_VALUE);
	EXPECT_TRUE(err == -ENOENT || room.query.what == QUARTET_ANSWER_OLD);
	quartet_memo_close(memo);
}

TEST_F(memo, deadlines)
{
	struct timespec soon, bad = { .tv_nsec = 1000000000 };
	struct room room;
	pid_t child = fork();

	if (!child) {
		if (quartet_memo_get(self->a, ask(&room)))
			_exit(1);
		for (;;)
			pause();
	}
	while (!state_of(self->b).misses)
		usleep(1000);
	soon = in_ms(CLOCK_MONOTONIC, 20);
	EXPECT_EQ(-ETIMEDOUT,
		  quartet_memo_timedget(self->b, CLOCK_MONOTONIC, &soon, ask(&room)));
	EXPECT_TRUE(is_over(CLOCK_MONOTONIC, &soon));
	EXPECT_EQ(-EINVAL, quartet_memo_timedget(self->b, CLOCK_MONOTONIC, &bad, ask(&room)));
	kill_and_wait(child);
	EXPECT_EQ(0, quartet_memo_timedget(self->b, CLOCK_REALTIME, NULL, ask(&room)));
	EXPECT_EQ(QUARTET_ANSWER_LEAD, room.query.what);
}

TEST_F(memo, asynchronous)
{
	struct quartet_event event;
	struct room lead, other;
	char value[sizeof("value")] = "", part[3] = "";
	int fd = quartet_memo_fd(self->b);

	ASSERT_EQ(0, quartet_memo_get_async(self->a, 0, NULL, ask(&lead)));
	EXPECT_EQ(QUARTET_ANSWER_LEAD, lead.query.what);
	EXPECT_EQ(-EINPROGRESS, quartet_memo_get_async(self->b, 0, NULL, ask(&other)));
	EXPECT_EQ(0, fulfil(self->a, lead.query.token, "value"));
	ASSERT_EQ(0, quartet_event_read(fd, &event, value, sizeof(value)));
	EXPECT_EQ(QUARTET_EVENT_MEMO, event.what);
	EXPECT_EQ(sizeof("value"), event.result);
	EXPECT_STREQ("value", value);

	EXPECT_EQ(0, quartet_memo_forget(self->a, "key", 3));
	ASSERT_EQ(0, quartet_memo_get(self->a, ask(&lead)));
	EXPECT_EQ(-EINPROGRESS, quartet_memo_get_async(self->b, 0, NULL, ask(&other)));
	EXPECT_EQ(0, fulfil(self->a, lead.query.token, "value"));
	ASSERT_EQ(0, quartet_event_read(fd, &event, part, 2));
	EXPECT_STREQ("va", part);

	EXPECT_EQ(0, quartet_memo_forget(self->a, "key", 3));
	ASSERT_EQ(0, quartet_memo_get(self->a, ask(&lead)));
	EXPECT_EQ(-EINPROGRESS, quartet_memo_get_async(self->b, 0, NULL, ask(&other)));
	EXPECT_EQ(0, quartet_memo_abandon(self->a, lead.query.token));
	ASSERT_EQ(0, quartet_event_read(fd, &event, value, sizeof(value)));
	EXPECT_EQ(2, event.attempt);
	EXPECT_EQ(0, fulfil(self->b, event.token, "other"));
	EXPECT_EQ(-EINVAL, quartet_event_read(fd, &event, value, SIZE_MAX));
}

TEST_F(memo, forget_and_clear)
{
	struct room room;

	EXPECT_EQ(-ENOENT, quartet_memo_forget(self->a, "key", 3));
	EXPECT_EQ(-EINVAL, quartet_memo_forget(self->a, "key", 0));
	EXPECT_EQ(0, quartet_memo_clear(self->a));
	ASSERT_EQ(0, quartet_memo_get(self->a, ask(&room)));
	EXPECT_EQ(0, fulfil(self->a, room.query.token, "value"));
	EXPECT_EQ(1, quartet_memo_clear(self->b));
	EXPECT_EQ(0, state_of(self->a).entries);
}

static ssize_t say(const struct quartet_memo_query *query, void *arg)
{
	strcpy(query->value, arg);
	return strlen(arg) + 1;
}

static ssize_t give_up(const struct quartet_memo_query *query, void *arg)
{
	return *(ssize_t *)arg;
}

TEST_F(memo, compute)
{
	struct room room;

	EXPECT_EQ(6, quartet_memo_compute(self->a, ask(&room), say, "value"));
	EXPECT_EQ(QUARTET_ANSWER_COMPUTED, room.query.what);
	EXPECT_EQ(6, quartet_memo_compute(self->b, ask(&room), say, "another"));
	EXPECT_EQ(QUARTET_ANSWER_VALUE, room.query.what);
	EXPECT_STREQ("value", room.value);
	EXPECT_EQ(1, state_of(self->a).computations);
	EXPECT_EQ(0, state_of(self->a).leads);
}

TEST_F(memo, compute_fails)
{
	ssize_t error = -EIO;
	struct room room;

	EXPECT_EQ(-EIO, quartet_memo_compute(self->a, ask(&room), give_up, &error));
	EXPECT_EQ(-EIO, room.query.error);
	EXPECT_EQ(QUARTET_ANSWER_COMPUTED, room.query.what);
	error = -5000;
	EXPECT_EQ(-EINVAL, quartet_memo_compute(self->a, ask(&room), give_up, &error));
	error = LONG_MIN;
	EXPECT_EQ(-EINVAL, quartet_memo_compute(self->a, ask(&room), give_up, &error));
	EXPECT_EQ(0, room.query.error);
	EXPECT_EQ(0, state_of(self->a).leads);
	ask(&room)->key_len = 0;
	EXPECT_EQ(-EINVAL, quartet_memo_compute(self->a, &room.query, say, "value"));
}

/* Lack of room is this caller's, and nobody else is told of it. */
TEST_F(memo, compute_without_room)
{
	ssize_t len = sizeof(((struct room *)0)->value) + 1;
	struct room room, other;

	EXPECT_EQ(-ENOBUFS, quartet_memo_compute(self->a, ask(&room), give_up, &len));
	EXPECT_EQ(len, room.query.len);
	len = -ENOBUFS;
	EXPECT_EQ(-ENOBUFS, quartet_memo_compute(self->a, ask(&room), give_up, &len));
	EXPECT_EQ(QUARTET_ANSWER_NONE, room.query.what);
	EXPECT_EQ(0, room.query.error);
	EXPECT_EQ(0, state_of(self->a).leads);
	EXPECT_EQ(6, quartet_memo_compute(self->b, ask(&other), say, "value"));
}

TEST_F(memo, compute_more_than_may_be)
{
	struct quartet_memo_params params = defaults;
	struct quartet_memo *memo;
	struct room room;

	params.value_max = 3;
	ASSERT_EQ(0, quartet_memo_create(&memo, NULL, &params));
	EXPECT_EQ(-EMSGSIZE, quartet_memo_compute(memo, ask(&room), say, "value"));
	EXPECT_EQ(0, state_of(memo).leads);
	quartet_memo_close(memo);
}

struct computation {
	struct quartet_memo *memo;
	struct room room;
};

static ssize_t never(const struct quartet_memo_query *query, void *arg)
{
	return pause();
}

static void *compute_for_ever(void *data)
{
	struct computation *computation = data;

	quartet_memo_compute(computation->memo, ask(&computation->room), never, NULL);
	return NULL;
}

/* A thread that is cancelled while it computes leaves its lead to another. */
TEST_F(memo, compute_is_cancelled)
{
	struct computation computation = { .memo = self->a };
	pthread_t thread;
	struct room room;

	pthread_create(&thread, NULL, compute_for_ever, &computation);
	while (!state_of(self->b).misses)
		usleep(1000);
	pthread_cancel(thread);
	pthread_join(thread, NULL);
	EXPECT_EQ(0, state_of(self->a).leads);
	EXPECT_EQ(6, quartet_memo_compute(self->b, ask(&room), say, "value"));
}

TEST_F(memo, names)
{
	struct quartet_memo_params params = defaults;
	struct quartet_memo *named, *other;

	params.name = "lib-memo";
	params.mode = 0600;
	params.engine = QUARTET_ENGINE_LOCK;
	ASSERT_EQ(0, quartet_memo_create(&named, NULL, &params));
	EXPECT_EQ(-EEXIST, quartet_memo_create(&other, NULL, &params));
	ASSERT_EQ(0, quartet_memo_open(&other, NULL, params.name));
	EXPECT_EQ(0, quartet_device_unlink(NULL, params.name));
	EXPECT_EQ(QUARTET_ENGINE_LOCK, state_of(other).engine);
	quartet_memo_close(named);
	quartet_memo_close(other);
	params.name = NULL;
	params.mode = 0;
	params.func = "nobody-has-this";
	EXPECT_EQ(-ENOENT, quartet_memo_create(&other, NULL, &params));
}

TEST_F(memo, import)
{
	struct quartet_memo *same, *none = NULL;
	int fd = dup(quartet_memo_fd(self->a));

	ASSERT_EQ(0, quartet_memo_import(&same, fd));
	EXPECT_EQ(64, state_of(same).value_max);
	quartet_memo_close(same);
	EXPECT_EQ(-EBADF, quartet_memo_import(&none, fd));
	EXPECT_EQ(NULL, none);
	quartet_memo_close(NULL);
}

TEST_HARNESS_MAIN
