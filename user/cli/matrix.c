// SPDX-License-Identifier: GPL-2.0-only
/* The command line of a torture, and the runs it stands for. */
#include <argp.h>
#include <assert.h>
#include <err.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "matrix.h"
#include "progress.h"
#include "quartet.h"

static const struct unit percents[] = { { "", 10 }, { "%", 10 }, { NULL, 0 } };
static const struct unit periods[] = { { "ms", 1 }, { "s", 1000 }, { NULL, 0 } };
static const struct unit works[] = {
	{ "", 1 }, { "ns", 1 }, { "us", 1000 }, { "ms", 1000000 }, { NULL, 0 },
};

const struct quantity matrix_threads = {
	"a whole number", unit_none, 1, QUARTET_TORTURE_MAX_THREADS, NULL
};

const struct quantity matrix_work = {
	"a time such as 100, 100ns, 1.5us or 2ms", works, 0, QUARTET_TORTURE_MAX_WORK_NS, NULL
};

static const struct quantity duration = {
	"a time with its unit, such as 500ms or 1.5s", units_of_ns,
	1, QUARTET_TORTURE_MAX_TIME_NS, NULL
};

static const struct quantity period = {
	"a time with its unit, whole milliseconds, such as 50ms or 1.5s", periods,
	1, QUARTET_TORTURE_MAX_PERIOD_MS, NULL
};

const struct quantity matrix_period_us = {
	"a time with its unit, whole microseconds, such as 200us or 5ms", units_of_us,
	1, QUARTET_TORTURE_MAX_PERIOD_MS * 1000, NULL
};

const struct quantity matrix_percent = {
	"a percentage such as 25 or 12.5", percents, 0, 1000, NULL
};

static const struct quantity seed = { "a whole number", unit_none, 0, ~0ULL, NULL };

/* Those of a subject are from MATRIX_OPTIONS on. */
enum option_key {
	IMPL = 256, THREADS, HOLD, THINK, DURATION, TRYLOCK, SEED, CPUS, STUTTER, SHUFFLE, ONOFF,
	MEASURE, REQUIRE, JSON, CSV, PER_CONTENDER, PROGRESS, NO_PROGRESS
};

static_assert((int)NO_PROGRESS < MATRIX_OPTIONS, "option keys are unique");

static const struct argp_option shared_options[] = {
	{ NULL, 0, NULL, 0, "The matrix: one run and one row for each combination", 1 },
	{ "impl", IMPL, "LIST", 0,
	  "Named below (default: all that are meant to work)", 0 },
	{ "threads", THREADS, "LIST", 0,
	  "Numbers of kernel threads (default 1,4; pool: 2; memo: 4)", 0 },
	{ "hold", HOLD, "LIST", 0,
	  "Work done while holding what was got (default 0,1us; pool, memo: 0)", 0 },
	{ "think", THINK, "LIST", 0, "Work done between two attempts, on average (default 0)", 0 },

	{ NULL, 0, NULL, 0, "Every run", 2 },
	{ "duration", DURATION, "TIME", 0, "How long it lasts (default 1s)", 0 },
	{ "trylock", TRYLOCK, "PERCENT", 0,
	  "Share of attempts made with trylock, in steps of 0.1 (default 0)", 0 },
	{ "seed", SEED, "N", 0, "Of the pseudo-random numbers (default: a random one)", 0 },
	{ "cpus", CPUS, "CPUS", 0,
	  "Where the threads run, written as for taskset: 0-3,5 (default: all online CPUs); "
	  "or 1..4: on so many, one run for each number", 0 },
	{ "stutter", STUTTER, "TIME", 0, "Pause all contenders this long, run them this long", 0 },
	{ "shuffle", SHUFFLE, "TIME", 0, "Move the threads to other CPUs this often", 0 },
	{ "onoff", ONOFF, "TIME", 0, "Take a CPU offline and bring it back this often", 0 },

	{ "measure", MEASURE, "WHAT", 0,
	  "For figures: throughput (no checks, no clock) or latency (no checks)", 0 },

	{ NULL, 0, NULL, 0, "The verdict", 3 },
	{ "require", REQUIRE, "LIST", 0,
	  "Events, named below, that each run must see if it can; all: every one", 0 },

	{ NULL, 0, NULL, 0, "The report", 4 },
	{ "json", JSON, NULL, 0, "One JSON object, when all runs have ended", 0 },
	{ "csv", CSV, NULL, 0, "Comma-separated values: integers, times in ns", 0 },
	{ "per-contender", PER_CONTENDER, NULL, 0, "Report each contender as well", 0 },
	{ "progress", PROGRESS, "WHEN", 0,
	  "Progress line on stderr: auto (if it is a terminal; the default), always, never", 0 },
	{ "no-progress", NO_PROGRESS, NULL, 0, "The same as --progress=never", 0 },
	{ NULL, 0, NULL, 0, "Help", -1 },
	{ 0 }
};

