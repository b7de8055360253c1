// SPDX-License-Identifier: GPL-2.0-only
/* The order of grants: FIFO kinds never let a later arrival pass a queued waiter. */
#include "kselftest_harness.h"
#include "../torture/spin_run.h"

FIXTURE(order) {
	int fd;
};

FIXTURE_VARIANT(order) {
	enum quartet_spin_kind kind;
};

FIXTURE_VARIANT_ADD(order, queued) { QUARTET_SPIN_QUEUED };
FIXTURE_VARIANT_ADD(order, ticket) { QUARTET_SPIN_TICKET };

FIXTURE_SETUP(order)
{
	self->fd = torture_open();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(order)
{
	close(self->fd);
}

static void check_order(struct __test_metadata *_metadata, int fd,
			struct quartet_torture_spin *args)
{
	if (one_cpu())
		SKIP(return, "needs two CPUs");
	args->hold_ns = 20000;
	args->duration_ns = 1000 * MSEC;
	ASSERT_EQ(0, spin_run(fd, args));
	/* Without a waiter to watch the run would show nothing. */
	EXPECT_LT(0, args->order_checks);
	EXPECT_EQ(0, args->inversions);
	EXPECT_EQ(0, args->violations);
}

TEST_F(order, lock)
{
	struct quartet_torture_spin args = spin_args(variant->kind);

	args.threads = 8;
	args.think_ns = 0;
	check_order(_metadata, self->fd, &args);
}

/* Few waiters: they come to a lock that has just one, or none. */
TEST_F(order, first_waiter_is_not_passed)
{
	struct quartet_torture_spin args = spin_args(variant->kind);

	args.threads = 4;
	args.think_ns = 40000;
	check_order(_metadata, self->fd, &args);
}

TEST_F(order, trylock_does_not_pass_the_queue)
{
	struct quartet_torture_spin args = spin_args(variant->kind);

	args.threads = 8;
	args.think_ns = 0;
	args.trylock_permille = 500;
	check_order(_metadata, self->fd, &args);
}

TEST_HARNESS_MAIN
