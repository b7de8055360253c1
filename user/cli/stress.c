// SPDX-License-Identifier: GPL-2.0-only
/* quartet stress: what is asked for, from the objects to the report. */
#include <argp.h>
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "device.h"
#include "progress.h"
#include "quantity.h"
#include "quartet.h"
#include "stress.h"

const struct stress_subject *const stress_subjects[STRESS_KINDS] = {
	[STRESS_MUTEX] = &stress_mutex,
	[STRESS_POOL] = &stress_pool,
	[STRESS_MEMO] = &stress_memo,
};

enum option_key {
	TIME = 256, PROCESSES, THREADS, KILL, STOP, SEED, BUSTED, HISTORY, JSON, PROGRESS,
	NO_PROGRESS
};

static const struct argp_option options[] = {
	{ "time", TIME, "TIME", 0, "How long (default: 5s)", 1 },
	{ "processes", PROCESSES, "N", 0, "Workers (default: 4)", 0 },
	{ "threads", THREADS, "N", 0, "Of each worker (default: 2)", 0 },
	{ "kill", KILL, "TIME", 0,
	  "From one kill -9 to the next, on average; 0: never (default: 10ms)", 0 },
	{ "stop", STOP, "TIME", 0,
	  "From one SIGSTOP to the next, on average; 0: never (default: 20ms)", 0 },
	{ "seed", SEED, "N", 0, "Of the pseudo-random numbers (default: a random one)", 0 },
	{ "busted", BUSTED, NULL, 0, "Workers cheat now and then: the checks must notice", 0 },
	{ NULL, 0, NULL, 0, "The report", 2 },
	{ "history", HISTORY, "FILE", 0,
	  "What was asked and answered, as CSV; selftests/histories/check reads it", 0 },
	{ "json", JSON, NULL, 0, "One JSON object", 0 },
	{ "progress", PROGRESS, "WHEN", 0,
	  "Progress line on stderr: auto (if it is a terminal; the default), always, never", 0 },
	{ "no-progress", NO_PROGRESS, NULL, 0, "The same as --progress=never", 0 },
	{ NULL, 0, NULL, 0, "Help", -1 },
	{ 0 }
};

static const char doc[] =
	"Share objects of /dev/quartet among processes that get killed; check what the rest sees.\n"
	"\vColumns, of mutexes, pools and memo tables:\n"
	"  grants           locks, slots, leads\n"
	"  killed           threads that a kill -9 found at work there\n"
	"  deaths           grants whose last holder had died with it\n"
	"  promoted         leads after a leader that died or gave up\n"
	"  closed           handles closed with something held or asked for\n"
	"  canceled, timeouts, signals: why others were granted nothing\n"
	"  deadlocks        mutexes refused to who held the other one, as another had it and waited\n"
	"  violated         a promise was broken: what, is said below the table\n"
	"  longest          wait, of whoever was granted it or gave up\n"
	"\n"
	"Exit status:\n"
	"  0  nothing was violated           2  usage\n"
	"  1  something was, or the history  3  cannot run: /dev/quartet is not there, is of another\n"
	"     is refused                        version, or may not be used; one line says which\n"
	"  128 + N: ended by signal N; the table so far has been printed\n"
	"\n"
	"Examples:\n"
	"  quartet stress --time 1m\n"
	"  quartet stress mutex --processes 16 --kill 1ms --seed 7\n"
	"  quartet stress --history /tmp/history.csv\n"
	"  quartet stress --busted\n";

static const struct quantity duration = {
	"a time with its unit, such as 500ms or 1.5s", units_of_ns, 1, 86400000000000, NULL
};

static const struct unit never[] = { { "0", 0 }, { NULL, 0 } };
static const struct quantity period = {
	"a time with its unit, such as 5ms, or 0", units_of_ns, 1000000, 1000000000, never
};

static const struct quantity processes = { "a whole number", unit_none, 1, PROCESSES_MAX, NULL };
static const struct quantity threads = { "a whole number", unit_none, 1, THREADS_MAX, NULL };
static const struct quantity seed = { "a whole number", unit_none, 0, ~0ULL, NULL };

static void choose(struct stress *stress, const char *name)
{
	enum stress_kind kind;

	for (kind = 0; kind < STRESS_KINDS; kind++) {
		if (!strcmp(stress_names[kind], name)) {
			stress->kinds[kind] = true;
			return;
		}
	}
	errx(EXIT_USAGE, "'%s' is not mutex, pool or memo", name);
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct stress *stress = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->err_stream = NULL;	/* getopt has said it: one line is enough */
		return 0;
	case ARGP_KEY_ARG:
		choose(stress, text);
		return 0;
	case ARGP_KEY_NO_ARGS:
		memset(stress->kinds, true, sizeof(stress->kinds));
		return 0;
	case TIME:
		stress->time_ns = quantity_parse(&duration, "--time", text);
		return 0;
	case PROCESSES:
		stress->processes = quantity_parse(&processes, "--processes", text);
		return 0;
	case THREADS:
		stress->threads = quantity_parse(&threads, "--threads", text);
		return 0;
	case KILL:
		stress->kill_ns = quantity_parse(&period, "--kill", text);
		return 0;
	case STOP:
		stress->stop_ns = quantity_parse(&period, "--stop", text);
		return 0;
	case SEED:
		stress->seed = quantity_parse(&seed, "--seed", text);
		return 0;
	case BUSTED:
		stress->busted = true;
		return 0;
	case HISTORY:
		stress->history = text;
		return 0;
	case JSON:
		stress->json = true;
		return 0;
	case PROGRESS:
		stress->progress = progress_wanted(text);
		return 0;
	case NO_PROGRESS:
		stress->progress = false;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static void create(struct stress *stress)
{
	enum stress_kind kind;
	int err;

	for (kind = 0; kind < STRESS_KINDS; kind++) {
		err = stress->kinds[kind] ? stress_subjects[kind]->create(stress) : 0;
		if (err)
			errx(EXIT_CANNOT_RUN, "no %s: %s", stress_names[kind],
			     strerror(-err));
	}
}

static int finish(struct stress *stress)
{
	enum stress_kind kind;

	for (kind = 0; kind < STRESS_KINDS; kind++)
		if (stress->kinds[kind])
			stress_subjects[kind]->finish(stress);
	stress_judge(stress);
	stress_report(stress);
	if (stress->caught)
		return 128 + stress->caught;
	return atomic_load(&stress->check->complaints) || stress->refused ? EXIT_BAD_VERDICT :
									    EXIT_GOOD;
}

int stress(int argc, char **argv)
{
	const struct argp argp = {
		.options = options, .parser = parse, .args_doc = "[mutex|pool|memo]...",
		.doc = doc,
	};
	struct stress stress = {
		.time_ns = 5000000000, .processes = 4, .threads = 2, .kill_ns = 10000000,
		.stop_ns = 20000000, .progress = progress_wanted("auto"),
	};

	if (getrandom(&stress.seed, sizeof(stress.seed), 0) < 0)
		err(EXIT_CANNOT_RUN, "getrandom");
	if (argp_parse(&argp, argc, argv, 0, NULL, &stress))
		return EXIT_USAGE;
	stress.check = check_new();
	stress_record(&stress);
	device_check();
	create(&stress);
	stress_run(&stress);
	return finish(&stress);
}
