// SPDX-License-Identifier: GPL-2.0-only
/* The command line of "quartet torture spin", and the runs it stands for. */
#include <argp.h>
#include <err.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "matrix.h"
#include "quartet.h"

static const struct unit no_unit[] = { { "", 1 }, { NULL, 0 } };
static const struct unit percents[] = { { "", 10 }, { "%", 10 }, { NULL, 0 } };
static const struct unit periods[] = { { "ms", 1 }, { "s", 1000 }, { NULL, 0 } };
static const struct unit works[] = {
	{ "", 1 }, { "ns", 1 }, { "us", 1000 }, { "ms", 1000000 }, { NULL, 0 },
};

static const struct unit times[] = {
	{ "ns", 1 }, { "us", 1000 }, { "ms", 1000000 }, { "s", 1000000000 }, { NULL, 0 },
};

static const struct quantity threads = {
	"a whole number", no_unit, 1, QUARTET_TORTURE_MAX_THREADS
};

static const struct quantity work = {
	"a time such as 100, 100ns, 1.5us or 2ms", works, 0, QUARTET_TORTURE_MAX_WORK_NS
};

static const struct quantity duration = {
	"a time with its unit, such as 500ms or 1.5s", times, 1, QUARTET_TORTURE_MAX_TIME_NS
};

static const struct quantity period = {
	"a time with its unit, whole milliseconds, such as 50ms or 1.5s", periods,
	1, QUARTET_TORTURE_MAX_PERIOD_MS
};

static const struct quantity percent = {
	"a percentage such as 25 or 12.5", percents, 0, 1000
};

static const struct quantity seed = { "a whole number", no_unit, 0, ~0ULL };

enum option_key {
	IMPL = 256, THREADS, HOLD, THINK, DURATION, TRYLOCK, SEED, CPUS, SOFTIRQ, HARDIRQ, NEST,
	EXHAUST, STUTTER, SHUFFLE, ONOFF, REQUIRE, JSON, CSV, PER_CONTENDER, PROGRESS, NO_PROGRESS
};

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "The matrix: one run and one row for each combination", 1 },
	{ "impl", IMPL, "LIST", 0,
	  "Locks, named below (default queued,cas,yield,ticket,raw)", 0 },
	{ "threads", THREADS, "LIST", 0, "Numbers of kernel threads (default 1,4)", 0 },
	{ "hold", HOLD, "LIST", 0, "Work done while holding the lock (default 0,1us)", 0 },
	{ "think", THINK, "LIST", 0, "Work done between two attempts, on average (default 0)", 0 },

	{ NULL, 0, NULL, 0, "Every run", 2 },
	{ "duration", DURATION, "TIME", 0, "How long it lasts (default 1s)", 0 },
	{ "trylock", TRYLOCK, "PERCENT", 0,
	  "Share of attempts made with trylock, in steps of 0.1 (default 0)", 0 },
	{ "seed", SEED, "N", 0, "Of the pseudo-random numbers (default: a random one)", 0 },
	{ "cpus", CPUS, "CPUS", 0,
	  "Where the threads run, written as for taskset: 0-3,5 (default: all online CPUs)", 0 },
	{ "softirq", SOFTIRQ, NULL, 0, "Take the lock from a softirq timer a CPU too", 0 },
	{ "hardirq", HARDIRQ, NULL, 0, "Take the lock from a hardirq timer a CPU too", 0 },
	{ "nest", NEST, NULL, 0,
	  "Give these timers a lock of their own, so that they interrupt waiters", 0 },
	{ "exhaust", EXHAUST, NULL, 0,
	  "Leave the first CPU no queue node; queued only, think >= threads x hold", 0 },
	{ "stutter", STUTTER, "TIME", 0, "Pause all contenders this long, run them this long", 0 },
	{ "shuffle", SHUFFLE, "TIME", 0, "Move the threads to other CPUs this often", 0 },
	{ "onoff", ONOFF, "TIME", 0, "Take a CPU offline and bring it back this often", 0 },

	{ NULL, 0, NULL, 0, "The verdict", 3 },
	{ "require", REQUIRE, "LIST", 0,
	  "State transitions, named below, that each run must take if it can", 0 },

	{ NULL, 0, NULL, 0, "The report", 4 },
	{ "json", JSON, NULL, 0, "One JSON object, when all runs have ended", 0 },
	{ "csv", CSV, NULL, 0, "Comma-separated values: integers, times in ns", 0 },
	{ "per-contender", PER_CONTENDER, NULL, 0, "Report each thread and timer as well", 0 },
	{ "progress", PROGRESS, "WHEN", 0,
	  "Progress line on stderr: auto (if it is a terminal; the default), always, never", 0 },
	{ "no-progress", NO_PROGRESS, NULL, 0, "The same as --progress=never", 0 },
	{ NULL, 0, NULL, 0, "Help", -1 },
	{ 0 }
};

