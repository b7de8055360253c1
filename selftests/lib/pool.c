// SPDX-License-Identifier: GPL-2.0-only
/* libquartet's pools: each function, the mapping and who has it, how they fail. */
#include <stdatomic.h>

#include "kselftest_harness.h"
#include "../lib/lib.h"

#define SLOTS	3

FIXTURE(pool) {
	struct quartet_pool *a;
	struct quartet_pool *b;
};

FIXTURE_SETUP(pool)
{
	const struct quartet_pool_params params = { .slots = SLOTS, .slot_size = 100 };

	ASSERT_EQ(0, quartet_pool_create(&self->a, NULL, &params));
	ASSERT_EQ(0, quartet_pool_clone(&self->b, self->a));
}

FIXTURE_TEARDOWN(pool)
{
	quartet_pool_close(self->a);
	quartet_pool_close(self->b);
}

static bool take_all(struct quartet_pool *pool)
{
	int i, failed = 0;

	for (i = 0; i < SLOTS; i++)
		failed += quartet_pool_get(pool) < 0;
	return !failed;
}

TEST_F(pool, set_flags)
{
	struct quartet_pool_info info;
	pid_t child = fork();

	EXPECT_EQ(-EINVAL, quartet_pool_set_flags(self->a, QUARTET_ASYNC));
	if (!child) {
		if (quartet_pool_get(self->a) < 0 ||
		    quartet_pool_set_flags(self->a, QUARTET_BY_HANDLE))
			_exit(1);
		_exit(quartet_pool_get(self->a) < 0);
	}
	EXPECT_EQ(0, wait_for(child));
	ASSERT_EQ(0, quartet_pool_state(self->a, &info));
	EXPECT_EQ(1, info.mine);
	EXPECT_EQ(SLOTS - 1, info.free);
}

TEST_F(pool, get_and_put)
{
	struct quartet_pool_info info;
	int slot, i;

	for (i = 0; i < SLOTS; i++) {
		slot = quartet_pool_tryget(self->a);
		ASSERT_LE(0, slot);
		ASSERT_GT(SLOTS, slot);
	}
	EXPECT_EQ(-EAGAIN, quartet_pool_tryget(self->b));
	ASSERT_EQ(0, quartet_pool_state(self->a, &info));
	EXPECT_EQ(SLOTS, info.slots);
	EXPECT_EQ(SLOTS, info.mine);
	EXPECT_EQ(0, info.free);
	EXPECT_EQ(-EPERM, quartet_pool_put(self->b, slot));
	EXPECT_EQ(0, quartet_pool_put(self->a, slot));
	EXPECT_EQ(slot, quartet_pool_get(self->b));
	EXPECT_EQ(-EINVAL, quartet_pool_put(self->a, SLOTS));
}

TEST_F(pool, deadlines)
{
	struct timespec soon, bad = { .tv_nsec = -1 };

	EXPECT_LE(0, quartet_pool_timedget(self->a, CLOCK_MONOTONIC, &(struct timespec){ }));
	EXPECT_LE(0, quartet_pool_timedget(self->a, CLOCK_REALTIME, NULL));
	EXPECT_LE(0, quartet_pool_get(self->a));
	EXPECT_EQ(-EINVAL, quartet_pool_timedget(self->b, CLOCK_MONOTONIC, &bad));
	soon = in_ms(CLOCK_REALTIME, 20);
	EXPECT_EQ(-ETIMEDOUT, quartet_pool_timedget(self->b, CLOCK_REALTIME, &soon));
	EXPECT_TRUE(is_over(CLOCK_REALTIME, &soon));
}

