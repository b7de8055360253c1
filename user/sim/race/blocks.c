// SPDX-License-Identifier: GPL-2.0-only
/* An access is remembered, whatever becomes of the other blocks in its bucket meanwhile. */
#include "detector.h"

/* In one bucket with SHARED, and not. */
#define SAME	(SHARED + CHUNK(race_bucket_mask + 1))
#define SAME_TOO	(SAME + CHUNK(race_bucket_mask + 1))
#define OTHER	(SHARED + CHUNK(1))

static void start(void)
{
	detector_start(2);
}

/* What thread 1 did in between, thread 0 races with. */
static void end(void)
{
	detector_as(0, write_shared);
	detector_must_report();
}

static void add(void)
{
	race_shadow_own(NULL, SAME, 8, 0);
}

static void start_behind(void)
{
	start();
	add();
}

static void remove(void)
{
	race_shadow_disown(SAME, 8);
}

const struct sim_case race_block_removed = {
	.name = "race-block-removed",
	.what = "what is before it in the bucket is freed",
	.delays = 1,
	.start = start_behind,
	.threads = { remove, write_shared },
	.end = end,
};

static void recycle(void)
{
	remove();
	race_shadow_own(NULL, OTHER, 8, 0);
}

/* Who looks finds the second one by the first, without a call. */
static void start_third(void)
{
	start();
	race_shadow_own(NULL, SAME_TOO, 8, 0);
	add();
}

const struct sim_case race_block_recycled = {
	.name = "race-block-recycled",
	.what = "what is first of three in the bucket is freed, and used elsewhere",
	.delays = 1,
	.start = start_third,
	.threads = { recycle, write_shared },
	.end = end,
};

static int flag;

static void start_freed(void)
{
	flag = 0;
	start();
	add();
	detector_as(0, write_shared);
	detector_order();
}

/* The allocator orders the two, which the detector does not see. */
static void write_and_free(void)
{
	write_shared();
	race_shadow_disown(SHARED, 8);
	smp_store_release(&flag, 1);	/* pairs with allocate_and_write() */
}

static void allocate_and_write(void)
{
	struct race_thread *thread;

	if (!smp_load_acquire(&flag))	/* pairs with write_and_free() */
		return;
	thread = race_thread_enter();
	race_shadow_own(thread, SHARED, 8, 0);
	race_thread_leave(thread);
	write_shared();
}

const struct sim_case race_block_reused = {
	.name = "race-block-reused",
	.what = "what one thread has freed is allocated by another",
	.start = start_freed,
	.threads = { write_and_free, allocate_and_write, recycle },
	.end = detector_must_not_report,
};

const struct sim_case race_block_added = {
	.name = "race-block-added",
	.what = "another comes before it",
	.delays = 1,
	.start = start,
	.threads = { add, write_shared },
	.end = end,
};
