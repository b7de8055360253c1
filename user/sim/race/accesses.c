// SPDX-License-Identifier: GPL-2.0-only
/* Two accesses without order are reported in each schedule, whichever path each of them takes. */
#include "detector.h"

static void start(void)
{
	detector_start(2);
}

static void write_twice(void)
{
	write_shared();
	write_shared();
}

const struct sim_case race_repeated = {
	.name = "race-repeated",
	.what = "one thread writes again what it has written, another writes it",
	.start = start,
	.threads = { write_twice, write_shared },
	.end = detector_must_report,
};

/* So that thread 0 has only to say that it was there again. */
static void start_ordered(void)
{
	detector_start_ordered(2);
}

const struct sim_case race_renewed = {
	.name = "race-renewed",
	.what = "one thread renews its write, another writes",
	.delays = 1,
	.start = start_ordered,
	.threads = { write_shared, write_shared },
	.end = detector_must_report,
};

static void write_byte(void)
{
	__tsan_write1((void *)SHARED);
	barrier();
}

/* A byte does not take the place of more. */
const struct sim_case race_renewed_part = {
	.name = "race-renewed-part",
	.what = "one thread renews its write, another writes a part of that",
	.delays = 1,
	.start = start_ordered,
	.threads = { write_shared, write_byte },
	.end = detector_must_report,
};

static void start_read(void)
{
	start();
	detector_as(0, read_shared);
	detector_order();
}

const struct sim_case race_renewed_read = {
	.name = "race-renewed-read",
	.what = "one thread renews its read, another writes",
	.delays = 1,
	.start = start_read,
	.threads = { read_shared, write_shared },
	.end = detector_must_report,
};

static void back(void)
{
	race_release((void *)CHUNK(99), "back", 0);
}

static void forth(void)
{
	race_acquire((void *)CHUNK(99), "forth", 0);
}

/* A read does not take the write's place. */
static void start_both(void)
{
	start();
	detector_as(1, write_shared);
	detector_as(1, back);
	detector_as(0, forth);
	detector_as(0, read_shared);
	detector_order();
}

const struct sim_case race_renewed_both = {
	.name = "race-renewed-both",
	.what = "both renew what they have done there, and one writes",
	.delays = 1,
	.start = start_both,
	.threads = { read_shared, write_shared },
	.end = detector_must_report,
};

static noinline void write_pair(unsigned long addr)
{
	__tsan_write2((void *)addr);
	barrier();
}

static void write_first(void)
{
	write_pair(SHARED);
}

static void write_all(void)
{
	unsigned long i;

	for (i = 0; i < 8; i += 2)
		write_pair(SHARED + i);
}

/* Until the cell that it would take, if there is no room, is the first one. */
static void count_epochs(void)
{
	while (race_thread_epoch(&race_threads[2]) % RACE_CELLS)
		back();
}

static void start_full(void)
{
	start();
	detector_as(0, write_all);
	detector_order();
	detector_as(1, count_epochs);
}

/* Who they are is found out at their first access. */
static void start_unknown(void)
{
	detector_start(0);
}

static void end_known(void)
{
	if (!race_threads[1].slot || !race_threads[2].slot || race_threads[3].slot)
		sim_fail("assertion: two threads have not a slot each");
	detector_must_report();
}

const struct sim_case race_slots = {
	.name = "race-slots",
	.what = "two threads that were not there before",
	.preemptions = 1,
	.start = start_unknown,
	.threads = { write_shared, write_shared },
	.end = end_known,
};

const struct sim_case race_renewed_wide = {
	.name = "race-renewed-wide",
	.what = "one thread renews its write, which another takes the place of",
	.start = start_full,
	.threads = { write_first, write_byte },
	.end = detector_must_report,
};
