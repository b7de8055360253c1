// SPDX-License-Identifier: GPL-2.0-only
/* QUARTET_TORTURE_COUNT: bad input gets its errno, and every path can be counted. */
#include "kselftest_harness.h"
#include "../torture/spin_run.h"

FIXTURE(count) {
	int fd;
	struct quartet_torture_count args;
};

FIXTURE_SETUP(count)
{
	self->fd = torture_open();
	ASSERT_LE(0, self->fd);
	self->args = (struct quartet_torture_count){
		.size = sizeof(self->args),
		.path = QUARTET_COUNT_LOOP,
		.pairs = 100,
		.rounds = 10,
	};
}

FIXTURE_TEARDOWN(count)
{
	close(self->fd);
}

#define EXPECT_REFUSED_WITH(error, field, value) do { \
	struct quartet_torture_count changed = self->args; \
	changed.field = value; \
	EXPECT_EQ(-1, ioctl(self->fd, QUARTET_TORTURE_COUNT, &changed)); \
	EXPECT_EQ(error, errno); \
} while (0)

TEST_F(count, bad_numbers)
{
	EXPECT_REFUSED_WITH(EINVAL, size, 0);
	EXPECT_REFUSED_WITH(EINVAL, size, sizeof(self->args) - 1);
	EXPECT_REFUSED_WITH(E2BIG, size, 0xffffffff);
	EXPECT_REFUSED_WITH(EINVAL, path, QUARTET_COUNT_PATHS);
	EXPECT_REFUSED_WITH(EINVAL, path, 0xffffffff);
	EXPECT_REFUSED_WITH(EINVAL, pairs, 0);
	EXPECT_REFUSED_WITH(EINVAL, pairs, QUARTET_COUNT_MAX_PAIRS + 1);
	EXPECT_REFUSED_WITH(EINVAL, rounds, 0);
	EXPECT_REFUSED_WITH(EINVAL, rounds, QUARTET_COUNT_MAX_ROUNDS + 1);
	self->args.path = QUARTET_COUNT_MEMO_MISS;
	EXPECT_REFUSED_WITH(EINVAL, pairs, QUARTET_COUNT_FEW + 1);
}

TEST_F(count, bad_pointer)
{
	EXPECT_EQ(-1, ioctl(self->fd, QUARTET_TORTURE_COUNT, NULL));
	EXPECT_EQ(EFAULT, errno);
}

TEST_F(count, every_path)
{
	for (__u32 path = 0; path < QUARTET_COUNT_PATHS; path++) {
		self->args.path = path;
		self->args.ticks = 0;
		if (ioctl(self->fd, QUARTET_TORTURE_COUNT, &self->args) && errno == EOPNOTSUPP)
			SKIP(return, "no time stamp counter");
		EXPECT_NE(0, self->args.ticks);
	}
}

TEST_F(count, longest)
{
	self->args.path = QUARTET_COUNT_RT_MUTEX;
	self->args.pairs = QUARTET_COUNT_MAX_PAIRS;
	self->args.rounds = 1;
	if (ioctl(self->fd, QUARTET_TORTURE_COUNT, &self->args))
		EXPECT_EQ(EOPNOTSUPP, errno);
}

TEST_HARNESS_MAIN
