// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program of version 0.2.0: it is built with that version's header, which never changes, and
 * gives every command. Modules to come must serve it, and must not touch what is behind its
 * structs. Its structs with a tail stand for programs of versions to come.
 */
#include "quartet-0.2.0.h"

#include <stddef.h>

#include "kselftest_harness.h"
#include "../dev/device.h"

#define GUARD	0xa5
#define PAGE	4096

FIXTURE(frozen) {
	char *page;	/* and behind it nothing */
	int device;
	int mutex;
	int pool;
	int memo;
};

FIXTURE_VARIANT(frozen) {
	__u32 tail;	/* of zeroes, behind each struct */
	bool edge;	/* the page ends with the struct, or the struct is guarded */
};

FIXTURE_VARIANT_ADD(frozen, guarded) { .tail = 0, .edge = false };
FIXTURE_VARIANT_ADD(frozen, at_the_edge) { .tail = 0, .edge = true };
FIXTURE_VARIANT_ADD(frozen, longer) { .tail = 2048, .edge = false };
FIXTURE_VARIANT_ADD(frozen, longer_at_the_edge) { .tail = 2048, .edge = true };

FIXTURE_SETUP(frozen)
{
	self->page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);
	ASSERT_NE(MAP_FAILED, self->page);
	ASSERT_EQ(0, mprotect(self->page + PAGE, PAGE, PROT_NONE));
	self->device = device_open();
	ASSERT_LE(0, self->device);
	self->mutex = create(self->device, mutex_args());
	self->pool = create(self->device, pool_args(2));
	self->memo = create(self->device, memo_args());
	ASSERT_LE(0, self->mutex);
	ASSERT_LE(0, self->pool);
	ASSERT_LE(0, self->memo);
}

FIXTURE_TEARDOWN(frozen)
{
	close(self->memo);
	close(self->pool);
	close(self->mutex);
	close(self->device);
	munmap(self->page, 2 * PAGE);
}

static bool is_all(const char *from, const char *end, unsigned char byte)
{
	for (; from < end; from++)
		if ((unsigned char)*from != byte)
			return false;
	return true;
}

static char *place(char *page, const void *args, __u32 tail, bool edge)
{
	__u32 size = *(const __u32 *)args, all = size + tail;
	char *at = edge ? page + PAGE - all : page + 64;

	memset(page, GUARD, PAGE);
	memcpy(at, args, size);
	memset(at + size, 0, tail);
	memcpy(at, &all, sizeof(all));
	return at;
}

/* Gives the command, and sees that nothing is written but the struct. A later module may know the
 * first half of the tail.
 */
#define GIVE(fd, command, args) ({ \
	__u32 _size = (args)->size; \
	char *_at = place(self->page, args, variant->tail, variant->edge); \
	char *_end = _at + _size + variant->tail; \
	int _result = ioctl(fd, command, _at), _errno = errno; \
	memcpy(args, _at, _size); \
	EXPECT_EQ(_size + variant->tail, (args)->size); \
	(args)->size = _size; \
	EXPECT_TRUE(is_all(self->page, _at, GUARD)); \
	EXPECT_TRUE(is_all(_end - variant->tail / 2, _end, 0)); \
	EXPECT_TRUE(is_all(_end, self->page + PAGE, GUARD)); \
	errno = _errno; \
	_result; \
})

TEST_F(frozen, device)
{
	struct quartet_info info = { .size = sizeof(info) };
	struct quartet_create create_args = mutex_args();
	struct quartet_open open_args = {
		.size = sizeof(open_args), .name = address("frozen"), .name_len = 6,
	};
	struct quartet_unlink unlink_args = {
		.size = sizeof(unlink_args), .name = address("frozen"), .name_len = 6,
	};
	struct quartet_entry entries[2] = { [1].name = "untouched" };
	struct quartet_list list = {
		.size = sizeof(list), .entries = address(entries), .room = 2,
	};
	int handle, other;

	ASSERT_EQ(0, GIVE(self->device, QUARTET_INFO, &info));
	EXPECT_LE(0 << 16 | 2 << 8, info.version);
	EXPECT_EQ(QUARTET_FEATURE_MUTEX | QUARTET_FEATURE_POOL | QUARTET_FEATURE_MEMO,
		  info.features & 7);
	EXPECT_LE(3, info.used_objects);
	EXPECT_LE(3, info.used_handles);
	create_args.name = address("frozen");
	create_args.name_len = 6;
	create_args.mode = 0600;
	handle = GIVE(self->device, QUARTET_CREATE, &create_args);
	ASSERT_LE(0, handle);
	other = GIVE(self->device, QUARTET_OPEN, &open_args);
	ASSERT_LE(0, other);
	ASSERT_EQ(0, GIVE(self->device, QUARTET_LIST, &list));
	EXPECT_EQ(1, list.count);
	EXPECT_STREQ("frozen", entries[0].name);
	EXPECT_EQ(2, entries[0].handles);
	EXPECT_STREQ("untouched", entries[1].name);
	EXPECT_EQ(0, GIVE(self->device, QUARTET_UNLINK, &unlink_args));
	EXPECT_REFUSED(ENOENT, GIVE(self->device, QUARTET_UNLINK, &unlink_args));
	close(other);
	close(handle);
}

