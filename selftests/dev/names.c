// SPDX-License-Identifier: GPL-2.0-only
/* Names, who may use them, what a user may have: and what is refused. */
#include <sys/resource.h>

#include "kselftest_harness.h"
#include "../dev/device.h"
#include "../dev/namespaces.h"

FIXTURE(names) {
	int device;
	int handle;
};

FIXTURE_SETUP(names)
{
	ASSERT_TRUE(drop_resource());
	self->device = device_open();
	ASSERT_LE(0, self->device);
	self->handle = create_named(self->device, mutex_args(), "name");
	ASSERT_LE(0, self->handle);
}

FIXTURE_TEARDOWN(names)
{
	unlink_named(self->device, "name");
	close(self->handle);
	close(self->device);
}

TEST_F(names, opened_by_name)
{
	int other = open_named(self->device, "name");

	ASSERT_LE(0, other);
	ASSERT_EQ(0, mutex_lock(self->handle, 0, NULL));
	EXPECT_EQ(QUARTET_MUTEX_HELD, mutex_state(other).state);
	EXPECT_EQ(2, mutex_state(other).handles);
	EXPECT_EQ(FD_CLOEXEC, fcntl(other, F_GETFD));
	close(other);
	EXPECT_REFUSED(ENOENT, open_named(self->device, "other"));
	EXPECT_REFUSED(EEXIST, create_named(self->device, mutex_args(), "name"));
}

TEST_F(names, outlives_its_handles)
{
	ASSERT_EQ(0, mutex_lock(self->handle, 0, NULL));
	close(self->handle);
	self->handle = open_named(self->device, "name");
	EXPECT_EQ(QUARTET_MUTEX_INCONSISTENT, mutex_state(self->handle).state);
	EXPECT_EQ(0, unlink_named(self->device, "name"));
	EXPECT_REFUSED(ENOENT, unlink_named(self->device, "name"));
	EXPECT_REFUSED(ENOENT, open_named(self->device, "name"));
	/* Another object now; the old one goes on for those who have it. */
	close(create_named(self->device, mutex_args(), "name"));
	EXPECT_EQ(1, mutex_state(self->handle).handles);
}

TEST_F(names, of_a_kind)
{
	struct quartet_open args = {
		.size = sizeof(args), .name = address("name"), .name_len = 4,
		.kind = QUARTET_KIND_POOL,
	};

	EXPECT_REFUSED(EPROTOTYPE, ioctl(self->device, QUARTET_OPEN, &args));
	args.kind = 4;
	EXPECT_REFUSED(EINVAL, ioctl(self->device, QUARTET_OPEN, &args));
}

static int open_bytes(int device, const void *bytes, __u32 len)
{
	struct quartet_open args = {
		.size = sizeof(args), .name = address(bytes), .name_len = len,
	};

	return ioctl(device, QUARTET_OPEN, &args);
}

TEST_F(names, bad_names)
{
	static const char *const bad[] = { "a/b", "/", "a b", "\n", "\x7f", "\xc3\xa4" };
	char longest[33];
	size_t i;

	memset(longest, 'n', sizeof(longest));
	EXPECT_REFUSED(EINVAL, open_bytes(self->device, longest, 32));
	EXPECT_REFUSED(ENOENT, open_bytes(self->device, longest, 31));
	EXPECT_REFUSED(EINVAL, open_bytes(self->device, longest, 0));
	EXPECT_REFUSED(EINVAL, open_bytes(self->device, "name\0", 5));
	EXPECT_REFUSED(EINVAL, open_bytes(self->device, longest, ~0U));
	EXPECT_REFUSED(EFAULT, open_bytes(self->device, NULL, 4));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		EXPECT_REFUSED(EINVAL, open_bytes(self->device, bad[i], strlen(bad[i])));
		EXPECT_REFUSED(EINVAL, create_named(self->device, mutex_args(), bad[i]));
		EXPECT_REFUSED(EINVAL, unlink_named(self->device, bad[i]));
	}
}

