// SPDX-License-Identifier: GPL-2.0-only
/* Removing the module: refused while anybody has a handle or a mapping, and never for a name. */
#include "kselftest_harness.h"
#include "../dev/device.h"
#include "../module.h"

/* The torture is a user of quartet, so it goes first. */
FIXTURE(removal) {
	int device;
	int handle;
};

FIXTURE_SETUP(removal)
{
	self->device = device_open();
	ASSERT_LE(0, self->device);
	self->handle = create_named(self->device, pool_args(1), "removal");
	ASSERT_LE(0, self->handle);
	ASSERT_EQ(0, module_remove("quartet_torture"));
}

FIXTURE_TEARDOWN(removal)
{
	EXPECT_EQ(0, module_insert("/modules/quartet_torture.ko", ""));
}

TEST_F(removal, refused_while_open)
{
	void *slots = mmap(NULL, 4096, PROT_READ, MAP_SHARED, self->handle, 0);

	ASSERT_NE(MAP_FAILED, slots);
	close(self->device);
	EXPECT_REFUSED(EAGAIN, module_try_remove("quartet"));
	close(self->handle);
	EXPECT_REFUSED(EAGAIN, module_try_remove("quartet"));
	munmap(slots, 4096);
	EXPECT_EQ(0, module_remove("quartet"));
	EXPECT_EQ(0, module_insert("/modules/quartet.ko", ""));
}

TEST_F(removal, names_end_with_it)
{
	int mutex = create_named(self->device, mutex_args(), "mutex");
	int memo = create_named(self->device, memo_args(), "memo");

	ASSERT_LE(0, mutex);
	ASSERT_LE(0, memo);
	close(mutex);
	close(memo);
	close(self->handle);
	close(self->device);
	EXPECT_EQ(0, module_remove("quartet"));
	EXPECT_EQ(0, module_insert("/modules/quartet.ko", ""));
	self->device = device_open();
	EXPECT_REFUSED(ENOENT, open_named(self->device, "mutex"));
	close(self->device);
}

/* Also while others come and go. */
TEST_F(removal, after_the_last_close)
{
	pid_t child = fork();

	close(self->handle);
	close(self->device);
	if (!child) {
		for (;;) {
			int device = device_open();

			close(create(device, mutex_args()));
			close(device);
		}
	}
	usleep(50000);
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
	EXPECT_EQ(0, module_remove("quartet"));
	EXPECT_EQ(0, module_insert("/modules/quartet.ko", ""));
}

TEST_HARNESS_MAIN