/* A child that dies with the lock, so that every output has something to say. */
static pid_t die_with(int mutex)
{
	pid_t child = fork();

	if (!child) {
		if (!mutex_lock(mutex, 0, NULL))
			raise(SIGKILL);
		_exit(1);
	}
	return wait_for(child) == -SIGKILL ? child : 0;
}

TEST_F(frozen, mutex)
{
	struct quartet_lock lock = { .size = sizeof(lock) };
	struct quartet_grant grant = { .size = sizeof(grant) };
	struct quartet_mutex_info state = { .size = sizeof(state) };
	pid_t dead = die_with(self->mutex);

	ASSERT_NE(0, dead);
	ASSERT_EQ(0, GIVE(self->mutex, QUARTET_LOCK, &lock));
	EXPECT_EQ(QUARTET_OWNER_DIED, lock.result);
	EXPECT_EQ(dead, lock.dead_pid);
	EXPECT_STREQ("dev_frozen", lock.dead_comm);
	ASSERT_EQ(0, GIVE(self->mutex, QUARTET_MUTEX_STATE, &state));
	EXPECT_EQ(QUARTET_MUTEX_HELD | QUARTET_MUTEX_MINE | QUARTET_MUTEX_INCONSISTENT,
		  state.state);
	EXPECT_EQ(lock.token, state.token);
	EXPECT_EQ(lock.dead_ns, state.dead_ns);
	EXPECT_EQ(getpid(), state.owner_pid);
	EXPECT_EQ(1, state.handles);
	grant.token = lock.token;
	EXPECT_EQ(0, GIVE(self->mutex, QUARTET_CONSISTENT, &grant));
	EXPECT_EQ(0, GIVE(self->mutex, QUARTET_UNLOCK, &grant));
	EXPECT_REFUSED(EPERM, GIVE(self->mutex, QUARTET_UNLOCK, &grant));
}

TEST_F(frozen, pool)
{
	int other = clone_handle(self->pool);
	struct quartet_pool_get get = { .size = sizeof(get) };
	struct quartet_pool_put put = { .size = sizeof(put) };
	struct quartet_pool_info state = { .size = sizeof(state) };
	struct quartet_event event;

	ASSERT_LE(0, other);
	get.slot = ~0U;
	ASSERT_EQ(0, GIVE(self->pool, QUARTET_POOL_GET, &get));
	EXPECT_GT(2, get.slot);
	ASSERT_EQ(0, GIVE(self->pool, QUARTET_POOL_STATE, &state));
	EXPECT_EQ(1, state.mine);
	EXPECT_EQ(1, state.free);
	EXPECT_EQ(PAGE, state.map_len);
	put.slot = get.slot;
	put.fd = other;
	ASSERT_EQ(0, GIVE(self->pool, QUARTET_POOL_GIVE, &put));
	event = next_event(other);
	EXPECT_EQ(QUARTET_EVENT_GIVEN, event.what);
	EXPECT_EQ(get.slot, event.token);
	put.fd = 0;
	EXPECT_REFUSED(EPERM, GIVE(self->pool, QUARTET_POOL_PUT, &put));
	EXPECT_EQ(0, GIVE(other, QUARTET_POOL_PUT, &put));
	close(other);
}

TEST_F(frozen, memo)
{
	char value[8] = "";
	struct quartet_memo_get get = {
		.size = sizeof(get), .key = address("key"), .key_len = 3,
		.value = address(value), .value_size = sizeof(value),
	};
	struct quartet_memo_fulfil fulfil = {
		.size = sizeof(fulfil), .value = address("value"), .value_len = 6,
	};
	struct quartet_memo_forget forget = {
		.size = sizeof(forget), .key = address("key"), .key_len = 3,
	};
	struct quartet_memo_clear clear = { .size = sizeof(clear) };
	struct quartet_memo_info state = { .size = sizeof(state) };
	struct quartet_grant grant = { .size = sizeof(grant) };

	ASSERT_EQ(0, GIVE(self->memo, QUARTET_MEMO_GET, &get));
	EXPECT_EQ(QUARTET_ANSWER_LEAD, get.what);
	EXPECT_EQ(1, get.attempt);
	grant.token = get.token;
	EXPECT_EQ(0, GIVE(self->memo, QUARTET_MEMO_ABANDON, &grant));
	ASSERT_EQ(0, GIVE(self->memo, QUARTET_MEMO_GET, &get));
	fulfil.token = get.token;
	EXPECT_EQ(0, GIVE(self->memo, QUARTET_MEMO_FULFIL, &fulfil));
	ASSERT_EQ(0, GIVE(self->memo, QUARTET_MEMO_GET, &get));
	EXPECT_EQ(QUARTET_ANSWER_VALUE, get.what);
	EXPECT_EQ(6, get.value_len);
	EXPECT_STREQ("value", value);
	ASSERT_EQ(0, GIVE(self->memo, QUARTET_MEMO_STATE, &state));
	EXPECT_EQ(1, state.entries);
	EXPECT_EQ(1, state.hits);
	EXPECT_EQ(64, state.key_max);
	EXPECT_EQ(QUARTET_ENGINE_RCU, state.engine);
	EXPECT_EQ(0, GIVE(self->memo, QUARTET_MEMO_FORGET, &forget));
	clear.cleared = 7;
	EXPECT_EQ(0, GIVE(self->memo, QUARTET_MEMO_CLEAR, &clear));
	EXPECT_EQ(0, clear.cleared);
}

