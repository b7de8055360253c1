// SPDX-License-Identifier: GPL-2.0-only
/* Where tokens begin: after the clock, and after what the module is told, or it is not loaded. */
#include <sys/stat.h>

#include "kselftest_harness.h"
#include "../dev/device.h"
#include "../module.h"

#define SECOND		1000000000ULL
#define LARGEST		"9223372036854775807"	/* floor that leaves room */

FIXTURE(tokens) {
	struct timespec now;
};

static int insert(const char *parameters)
{
	return module_insert("/modules/quartet.ko", parameters);
}

FIXTURE_SETUP(tokens)
{
	ASSERT_EQ(0, clock_gettime(CLOCK_REALTIME, &self->now));
	ASSERT_EQ(0, module_remove("quartet_torture"));
	ASSERT_EQ(0, module_remove("quartet"));
}

FIXTURE_TEARDOWN(tokens)
{
	clock_settime(CLOCK_REALTIME, &self->now);
	EXPECT_EQ(0, insert(""));
	EXPECT_EQ(0, module_insert("/modules/quartet_torture.ko", ""));
}

/* Of a mutex and of a lead after it, by a module that is loaded for that; 0 if one is wrong. */
static __u64 tokens_after(const char *parameters)
{
	struct quartet_memo_get lead = {
		.size = sizeof(lead), .key = address("key"), .key_len = 3,
	};
	int device, mutex, memo;
	struct quartet_lock lock;
	bool fine;

	if (insert(parameters))
		return 0;
	device = device_open();
	mutex = create(device, mutex_args());
	memo = create(device, memo_args());
	fine = !mutex_lock(mutex, 0, &lock) && !ioctl(memo, QUARTET_MEMO_GET, &lead) &&
	       lead.token > lock.token;
	close(memo);
	close(mutex);
	close(device);
	return !module_remove("quartet") && fine ? lock.token : 0;
}

TEST_F(tokens, after_the_clock)
{
	__u64 before = now_ns(CLOCK_REALTIME), token = tokens_after("token_floor=1000");

	EXPECT_LE(before, token);
	EXPECT_GE(now_ns(CLOCK_REALTIME), token);
	EXPECT_LT(token, tokens_after(""));
}

/* The clock goes back: tokens do, too, unless the module is told not to. */
TEST_F(tokens, after_the_floor)
{
	struct timespec past = { .tv_sec = 1000000000 };
	__u64 token = tokens_after("");
	char parameter[64];

	ASSERT_NE(0, token);
	ASSERT_EQ(0, clock_settime(CLOCK_REALTIME, &past));
	EXPECT_GT(1000000100 * SECOND, tokens_after(""));
	snprintf(parameter, sizeof(parameter), "token_floor=%llu", token);
	EXPECT_LT(token, tokens_after(parameter));
	EXPECT_GT(token + 10, tokens_after(parameter));
}

TEST_F(tokens, room_is_left)
{
	EXPECT_LT(1ULL << 63, tokens_after("token_floor=" LARGEST));
	EXPECT_EQ(-EINVAL, insert("token_floor=9223372036854775808"));
	EXPECT_EQ(-EINVAL, insert("token_floor=18446744073709551615"));
	EXPECT_EQ(-EINVAL, insert("token_floor=-1"));
	EXPECT_NE(0, insert("token_floor=18446744073709551616"));
	/* Nothing is left of it: the next one can be loaded. */
	EXPECT_NE(0, tokens_after(""));
}

/* Nobody changes where they began. */
TEST_F(tokens, floor_is_read_only)
{
	struct stat status;

	ASSERT_EQ(0, insert("token_floor=5"));
	EXPECT_EQ(0, stat("/sys/module/quartet/parameters/token_floor", &status));
	EXPECT_EQ(0444, status.st_mode & 07777);
	EXPECT_EQ(0, module_remove("quartet"));
}

TEST_HARNESS_MAIN
