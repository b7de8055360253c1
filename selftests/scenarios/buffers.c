// SPDX-License-Identifier: GPL-2.0-only
/* Publishers and subscribers that share buffers: loans, gifts, what dies with whom. */
#include "kselftest_harness.h"
#include "story.h"

#define SLOTS	4

FIXTURE(pool) {
	int publisher;
	int subscriber;
	char *slots;
	__u32 stride;
};

FIXTURE_SETUP(pool)
{
	story_begin();
	self->publisher = new_object(pool_args(SLOTS));
	ASSERT_LE(0, self->publisher);
	self->subscriber = clone_handle(self->publisher);
	ASSERT_LE(0, self->subscriber);
	self->stride = pool_state(self->publisher).stride;
	self->slots = pool_map(self->publisher);
	ASSERT_NE(NULL, self->slots);
}

FIXTURE_TEARDOWN(pool)
{
	munmap(self->slots, pool_state(self->publisher).map_len);
	close(self->publisher);
	close(self->subscriber);
	story_end();
}

#define POOL FIXTURE_DATA(pool)

static char *slot_of(const POOL *self, __u32 slot)
{
	return self->slots + slot * self->stride;
}

static bool is_zero(const char *bytes, size_t n)
{
	while (n && !*bytes++)
		n--;
	return !n;
}

/*
 * A publisher is killed while it fills a buffer that it has on loan. The buffer comes back, zeroed,
 * and nothing leaks, however often that happens.
 * Reported of publishers: eclipse-iceoryx/iceoryx #1936.
 */
TEST_F(pool, publisher_is_killed_with_a_loan)
{
	int i;

	for (i = 0; i < 3 * SLOTS; i++) {
		pid_t child = start();

		if (!child) {
			char *slots = pool_map(self->publisher);
			__u32 slot;

			if (!slots || pool_get(self->publisher, 0, &slot))
				_exit(1);
			memset(slots + slot * self->stride, 'x', 256);
			shared[0] = slot;
			kill(getpid(), SIGKILL);
		}
		ASSERT_EQ(-SIGKILL, wait_for(child));
		EXPECT_EQ(SLOTS, pool_state(self->publisher).free);
		EXPECT_TRUE(is_zero(slot_of(self, shared[0]), 256));
	}
}

/*
 * A subscriber is killed while it reads what it was given. The buffer comes back, zeroed, and the
 * publisher goes on.
 * Reported of subscribers: eclipse-iceoryx/iceoryx #1740.
 */
TEST_F(pool, subscriber_is_killed_with_a_sample)
{
	pid_t child = start();
	__u32 slot;

	if (!child) {
		struct quartet_event event = next_event(self->subscriber);

		if (event.what != QUARTET_EVENT_GIVEN)
			_exit(1);
		shared[0] = 1;
		for (;;)
			pause();
	}
	ASSERT_EQ(0, pool_get(self->publisher, 0, &slot));
	strcpy(slot_of(self, slot), "sample");
	ASSERT_EQ(0, pool_give(self->publisher, slot, self->subscriber));
	ASSERT_TRUE(SOON(shared[0]));
	EXPECT_STREQ("sample", slot_of(self, slot));
	EXPECT_EQ(SLOTS - 1, pool_state(self->publisher).free);
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
	EXPECT_EQ(SLOTS, pool_state(self->publisher).free);
	EXPECT_TRUE(is_zero(slot_of(self, slot), 256));
}

/*
 * A publisher gives a buffer, and dies at once. What was given is the subscriber's: it reads the
 * event, and the buffer is as the publisher left it.
 * Reported of publishers: eclipse-iceoryx/iceoryx2 #2008.
 */
