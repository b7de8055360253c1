// SPDX-License-Identifier: GPL-2.0-only
/* One taker and nobody else: what works even with most bugs in the slow paths. */
#include "kselftest_harness.h"
#include "../torture/spin_run.h"

FIXTURE(uncontended) {
	int fd;
};

FIXTURE_VARIANT(uncontended) {
	enum quartet_spin_kind kind;
};

FIXTURE_VARIANT_ADD(uncontended, queued) { QUARTET_SPIN_QUEUED };
FIXTURE_VARIANT_ADD(uncontended, cas) { QUARTET_SPIN_CAS };
FIXTURE_VARIANT_ADD(uncontended, yield) { QUARTET_SPIN_YIELD };
FIXTURE_VARIANT_ADD(uncontended, cas_preemptible) { QUARTET_SPIN_CAS_PREEMPTIBLE };
FIXTURE_VARIANT_ADD(uncontended, ticket) { QUARTET_SPIN_TICKET };
FIXTURE_VARIANT_ADD(uncontended, raw) { QUARTET_SPIN_RAW };
FIXTURE_VARIANT_ADD(uncontended, busted) { QUARTET_SPIN_BUSTED };

FIXTURE_SETUP(uncontended)
{
	self->fd = torture_open();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(uncontended)
{
	close(self->fd);
}

TEST_F(uncontended, lock_and_trylock)
{
	struct quartet_torture_contender contender = { };
	struct quartet_torture_spin args = spin_args(variant->kind);

	args.threads = 1;
	args.trylock_permille = 300;
	args.contenders = (unsigned long)&contender;
	args.contenders_len = 1;
	ASSERT_EQ(0, spin_run(self->fd, &args));
	EXPECT_LT(0, args.grants);
	EXPECT_EQ(args.grants, contender.grants);
	EXPECT_EQ(1000000, args.jain_ppm);
	EXPECT_EQ(0, args.violations);
	EXPECT_LT(0, contender.tries);
	EXPECT_EQ(0, contender.failed_tries);
}

/* Nobody to wait for: a run that reaches no transition says so. */
TEST_F(uncontended, no_transition)
{
	struct quartet_torture_spin args = spin_args(variant->kind);

	args.threads = 1;
	ASSERT_EQ(0, spin_run(self->fd, &args));
	for (int i = 0; i < QUARTET_TRANSITIONS; i++)
		EXPECT_EQ(0, args.transitions[i]);
}

TEST_HARNESS_MAIN