TEST_F(pool, asynchronous)
{
	struct quartet_event event;
	struct timespec soon;
	int fd = quartet_pool_fd(self->b);
	int slot = quartet_pool_get_async(self->a, 0, NULL);

	ASSERT_LE(0, slot);
	EXPECT_LE(0, quartet_pool_get(self->a));
	EXPECT_LE(0, quartet_pool_get(self->a));
	EXPECT_EQ(-EINPROGRESS, quartet_pool_get_async(self->b, 0, NULL));
	EXPECT_EQ(-EBUSY, quartet_pool_get_async(self->b, 0, NULL));
	EXPECT_EQ(0, quartet_pool_put(self->a, slot));
	ASSERT_EQ(0, quartet_event_read(fd, &event, NULL, 0));
	EXPECT_EQ(QUARTET_EVENT_SLOT, event.what);
	EXPECT_EQ(slot, event.token);
	soon = in_ms(CLOCK_MONOTONIC, 10);
	EXPECT_EQ(-EINPROGRESS, quartet_pool_get_async(self->b, CLOCK_MONOTONIC, &soon));
	ASSERT_EQ(0, quartet_event_read(fd, &event, NULL, 0));
	EXPECT_EQ(-ETIMEDOUT, event.error);
	EXPECT_EQ(-EINPROGRESS, quartet_pool_get_async(self->b, 0, NULL));
	EXPECT_EQ(0, quartet_cancel(fd));
	ASSERT_EQ(0, quartet_event_read(fd, &event, NULL, 0));
	EXPECT_EQ(-ECANCELED, event.error);
}

TEST_F(pool, give)
{
	const struct quartet_pool_params params = { .slots = 1, .slot_size = 8 };
	struct quartet_event event;
	struct quartet_pool *other;
	char room[8] = "empty";
	int slot = quartet_pool_get(self->a);

	ASSERT_EQ(0, quartet_pool_create(&other, NULL, &params));
	EXPECT_EQ(-EINVAL, quartet_pool_give(self->a, slot, other));
	EXPECT_EQ(-EPERM, quartet_pool_give(self->b, slot, self->a));
	strcpy(quartet_pool_slot(self->a, slot), "a gift");
	EXPECT_EQ(0, quartet_pool_give(self->a, slot, self->b));
	/* Room for a value does no harm. */
	ASSERT_EQ(0, quartet_event_read(quartet_pool_fd(self->b), &event, room, sizeof(room)));
	EXPECT_STREQ("empty", room);
	EXPECT_EQ(QUARTET_EVENT_GIVEN, event.what);
	EXPECT_EQ(slot, event.token);
	EXPECT_STREQ("a gift", quartet_pool_slot(self->b, slot));
	EXPECT_EQ(0, quartet_pool_put(self->b, slot));
	quartet_pool_close(other);
}

TEST_F(pool, slots)
{
	char *first = quartet_pool_slot(self->a, 0), *second = quartet_pool_slot(self->a, 1);

	EXPECT_LE(100, second - first);
	EXPECT_EQ(0, (unsigned long)second % 8);
	EXPECT_EQ(NULL, quartet_pool_slot(self->a, SLOTS));
	first[99] = 'x';
	EXPECT_EQ('x', ((char *)quartet_pool_slot(self->b, 0))[99]);
}

/* A child finds what it forked with where it was; so does a grandchild. */
TEST_F(pool, forked_child_has_the_slots)
{
	char *text = quartet_pool_slot(self->a, 1);
	pid_t child;

	strcpy(text, "parent");
	child = fork();
	if (!child) {
		if (strcmp(text, "parent") || quartet_pool_slot(self->a, 1) != text)
			_exit(1);
		strcpy(text, "child");
		child = fork();
		if (!child)
			_exit(strcmp(text, "child") ? 1 : 7);
		_exit(wait_for(child));
	}
	EXPECT_EQ(7, wait_for(child));
	EXPECT_STREQ("child", text);
}

/* Of a closed one there is nothing to be mapped anew, whichever of several it was. */
TEST_F(pool, forked_after_a_close)
{
	struct quartet_pool *c;
	char *text;
	pid_t child;

	ASSERT_EQ(0, quartet_pool_clone(&c, self->a));
	quartet_pool_close(self->b);
	text = quartet_pool_slot(c, 0);
	ASSERT_EQ(0, quartet_pool_clone(&self->b, self->a));
	child = fork();
	if (!child) {
		quartet_pool_close(c);
		strcpy(quartet_pool_slot(self->b, 0), "child");
		_exit(7);
	}
	EXPECT_EQ(7, wait_for(child));
	EXPECT_STREQ("child", text);
	quartet_pool_close(c);
}