TEST_F(pool, publisher_dies_after_it_gave)
{
	struct quartet_event event;
	pid_t child;

	/* It has used its handle: that is how it takes part. */
	EXPECT_FALSE(is_readable(self->subscriber, 0));
	child = start();
	if (!child) {
		char *slots = pool_map(self->publisher);
		__u32 slot;

		if (!slots || pool_get(self->publisher, 0, &slot))
			_exit(1);
		strcpy(slots + slot * self->stride, "last words");
		_exit(pool_give(self->publisher, slot, self->subscriber) ? 2 : 0);
	}
	ASSERT_EQ(0, wait_for(child));
	event = next_event(self->subscriber);
	EXPECT_EQ(QUARTET_EVENT_GIVEN, event.what);
	EXPECT_EQ(0, event.error);
	EXPECT_STREQ("last words", slot_of(self, event.token));
	EXPECT_EQ(0, pool_put(self->subscriber, event.token));
	EXPECT_EQ(SLOTS, pool_state(self->publisher).free);
}

/*
 * A publisher gives a buffer to a subscriber that never reads, and that closes its handle. The
 * buffer is free again.
 * Reported of full pools: eclipse-iceoryx/iceoryx #2344.
 */
TEST_F(pool, gift_that_nobody_reads)
{
	__u32 slot;

	ASSERT_EQ(0, pool_get(self->publisher, 0, &slot));
	ASSERT_EQ(0, pool_give(self->publisher, slot, self->subscriber));
	EXPECT_EQ(SLOTS - 1, pool_state(self->publisher).free);
	close(self->subscriber);
	self->subscriber = -1;
	EXPECT_EQ(SLOTS, pool_state(self->publisher).free);
}

/*
 * All buffers are out. A publisher that does not wait is told so; one that waits gets the first
 * that comes back, and those who came first are served first.
 * Reported of full pools: eclipse-iceoryx/iceoryx #2344.
 */
TEST_F(pool, all_buffers_are_out)
{
	__u32 slots[SLOTS], other;
	pid_t waiters[3];
	int i;

	for (i = 0; i < SLOTS; i++)
		ASSERT_EQ(0, pool_get(self->publisher, QUARTET_TRY, &slots[i]));
	EXPECT_REFUSED(EAGAIN, pool_get(self->subscriber, QUARTET_TRY, &other));
	for (i = 0; i < 3; i++) {
		waiters[i] = start();
		if (!waiters[i]) {
			int handle = clone_handle(self->publisher);

			if (pool_get(handle, 0, &other))
				_exit(99);
			shared[i] = 1;
			for (;;)
				pause();
		}
		ASSERT_TRUE(SOON(pool_state(self->publisher).waiters == i + 1));
	}
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, pool_put(self->publisher, slots[i]));
		EXPECT_TRUE(SOON(shared[i]));
		EXPECT_EQ(i + 1, shared[0] + shared[1] + shared[2]);
	}
	for (i = 0; i < 3; i++)
		EXPECT_EQ(-SIGKILL, kill_and_wait(waiters[i]));
	EXPECT_EQ(3, pool_state(self->publisher).free);
}

/*
 * All buffers are out with a worker that is killed. Those who wait get them, zeroed.
 * Reported of killed workers: birdnet-team/birdnet #73.
 */
TEST_F(pool, holder_of_all_buffers_is_killed)
{
	pid_t greedy = start(), next;
	__u32 slot;
	int i;

	if (!greedy) {
		for (i = 0; i < SLOTS; i++)
			if (pool_get(self->publisher, 0, &slot))
				_exit(1);
		shared[0] = 1;
		for (;;)
			pause();
	}
	ASSERT_TRUE(SOON(shared[0]));
	next = start();
	if (!next)
		_exit(pool_get(self->subscriber, 0, &slot) ? 1 : 0);
	ASSERT_TRUE(SOON(pool_state(self->publisher).waiters == 1));
	EXPECT_EQ(-SIGKILL, kill_and_wait(greedy));
	EXPECT_EQ(0, wait_for(next));
	EXPECT_EQ(SLOTS, pool_state(self->publisher).free);
}

/*
 * A subscriber releases the same buffer twice. The second time is refused, and the buffer of who
 * has it by then stays with that one.
 * Reported of double releases: eclipse-iceoryx/iceoryx #1277.
 */