TEST_F(names, bad_creations)
{
	struct quartet_create args = mutex_args();

	args.mode = 0600;	/* of no name */
	EXPECT_REFUSED(EINVAL, create(self->device, args));
	args = mutex_args();
	args.name_len = 3;
	EXPECT_REFUSED(EINVAL, create(self->device, args));
	args = mutex_args();
	args.kind = QUARTET_KIND_ANY;
	EXPECT_REFUSED(EINVAL, create(self->device, args));
	args.kind = 4;
	EXPECT_REFUSED(EINVAL, create(self->device, args));
	args = mutex_args();
	args.slots = 1;		/* of another kind */
	EXPECT_REFUSED(EINVAL, create(self->device, args));
	args = memo_args();
	args.starve_ns = 1;
	EXPECT_REFUSED(EINVAL, create(self->device, args));
}

#define EXPECT_POOL_REFUSED(error, field, value) do { \
	struct quartet_create _args = pool_args(4); \
	_args.field = value; \
	EXPECT_REFUSED(error, create(self->device, _args)); \
} while (0)

TEST_F(names, bad_pools)
{
	struct quartet_create args;

	EXPECT_POOL_REFUSED(EINVAL, slots, 0);
	EXPECT_POOL_REFUSED(EINVAL, slots, (1U << 16) + 1);
	EXPECT_POOL_REFUSED(EINVAL, slots, ~0U);
	args = pool_args(1 << 16);
	args.slot_size = 1 << 20;
	EXPECT_REFUSED(EDQUOT, create(self->device, args));
	EXPECT_POOL_REFUSED(EINVAL, slot_size, 0);
	EXPECT_POOL_REFUSED(EINVAL, slot_size, (1U << 20) + 1);
	EXPECT_POOL_REFUSED(EINVAL, flags, QUARTET_NO_DETECT);
	EXPECT_POOL_REFUSED(EINVAL, bytes, 1);
}

#define EXPECT_MEMO_REFUSED(error, field, value) do { \
	struct quartet_create args = memo_args(); \
	args.field = value; \
	EXPECT_REFUSED(error, create(self->device, args)); \
} while (0)

TEST_F(names, bad_memos)
{
	EXPECT_MEMO_REFUSED(EINVAL, capacity, 0);
	EXPECT_MEMO_REFUSED(EINVAL, bytes, 0);
	EXPECT_MEMO_REFUSED(EDQUOT, bytes, ~0ULL);
	EXPECT_MEMO_REFUSED(EINVAL, key_max, 0);
	EXPECT_MEMO_REFUSED(EINVAL, key_max, 1025);
	EXPECT_MEMO_REFUSED(EINVAL, value_max, (1U << 20) + 1);
	EXPECT_MEMO_REFUSED(EINVAL, engine, 3);
	EXPECT_MEMO_REFUSED(EINVAL, refresh_percent, 100);
	EXPECT_MEMO_REFUSED(EINVAL, func_len, 3);
	EXPECT_MEMO_REFUSED(EINVAL, func, address("sha256"));
}

TEST_F(names, registered_function)
{
	struct quartet_create args = memo_args();
	struct quartet_memo_get get = {
		.size = sizeof(get), .key = address("no such"), .key_len = 7,
	};
	int handle;

	args.func = address("no such");
	args.func_len = 7;
	EXPECT_REFUSED(EINVAL, create(self->device, args));
	args.func = address("missing");
	EXPECT_REFUSED(ENOENT, create(self->device, args));
	args.func = address("sleep");
	args.func_len = 5;
	handle = create(self->device, args);
	ASSERT_LE(0, handle);
	get.flags = QUARTET_ASYNC;
	EXPECT_REFUSED(EOPNOTSUPP, ioctl(handle, QUARTET_MEMO_GET, &get));
	close(handle);
}

TEST_F(names, list)
{
	struct quartet_entry entries[2];
	struct quartet_list args = {
		.size = sizeof(args), .entries = address(entries), .room = 2,
	};

	ASSERT_EQ(0, ioctl(self->device, QUARTET_LIST, &args));
	ASSERT_EQ(1, args.count);
	EXPECT_STREQ("name", entries[0].name);
	EXPECT_EQ(QUARTET_KIND_MUTEX, entries[0].kind);
	EXPECT_EQ(0600, entries[0].mode);
	EXPECT_EQ(getuid(), entries[0].uid);
	EXPECT_EQ(1, entries[0].handles);
	args.room = 0;
	args.entries = 0;
	EXPECT_EQ(0, ioctl(self->device, QUARTET_LIST, &args));
	EXPECT_EQ(1, args.count);
	args.room = ~0U;
	EXPECT_REFUSED(EFAULT, ioctl(self->device, QUARTET_LIST, &args));
}

