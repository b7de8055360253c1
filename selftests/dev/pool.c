// SPDX-License-Identifier: GPL-2.0-only
/* The pool that handles share: slots, mappings, gifts, death. */
#include "kselftest_harness.h"
#include "../dev/device.h"

#define SLOTS	4
#define LATE	8	/* waiters with one deadline */

FIXTURE(pool) {
	int device;
	int a;
	int b;
	struct quartet_pool_info info;
	char *slots;
};

static int pool_get(int handle, __u32 flags, __u32 *slot)
{
	struct quartet_pool_get args = { .size = sizeof(args), .flags = flags };
	int err = ioctl(handle, QUARTET_POOL_GET, &args);

	*slot = args.slot;
	return err;
}

static int pool_put(int handle, __u32 slot)
{
	struct quartet_pool_put args = { .size = sizeof(args), .slot = slot };

	return ioctl(handle, QUARTET_POOL_PUT, &args);
}

static int pool_give(int handle, __u32 slot, int to)
{
	struct quartet_pool_put args = { .size = sizeof(args), .slot = slot, .fd = to };

	return ioctl(handle, QUARTET_POOL_GIVE, &args);
}

static struct quartet_pool_info pool_state(int handle)
{
	struct quartet_pool_info args = { .size = sizeof(args) };

	if (ioctl(handle, QUARTET_POOL_STATE, &args))
		memset(&args, 0xff, sizeof(args));
	return args;
}

FIXTURE_SETUP(pool)
{
	self->device = device_open();
	ASSERT_LE(0, self->device);
	self->a = create(self->device, pool_args(SLOTS));
	ASSERT_LE(0, self->a);
	self->b = clone_handle(self->a);
	ASSERT_LE(0, self->b);
	self->info = pool_state(self->a);
	self->slots = mmap(NULL, self->info.map_len, PROT_READ | PROT_WRITE, MAP_SHARED, self->a,
			   0);
	ASSERT_NE(MAP_FAILED, self->slots);
}

FIXTURE_TEARDOWN(pool)
{
	close(self->a);
	close(self->b);
	EXPECT_EQ(0, munmap(self->slots, self->info.map_len));
	close(self->device);
}

TEST_F(pool, all_and_no_more)
{
	__u32 slot[SLOTS], other;
	int i, j;

	EXPECT_EQ(SLOTS, self->info.slots);
	EXPECT_EQ(256, self->info.slot_size);
	EXPECT_EQ(SLOTS, self->info.free);
	for (i = 0; i < SLOTS; i++) {
		ASSERT_EQ(0, pool_get(i % 2 ? self->a : self->b, QUARTET_TRY, &slot[i]));
		EXPECT_GT(SLOTS, slot[i]);
		for (j = 0; j < i; j++)
			EXPECT_NE(slot[j], slot[i]);
	}
	EXPECT_REFUSED(EINVAL, pool_get(self->a, QUARTET_TRY | QUARTET_ASYNC, &other));
	EXPECT_REFUSED(EAGAIN, pool_get(self->a, QUARTET_TRY, &other));
	EXPECT_EQ(0, pool_state(self->a).free);
	EXPECT_EQ(SLOTS / 2, pool_state(self->a).mine);
	EXPECT_EQ(0, pool_put(self->b, slot[0]));
	EXPECT_EQ(0, pool_get(self->a, QUARTET_TRY, &other));
	EXPECT_EQ(slot[0], other);
}

TEST_F(pool, not_ones_own)
{
	__u32 slot;

	ASSERT_EQ(0, pool_get(self->a, 0, &slot));
	EXPECT_REFUSED(EPERM, pool_put(self->b, slot));
	EXPECT_REFUSED(EINVAL, pool_put(self->a, SLOTS));
	EXPECT_REFUSED(EINVAL, pool_put(self->a, ~0U));
	EXPECT_EQ(0, pool_put(self->a, slot));
	EXPECT_REFUSED(EPERM, pool_put(self->a, slot));
}

