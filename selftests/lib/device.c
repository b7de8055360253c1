// SPDX-License-Identifier: GPL-2.0-only
/* libquartet's device: information, names. */
#include "kselftest_harness.h"
#include "../lib/lib.h"

TEST(open_and_close)
{
	struct quartet_device *device;

	EXPECT_EQ(-ENOENT, quartet_device_open(&device, "/dev/no-quartet"));
	ASSERT_EQ(0, quartet_device_open(&device, "/dev/quartet"));
	quartet_device_close(device);
	ASSERT_EQ(0, quartet_device_open(&device, NULL));
	quartet_device_close(device);
	quartet_device_close(NULL);
}

TEST(info)
{
	struct quartet_info info, again;
	struct quartet_device *device;
	struct quartet_mutex *mutex;

	ASSERT_EQ(0, quartet_device_open(&device, NULL));
	ASSERT_EQ(0, quartet_device_info(device, &info));
	EXPECT_EQ(QUARTET_FEATURE_MUTEX | QUARTET_FEATURE_POOL | QUARTET_FEATURE_MEMO,
		  info.features & 7);
	EXPECT_LE(1, info.name_max);
	ASSERT_EQ(0, quartet_mutex_create(&mutex, device, NULL));
	ASSERT_EQ(0, quartet_device_info(NULL, &again));
	EXPECT_EQ(info.used_handles + 1, again.used_handles);
	quartet_mutex_close(mutex);
	quartet_device_close(device);
}

/* No descriptor is left by any of these. */
TEST(without_a_device)
{
	int next = dup(0);
	struct quartet_mutex *mutex;
	struct quartet_pool *pool;
	struct quartet_memo *memo;
	struct quartet_info info;

	close(next);
	EXPECT_EQ(0, quartet_device_info(NULL, &info));
	EXPECT_EQ(-ENOENT, quartet_mutex_open(&mutex, NULL, "nobody"));
	EXPECT_EQ(-ENOENT, quartet_pool_open(&pool, NULL, "nobody"));
	EXPECT_EQ(-ENOENT, quartet_memo_open(&memo, NULL, "nobody"));
	EXPECT_EQ(0, quartet_mutex_create(&mutex, NULL, NULL));
	EXPECT_EQ(next + 1, quartet_mutex_fd(mutex));
	quartet_mutex_close(mutex);
	EXPECT_EQ(next, dup(0));
}

static struct quartet_mutex *named(const char *name)
{
	struct quartet_mutex_params params = { .name = name, .mode = 0640 };
	struct quartet_mutex *mutex;

	return quartet_mutex_create(&mutex, NULL, &params) ? NULL : mutex;
}

TEST(names)
{
	struct quartet_mutex *one = named("lib-one"), *two = named("lib-two");
	struct quartet_entry entries[2];
	struct quartet_pool *pool;

	ASSERT_NE(NULL, one);
	ASSERT_NE(NULL, two);
	EXPECT_EQ(2, quartet_device_list(NULL, NULL, 0));
	EXPECT_EQ(2, quartet_device_list(NULL, entries, 1));
	ASSERT_EQ(2, quartet_device_list(NULL, entries, 2));
	EXPECT_EQ(0, strncmp(entries[0].name, "lib-", 4));
	EXPECT_EQ(0640, entries[0].mode);
	EXPECT_EQ(QUARTET_KIND_MUTEX, entries[1].kind);
	EXPECT_EQ(-EFAULT, quartet_device_list(NULL, NULL, 2));
	EXPECT_EQ(-EPROTOTYPE, quartet_pool_open(&pool, NULL, "lib-one"));
	EXPECT_EQ(0, quartet_device_unlink(NULL, "lib-one"));
	EXPECT_EQ(0, quartet_device_unlink(NULL, "lib-two"));
	EXPECT_EQ(-ENOENT, quartet_device_unlink(NULL, "lib-two"));
	EXPECT_EQ(-EINVAL, quartet_device_unlink(NULL, "a name with spaces"));
	EXPECT_EQ(-EINVAL, quartet_device_unlink(NULL, ""));
	EXPECT_EQ(NULL, named("a-name-of-more-than-thirty-one-characters"));
	quartet_mutex_close(one);
	quartet_mutex_close(two);
}

TEST_HARNESS_MAIN
