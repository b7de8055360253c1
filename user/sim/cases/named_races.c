// SPDX-License-Identifier: GPL-2.0-only
/* The list of named mutexes, changed and read at once. */
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <quartet/mutex.h>

#include <lock/mutex_named.h>
#include "cases.h"

#define RACING_ROUNDS	20

static struct quartet_mutex mutexes[2];
static int named;	/* how many got the name */

static void start(void)
{
	quartet_mutex_init(&mutexes[0], QUARTET_STARVE_DEFAULT);
	quartet_mutex_init(&mutexes[1], QUARTET_STARVE_DEFAULT);
	named = 0;
	if (quartet_mutexes_init())
		sim_fail("assertion: named mutexes cannot be set up");
}

static void end(void)
{
	quartet_mutexes_exit();
	if (sim_allocated())
		sim_fail("leak: %ld allocations at the end", sim_allocated());
}

static void name_one(void)
{
	if (!quartet_mutex_name(&mutexes[smp_processor_id()], "one"))
		__atomic_fetch_add(&named, 1, __ATOMIC_RELAXED);
}

static void end_same(void)
{
	int i;

	if (named != 1)
		sim_fail("assertion: %d mutexes have the same name", named);
	for (i = 0; i < 2; i++)
		if (mutexes[i].name)
			quartet_mutex_unname(&mutexes[i]);
	end();
}

const struct sim_case named_same = {
	.name = "named-same",
	.what = "of two that want the same name one gets it",
	.start = start,
	.threads = { name_one, name_one },
	.end = end_same,
};

static void name_and_unname(void)
{
	int i;

	for (i = 0; i < RACING_ROUNDS; i++) {
		if (quartet_mutex_name(&mutexes[0], "one"))
			sim_fail("assertion: a name that is free cannot be had");
		sim_point();
		quartet_mutex_unname(&mutexes[0]);
	}
}

static void show(void)
{
	struct seq_file m = { .to = fopen("/dev/null", "w") };
	int i;

	for (i = 0; i < RACING_ROUNDS; i++) {
		quartet_mutex_waits_show(&m, NULL);
		quartet_mutexes_show(&m, NULL);
	}
	fclose(m.to);
}

static void exit_often(void)
{
	int i;

	for (i = 0; i < RACING_ROUNDS; i++)
		sim_exit_task(current);
}

const struct sim_case named_races = {
	.name = "named-races",
	.what = "files are read and tasks exit while names come and go",
	.native_only = true,
	.start = start,
	.threads = { name_and_unname, show, exit_often },
	.end = end,
};
