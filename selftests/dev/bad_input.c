// SPDX-License-Identifier: GPL-2.0-only
/* Each command with each size, flag and pointer that is wrong: an errno, and no change. */
#include <stddef.h>

#include "kselftest_harness.h"
#include "../dev/device.h"

enum descriptor { DEVICE, MUTEX, POOL, MEMO, DESCRIPTORS };

union args {
	__u32 size;
	struct { __u32 size, flags; } head;
	struct quartet_info info;
	struct quartet_create create;
	struct quartet_open open;
	struct quartet_unlink unlink;
	struct quartet_list list;
	struct quartet_lock lock;
	struct quartet_grant grant;
	struct quartet_mutex_info mutex_info;
	struct quartet_pool_get pool_get;
	struct quartet_pool_put pool_put;
	struct quartet_pool_info pool_info;
	struct quartet_memo_get memo_get;
	struct quartet_memo_fulfil fulfil;
	struct quartet_memo_forget forget;
	struct quartet_memo_clear clear;
	struct quartet_memo_info memo_info;
	char page[4096];
};

static const char name[] = "bad-input";

FIXTURE(bad) {
	int fd[DESCRIPTORS];
};

FIXTURE_VARIANT(bad) {
	unsigned long command;
	enum descriptor on;
	union args args;
	size_t reserved;	/* where a field must be 0, or 0 */
	__u32 flags;		/* that are known */
};

