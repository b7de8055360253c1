// SPDX-License-Identifier: GPL-2.0-only
/*
 * What races is reported, each time, whatever else its threads synchronise with; and what does not
 * race never is.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "../module.h"
#include "module/cases.h"

#define DETECTOR	"/sys/kernel/debug/quartet_race"
#define CASES		"/sys/kernel/debug/quartet_race_cases"
#define LOG		"/sys/module/quartet_race/parameters/log"
#define RUNS		3

/* By an earlier test, perhaps. */
static bool is_loaded(const char *path)
{
	int err = module_insert(path, "");

	return !err || err == -EEXIST;
}

static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY), err;

	if (fd < 0)
		return -errno;
	err = write(fd, text, strlen(text)) < 0 ? -errno : 0;
	close(fd);
	return err;
}

/* The detector that is loaded has little room: it may miss races, and makes none up. */
static bool is_scarce(void)
{
	return getenv("RACE_SCARCE");
}

/* Or -1. */
static long counted(const char *name)
{
	FILE *file = fopen(DETECTOR "/count", "r");
	long value, found = -1;
	char word[32];

	if (!file)
		return -1;
	while (fscanf(file, "%31s %ld", word, &value) == 2)
		if (!strcmp(word, name))
			found = value;
	fclose(file);
	return found;
}

FIXTURE(race) {
	bool announced;
};

FIXTURE_VARIANT(race) {
	const char *name;
	bool racy;
};

#define RACY(case_name) \
	FIXTURE_VARIANT_ADD(race, racy_##case_name) { .name = #case_name, .racy = true };
#define CORRECT(case_name) \
	FIXTURE_VARIANT_ADD(race, correct_##case_name) { .name = #case_name };
RACY_CASES(RACY)
CORRECT_CASES(CORRECT)

static bool has_detector(void)
{
	return !access("/modules/quartet_race.ko", R_OK);
}

FIXTURE_SETUP(race)
{
	if (!has_detector())
		return;
	ASSERT_TRUE(is_loaded("/modules/quartet_race.ko"));
	ASSERT_TRUE(is_loaded("/modules/quartet_race_cases.ko"));
	self->announced = variant->racy && !is_scarce() &&
			  !put("/dev/kmsg", "quartet-expect: begin DATA RACE");
}

FIXTURE_TEARDOWN(race)
{
	if (self->announced)
		put("/dev/kmsg", "quartet-expect: end");
}

/* RACE_RUNS of the environment. */
static int runs(void)
{
	const char *text = getenv("RACE_RUNS");

	return text ? atoi(text) : RUNS;
}

/* The detector forgets what it has reported before each; a serial console takes its time. */
static void run(struct __test_metadata *_metadata, const char *how, const char *name, bool racy)
{
	char path[64];
	int i;

	if (!has_detector())
		SKIP(return, "there is no quartet_race.ko for this kernel");
	snprintf(path, sizeof(path), "%s/%s", CASES, how);
	for (i = 0; i < runs(); i++) {
		ASSERT_EQ(0, put(LOG, i || is_scarce() ? "0" : "1"));
		ASSERT_EQ(0, put(DETECTOR "/reset", "1"));
		ASSERT_EQ(0, put(path, name));
		if (!racy || !is_scarce())
			ASSERT_EQ(racy, counted("races") > 0);
	}
}

TEST_F(race, alone)
{
	run(_metadata, "alone", variant->name, variant->racy);
}

TEST_F(race, unrelated)
{
	run(_metadata, "unrelated", variant->name, variant->racy);
}

TEST_HARNESS_MAIN