struct command {
	unsigned long number;
	__u32 size;
	size_t fd;	/* where in the fixture its descriptor is */
};

#define OF(descriptor) offsetof(FIXTURE_DATA(frozen), descriptor)

static const struct command commands[] = {
	{ QUARTET_INFO, sizeof(struct quartet_info), OF(device) },
	{ QUARTET_CREATE, sizeof(struct quartet_create), OF(device) },
	{ QUARTET_OPEN, sizeof(struct quartet_open), OF(device) },
	{ QUARTET_UNLINK, sizeof(struct quartet_unlink), OF(device) },
	{ QUARTET_LIST, sizeof(struct quartet_list), OF(device) },
	{ QUARTET_LOCK, sizeof(struct quartet_lock), OF(mutex) },
	{ QUARTET_UNLOCK, sizeof(struct quartet_grant), OF(mutex) },
	{ QUARTET_CONSISTENT, sizeof(struct quartet_grant), OF(mutex) },
	{ QUARTET_MUTEX_STATE, sizeof(struct quartet_mutex_info), OF(mutex) },
	{ QUARTET_POOL_GET, sizeof(struct quartet_pool_get), OF(pool) },
	{ QUARTET_POOL_PUT, sizeof(struct quartet_pool_put), OF(pool) },
	{ QUARTET_POOL_GIVE, sizeof(struct quartet_pool_put), OF(pool) },
	{ QUARTET_POOL_STATE, sizeof(struct quartet_pool_info), OF(pool) },
	{ QUARTET_MEMO_GET, sizeof(struct quartet_memo_get), OF(memo) },
	{ QUARTET_MEMO_FULFIL, sizeof(struct quartet_memo_fulfil), OF(memo) },
	{ QUARTET_MEMO_ABANDON, sizeof(struct quartet_grant), OF(memo) },
	{ QUARTET_MEMO_FORGET, sizeof(struct quartet_memo_forget), OF(memo) },
	{ QUARTET_MEMO_CLEAR, sizeof(struct quartet_memo_clear), OF(memo) },
	{ QUARTET_MEMO_STATE, sizeof(struct quartet_memo_info), OF(memo) },
};

/* What asks for more than any module knows is refused, whatever it asks for. */
TEST_F(frozen, asks_for_more)
{
	size_t i;

	if (!variant->tail)
		return;
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		const struct command *command = &commands[i];
		int fd = *(int *)((char *)self + command->fd);
		char args[256] = "";
		char *at;

		memcpy(args, &command->size, sizeof(command->size));
		at = place(self->page, args, variant->tail, variant->edge);
		at[command->size + variant->tail - 1] = 1;
		EXPECT_REFUSED(E2BIG, ioctl(fd, command->number, at));
	}
}

/* Nor does any version take a struct that is shorter than the first one's. */
TEST_F(frozen, is_the_least)
{
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		const struct command *command = &commands[i];
		int fd = *(int *)((char *)self + command->fd);
		__u32 shorter = command->size - 1;
		char args[256] = "";
		char *at;

		memcpy(args, &command->size, sizeof(command->size));
		at = place(self->page, args, variant->tail, variant->edge);
		memcpy(at, &shorter, sizeof(shorter));
		EXPECT_REFUSED(EINVAL, ioctl(fd, command->number, at));
	}
}

/* The two that have no struct. */
TEST_F(frozen, any_handle)
{
	int other = clone_handle(self->mutex);

	ASSERT_LE(0, other);
	ASSERT_EQ(0, mutex_lock(self->mutex, 0, NULL));
	EXPECT_REFUSED(EINPROGRESS, mutex_lock(other, QUARTET_ASYNC, NULL));
	EXPECT_EQ(0, ioctl(other, QUARTET_CANCEL, 0));
	EXPECT_EQ(-ECANCELED, next_event(other).error);
	close(other);
}

TEST_HARNESS_MAIN
