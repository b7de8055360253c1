// SPDX-License-Identifier: GPL-2.0-only
/*
 * Out of memory, at each allocation that the module makes as it is loaded: -ENOMEM, nothing is left
 * of it, and the next try works. What would leak is found by the lab afterwards.
 */
#include "kselftest_harness.h"
#include "../dev/device.h"
#include "../module.h"
#include "../torture/fault.h"

#define MODULE	"/modules/quartet.ko"
#define TORTURE	"/modules/quartet_torture.ko"
/* More allocations than a load takes. */
#define MORE		100000

static bool is_there(void)
{
	return !access("/sys/module/quartet", F_OK) || !access("/dev/quartet", F_OK) ||
	       !access("/sys/kernel/debug/quartet", F_OK);
}

/* Loads it with the @n-th allocation failing, before which @left_over were still to come. */
static int load_failing(int nth, int n, const char *parameters, int *left_over)
{
	int err;

	if (fail_nth(nth, n))
		return -EINVAL;
	err = module_insert(MODULE, parameters);
	*left_over = left(nth);
	return fail_nth(nth, 0) ? -EINVAL : err;
}

FIXTURE(loading) {
	int nth;
};

FIXTURE_SETUP(loading)
{
	self->nth = fault_open();
	if (self->nth < 0)
		SKIP(return, "this kernel does not inject faults");
	EXPECT_EQ(0, module_remove("quartet_torture"));
	EXPECT_EQ(0, module_remove("quartet"));
}

FIXTURE_TEARDOWN(loading)
{
	if (self->nth < 0)
		return;
	if (!is_there())
		EXPECT_EQ(0, module_insert(MODULE, ""));
	EXPECT_EQ(0, module_insert(TORTURE, ""));
	close(self->nth);
}

/*
 * The kernel's own come first, and it warns when some of them fail. It has made nearly all of them
 * when it refuses a parameter.
 */
TEST_F_TIMEOUT(loading, every_allocation, 300)
{
	int n, err, left_over, failed = 0;

	ASSERT_EQ(-EINVAL, load_failing(self->nth, MORE, "user_objects=none", &left_over));
	for (n = MORE - left_over; n < MORE; n++) {
		err = load_failing(self->nth, n, "", &left_over);
		if (err) {
			EXPECT_EQ(-ENOMEM, err) TH_LOG("allocation %d", n);
			EXPECT_FALSE(is_there()) TH_LOG("allocation %d", n);
			failed++;
		} else {
			EXPECT_EQ(0, module_remove("quartet")) TH_LOG("allocation %d", n);
		}
		if (left_over)
			break;
	}
	TH_LOG("%d of the first %d allocations fail the load", failed, n);
	EXPECT_LT(0, failed);
}

TEST_HARNESS_MAIN