static __u32 measure_flags(const char *what)
{
	if (!strcmp(what, "throughput"))
		return QUARTET_TORTURE_UNCHECKED | QUARTET_TORTURE_UNTIMED;
	if (strcmp(what, "latency"))
		errx(EXIT_USAGE, "--measure: '%s' is not throughput or latency", what);
	return QUARTET_TORTURE_UNCHECKED;
}

static __u32 events_parse(const struct subject *subject, const char *text)
{
	struct list list;
	__u32 mask = 0;
	size_t i;

	if (!strcmp(text, "all"))
		return REQUIRE_ALL;
	list_parse_names(&list, subject->events, subject->events_len, "--require", text);
	for (i = 0; i < list.len; i++)
		mask |= 1U << list.values[i];
	return mask;
}

/* A requirement that no run can meet would never be checked, and look as if it were. */
static void check_required(const struct matrix *matrix)
{
	struct args args;
	__u32 left = matrix->required;
	unsigned int i;

	for (i = 0; left && i < matrix_runs(matrix); i++) {
		args = matrix_run(matrix, i);
		left &= ~matrix->subject->reachable(&args);
	}
	if (left && matrix->required != REQUIRE_ALL)
		errx(EXIT_USAGE, "--require: no run of this matrix can take '%s'",
		     matrix->subject->events[__builtin_ctz(left)]);
}

static bool parse_list(struct matrix *matrix, int key, const char *text)
{
	switch (key) {
	case IMPL:
		list_parse_names(&matrix->kinds, matrix->subject->kinds,
				 matrix->subject->kinds_len, "--impl", text);
		return true;
	case THREADS:
		list_parse(&matrix->threads, &matrix_threads, "--threads", text);
		return true;
	case HOLD:
		list_parse(&matrix->hold, &matrix_work, "--hold", text);
		return true;
	case THINK:
		list_parse(&matrix->think, &matrix_work, "--think", text);
		return true;
	}
	return false;
}

/* 1..4: so many, a run for each; else which. */
static void parse_cpus(struct matrix *matrix, const char *text)
{
	struct quartet_torture_request *common = &matrix->common.request;

	if (strstr(text, "..")) {
		list_parse(&matrix->cpu_counts, &matrix_threads, "--cpus", text);
		return;
	}
	cpumask_parse(&matrix->cpus, "--cpus", text);
	common->cpus = (uintptr_t)&matrix->cpus;
	common->cpus_size = sizeof(matrix->cpus);
}

static bool parse_common(struct matrix *matrix, int key, const char *text)
{
	struct quartet_torture_request *common = &matrix->common.request;

	switch (key) {
	case DURATION:
		common->duration_ns = quantity_parse(&duration, "--duration", text);
		return true;
	case TRYLOCK:
		common->trylock_permille = quantity_parse(&matrix_percent, "--trylock", text);
		return true;
	case SEED:
		common->seed = quantity_parse(&seed, "--seed", text);
		return true;
	case CPUS:
		parse_cpus(matrix, text);
		return true;
	case STUTTER:
		common->stutter_ms = quantity_parse(&period, "--stutter", text);
		return true;
	case SHUFFLE:
		common->shuffle_ms = quantity_parse(&period, "--shuffle", text);
		return true;
	case ONOFF:
		common->onoff_ms = quantity_parse(&period, "--onoff", text);
		return true;
	case MEASURE:
		common->flags |= measure_flags(text);
		return true;
	}
	return false;
}