TEST_F(pool, waits_in_order)
{
	__u32 slot[SLOTS], other;
	int c = clone_handle(self->a);
	int i;

	for (i = 0; i < SLOTS; i++)
		ASSERT_EQ(0, pool_get(self->a, 0, &slot[i]));
	EXPECT_REFUSED(EINPROGRESS, pool_get(self->b, QUARTET_ASYNC, &other));
	EXPECT_REFUSED(EINPROGRESS, pool_get(c, QUARTET_ASYNC, &other));
	EXPECT_EQ(2, pool_state(self->a).waiters);
	EXPECT_EQ(0, pool_put(self->a, slot[1]));
	EXPECT_FALSE(is_readable(c, 0));
	EXPECT_EQ(slot[1], next_event(self->b).token);
	EXPECT_EQ(0, pool_put(self->a, slot[0]));
	EXPECT_EQ(slot[0], next_event(c).token);
	/* Nobody else may have it, though it is free for a moment. */
	EXPECT_REFUSED(EAGAIN, pool_get(self->a, QUARTET_TRY, &other));
	EXPECT_EQ(0, pool_put(c, slot[0]));
	EXPECT_EQ(1, pool_state(self->a).free);
	close(c);
}

TEST_F(pool, wait_ends)
{
	struct quartet_pool_get args = {
		.size = sizeof(args), .flags = QUARTET_DEADLINE,
		.clock = QUARTET_CLOCK_MONOTONIC,
	};
	__u32 slot, other;
	int i;

	for (i = 0; i < SLOTS; i++)
		ASSERT_EQ(0, pool_get(self->a, 0, &slot));
	args.deadline_ns = in_ms(10);
	EXPECT_REFUSED(ETIMEDOUT, ioctl(self->b, QUARTET_POOL_GET, &args));
	args.deadline_ns = in_ms(10);
	args.flags |= QUARTET_ASYNC;
	EXPECT_REFUSED(EINPROGRESS, ioctl(self->b, QUARTET_POOL_GET, &args));
	EXPECT_EQ(-ETIMEDOUT, next_event(self->b).error);
	alarm_in_ms(20);
	EXPECT_REFUSED(EINTR, pool_get(self->b, 0, &other));
	EXPECT_REFUSED(EINPROGRESS, pool_get(self->b, QUARTET_ASYNC, &other));
	EXPECT_REFUSED(EBUSY, pool_get(self->b, QUARTET_ASYNC, &other));
	EXPECT_EQ(0, ioctl(self->b, QUARTET_CANCEL, 0));
	EXPECT_EQ(-ECANCELED, next_event(self->b).error);
	EXPECT_EQ(0, pool_state(self->a).waiters);
}

static void *cancelled_in_thread(void *data)
{
	__u32 slot;

	return (void *)(long)WAS_REFUSED(ECANCELED, pool_get(*(int *)data, 0, &slot));
}

TEST_F(pool, blocked_thread_is_cancelled)
{
	pthread_t thread;
	void *cancelled;
	__u32 slot;
	int i;

	for (i = 0; i < SLOTS; i++)
		ASSERT_EQ(0, pool_get(self->a, 0, &slot));
	pthread_create(&thread, NULL, cancelled_in_thread, &self->b);
	while (!pool_state(self->a).waiters)
		usleep(1000);
	EXPECT_EQ(0, ioctl(self->b, QUARTET_CANCEL, 0));
	pthread_join(thread, &cancelled);
	EXPECT_TRUE(cancelled);
	EXPECT_EQ(0, pool_state(self->a).waiters);
}

TEST_F(pool, memory_is_shared)
{
	pid_t child;
	__u32 slot;

	ASSERT_EQ(0, pool_get(self->a, 0, &slot));
	strcpy(self->slots + slot * self->info.stride, "from the parent");
	child = fork();
	if (!child) {
		char *slots = mmap(NULL, self->info.map_len, PROT_READ | PROT_WRITE, MAP_SHARED,
				   self->b, 0);
		char *text = slots + slot * self->info.stride;

		if (slots == MAP_FAILED || strcmp(text, "from the parent"))
			_exit(1);
		strcpy(text, "from the child");
		_exit(7);
	}
	EXPECT_EQ(7, wait_for(child));
	EXPECT_STREQ("from the child", self->slots + slot * self->info.stride);
}