struct forks {
	pthread_t thread;
	struct quartet_pool *pool;
	int failed;
	atomic_bool done;
};

/* That the slot is there, and that pools can be made and closed. */
static int look(const struct quartet_pool *pool, const char *slot)
{
	struct quartet_pool *another;

	if (*slot != 'x' || quartet_pool_clone(&another, pool))
		return 1;
	quartet_pool_close(another);
	return 7;
}

static void *fork_often(void *data)
{
	struct forks *forks = data;
	char *slot = quartet_pool_slot(forks->pool, 0);
	pid_t child;
	int i;

	for (i = 0; i < 50; i++) {
		child = fork();
		if (!child)
			_exit(look(forks->pool, slot));
		forks->failed += wait_for(child) != 7;
	}
	forks->done = true;
	return NULL;
}

/* The lock of the list is free in each child, and what is in the list is mapped. */
TEST_F(pool, forks_while_others_map)
{
	struct forks forks = { .pool = self->a };
	struct quartet_pool *c;
	int failed = 0;

	strcpy(quartet_pool_slot(self->a, 0), "x");
	pthread_create(&forks.thread, NULL, fork_often, &forks);
	while (!forks.done) {
		failed += quartet_pool_clone(&c, self->a) != 0;
		quartet_pool_close(c);
	}
	pthread_join(forks.thread, NULL);
	EXPECT_EQ(0, failed);
	EXPECT_EQ(0, forks.failed);
}

TEST_F(pool, dead_ones_slots_come_back)
{
	struct timespec late = in_ms(CLOCK_MONOTONIC, 10000);
	pid_t child = fork();

	if (!child)
		_exit(take_all(self->a) ? 7 : 1);
	EXPECT_EQ(7, wait_for(child));
	EXPECT_LE(0, quartet_pool_timedget(self->b, CLOCK_MONOTONIC, &late));
}

TEST_F(pool, names)
{
	const struct quartet_pool_params params = {
		.name = "lib-pool", .mode = 0600, .slots = 1, .slot_size = 8,
	};
	struct quartet_pool *named, *other;

	ASSERT_EQ(0, quartet_pool_create(&named, NULL, &params));
	EXPECT_EQ(-EEXIST, quartet_pool_create(&other, NULL, &params));
	ASSERT_EQ(0, quartet_pool_open(&other, NULL, params.name));
	EXPECT_EQ(0, quartet_device_unlink(NULL, params.name));
	strcpy(quartet_pool_slot(named, 0), "shared");
	EXPECT_STREQ("shared", quartet_pool_slot(other, 0));
	quartet_pool_close(named);
	EXPECT_STREQ("shared", quartet_pool_slot(other, 0));
	quartet_pool_close(other);
	EXPECT_EQ(-EINVAL, quartet_pool_create(&other, NULL, &(struct quartet_pool_params){
		.slot_size = 8,
	}));
}

TEST_F(pool, import)
{
	struct quartet_pool *same, *none = NULL;
	struct quartet_mutex *mutex = NULL;
	int fd = dup(quartet_pool_fd(self->a)), slot;

	EXPECT_EQ(-ENOTTY, quartet_mutex_import(&mutex, fd));
	ASSERT_EQ(0, quartet_pool_import(&same, fd));
	slot = quartet_pool_get(self->a);
	EXPECT_EQ(0, quartet_pool_put(same, slot));
	quartet_pool_close(same);
	EXPECT_EQ(-EBADF, quartet_pool_import(&none, fd));
	EXPECT_EQ(NULL, none);
	quartet_pool_close(NULL);
}

TEST_HARNESS_MAIN