static int listed(int device)
{
	struct quartet_list args = { .size = sizeof(args) };

	return ioctl(device, QUARTET_LIST, &args) ? -1 : args.count;
}

/* Steps of a child that has become another user, by number, as it cannot report otherwise. */
static int as_another_user(int device)
{
	int handle;

	if (setgroups(0, NULL) || setgid(1000) || setuid(1000))
		return 1;
	if (!WAS_REFUSED(EACCES, open_named(device, "name")))
		return 2;
	if (!WAS_REFUSED(EPERM, unlink_named(device, "name")))
		return 3;
	if (listed(device))
		return 4;
	handle = create_named(device, mutex_args(), "own");
	if (handle < 0 || open_named(device, "own") < 0 || listed(device) != 1)
		return 5;
	if (unlink_named(device, "own"))
		return 6;
	return 7;
}

TEST_F(names, of_another_user)
{
	pid_t child = fork();

	if (!child)
		_exit(as_another_user(self->device));
	EXPECT_EQ(7, wait_for(child));
}

TEST_F(names, mode_opens_to_others)
{
	struct quartet_create args = mutex_args();
	pid_t child;
	int handle;

	args.name = address("open");
	args.name_len = 4;
	args.mode = 0606;
	handle = create(self->device, args);
	ASSERT_LE(0, handle);
	child = fork();
	if (!child) {
		if (setgroups(0, NULL) || setgid(1000) || setuid(1000))
			_exit(1);
		_exit(open_named(self->device, "open") < 0 ? 2 : 7);
	}
	EXPECT_EQ(7, wait_for(child));
	EXPECT_EQ(0, unlink_named(self->device, "open"));
	close(handle);
}

/* Its names end with it. */
TEST_F(names, of_a_namespace)
{
	struct quartet_info before = { .size = sizeof(before) }, after = before;
	pid_t child;
	int i;

	ASSERT_EQ(0, ioctl(self->device, QUARTET_INFO, &before));
	child = fork();
	if (!child) {
		if (unshare(CLONE_NEWNET))
			_exit(errno == EINVAL ? 77 : 1);
		if (!WAS_REFUSED(ENOENT, open_named(self->device, "name")))
			_exit(2);
		_exit(create_named(self->device, mutex_args(), "name") < 0 ? 3 : 7);
	}
	i = wait_for(child);
	if (i == 77)
		SKIP(return, "no network namespaces");
	EXPECT_EQ(7, i);
	/* A worker of the kernel takes it down. */
	for (i = 0; i < 1000; i++) {
		ASSERT_EQ(0, ioctl(self->device, QUARTET_INFO, &after));
		if (after.used_objects == before.used_objects)
			break;
		usleep(5000);
	}
	EXPECT_EQ(before.used_objects, after.used_objects);
}

TEST_F(names, quotas)
{
	int handle;

	set_limit("user_objects", "1");
	EXPECT_REFUSED(EDQUOT, create(self->device, mutex_args()));
	set_limit("user_objects", "256");
	set_limit("all_objects", "1");
	EXPECT_REFUSED(ENOSPC, create(self->device, mutex_args()));
	set_limit("all_objects", "4096");
	set_limit("user_handles", "1");
	EXPECT_REFUSED(EDQUOT, clone_handle(self->handle));
	EXPECT_REFUSED(EDQUOT, open_named(self->device, "name"));
	/* Neither the name nor the object stays behind. */
	EXPECT_REFUSED(EDQUOT, create_named(self->device, mutex_args(), "other"));
	set_limit("user_handles", "4096");
	EXPECT_REFUSED(ENOENT, open_named(self->device, "other"));
	set_limit("all_handles", "1");
	EXPECT_REFUSED(ENOSPC, clone_handle(self->handle));
	EXPECT_REFUSED(ENOSPC, open_named(self->device, "name"));
	EXPECT_REFUSED(ENOSPC, create_named(self->device, mutex_args(), "other"));
	set_limit("all_handles", "65536");
	EXPECT_REFUSED(ENOENT, open_named(self->device, "other"));
	set_limit("all_bytes", "4096");
	EXPECT_REFUSED(ENOSPC, create(self->device, memo_args()));
	EXPECT_REFUSED(ENOSPC, create(self->device, pool_args(64)));
	set_limit("all_bytes", "1073741824");
	set_limit("user_bytes", "4096");
	EXPECT_REFUSED(EDQUOT, create(self->device, memo_args()));
	set_limit("user_bytes", "67108864");
	handle = create(self->device, memo_args());
	EXPECT_LE(0, handle);
	close(handle);
}

