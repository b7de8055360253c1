// SPDX-License-Identifier: GPL-2.0-only
/* quartet count: what uncontended paths cost. */
#include <argp.h>
#include <err.h>
#include <errno.h>
#include <json-c/json.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <linux/quartet_torture.h>

#include "device.h"
#include "quartet.h"

#define FIGURE_LEN	32

/*
 * Between two runs of a loop: nothing but the turns differs, so a turn is what they differ by. A
 * timer's interrupt falls into few rounds. What allocates, or has others run, is not always the
 * same: it gets many short rounds, as in one of them memory is at hand, and nobody else is there.
 */
enum way { LOOP, ALONE, CROWD };

static const struct {
	__u32 pairs;
	__u32 rounds;
} ways[] = {
	[LOOP] = { 10000, 16 },
	[ALONE] = { 1, 1000 },
	[CROWD] = { 64, 100 },
};

static const struct {
	const char *name;
	const char *what;
	enum way way;
} paths[QUARTET_COUNT_PATHS] = {
	[QUARTET_COUNT_CALIBRATION] = { "calibration", "nothing, in two instructions" },
	[QUARTET_COUNT_LOOP] = { "loop", "nothing: part of all below" },
	[QUARTET_COUNT_RAW_SPIN] = { "raw_spin_lock", "peer: the kernel's raw_spinlock_t" },
	[QUARTET_COUNT_SPIN] = { "quartet_spin_lock", "quartet's spinlock" },
	[QUARTET_COUNT_SPIN_TRY] = { "quartet_spin_trylock", "the same, with trylock" },
	[QUARTET_COUNT_CAS] = { "quartet_cas_lock", "quartet's compare-and-swap loop" },
	[QUARTET_COUNT_KERNEL_MUTEX] = { "mutex_lock", "peer: the kernel's struct mutex" },
	[QUARTET_COUNT_RT_MUTEX] = { "rt_mutex_lock", "peer: the kernel's rt_mutex" },
	[QUARTET_COUNT_MUTEX] = { "quartet_mutex_lock", "quartet's mutex" },
	[QUARTET_COUNT_MUTEX_TRY] = { "quartet_mutex_trylock", "the same, with trylock" },
	[QUARTET_COUNT_CACHE] = { "kmem_cache", "peer: an object of a slab cache" },
	[QUARTET_COUNT_POOL] = { "quartet_pool", "an object of quartet's pool" },
	[QUARTET_COUNT_CACHE_BURST] = { "kmem_cache_burst", "peer: 64 of a slab cache, then back" },
	[QUARTET_COUNT_POOL_BURST] = { "quartet_pool_burst", "64 of quartet's pool, then back" },
	[QUARTET_COUNT_POOL_BULK] = { "quartet_pool_bulk", "the same, in one call" },
	[QUARTET_COUNT_RHASHTABLE_HIT] = { "rhashtable_hit", "peer: a lookup, and a copy" },
	[QUARTET_COUNT_MEMO_HIT] = { "memo_hit", "quartet's memo table: a get" },
	[QUARTET_COUNT_MEMO_LOCK_HIT] = { "memo_lock_hit", "the same, engine lock", ALONE },
	[QUARTET_COUNT_MEMO_MONITOR_HIT] = { "memo_monitor_hit", "the same, engine monitor",
					     ALONE },
	[QUARTET_COUNT_RHASHTABLE_MISS] = { "rhashtable_miss",
					    "peer: and a kmalloc and a completion", ALONE },
	[QUARTET_COUNT_MEMO_MISS] = { "memo_miss", "quartet's memo table: 64 zeroes computed",
				      ALONE },
	[QUARTET_COUNT_COMPLETION_CROWD] = { "completion_crowd",
					     "peer: complete_all(), one of 64 who wait", CROWD },
	[QUARTET_COUNT_MEMO_CROWD] = { "memo_crowd", "a computation ends, one of 64 who wait",
				       CROWD },
};

enum format { TABLE, CSV, JSON };

static const struct argp_option options[] = {
	{ "csv", CSV, NULL, 0, "Comma-separated values", 0 },
	{ "json", JSON, NULL, 0, "One JSON object", 0 },
	{ NULL, 0, NULL, 0, "Help", -1 },
	{ 0 }
};

static const char doc[] =
	"Run uncontended paths in the kernel, through /dev/quartet_torture, and print the ticks of\n"
	"the time stamp counter that a turn takes: lock and unlock, or get and put, and the loop\n"
	"around them.\n"
	"\vA tick is about a cycle on hardware. In a machine that QEMU steps by instructions\n"
	"(selftests/lab/lab boot KERNEL --icount) it is one instruction, and the calibration, a loop\n"
	"of two instructions, shows that it is: then all figures are whole, and always the same.\n";

