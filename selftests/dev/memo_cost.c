// SPDX-License-Identifier: GPL-2.0-only
/* What it costs to ask a memo how it is: the same, however much it keeps. */
#include "kselftest_harness.h"
#include "../dev/device.h"

#define FEW	10
#define MANY	50000
#define TIMES	30

FIXTURE(cost) {
	int device;
	int memo;
};

FIXTURE_VARIANT(cost) {
	enum quartet_engine engine;
};

FIXTURE_VARIANT_ADD(cost, rcu) { .engine = QUARTET_ENGINE_RCU };
FIXTURE_VARIANT_ADD(cost, lock) { .engine = QUARTET_ENGINE_LOCK };

FIXTURE_SETUP(cost)
{
	struct quartet_create args = memo_args();

	args.engine = variant->engine;
	args.capacity = 2 * MANY;
	args.bytes = 32 << 20;
	self->device = device_open();
	ASSERT_LE(0, self->device);
	self->memo = create(self->device, args);
	ASSERT_LE(0, self->memo);
}

FIXTURE_TEARDOWN(cost)
{
	close(self->memo);
	close(self->device);
}

static bool fill(int memo, unsigned int from, unsigned int to)
{
	for (; from < to; from++) {
		struct quartet_memo_get get = {
			.size = sizeof(get), .key = address(&from), .key_len = sizeof(from),
		};
		struct quartet_memo_fulfil fulfil = { .size = sizeof(fulfil) };

		if (ioctl(memo, QUARTET_MEMO_GET, &get))
			return false;
		fulfil.token = get.token;
		if (ioctl(memo, QUARTET_MEMO_FULFIL, &fulfil))
			return false;
	}
	return true;
}

static bool ask_state(int memo)
{
	struct quartet_memo_info args = { .size = sizeof(args) };

	return !ioctl(memo, QUARTET_MEMO_STATE, &args);
}

static bool ask_debugfs(int memo)
{
	static char text[1 << 16];
	int fd = open("/sys/kernel/debug/quartet/memo", O_RDONLY);
	bool fine = fd >= 0 && read(fd, text, sizeof(text)) > 0;

	close(fd);
	return fine;
}

/* The least of many times, in ns; all ones if one has failed. */
static __u64 cost(int memo, bool (*ask)(int memo))
{
	__u64 least = ~0ULL, since;
	int i;

	for (i = 0; i < TIMES; i++) {
		since = now_ns(CLOCK_MONOTONIC);
		if (!ask(memo))
			return ~0ULL;
		since = now_ns(CLOCK_MONOTONIC) - since;
		least = since < least ? since : least;
	}
	return least;
}

/* A walk over them all takes milliseconds; what is beside that, no test should depend on. */
TEST_F_TIMEOUT(cost, of_state, 120)
{
	struct quartet_memo_info state = { .size = sizeof(state) };
	__u64 few, many, few_rows, many_rows;

	ASSERT_TRUE(fill(self->memo, 0, FEW));
	few = cost(self->memo, ask_state);
	few_rows = cost(self->memo, ask_debugfs);
	ASSERT_TRUE(fill(self->memo, FEW, MANY));
	many = cost(self->memo, ask_state);
	many_rows = cost(self->memo, ask_debugfs);
	ASSERT_EQ(0, ioctl(self->memo, QUARTET_MEMO_STATE, &state));
	ASSERT_EQ(MANY, state.entries);
	ASSERT_NE(~0ULL, many);
	ASSERT_NE(~0ULL, many_rows);
	EXPECT_GT(4 * few + MSEC, many);
	EXPECT_GT(4 * few_rows + MSEC, many_rows);
}

TEST_HARNESS_MAIN
