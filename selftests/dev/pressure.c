// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel wants its memory back: what can be computed again goes, and nothing else. All caches
 * are asked for all that they have, twice, as what is in use survives the first time.
 */
#include "kselftest_harness.h"
#include "../dev/device.h"
#include "../dev/kinds.h"

#define KEYS	64

FIXTURE(pressure) {
	int device;
	int memo;
	int pool;
};

FIXTURE_VARIANT(pressure) {
	__u32 engine;
};

FIXTURE_VARIANT_ADD(pressure, rcu) { .engine = QUARTET_ENGINE_RCU };
FIXTURE_VARIANT_ADD(pressure, lock) { .engine = QUARTET_ENGINE_LOCK };
FIXTURE_VARIANT_ADD(pressure, monitor) { .engine = QUARTET_ENGINE_MONITOR };

FIXTURE_SETUP(pressure)
{
	struct quartet_create args = memo_args();

	args.engine = variant->engine;
	args.capacity = KEYS;
	self->device = device_open();
	ASSERT_LE(0, self->device);
	self->memo = create(self->device, args);
	ASSERT_LE(0, self->memo);
	self->pool = create(self->device, pool_args(1));
	ASSERT_LE(0, self->pool);
}

FIXTURE_TEARDOWN(pressure)
{
	close(self->pool);
	close(self->memo);
	close(self->device);
}

/* What the get is answered, or -1. */
static int get_key(int memo, __u32 key, __u32 flags, __u64 *token)
{
	char value[8];
	struct quartet_memo_get args = {
		.size = sizeof(args), .flags = flags, .key = address(&key), .key_len = sizeof(key),
		.value = address(value), .value_size = sizeof(value),
	};

	if (ioctl(memo, QUARTET_MEMO_GET, &args))
		return -1;
	*token = args.token;
	return args.what;
}

static int fulfil(int memo, __u64 token)
{
	struct quartet_memo_fulfil args = {
		.size = sizeof(args), .token = token, .value = address("value"), .value_len = 5,
	};

	return ioctl(memo, QUARTET_MEMO_FULFIL, &args);
}

static int shrink_all(void)
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC), i, written = 1;

	for (i = 0; i < 2 && written == 1; i++)
		written = write(fd, "2", 1);
	close(fd);
	return written == 1 ? 0 : -1;
}

TEST_F(pressure, takes_results_only)
{
	struct quartet_memo_info state = { .size = sizeof(state) };
	__u64 lead, token;
	__u32 key;

	ASSERT_EQ(QUARTET_ANSWER_LEAD, get_key(self->memo, KEYS, 0, &lead));
	for (key = 1; key < KEYS; key++) {
		ASSERT_EQ(QUARTET_ANSWER_LEAD, get_key(self->memo, key, 0, &token));
		ASSERT_EQ(0, fulfil(self->memo, token));
	}
	ASSERT_EQ(0, kind_slot(self->pool, 0));
	if (shrink_all())
		SKIP(return, "caches cannot be dropped");
	ASSERT_EQ(0, ioctl(self->memo, QUARTET_MEMO_STATE, &state));
	EXPECT_GT(KEYS / 2, state.entries);
	/* Computed anew. */
	ASSERT_EQ(QUARTET_ANSWER_LEAD, get_key(self->memo, 1, 0, &token));
	EXPECT_EQ(0, fulfil(self->memo, token));
	/* What is computed at the time stays, and so does what somebody has. */
	EXPECT_EQ(0, fulfil(self->memo, lead));
	EXPECT_EQ(QUARTET_ANSWER_VALUE, get_key(self->memo, KEYS, QUARTET_NO_LEAD, &token));
	EXPECT_TRUE(kind_has_slot(self->pool));
}

TEST_HARNESS_MAIN
