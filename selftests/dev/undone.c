// SPDX-License-Identifier: GPL-2.0-only
/* What nobody could be told of is undone: grants whose copy failed, events whose read did. */
#include "kselftest_harness.h"
#include "../dev/device.h"

static void *volatile nowhere = (void *)8;

/* A thread that blocks in a command, and what came of it. */
struct asker {
	pthread_t thread;
	int fd;
	unsigned long command;
	void *args;	/* a page of its own */
	int error;
};

static void *asker_thread(void *arg)
{
	struct asker *asker = arg;

	asker->error = ioctl(asker->fd, asker->command, asker->args) ? errno : 0;
	return NULL;
}

static void ask(struct asker *asker, int fd, unsigned long command, const void *args)
{
	asker->fd = fd;
	asker->command = command;
	asker->args = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memcpy(asker->args, args, *(const __u32 *)args);
	pthread_create(&asker->thread, NULL, asker_thread, asker);
}

/* Once it blocks, which takes it far less than this. */
static void take_its_memory(struct asker *asker)
{
	usleep(50000);
	munmap(asker->args, 4096);
}

static int answer(struct asker *asker)
{
	pthread_join(asker->thread, NULL);
	return asker->error;
}

FIXTURE(undone) {
	int device;
};

FIXTURE_SETUP(undone)
{
	self->device = device_open();
	ASSERT_LE(0, self->device);
}

FIXTURE_TEARDOWN(undone)
{
	close(self->device);
}

TEST_F(undone, lock)
{
	struct quartet_lock args = { .size = sizeof(args) };
	int handle = create(self->device, mutex_args()), other = clone_handle(handle);
	struct asker asker;

	ASSERT_EQ(0, mutex_lock(handle, 0, NULL));
	ask(&asker, other, QUARTET_LOCK, &args);
	ASSERT_TRUE(mutex_awaits(handle, 1));
	take_its_memory(&asker);
	ASSERT_EQ(0, mutex_unlock(handle));
	EXPECT_EQ(EFAULT, answer(&asker));
	EXPECT_EQ(0, mutex_state(handle).state);
	EXPECT_REFUSED(EPERM, mutex_unlock(other));
	EXPECT_EQ(0, mutex_lock(handle, QUARTET_TRY, NULL));
	close(other);
	close(handle);
}

/* The one before had died: the next is still told, as if nobody had been in between. */
TEST_F(undone, lock_after_a_death)
{
	struct quartet_lock args = { .size = sizeof(args) };
	int handle = create(self->device, mutex_args()), other = clone_handle(handle);
	struct asker asker;
	pid_t child = fork();

	if (!child) {
		if (!mutex_lock(handle, 0, NULL))
			pause();
		_exit(1);
	}
	while (!mutex_state(other).state)
		usleep(100);
	ask(&asker, other, QUARTET_LOCK, &args);
	ASSERT_TRUE(mutex_awaits(handle, 1));
	take_its_memory(&asker);
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
	EXPECT_EQ(EFAULT, answer(&asker));
	ASSERT_EQ(0, mutex_lock(handle, QUARTET_TRY, &args));
	EXPECT_EQ(QUARTET_OWNER_DIED, args.result);
	close(other);
	close(handle);
}

TEST_F(undone, slot)
{
	struct quartet_pool_get args = { .size = sizeof(args) };
	struct quartet_pool_put put = { .size = sizeof(put) };
	struct quartet_pool_info state = { .size = sizeof(state) };
	int handle = create(self->device, pool_args(1)), other = clone_handle(handle);
	struct asker asker;

	ASSERT_EQ(0, ioctl(handle, QUARTET_POOL_GET, &args));
	ask(&asker, other, QUARTET_POOL_GET, &args);
	take_its_memory(&asker);
	ASSERT_EQ(0, ioctl(handle, QUARTET_POOL_PUT, &put));
	EXPECT_EQ(EFAULT, answer(&asker));
	ASSERT_EQ(0, ioctl(other, QUARTET_POOL_STATE, &state));
	EXPECT_EQ(0, state.mine);
	EXPECT_EQ(1, state.free);
	close(other);
	close(handle);
}

TEST_F(undone, lead)
{
	struct quartet_memo_get args = {
		.size = sizeof(args), .key = address("key"), .key_len = 3,
	};
	struct quartet_memo_info state = { .size = sizeof(state) };
	int handle = create(self->device, memo_args()), other = clone_handle(handle);
	struct asker asker;

	ASSERT_EQ(0, ioctl(handle, QUARTET_MEMO_GET, &args));
	ASSERT_EQ(QUARTET_ANSWER_LEAD, args.what);
	ask(&asker, other, QUARTET_MEMO_GET, &args);
	take_its_memory(&asker);
	ASSERT_EQ(0, grant_command(handle, QUARTET_MEMO_ABANDON, args.token));
	EXPECT_EQ(EFAULT, answer(&asker));
	ASSERT_EQ(0, ioctl(other, QUARTET_MEMO_STATE, &state));
	EXPECT_EQ(0, state.leads);
	EXPECT_EQ(0, ioctl(handle, QUARTET_MEMO_GET, &args));
	EXPECT_EQ(QUARTET_ANSWER_LEAD, args.what);
	close(other);
	close(handle);
}

