// SPDX-License-Identifier: GPL-2.0-only
/* What is looked up without a lock of clocks that come and go. */
#include "detector.h"

#include <race/known.h>

static unsigned long lock, others[RACE_WAYS];

/* Addresses whose clocks are where @lock's is, and that of the cases' order is not. */
static void choose_others(void)
{
	unsigned long addr, n = 0;

	for (lock = CHUNK(100); race_sync_set_of(lock) == race_sync_set_of(ORDER);)
		lock += 8;
	for (addr = lock + 8; n < RACE_WAYS; addr += 8)
		if (race_sync_set_of(addr) == race_sync_set_of(lock))
			others[n++] = addr;
}

static void start(void)
{
	detector_start_ordered(3);
	choose_others();
}

static void hold(void)
{
	detector_hold(lock);
}

static void unlock(void)
{
	detector_hand_over(lock);
}

static void take(void)
{
	detector_take(lock);
}

/* Another clock, of the set, is used meanwhile. */
static void use_other(void)
{
	race_release((void *)others[0], "other", 0);
}

static void start_known(void)
{
	start();
	detector_as(0, hold);
	detector_as(1, hold);
}

const struct sim_case race_clock_known = {
	.name = "race-clock-known",
	.what = "a clock that both know, while one beside it changes",
	.delays = 1,
	.start = start_known,
	.threads = { unlock, take, use_other },
	.end = detector_must_not_report,
};

static void use_most(void)
{
	unsigned int i;

	for (i = 1; i < RACE_WAYS; i++)
		race_release((void *)others[i], "other", 0);
}

/* The lock's clock becomes the oldest, and there is no room for one more. */
static void use_all(void)
{
	use_most();
	use_other();
}

static void start_full(void)
{
	start();
	detector_as(0, hold);
	detector_as(2, use_most);
}

const struct sim_case race_clock_evicted = {
	.name = "race-clock-evicted",
	.what = "a clock is evicted while it is released and acquired",
	.start = start_full,
	.threads = { unlock, take, use_all },
	.end = detector_must_not_report,
};

/* Before it is unlocked, or while that is so, and then as who takes it. */
static void look_and_take(void)
{
	race_acquire((void *)lock, "a look", 0);
	take();
}

const struct sim_case race_clock_looked_at = {
	.name = "race-clock-looked-at",
	.what = "a clock is acquired while its thread releases again",
	.start = start_known,
	.threads = { unlock, look_and_take },
	.end = detector_must_not_report,
};

static void share(void)
{
	race_release((void *)lock, "another reader", 0);
}

/* Thread 1 knows an epoch of thread 0 that the lock's clock does not have. */
static void start_shared(void)
{
	start();
	detector_as(0, hold);
	detector_order();
}

const struct sim_case race_clock_shared = {
	.name = "race-clock-shared",
	.what = "a clock is released to by its thread, and by one that knows less of that",
	.start = start_shared,
	.threads = { unlock, share, take },
	.end = detector_must_not_report,
};

/* By whoever has not acquired what was there before. */
static void come_back(void)
{
	race_release((void *)lock, "another part of it", 0);
}

static void start_back(void)
{
	start();
	detector_as(0, unlock);
	detector_as(2, use_all);
	detector_as(2, come_back);
}

const struct sim_case race_clock_back = {
	.name = "race-clock-back",
	.what = "a clock that was evicted is there again",
	.start = start_back,
	.threads = { use_other, take },
	.end = detector_must_not_report,
};

/*
 * The lock's memory is freed and becomes a lock's again, whose clock is in another place than the
 * one before, as that was used when it was made.
 */
static void start_forgotten(void)
{
	start();
	detector_as(2, use_other);
	detector_as(0, hold);
	detector_as(1, hold);
	race_sync_forget(others[0]);
	race_sync_forget(lock);
}

const struct sim_case race_clock_forgotten = {
	.name = "race-clock-forgotten",
	.what = "a lock at an address where there was another one",
	.start = start_forgotten,
	.threads = { unlock, take },
	.end = detector_must_not_report,
};
