// SPDX-License-Identifier: GPL-2.0-only
/* Every state transition in the spinlocks' slow paths is taken by some run. */
#include "kselftest_harness.h"
#include "../torture/spin_run.h"

FIXTURE(transitions) {
	int fd;
};

FIXTURE_SETUP(transitions)
{
	self->fd = torture_open();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(transitions)
{
	close(self->fd);
}

/* A waiter on a node takes a holder and a pending waiter beside it. */
static int cpus_for(enum quartet_spin_transition transition)
{
	switch (transition) {
	case QUARTET_TRANSITION_YIELD:
		return 1;
	case QUARTET_TRANSITION_PENDING:
	case QUARTET_TRANSITION_RETRY:
		return 2;
	default:
		return 4;
	}
}

/* Up to ten runs until @transition was taken: how CPUs meet is left to chance. */
static void reach(struct __test_metadata *_metadata, int fd, struct quartet_torture_spin args,
		  enum quartet_spin_transition transition)
{
	struct quartet_torture_spin run;

	if (sysconf(_SC_NPROCESSORS_ONLN) < cpus_for(transition))
		SKIP(return, "needs %d CPUs", cpus_for(transition));
	for (int i = 0; i < 10; i++) {
		run = args;
		run.seed = i;
		ASSERT_EQ(0, spin_run(fd, &run));
		EXPECT_EQ(0, run.violations);
		EXPECT_EQ(0, run.inversions);
		if (run.transitions[transition])
			return;
	}
	TH_LOG("transition %d was never taken", transition);
	ASSERT_NE(0, run.transitions[transition]);
}

TEST_F(transitions, pending)
{
	struct quartet_torture_spin args = spin_args(QUARTET_SPIN_QUEUED);

	args.threads = 2;
	reach(_metadata, self->fd, args, QUARTET_TRANSITION_PENDING);
}

TEST_F(transitions, queued)
{
	reach(_metadata, self->fd, spin_args(QUARTET_SPIN_QUEUED), QUARTET_TRANSITION_QUEUED);
}

TEST_F(transitions, handoff)
{
	reach(_metadata, self->fd, spin_args(QUARTET_SPIN_QUEUED), QUARTET_TRANSITION_HANDOFF);
}

TEST_F(transitions, emptied)
{
	reach(_metadata, self->fd, spin_args(QUARTET_SPIN_QUEUED), QUARTET_TRANSITION_EMPTIED);
}

/* Three nodes, a pending waiter and a holder: five CPUs, or interrupts on four. */
TEST_F(transitions, depth3)
{
	struct quartet_torture_spin args = spin_args(QUARTET_SPIN_QUEUED);

	args.threads = 8;
	args.hold_ns = 5000;
	args.think_ns = 0;
	reach(_metadata, self->fd, args, QUARTET_TRANSITION_DEPTH3);
}

TEST_F(transitions, nested)
{
	struct quartet_torture_spin args = spin_args(QUARTET_SPIN_QUEUED);

	args.flags = QUARTET_TORTURE_SOFTIRQ | QUARTET_TORTURE_HARDIRQ | QUARTET_TORTURE_NEST;
	args.hold_ns = 50000;
	args.think_ns = 0;
	args.duration_ns = 1000 * MSEC;
	reach(_metadata, self->fd, args, QUARTET_TRANSITION_NESTED);
}

TEST_F(transitions, fallback)
{
	struct quartet_torture_spin args = spin_args(QUARTET_SPIN_QUEUED);

	args.flags = QUARTET_TORTURE_EXHAUST;
	/*
	 * A waiter without a node has its turn only while nobody else waits or holds. On a busy
	 * host, which runs an emulated CPU one slice in three, others wait for milliseconds each:
	 * who has been served must not be back before the last one is, or that never ends. So
	 * there are no more than it takes, a holder and a pending waiter, and they think for long.
	 */
	args.threads = 3;
	args.hold_ns = 2 * MSEC;
	args.think_ns = 10 * MSEC;
	args.duration_ns = 1000 * MSEC;
	reach(_metadata, self->fd, args, QUARTET_TRANSITION_FALLBACK);
}

TEST_F(transitions, retry)
{
	reach(_metadata, self->fd, spin_args(QUARTET_SPIN_CAS), QUARTET_TRANSITION_RETRY);
}

TEST_F(transitions, yield)
{
	reach(_metadata, self->fd, spin_args(QUARTET_SPIN_YIELD), QUARTET_TRANSITION_YIELD);
}

TEST_HARNESS_MAIN