static int touches(const char *memory)
{
	pid_t child = fork();

	if (!child)
		_exit(*(const volatile char *)memory);
	return wait_for(child);
}

TEST_F(pool, child_has_no_mapping)
{
	EXPECT_EQ(-SIGSEGV, touches(self->slots));
}

TEST_F(pool, mapping_must_be_exact)
{
	size_t len = self->info.map_len;

	EXPECT_EQ(MAP_FAILED, mmap(NULL, len + 4096, PROT_READ, MAP_SHARED, self->a, 0));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(MAP_FAILED, mmap(NULL, len, PROT_READ, MAP_SHARED, self->a, 4096));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(MAP_FAILED, mmap(NULL, len, PROT_READ, MAP_PRIVATE, self->a, 0));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(MAP_FAILED, mmap(NULL, len, PROT_READ | PROT_EXEC, MAP_SHARED, self->a, 0));
	EXPECT_EQ(EPERM, errno);
	EXPECT_EQ(-1, mprotect(self->slots, len, PROT_READ | PROT_EXEC));
	EXPECT_EQ(MAP_FAILED, mremap(self->slots, len, len + 4096, MREMAP_MAYMOVE));
}

TEST_F(pool, mapping_outlives_the_handles)
{
	close(self->a);
	close(self->b);
	self->slots[0] = 1;
	EXPECT_EQ(1, self->slots[0]);
}

TEST_F(pool, dead_ones_slots_come_back_zeroed)
{
	__u32 slot, again;
	pid_t child = fork();
	int i;

	if (!child) {
		char *slots = mmap(NULL, self->info.map_len, PROT_READ | PROT_WRITE, MAP_SHARED,
				   self->a, 0);

		for (i = 0; i < SLOTS; i++) {
			if (pool_get(self->a, QUARTET_TRY, &slot))
				_exit(1);
			strcpy(slots + slot * self->info.stride, "secret");
		}
		for (;;)
			pause();
	}
	while (pool_state(self->b).free)
		usleep(1000);
	EXPECT_REFUSED(EINPROGRESS, pool_get(self->b, QUARTET_ASYNC, &slot));
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
	EXPECT_EQ(QUARTET_EVENT_SLOT, next_event(self->b).what);
	EXPECT_EQ(SLOTS - 1, pool_state(self->b).free);
	for (i = 0; i < SLOTS - 1; i++)
		EXPECT_EQ(0, pool_get(self->b, QUARTET_TRY, &again));
	for (i = 0; i < SLOTS; i++)
		EXPECT_EQ(0, self->slots[i * self->info.stride]);
}

/* Also what is mapped behind a slot whose size is no whole number of words. */
TEST_F(pool, padding_comes_back_zeroed)
{
	struct quartet_create args = pool_args(1);
	struct quartet_pool_info info;
	__u32 slot, i;
	char *slots;
	pid_t child;
	int handle;

	args.slot_size = 99;
	handle = create(self->device, args);
	info = pool_state(handle);
	ASSERT_LT(99, info.stride);
	slots = mmap(NULL, info.map_len, PROT_READ | PROT_WRITE, MAP_SHARED, handle, 0);
	ASSERT_NE(MAP_FAILED, slots);
	child = fork();
	if (!child) {
		slots = mmap(NULL, info.map_len, PROT_READ | PROT_WRITE, MAP_SHARED, handle, 0);
		if (pool_get(handle, QUARTET_TRY, &slot))
			_exit(1);
		memset(slots, 'x', info.stride);
		_exit(0);
	}
	ASSERT_EQ(0, wait_for(child));
	ASSERT_EQ(0, pool_get(handle, QUARTET_TRY, &slot));
	for (i = 0; i < info.stride && !slots[i]; i++)
		;
	EXPECT_EQ(info.stride, i);
	munmap(slots, info.map_len);
	close(handle);
}