static const char doc[] =
	"Put spinlocks under load inside the kernel, through /dev/quartet_torture, and judge them.\n"
	"\vLIST is one value or several, separated by commas.\n"
	"A TIME has a unit: ns, us, ms or s; --hold and --think are in ns without one.\n"
	"\n"
	"Locks:\n"
	"  queued           quartet's spinlock: FIFO, each waiter on its own cache line\n"
	"  cas              a compare-and-swap loop, preemption off\n"
	"  yield            the same, but gives up the CPU after each failed try\n"
	"  cas-preemptible  the same with preemption left on: may hang the machine\n"
	"  ticket           peer: a ticket lock, FIFO\n"
	"  raw              peer: the kernel's raw_spinlock_t\n"
	"  busted           tests, then sets: does not exclude, and must be flagged\n"
	"\n"
	"Columns:\n"
	"  grants/s         times the lock was taken, a second, by all contenders\n"
	"  jain             Jain's fairness index of the threads' grants: 1 is even\n"
	"  p50 ... max      waits for the lock\n"
	"  violated         two contenders were inside at once, or an update was lost\n"
	"  inverted         grants that overtook a queued waiter / waiters watched\n"
	"  try-fail         trylock attempts that failed, with --trylock\n"
	"  verdict          see below\n"
	"\n"
	"Transitions (\"never:\" below a row names those it could take and did not):\n"
	"  pending          queued: waited on the pending bit, without a node\n"
	"  queued           queued: waited on a node\n"
	"  depth3           queued: three or more waited on nodes at once\n"
	"  handoff          queued: passed the head of the queue on\n"
	"  emptied          queued: took the lock as the last one queued\n"
	"  nested           queued, with --nest: waited where a waiter was interrupted\n"
	"  fallback         queued, with --exhaust: had no node, spun on trylock\n"
	"  retry            cas: a try failed\n"
	"  yield            yield: gave up the CPU\n"
	"\n"
	"Verdicts:\n"
	"  ok, flagged      good; flagged is the one that busted must get\n"
	"  VIOLATED         there were violations\n"
	"  OVERTOOK         there were inversions\n"
	"  NO GRANTS        nobody ever got the lock\n"
	"  NOT FLAGGED      busted went unnoticed: the checks are broken\n"
	"  never            a transition named by --require was never taken\n"
	"  cut short        a signal ended the run\n"
	"\n"
	"Exit status:\n"
	"  0  every verdict is good          2  usage\n"
	"  1  a verdict is bad               3  cannot run\n"
	"  128 + N: ended by signal N; the rows so far have been printed\n"
	"\n"
	"Examples:\n"
	"  quartet torture spin --impl queued,raw --threads 1,2,4,8 --hold 0,1us,10us\n"
	"  quartet torture spin --impl queued --threads 8 --hardirq --require depth3\n"
	"  quartet torture spin --impl busted --threads 4\n";

static bool progress_wanted(const char *when)
{
	if (!strcmp(when, "auto"))
		return isatty(STDERR_FILENO);
	if (strcmp(when, "always") && strcmp(when, "never"))
		errx(EXIT_USAGE, "--progress: '%s' is not auto, always or never", when);
	return !strcmp(when, "always");
}

static __u32 transitions_parse(const char *text)
{
	struct list list;
	__u32 mask = 0;
	size_t i;

	list_parse_names(&list, spin_transitions, QUARTET_TRANSITIONS, "--require", text);
	for (i = 0; i < list.len; i++)
		mask |= 1U << list.values[i];
	return mask;
}

static void check_nest(__u32 flags)
{
	if (flags & QUARTET_TORTURE_NEST &&
	    !(flags & (QUARTET_TORTURE_SOFTIRQ | QUARTET_TORTURE_HARDIRQ)))
		errx(EXIT_USAGE, "--nest: give --softirq or --hardirq too");
}