#define COMMAND(variant_name, number, descriptor, member, known, must_be_zero, ...) \
	FIXTURE_VARIANT_ADD(bad, variant_name) { \
		.command = number, .on = descriptor, .flags = known, .reserved = must_be_zero, \
		.args.member = { .size = sizeof(((union args *)0)->member), ##__VA_ARGS__ }, \
	}

#define WAIT_FLAGS \
	(QUARTET_TRY | QUARTET_ASYNC | QUARTET_DEADLINE | QUARTET_BY_HANDLE)

COMMAND(info, QUARTET_INFO, DEVICE, info, 0, 0);
COMMAND(create, QUARTET_CREATE, DEVICE, create, QUARTET_NO_DETECT, 0, .kind = QUARTET_KIND_MUTEX);
COMMAND(open, QUARTET_OPEN, DEVICE, open, 0, 0, .name = (unsigned long)name, .name_len = 9);
COMMAND(unlink, QUARTET_UNLINK, DEVICE, unlink, 0, offsetof(struct quartet_unlink, reserved),
	.name = (unsigned long)name, .name_len = 9);
COMMAND(list, QUARTET_LIST, DEVICE, list, 0, 0);
COMMAND(lock, QUARTET_LOCK, MUTEX, lock, WAIT_FLAGS,
	offsetof(struct quartet_lock, reserved));
COMMAND(unlock, QUARTET_UNLOCK, MUTEX, grant, 0, 0);
COMMAND(consistent, QUARTET_CONSISTENT, MUTEX, grant, 0, 0);
COMMAND(mutex_state, QUARTET_MUTEX_STATE, MUTEX, mutex_info, 0,
	offsetof(struct quartet_mutex_info, reserved));
COMMAND(pool_get, QUARTET_POOL_GET, POOL, pool_get,
	WAIT_FLAGS, 0);
COMMAND(pool_put, QUARTET_POOL_PUT, POOL, pool_put, 0, offsetof(struct quartet_pool_put, fd));
COMMAND(pool_give, QUARTET_POOL_GIVE, POOL, pool_put, 0, 0);
COMMAND(pool_state, QUARTET_POOL_STATE, POOL, pool_info, 0,
	offsetof(struct quartet_pool_info, reserved));
COMMAND(memo_get, QUARTET_MEMO_GET, MEMO, memo_get,
	WAIT_FLAGS | QUARTET_NO_LEAD | QUARTET_STALE,
	offsetof(struct quartet_memo_get, reserved), .key = (unsigned long)name, .key_len = 3);
COMMAND(memo_fulfil, QUARTET_MEMO_FULFIL, MEMO, fulfil, 0, 0);
COMMAND(memo_abandon, QUARTET_MEMO_ABANDON, MEMO, grant, 0, 0);
COMMAND(memo_forget, QUARTET_MEMO_FORGET, MEMO, forget, 0,
	offsetof(struct quartet_memo_forget, reserved), .key = (unsigned long)name, .key_len = 3);
COMMAND(memo_clear, QUARTET_MEMO_CLEAR, MEMO, clear, 0, 0);
COMMAND(memo_state, QUARTET_MEMO_STATE, MEMO, memo_info, 0, 0);

FIXTURE_SETUP(bad)
{
	self->fd[DEVICE] = device_open();
	ASSERT_LE(0, self->fd[DEVICE]);
	self->fd[MUTEX] = create(self->fd[DEVICE], mutex_args());
	self->fd[POOL] = create(self->fd[DEVICE], pool_args(2));
	self->fd[MEMO] = create(self->fd[DEVICE], memo_args());
	ASSERT_LE(0, self->fd[MUTEX]);
	ASSERT_LE(0, self->fd[POOL]);
	ASSERT_LE(0, self->fd[MEMO]);
}

/* Nothing was granted, nobody waits, nothing is kept. */
FIXTURE_TEARDOWN(bad)
{
	struct quartet_pool_info pool = { .size = sizeof(pool) };
	struct quartet_memo_info memo = { .size = sizeof(memo) };
	int i;

	EXPECT_EQ(0, mutex_state(self->fd[MUTEX]).state);
	EXPECT_EQ(0, mutex_state(self->fd[MUTEX]).waiters);
	EXPECT_EQ(0, ioctl(self->fd[POOL], QUARTET_POOL_STATE, &pool));
	EXPECT_EQ(2, pool.free);
	EXPECT_EQ(0, ioctl(self->fd[MEMO], QUARTET_MEMO_STATE, &memo));
	EXPECT_EQ(0, memo.leads + memo.entries + memo.waiters);
	for (i = DESCRIPTORS - 1; i >= 0; i--)
		close(self->fd[i]);
}

#define EXPECT_BAD(error, args) \
	EXPECT_REFUSED(error, ioctl(self->fd[variant->on], variant->command, args))

TEST_F(bad, size)
{
	union args args = variant->args;
	__u32 size = args.size;

	for (args.size = 0; args.size < size; args.size++)
		EXPECT_BAD(EINVAL, &args);
	args.size = sizeof(args) + 1;
	EXPECT_BAD(E2BIG, &args);
	args.size = ~0U;
	EXPECT_BAD(E2BIG, &args);
}

/* Of a later version: nothing is lost if it asks for nothing that we do not know. */
TEST_F(bad, tail)
{
	union args args = variant->args;
	__u32 size = args.size;

	args.size = size + 8;
	args.page[size + 7] = 1;
	EXPECT_BAD(E2BIG, &args);
	args.size = sizeof(args);
	EXPECT_BAD(E2BIG, &args);
}

TEST_F(bad, flags)
{
	int bit;

	for (bit = 0; bit < 32; bit++) {
		union args args = variant->args;

		args.head.flags = 1U << bit;
		if (!(variant->flags & args.head.flags))
			EXPECT_BAD(EINVAL, &args);
	}
}

TEST_F(bad, reserved)
{
	size_t i;

	for (i = 0; variant->reserved && i < 4; i++) {
		union args args = variant->args;

		args.page[variant->reserved + i] = 1;
		EXPECT_BAD(EINVAL, &args);
	}
}

TEST_F(bad, pointer)
{
	char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t size = variant->args.size;

	ASSERT_NE(MAP_FAILED, pages);
	EXPECT_BAD(EFAULT, NULL);
	EXPECT_BAD(EFAULT, (void *)-1);
	ASSERT_EQ(0, munmap(pages + 4096, 4096));
	memcpy(pages, &variant->args, size);
	memcpy(pages + 4096 - size + 4, &variant->args, size - 4);
	EXPECT_BAD(EFAULT, pages + 4096 - size + 4);
	ASSERT_EQ(0, mprotect(pages, 4096, PROT_READ));
	EXPECT_BAD(EFAULT, pages);
	munmap(pages, 4096);
}

TEST_F(bad, descriptor)
{
	union args args = variant->args;
	int i, other = open("/dev/null", O_RDWR);

	for (i = 0; i < DESCRIPTORS; i++)
		if (i != variant->on)
			EXPECT_REFUSED(ENOTTY, ioctl(self->fd[i], variant->command, &args));
	EXPECT_REFUSED(ENOTTY, ioctl(other, variant->command, &args));
	close(other);
	EXPECT_REFUSED(EBADF, ioctl(other, variant->command, &args));
}

TEST_F(bad, clock)
{
	union args args = variant->args;

	if (!(variant->flags & QUARTET_DEADLINE) || variant->on == DEVICE)
		return;
	/* The three begin alike. */
	args.lock.deadline_ns = 1;
	EXPECT_BAD(EINVAL, &args);
	args.lock.deadline_ns = 0;
	args.lock.clock = QUARTET_CLOCK_MONOTONIC;
	EXPECT_BAD(EINVAL, &args);
	args.lock.flags = QUARTET_DEADLINE;
	args.lock.clock = 7;
	EXPECT_BAD(EINVAL, &args);
	args.lock.clock = QUARTET_CLOCK_MONOTONIC;
	args.lock.deadline_ns = 1ULL << 63;
	EXPECT_BAD(EINVAL, &args);
	args.lock.deadline_ns = 1;
	args.lock.flags = QUARTET_DEADLINE | QUARTET_TRY;
	EXPECT_BAD(EINVAL, &args);
	args = variant->args;
	args.lock.flags = QUARTET_ASYNC | QUARTET_TRY;
	EXPECT_BAD(EINVAL, &args);
}

TEST(of_any_handle)
{
	int device = device_open(), handle = create(device, mutex_args());

	EXPECT_REFUSED(EINVAL, ioctl(handle, QUARTET_CLONE, 1));
	EXPECT_REFUSED(EINVAL, ioctl(handle, QUARTET_CANCEL, 1));
	EXPECT_REFUSED(ENOTTY, ioctl(device, QUARTET_CLONE, 0));
	EXPECT_REFUSED(ENOTTY, ioctl(device, QUARTET_CANCEL, 0));
	EXPECT_REFUSED(ENOTTY, ioctl(handle, _IO(QUARTET_MAGIC, 0x7f), 0));
	EXPECT_REFUSED(ENOTTY, ioctl(device, _IO(QUARTET_MAGIC, 0x7f), 0));
	EXPECT_REFUSED(EINVAL, read(handle, &handle, 0));
	ASSERT_EQ(0, fcntl(handle, F_SETFL, O_NONBLOCK));
	EXPECT_EQ(-EAGAIN, next_event(handle).error);
	EXPECT_EQ(MAP_FAILED, mmap(NULL, 4096, PROT_READ, MAP_SHARED, handle, 0));
	EXPECT_EQ(ENODEV, errno);
	close(handle);
	close(device);
}

TEST_HARNESS_MAIN
