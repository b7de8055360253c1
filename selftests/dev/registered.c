// SPDX-License-Identifier: GPL-2.0-only
/* What a registered function returns, as a process is told: here it returns what the key says. */
#include "kselftest_harness.h"
#include "../dev/device.h"
#include "../module.h"

FIXTURE(registered) {
	int device;
	int handle;
};

FIXTURE_SETUP(registered)
{
	struct quartet_create args = memo_args();

	args.func = address("kapi_number");
	args.func_len = strlen("kapi_number");
	ASSERT_EQ(0, module_insert("/modules/quartet_kapi.ko", ""));
	self->device = device_open();
	ASSERT_LE(0, self->device);
	self->handle = create(self->device, args);
	ASSERT_LE(0, self->handle);
}

FIXTURE_TEARDOWN(registered)
{
	close(self->handle);
	close(self->device);
	EXPECT_EQ(0, module_try_remove("quartet_kapi"));
}

/* 0 or an errno of the command; the answer is in @args. */
static int get_number(int handle, int number, struct quartet_memo_get *args)
{
	*args = (struct quartet_memo_get){
		.size = sizeof(*args), .key = address(&number), .key_len = sizeof(number),
	};
	return ioctl(handle, QUARTET_MEMO_GET, args) ? errno : 0;
}

/* Nobody has sent a signal: the call ends, and nothing of the kernel's own comes out. */
TEST_F(registered, interruption_without_a_signal)
{
	static const int numbers[] = { -EINTR, -512, -513, -514, -516 };
	struct quartet_memo_get args;
	int i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		EXPECT_EQ(EINTR, get_number(self->handle, numbers[i], &args));
}

/* It is no result, so that the next one computes anew. */
TEST_F(registered, interruption_is_not_kept)
{
	struct quartet_memo_info state = { .size = sizeof(state) };
	struct quartet_memo_get args;

	EXPECT_EQ(EINTR, get_number(self->handle, -512, &args));
	ASSERT_EQ(0, ioctl(self->handle, QUARTET_MEMO_STATE, &state));
	EXPECT_EQ(0, state.entries);
	EXPECT_EQ(0, state.leads);
}

TEST_F(registered, errors)
{
	static const int told[][2] = {
		{ -EPERM, -EPERM }, { -511, -511 }, { -515, -EIO }, { -517, -EIO }, { -529, -EIO },
		{ -4095, -EIO }, { -4096, -EIO },
	};
	struct quartet_memo_get args;
	int i;

	for (i = 0; i < ARRAY_SIZE(told); i++) {
		ASSERT_EQ(0, get_number(self->handle, told[i][0], &args));
		EXPECT_EQ(QUARTET_ANSWER_COMPUTED, args.what);
		EXPECT_EQ(told[i][1], args.error);
	}
}

TEST_HARNESS_MAIN