/* A requirement that no run can meet would never be checked, and look as if it were. */
static void check_required(const struct matrix *matrix)
{
	__u32 left = matrix->required;
	struct quartet_torture_spin run;
	unsigned int i;

	for (i = 0; left && i < matrix_runs(matrix); i++) {
		run = matrix_run(matrix, i);
		left &= ~verdict_reachable(run.kind, run.flags, run.threads);
	}
	if (left)
		errx(EXIT_USAGE, "--require: no run of this matrix can take '%s'",
		     spin_transitions[__builtin_ctz(left)]);
}

static bool parse_list(struct matrix *matrix, int key, const char *text)
{
	switch (key) {
	case IMPL:
		list_parse_names(&matrix->kinds, spin_kinds, QUARTET_SPIN_KINDS, "--impl", text);
		return true;
	case THREADS:
		list_parse(&matrix->threads, &threads, "--threads", text);
		return true;
	case HOLD:
		list_parse(&matrix->hold, &work, "--hold", text);
		return true;
	case THINK:
		list_parse(&matrix->think, &work, "--think", text);
		return true;
	}
	return false;
}

static bool parse_common(struct matrix *matrix, int key, const char *text)
{
	struct quartet_torture_spin *common = &matrix->common;

	switch (key) {
	case DURATION:
		common->duration_ns = quantity_parse(&duration, "--duration", text);
		return true;
	case TRYLOCK:
		common->trylock_permille = quantity_parse(&percent, "--trylock", text);
		return true;
	case SEED:
		common->seed = quantity_parse(&seed, "--seed", text);
		return true;
	case CPUS:
		cpumask_parse(&matrix->cpus, "--cpus", text);
		common->cpus = (uintptr_t)&matrix->cpus;
		common->cpus_size = sizeof(matrix->cpus);
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
	}
	return false;
}

static bool parse_flag(struct matrix *matrix, int key)
{
	switch (key) {
	case SOFTIRQ:
		matrix->common.flags |= QUARTET_TORTURE_SOFTIRQ;
		return true;
	case HARDIRQ:
		matrix->common.flags |= QUARTET_TORTURE_HARDIRQ;
		return true;
	case NEST:
		matrix->common.flags |= QUARTET_TORTURE_NEST;
		return true;
	case EXHAUST:
		matrix->common.flags |= QUARTET_TORTURE_EXHAUST;
		return true;
	}
	return false;
}

static bool parse_report(struct matrix *matrix, int key, const char *text)
{
	switch (key) {
	case REQUIRE:
		matrix->required = transitions_parse(text);
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
		check_nest(matrix->common.flags);
		check_required(matrix);
		return 0;
	}
	if (parse_list(matrix, key, text) || parse_common(matrix, key, text) ||
	    parse_flag(matrix, key) || parse_report(matrix, key, text))
		return 0;
	return ARGP_ERR_UNKNOWN;
}

void matrix_parse(struct matrix *matrix, int argc, char **argv)
{
	static const struct argp argp = { .options = options, .parser = parse, .doc = doc };

	memset(matrix, 0, sizeof(*matrix));
	parse_list(matrix, IMPL, "queued,cas,yield,ticket,raw");
	parse_list(matrix, THREADS, "1,4");
	parse_list(matrix, HOLD, "0,1us");
	parse_list(matrix, THINK, "0");
	matrix->common.duration_ns = 1000000000;
	matrix->format = &table_format;
	matrix->progress = progress_wanted("auto");
	if (getrandom(&matrix->common.seed, sizeof(matrix->common.seed), 0) < 0)
		err(EXIT_CANNOT_RUN, "getrandom");
	if (argp_parse(&argp, argc, argv, 0, NULL, matrix))
		exit(EXIT_USAGE);
}

unsigned int matrix_runs(const struct matrix *matrix)
{
	return matrix->kinds.len * matrix->threads.len * matrix->hold.len * matrix->think.len;
}

/* The value of @list that @index stands for, which moves on to the next slower list. */
static __u64 digit(const struct list *list, unsigned int *index)
{
	__u64 value = list->values[*index % list->len];

	*index /= list->len;
	return value;
}

struct quartet_torture_spin matrix_run(const struct matrix *matrix, unsigned int index)
{
	struct quartet_torture_spin run = matrix->common;

	run.think_ns = digit(&matrix->think, &index);
	run.hold_ns = digit(&matrix->hold, &index);
	run.threads = digit(&matrix->threads, &index);
	run.kind = digit(&matrix->kinds, &index);
	return run;
}
