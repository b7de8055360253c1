// SPDX-License-Identifier: GPL-2.0-only
/*
 * The deaths that were once not seen, or seen where there was none, again and again: DEATH_ROUNDS
 * times each, as what went wrong depended on which address the kernel used again. Each round is an
 * object of its own, and exactly one of its processes ends what another one looks at.
 */
#include <stdlib.h>

#include "kselftest_harness.h"
#include "../dev/kinds.h"

#define HELPERS	8
#define TIMEOUT	3000

/**
 * struct round - what a round has
 * @device: of all rounds
 * @kind: of all rounds
 * @a: a handle of the round's object
 * @b: another one
 */
struct round {
	int device;
	const struct kind *kind;
	int a;
	int b;
};

FIXTURE(again) {
	int rounds;
	struct round round;
};

FIXTURE_VARIANT(again) {
	const struct kind *kind;
};

FIXTURE_VARIANT_ADD(again, lock) { .kind = &kind_of_mutex };
FIXTURE_VARIANT_ADD(again, slot) { .kind = &kind_of_pool };
FIXTURE_VARIANT_ADD(again, lead) { .kind = &kind_of_memo };

FIXTURE_SETUP(again)
{
	const char *rounds = getenv("DEATH_ROUNDS");

	self->rounds = rounds ? atoi(rounds) : 10;
	ASSERT_LT(0, self->rounds);
	self->round.kind = variant->kind;
	self->round.device = device_open();
	ASSERT_LE(0, self->round.device);
}

FIXTURE_TEARDOWN(again)
{
	close(self->round.device);
}

static bool begin(struct round *round)
{
	round->a = create(round->device, round->kind->args());
	round->b = clone_handle(round->a);
	return round->a >= 0 && round->b >= 0;
}

static void end(struct round *round)
{
	close(round->a);
	close(round->b);
}

static int pause_for_ever(void *unused)
{
	for (;;)
		pause();
	return 0;
}

/* One with which we shared our descriptors. */
TEST_F_TIMEOUT(again, unshared, TIMEOUT)
{
	struct round *round = &self->round;
	static char stack[65536];
	pid_t child;
	int i;

	for (i = 0; i < self->rounds; i++) {
		ASSERT_TRUE(begin(round));
		child = clone(pause_for_ever, stack + sizeof(stack), CLONE_FILES | SIGCHLD, NULL);
		ASSERT_LT(0, child);
		ASSERT_EQ(0, round->kind->ask(round->a, 0));
		ASSERT_EQ(0, unshare(CLONE_FILES));
		ASSERT_EQ(-SIGKILL, kill_and_wait(child));
		ASSERT_TRUE(round->kind->holds(round->a)) TH_LOG("lost in round %d", i);
		end(round);
	}
}

static int helper(void)
{
	pid_t child = fork();

	if (!child)
		_exit(0);
	return wait_for(child);
}

/* Who asked has no descriptor any more, and ends; those that come after have not asked. */
TEST_F_TIMEOUT(again, asker_is_gone, TIMEOUT)
{
	struct round *round = &self->round;
	pid_t child;
	int i;

	for (i = 0; i < self->rounds; i++) {
		ASSERT_TRUE(begin(round));
		child = fork();
		if (!child) {
			if (round->kind->ask(round->a, 0))
				_exit(1);
			close(round->a);
			close(round->b);
			_exit(0);
		}
		ASSERT_EQ(0, wait_for(child));
		ASSERT_FALSE(round->kind->holds(round->a)) TH_LOG("kept in round %d", i);
		ASSERT_TRUE(round->kind->is_free(round->b));
		ASSERT_TRUE(round->kind->after_death(round->b));
		end(round);
	}
}

/* Asks, leaves the handle to its child, and lives until that is told. */
static void ask_and_leave(struct round *round, const int *go, bool by_handle)
{
	char byte;

	if (round->kind->ask(round->a, by_handle ? QUARTET_BY_HANDLE : 0))
		_exit(1);
	close(round->a);
	close(round->b);
	close(go[1]);
	_exit(read(go[0], &byte, 1) != 1);
}

static bool is_kept_beside_helpers(struct round *round)
{
	int n;

	for (n = 0; n < HELPERS; n++)
		if (helper() || !round->kind->holds(round->a))
			return false;
	return true;
}

/* It ends exactly when who asked does, and by the handle alone not at all. */
TEST_F_TIMEOUT(again, stale, TIMEOUT)
{
	struct round *round = &self->round;
	bool by_handle;
	pid_t child;
	int i, go[2];

	ASSERT_EQ(0, pipe(go));
	for (i = 0; i < self->rounds; i++) {
		by_handle = i % 2;
		ASSERT_TRUE(begin(round));
		child = fork();
		if (!child)
			ask_and_leave(round, go, by_handle);
		while (!round->kind->holds(round->a))
			usleep(100);
		ASSERT_TRUE(is_kept_beside_helpers(round)) TH_LOG("lost in round %d", i);
		ASSERT_EQ(1, write(go[1], "", 1));
		ASSERT_EQ(0, wait_for(child));
		ASSERT_EQ(by_handle, round->kind->holds(round->a)) TH_LOG("in round %d", i);
		ASSERT_EQ(by_handle, is_kept_beside_helpers(round));
		end(round);
	}
}

TEST_HARNESS_MAIN