TEST_F(names, leads_are_bounded)
{
	int handle = create(self->device, memo_args());
	struct quartet_memo_get get = {
		.size = sizeof(get), .key = address("one"), .key_len = 3,
	};

	set_limit("handle_leads", "1");
	ASSERT_EQ(0, ioctl(handle, QUARTET_MEMO_GET, &get));
	get.key = address("two");
	EXPECT_REFUSED(EDQUOT, ioctl(handle, QUARTET_MEMO_GET, &get));
	set_limit("handle_leads", "256");
	EXPECT_EQ(0, ioctl(handle, QUARTET_MEMO_GET, &get));
	close(handle);
}

TEST_F(names, info)
{
	struct quartet_info info = { .size = sizeof(info) };
	int handle;

	ASSERT_EQ(0, ioctl(self->device, QUARTET_INFO, &info));
	EXPECT_EQ(QUARTET_FEATURE_MUTEX | QUARTET_FEATURE_POOL | QUARTET_FEATURE_MEMO |
		  QUARTET_FEATURE_BY_HANDLE,
		  info.features);
	EXPECT_LT(0, info.version);
	EXPECT_EQ(31, info.name_max);
	EXPECT_EQ(1, info.used_objects);
	EXPECT_EQ(1, info.used_handles);
	handle = create(self->device, memo_args());
	ASSERT_EQ(0, ioctl(self->device, QUARTET_INFO, &info));
	EXPECT_EQ(2, info.used_objects);
	EXPECT_EQ(2, info.used_handles);
	EXPECT_EQ(1 << 20, info.used_bytes);
	close(handle);
	ASSERT_EQ(0, ioctl(self->device, QUARTET_INFO, &info));
	EXPECT_EQ(1, info.used_objects);
	EXPECT_EQ(1, info.used_handles);
	EXPECT_EQ(0, info.used_bytes);
}

/* A parameter can lower a limit; none can be raised beyond what the module is built for. */
TEST_F(names, limits_have_a_limit)
{
	struct quartet_info info = { .size = sizeof(info) };
	char name[QUARTET_NAME_LEN + 2];

	set_limit("name_max", "100");
	set_limit("key_max", "4294967295");
	set_limit("value_max", "4294967295");
	set_limit("slot_max", "4294967295");
	ASSERT_EQ(0, ioctl(self->device, QUARTET_INFO, &info));
	memset(name, 'n', sizeof(name));
	name[QUARTET_NAME_LEN + 1] = 0;
	EXPECT_REFUSED(EINVAL, create_named(self->device, mutex_args(), name));
	set_limit("name_max", "31");
	set_limit("key_max", "1024");
	set_limit("value_max", "1048576");
	set_limit("slot_max", "1048576");
	EXPECT_EQ(QUARTET_NAME_LEN, info.name_max);
	EXPECT_EQ(4096, info.key_max);
	EXPECT_EQ(4 << 20, info.value_max);
	EXPECT_EQ(4 << 20, info.slot_max);
}

TEST_F(names, descriptors_run_out)
{
	int i, fds[8], low = dup(self->device);
	struct rlimit limit = { .rlim_cur = low + 2, .rlim_max = 1024 };
	struct rlimit old;

	close(low);
	getrlimit(RLIMIT_NOFILE, &old);
	setrlimit(RLIMIT_NOFILE, &limit);
	for (i = 0; i < 8; i++) {
		fds[i] = clone_handle(self->handle);
		if (fds[i] < 0)
			break;
	}
	EXPECT_REFUSED(EMFILE, clone_handle(self->handle));
	EXPECT_REFUSED(EMFILE, open_named(self->device, "name"));
	EXPECT_REFUSED(EMFILE, create(self->device, mutex_args()));
	setrlimit(RLIMIT_NOFILE, &old);
	EXPECT_EQ(1 + i, mutex_state(self->handle).handles);
	while (i--)
		close(fds[i]);
}

TEST_HARNESS_MAIN