#define EXPECT_STAYS(handle, event_args) do { \
	EXPECT_EQ(-1, read(handle, nowhere, sizeof(struct quartet_event))); \
	EXPECT_EQ(EFAULT, errno); \
	ASSERT_TRUE(is_readable(handle, 0)); \
	*(event_args) = next_event(handle); \
	EXPECT_EQ(0, (event_args)->error); \
	EXPECT_FALSE(is_readable(handle, 0)); \
} while (0)

TEST_F(undone, events)
{
	int mutex = create(self->device, mutex_args()), waiter = clone_handle(mutex);
	int pool = create(self->device, pool_args(2)), taker = clone_handle(pool);
	struct quartet_pool_get get = { .size = sizeof(get) };
	struct quartet_pool_put give = { .size = sizeof(give), .fd = taker };
	struct quartet_event event;

	ASSERT_EQ(0, mutex_lock(mutex, 0, NULL));
	EXPECT_REFUSED(EINPROGRESS, mutex_lock(waiter, QUARTET_ASYNC, NULL));
	ASSERT_EQ(0, mutex_unlock(mutex));
	EXPECT_STAYS(waiter, &event);
	EXPECT_EQ(0, grant_command(waiter, QUARTET_UNLOCK, event.token));
	ASSERT_EQ(0, ioctl(pool, QUARTET_POOL_GET, &get));
	give.slot = get.slot;
	ASSERT_EQ(0, ioctl(pool, QUARTET_POOL_GIVE, &give));
	EXPECT_STAYS(taker, &event);
	EXPECT_EQ(get.slot, event.token);
	close(taker);
	close(pool);
	close(waiter);
	close(mutex);
}

/* The value behind the event is part of it. */
TEST_F(undone, value_of_an_event)
{
	int handle = create(self->device, memo_args()), other = clone_handle(handle);
	struct quartet_memo_get get = {
		.size = sizeof(get), .key = address("key"), .key_len = 3,
	};
	struct quartet_memo_fulfil fulfil = {
		.size = sizeof(fulfil), .value = address("value"), .value_len = 6,
	};
	char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct { struct quartet_event event; char value[6]; } answer;

	ASSERT_EQ(0, ioctl(handle, QUARTET_MEMO_GET, &get));
	fulfil.token = get.token;
	get.flags = QUARTET_ASYNC;
	EXPECT_REFUSED(EINPROGRESS, ioctl(other, QUARTET_MEMO_GET, &get));
	ASSERT_EQ(0, ioctl(handle, QUARTET_MEMO_FULFIL, &fulfil));
	ASSERT_EQ(0, munmap(pages + 4096, 4096));
	EXPECT_EQ(-1, read(other, pages + 4096 - sizeof(struct quartet_event), 4096));
	EXPECT_EQ(EFAULT, errno);
	ASSERT_EQ(sizeof(struct quartet_event) + 6, read(other, &answer, sizeof(answer)));
	EXPECT_STREQ("value", answer.value);
	munmap(pages, 4096);
	close(other);
	close(handle);
}

/* A gift is the receiver's: the giver's death takes nothing of it. */
TEST_F(undone, not_a_gift)
{
	int pool = create(self->device, pool_args(1)), taker = clone_handle(pool);
	struct quartet_pool_info state = { .size = sizeof(state) };
	pid_t child = fork();

	if (!child) {
		struct quartet_pool_get get = { .size = sizeof(get) };
		struct quartet_pool_put give = { .size = sizeof(give), .fd = taker };

		if (ioctl(pool, QUARTET_POOL_GET, &get) || ioctl(pool, QUARTET_POOL_GIVE, &give))
			_exit(1);
		_exit(7);
	}
	EXPECT_EQ(7, wait_for(child));
	ASSERT_EQ(0, ioctl(taker, QUARTET_POOL_STATE, &state));
	EXPECT_EQ(1, state.mine);
	ASSERT_EQ(0, ioctl(pool, QUARTET_POOL_STATE, &state));
	EXPECT_EQ(0, state.mine);
	EXPECT_EQ(QUARTET_EVENT_GIVEN, next_event(taker).what);
	close(taker);
	ASSERT_EQ(0, ioctl(pool, QUARTET_POOL_STATE, &state));
	EXPECT_EQ(1, state.free);
	close(pool);
}

TEST_F(undone, mapping_is_never_executable)
{
	int pool = create(self->device, pool_args(1));
	char *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, pool, 0);

	ASSERT_NE(MAP_FAILED, memory);
	EXPECT_EQ(-1, mprotect(memory, 4096, PROT_READ | PROT_EXEC));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(0, mprotect(memory, 4096, PROT_READ));
	munmap(memory, 4096);
	close(pool);
}

TEST_HARNESS_MAIN