TEST_F(pool, buffer_is_released_twice)
{
	__u32 slot, again;

	ASSERT_EQ(0, pool_get(self->subscriber, 0, &slot));
	ASSERT_EQ(0, pool_put(self->subscriber, slot));
	EXPECT_REFUSED(EPERM, pool_put(self->subscriber, slot));
	do {
		ASSERT_EQ(0, pool_get(self->publisher, QUARTET_TRY, &again));
	} while (again != slot);
	EXPECT_REFUSED(EPERM, pool_put(self->subscriber, slot));
	EXPECT_REFUSED(EPERM, pool_give(self->subscriber, slot, self->publisher));
	EXPECT_EQ(0, pool_put(self->publisher, slot));
	EXPECT_REFUSED(EINVAL, pool_put(self->publisher, SLOTS));
}

/*
 * A publisher gives a buffer to itself, to a handle of another pool, or to something that is no
 * handle. Each is refused, and the publisher still has it.
 * Reported of wrong receivers: eclipse-iceoryx/iceoryx #1277.
 */
TEST_F(pool, given_to_the_wrong_one)
{
	int elsewhere = new_object(pool_args(1)), null = open("/dev/null", O_RDWR | O_CLOEXEC);
	__u32 slot;

	ASSERT_EQ(0, pool_get(self->publisher, 0, &slot));
	EXPECT_REFUSED(EINVAL, pool_give(self->publisher, slot, self->publisher));
	EXPECT_REFUSED(EINVAL, pool_give(self->publisher, slot, elsewhere));
	EXPECT_REFUSED(EINVAL, pool_give(self->publisher, slot, null));
	EXPECT_REFUSED(EBADF, pool_give(self->publisher, slot, -1));
	EXPECT_EQ(1, pool_state(self->publisher).mine);
	EXPECT_EQ(0, pool_put(self->publisher, slot));
	close(elsewhere);
	close(null);
}

/*
 * A program closes its handles and goes on to read the mapping that it has. The memory is there
 * until the mapping goes.
 * Reported of relative pointers: eclipse-iceoryx/iceoryx #2141.
 */
TEST_F(pool, mapping_outlives_the_handles)
{
	strcpy(self->slots, "still here");
	close(self->publisher);
	close(self->subscriber);
	EXPECT_STREQ("still here", self->slots);
	munmap(self->slots, SLOTS * self->stride);
	self->publisher = -1;
	self->subscriber = -1;
}

/*
 * A forked worker wants to use the mapping of its parent. A child does not inherit it: it maps its
 * own, and sees the same memory.
 * Reported of forks: LMDB in cocoindex-io/cocoindex-code #129.
 */
TEST_F(pool, forked_worker_maps_its_own)
{
	pid_t child;

	strcpy(self->slots, "for all");
	child = start();
	if (!child) {
		__atomic_store_n(self->slots, 0, __ATOMIC_RELAXED);
		_exit(1);
	}
	EXPECT_EQ(-SIGSEGV, wait_for(child));
	child = start();
	if (!child) {
		char *slots = pool_map(self->publisher);

		if (!slots || strcmp(slots, "for all"))
			_exit(1);
		strcpy(slots, "from all");
		_exit(0);
	}
	EXPECT_EQ(0, wait_for(child));
	EXPECT_STREQ("from all", self->slots);
}

/*
 * A plug-in maps the buffers to execute what is in them. That is refused, at once and later.
 * Reported of leaked descriptors: containers/storage #59.
 */
TEST_F(pool, mapped_to_be_executed)
{
	size_t len = pool_state(self->publisher).map_len;

	EXPECT_EQ(MAP_FAILED, mmap(NULL, len, PROT_READ | PROT_EXEC, MAP_SHARED,
				   self->publisher, 0));
	EXPECT_EQ(EPERM, errno);
	EXPECT_REFUSED(EACCES, mprotect(self->slots, len, PROT_READ | PROT_EXEC));
	EXPECT_EQ(MAP_FAILED, mmap(NULL, len, PROT_READ, MAP_PRIVATE, self->publisher, 0));
	EXPECT_EQ(EINVAL, errno);
}

TEST_HARNESS_MAIN