static error_t parse(int key, char *arg, struct argp_state *state)
{
	enum format *format = state->input;

	switch (key) {
	case CSV:
	case JSON:
		*format = key;
		return 0;
	case ARGP_KEY_ARG:
		errx(EXIT_USAGE, "'%s': no arguments: see --help", arg);
	case ARGP_KEY_INIT:
		state->err_stream = NULL;	/* getopt has said it: one line is enough */
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static __u32 pairs_of(__u32 path)
{
	return ways[paths[path].way].pairs;
}

/* Of one turn; NaN where the architecture has no such path. */
static double turn(int fd, __u32 path)
{
	struct quartet_torture_count once = { .size = sizeof(once), .path = path,
					      .pairs = pairs_of(path),
					      .rounds = ways[paths[path].way].rounds };
	struct quartet_torture_count twice = once;

	twice.pairs *= 2;
	if (ioctl(fd, QUARTET_TORTURE_COUNT, &once) || ioctl(fd, QUARTET_TORTURE_COUNT, &twice)) {
		if (errno == EOPNOTSUPP)
			return NAN;
		if (errno == ENOTTY || errno == E2BIG)
			errx(EXIT_CANNOT_RUN,
			     "the loaded module is of another version than this command");
		err(EXIT_CANNOT_RUN, "%s", paths[path].name);
	}
	return ((double)twice.ticks - once.ticks) / once.pairs;
}

static const char *unit_of(const double *turns)
{
	return turns[QUARTET_COUNT_CALIBRATION] == 2 ? "instructions" : "ticks";
}

static const char *figure(char *text, double ticks, const char *none)
{
	if (isnan(ticks))
		return none;
	snprintf(text, FIGURE_LEN, "%.8g", ticks);
	return text;
}

static void print_rows(const double *turns, const char *format, const char *none)
{
	char turn[FIGURE_LEN], bare[FIGURE_LEN];
	__u32 i;

	for (i = 0; i < QUARTET_COUNT_PATHS; i++)
		printf(format, paths[i].name, figure(turn, turns[i], none),
		       figure(bare, turns[i] - turns[QUARTET_COUNT_LOOP], none), pairs_of(i),
		       paths[i].what);
}

static void print_table(const double *turns)
{
	printf("%-21s %12s %12s %7s\n", "path", unit_of(turns), "without loop", "turns");
	print_rows(turns, "%-21s %12s %12s %7u  %s\n", "-");
}

static void print_csv(const double *turns)
{
	printf("path,%s,without_loop,turns\n", unit_of(turns));
	print_rows(turns, "%s,%s,%s,%u\n", "");
}

static void add_figure(struct json_object *to, const char *key, double ticks)
{
	json_object_object_add(to, key, isnan(ticks) ? NULL : json_object_new_double(ticks));
}

static void print_json(const double *turns)
{
	struct json_object *root = json_object_new_object(), *list = json_object_new_array(), *one;
	struct utsname system;
	__u32 i;

	uname(&system);
	json_object_object_add(root, "version", json_object_new_string(QUARTET_VERSION));
	json_object_object_add(root, "kernel", json_object_new_string(system.release));
	json_object_object_add(root, "unit", json_object_new_string(unit_of(turns)));
	json_object_object_add(root, "paths", list);
	for (i = 0; i < QUARTET_COUNT_PATHS; i++) {
		one = json_object_new_object();
		json_object_object_add(one, "path", json_object_new_string(paths[i].name));
		add_figure(one, "turn", turns[i]);
		add_figure(one, "without_loop", turns[i] - turns[QUARTET_COUNT_LOOP]);
		json_object_object_add(one, "turns", json_object_new_int64(pairs_of(i)));
		json_object_array_add(list, one);
	}
	puts(json_object_to_json_string_ext(root, JSON_C_TO_STRING_PRETTY |
					    JSON_C_TO_STRING_SPACED));
	json_object_put(root);
}

int count(int argc, char **argv)
{
	static void (*const print[])(const double *) = { print_table, print_csv, print_json };
	const struct argp argp = { .options = options, .parser = parse, .doc = doc };
	double turns[QUARTET_COUNT_PATHS];
	enum format format = TABLE;
	int fd, i;

	if (argp_parse(&argp, argc, argv, 0, NULL, &format))
		return EXIT_USAGE;
	fd = device_open();
	for (i = 0; i < QUARTET_COUNT_PATHS; i++)
		turns[i] = turn(fd, i);
	close(fd);
	print[format](turns);
	return EXIT_GOOD;
}