static bool parse_report(struct matrix *matrix, int key, const char *text)
{
	switch (key) {
	case REQUIRE:
		matrix->required = events_parse(matrix->subject, text);
		return true;
	case JSON:
		matrix->format = &json_format;
		return true;
	case CSV:
		matrix->format = &csv_format;
		return true;
	case PER_CONTENDER:
		matrix->per_contender = true;
		return true;
	case PROGRESS:
		matrix->progress = progress_wanted(text);
		return true;
	case NO_PROGRESS:
		matrix->progress = false;
		return true;
	}
	return false;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct matrix *matrix = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->err_stream = NULL;	/* getopt has said it: one line is enough */
		return 0;
	case ARGP_KEY_ARG:
		errx(EXIT_USAGE, "unexpected argument '%s'", text);
	case ARGP_KEY_END:
		matrix->subject->check(matrix);
		check_required(matrix);
		return 0;
	}
	if (parse_list(matrix, key, text) || parse_common(matrix, key, text) ||
	    matrix->subject->parse(matrix, key, text) || parse_report(matrix, key, text))
		return 0;
	return ARGP_ERR_UNKNOWN;
}

/* Those of the subject and the shared ones, which argp sorts by their groups. */
static const struct argp_option *all_options(const struct subject *subject)
{
	static struct argp_option all[64];
	size_t len = 0;

	while (subject->options[len].name) {
		all[len] = subject->options[len];
		len++;
	}
	if (len + sizeof(shared_options) / sizeof(*all) > sizeof(all) / sizeof(*all))
		abort();
	memcpy(all + len, shared_options, sizeof(shared_options));
	return all;
}

void matrix_parse(struct matrix *matrix, const struct subject *subject, int argc, char **argv)
{
	const struct argp argp = {
		.options = all_options(subject), .parser = parse, .doc = subject->doc,
	};

	memset(matrix, 0, sizeof(*matrix));
	matrix->subject = subject;
	parse_list(matrix, THREADS, "1,4");
	parse_list(matrix, HOLD, "0,1us");
	parse_list(matrix, THINK, "0");
	matrix->own.len = 1;
	matrix->cpu_counts.len = 1;
	matrix->common.request.duration_ns = 1000000000;
	subject->set_defaults(matrix);
	matrix->format = &table_format;
	matrix->progress = progress_wanted("auto");
	if (getrandom(&matrix->common.request.seed, sizeof(matrix->common.request.seed), 0) < 0)
		err(EXIT_CANNOT_RUN, "getrandom");
	if (argp_parse(&argp, argc, argv, 0, NULL, matrix))
		exit(EXIT_USAGE);
}

unsigned int matrix_runs(const struct matrix *matrix)
{
	return matrix->kinds.len * matrix->cpu_counts.len * matrix->threads.len *
	       matrix->own.len * matrix->hold.len * matrix->think.len;
}

/* The value of @list that @index stands for, which moves on to the next slower list. */
static __u64 digit(const struct list *list, unsigned int *index)
{
	__u64 value = list->values[*index % list->len];

	*index /= list->len;
	return value;
}

/* The first @count that are online, or those of --cpus if it is 0. */
static void use_cpus(struct quartet_torture_request *request, unsigned int count)
{
	static struct cpumask first;

	if (!count)
		return;
	cpumask_first(&first, "--cpus", count);
	request->cpus = (uintptr_t)&first;
	request->cpus_size = sizeof(first);
}

struct args matrix_run(const struct matrix *matrix, unsigned int index)
{
	struct args run = matrix->common;
	__u64 own;

	run.request.think_ns = digit(&matrix->think, &index);
	run.request.hold_ns = digit(&matrix->hold, &index);
	own = digit(&matrix->own, &index);
	run.request.threads = digit(&matrix->threads, &index);
	use_cpus(&run.request, digit(&matrix->cpu_counts, &index));
	run.request.kind = digit(&matrix->kinds, &index);
	run.variant = own;
	if (matrix->subject->vary)
		matrix->subject->vary(&run, own);
	return run;
}
