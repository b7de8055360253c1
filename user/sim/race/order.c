// SPDX-License-Identifier: GPL-2.0-only
/* Two accesses that are ordered are reported in no schedule. */
#include "detector.h"

#define LOCK	CHUNK(41)

static int shared_flag;

static void start_ordered(void)
{
	shared_flag = 0;
	detector_start_ordered(2);
}

static void unlock(void)
{
	detector_hand_over(LOCK);
}

static void lock(void)
{
	detector_take(LOCK);
}

const struct sim_case race_ordered = {
	.name = "race-ordered",
	.what = "who has locked what another has unlocked",
	.delays = 1,
	.start = start_ordered,
	.threads = { unlock, lock },
	.end = detector_must_not_report,
};

static void lock_alone(void)
{
	detector_hold(LOCK);
}

/* Both know the clock, and each what it has there. */
static void start_again(void)
{
	start_ordered();
	detector_as(1, lock_alone);
	detector_as(0, lock_alone);
	detector_as(1, lock_alone);
}

const struct sim_case race_ordered_again = {
	.name = "race-ordered-again",
	.what = "the same of two who have had the lock before",
	.delays = 1,
	.start = start_again,
	.threads = { unlock, lock },
	.end = detector_must_not_report,
};

static void fence(void)
{
	struct race_thread *thread = race_thread_enter();

	race_sync_fence(thread);
	race_thread_leave(thread);
}

static void publish(void)
{
	write_shared();
	fence();
	__tsan_volatile_write4(&shared_flag);
	WRITE_ONCE(shared_flag, 1);
}

/* The hook comes before the access, and what it acquires with whatever comes next. */
static void consume(void)
{
	__tsan_volatile_read4(&shared_flag);
	if (READ_ONCE(shared_flag))
		write_shared();
}

static void consume_twice(void)
{
	consume();
	consume();
}

const struct sim_case race_marked = {
	.name = "race-marked",
	.what = "who has read what another has written after a barrier",
	.delays = 1,
	.start = start_ordered,
	.threads = { publish, consume_twice },
	.end = detector_must_not_report,
};