TEST_F(pool, gifts)
{
	struct quartet_event event;
	__u32 slot, second;

	ASSERT_EQ(0, pool_get(self->a, 0, &slot));
	ASSERT_EQ(0, pool_get(self->a, 0, &second));
	EXPECT_EQ(0, pool_give(self->a, slot, self->b));
	EXPECT_EQ(0, pool_give(self->a, second, self->b));
	EXPECT_REFUSED(EPERM, pool_put(self->a, slot));
	EXPECT_TRUE(is_readable(self->b, 0));
	EXPECT_EQ(2, pool_state(self->b).mine);
	EXPECT_EQ(0, pool_state(self->a).mine);
	event = next_event(self->b);
	EXPECT_EQ(QUARTET_EVENT_GIVEN, event.what);
	EXPECT_EQ(slot, event.token);
	/* Gone before it is read. */
	EXPECT_EQ(0, pool_put(self->b, second));
	EXPECT_FALSE(is_readable(self->b, 0));
	EXPECT_EQ(0, pool_give(self->b, slot, self->a));
	EXPECT_EQ(slot, next_event(self->a).token);
}

TEST_F(pool, no_gifts_elsewhere)
{
	int other = create(self->device, pool_args(SLOTS));
	int mutex = create(self->device, mutex_args());
	__u32 slot;

	ASSERT_EQ(0, pool_get(self->a, 0, &slot));
	EXPECT_REFUSED(EINVAL, pool_give(self->a, slot, other));
	EXPECT_REFUSED(EINVAL, pool_give(self->a, slot, mutex));
	EXPECT_REFUSED(EINVAL, pool_give(self->a, slot, self->device));
	EXPECT_REFUSED(EINVAL, pool_give(self->a, slot, self->a));
	EXPECT_REFUSED(EBADF, pool_give(self->a, slot, -1));
	EXPECT_REFUSED(EPERM, pool_give(self->b, slot, self->a));
	EXPECT_EQ(0, pool_put(self->a, slot));
}

/* A thread that waits for a slot until a deadline. */
struct late {
	int handle;
	__u64 deadline_ns;
	__u32 slot;
	int error;
};

static void *late_thread(void *arg)
{
	struct late *late = arg;
	struct quartet_pool_get args = {
		.size = sizeof(args), .flags = QUARTET_DEADLINE, .deadline_ns = late->deadline_ns,
		.clock = QUARTET_CLOCK_MONOTONIC,
	};

	late->error = ioctl(late->handle, QUARTET_POOL_GET, &args) ? errno : 0;
	late->slot = args.slot;
	return NULL;
}

/* All that wait are granted a slot, or out of time; returns how many were granted, or -1. */
static int put_at_deadline(int all, struct late *lates, __s64 early)
{
	__u64 deadline_ns = now_ns(CLOCK_MONOTONIC) + 3 * MSEC;
	pthread_t threads[LATE];
	int i, granted = 0;

	for (i = 0; i < LATE; i++) {
		lates[i].deadline_ns = deadline_ns;
		pthread_create(&threads[i], NULL, late_thread, &lates[i]);
	}
	while ((__s64)(deadline_ns - now_ns(CLOCK_MONOTONIC)) > early)
		;
	for (i = 0; i < LATE; i++)
		pool_put(all, i);
	for (i = 0; i < LATE; i++) {
		pthread_join(threads[i], NULL);
		if (lates[i].error && lates[i].error != ETIMEDOUT)
			return -1;
		if (!lates[i].error && pool_put(lates[i].handle, lates[i].slot))
			return -1;
		granted += !lates[i].error;
	}
	return granted;
}

/*
 * Slots that are put as the deadline passes: had, or still there. Each round puts them earlier than
 * the one before if most came too late, and else later, so that they come close.
 */
TEST_F_TIMEOUT(pool, put_at_the_deadline, 120)
{
	int all = create(self->device, pool_args(LATE)), granted, round, i;
	struct late lates[LATE];
	__s64 early = 0;
	__u32 slot;

	for (i = 0; i < LATE; i++)
		lates[i].handle = clone_handle(all);
	for (round = 0; round < 300; round++) {
		for (i = 0; i < LATE; i++)
			ASSERT_EQ(0, pool_get(all, QUARTET_TRY, &slot)) TH_LOG("round %d", round);
		granted = put_at_deadline(all, lates, early);
		ASSERT_LE(0, granted);
		early += granted < LATE / 2 ? 5000 : -5000;
	}
	for (i = 0; i < LATE; i++)
		close(lates[i].handle);
	close(all);
}

TEST_HARNESS_MAIN
