// SPDX-License-Identifier: GPL-2.0-only
/* explore: runs cases in every order, and says in TAP what came of it. */
#include <argp.h>
#include <linux/kernel.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../world/world.h"
#include "explore.h"

#define DEFAULT_PREEMPTIONS	2

struct arguments {
	struct search search;
	bool bounds_given, list;
	double limit;
	struct sim_choice choice;
};

/* What came of a case. */
struct outcome {
	unsigned long schedules, cut;
	double seconds;
	bool exhausted;
	char verdict[2000], schedule[2000];
	u64 seed;
};

static const struct argp_option options[] = {
	{ "preemptions", 'p', "N", 0, "leave a thread that can go on at most N times", 0 },
	{ "delays", 'd', "N", 0, "delay at most N stores", 0 },
	{ "mode", 'm', "dfs|random|pct", 0, "all schedules, any, or by falling priorities", 0 },
	{ "runs", 'n', "N", 0, "that many, of random and pct", 0 },
	{ "seed", 's', "N", 0, "where random and pct begin", 0 },
	{ "limit", 't', "SECONDS", 0, "give up a case that is not exhausted by then", 0 },
	{ "uncut", 'u', NULL, 0, "go on where states were reached before: finds no more", 0 },
	{ "replay", 'r', "SCHEDULE", 0, "what a failure has printed, step by step", 0 },
	{ "list", 'l', NULL, 0, "name the cases", 0 },
	{ 0 },
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static enum mode mode_named(const char *name, struct argp_state *state)
{
	static const char *const names[] = { [DFS] = "dfs", [RANDOM] = "random", [PCT] = "pct" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(name, names[i]))
			return i;
	argp_error(state, "no such mode: %s", name);
	return DFS;
}

static unsigned long number(const char *text, struct argp_state *state)
{
	char *end;
	unsigned long value = strtoul(text, &end, 0);

	if (*text == '-' || end == text || *end)
		argp_error(state, "not a number: %s", text);
	return value;
}

static bool fits(const struct sim_case *test)
{
	return !test->native_only;
}

static void add_case(const char *name, struct argp_state *state)
{
	struct sim_choice *choice = &((struct arguments *)state->input)->choice;

	if (!sim_choose(choice, name))
		argp_error(state, "no such case: %s", name);
	if (!fits(choice->cases[choice->n - 1]))
		argp_error(state, "too large to be explored: %s", name);
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'p':
		arguments->search.preemptions = number(text, state);
		arguments->bounds_given = true;
		return 0;
	case 'd':
		arguments->search.delays = number(text, state);
		arguments->bounds_given = true;
		return 0;
	case 'm':
		arguments->search.mode = mode_named(text, state);
		return 0;
	case 'n':
		arguments->search.runs = number(text, state);
		return 0;
	case 's':
		arguments->search.seed = number(text, state);
		return 0;
	case 't':
		arguments->limit = number(text, state);
		return 0;
	case 'u':
		arguments->search.uncut = true;
		return 0;
	case 'r':
		arguments->search.mode = REPLAY;
		arguments->search.schedule = text;
		return 0;
	case 'l':
		arguments->list = true;
		return 0;
	case ARGP_KEY_ARG:
		add_case(text, state);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static bool explore(const struct sim_case *test, const struct search *search, double limit,
		    struct outcome *outcome)
{
	double start = now();
	bool more;

	*outcome = (struct outcome){ .exhausted = true };
	if (!search_begin(search)) {
		snprintf(outcome->verdict, sizeof(outcome->verdict), "this is no schedule");
		return false;
	}
	do {
		search_rewind();
		outcome->cut += !explore_run(test);
		outcome->seed = search->seed + outcome->schedules++;
		if (explore_verdict()) {
			snprintf(outcome->verdict, sizeof(outcome->verdict), "%s",
				 explore_verdict());
			search_schedule(outcome->schedule, sizeof(outcome->schedule));
			break;
		}
		more = search_next();
		outcome->seconds = now() - start;
		if (more && outcome->seconds > limit) {
			outcome->exhausted = false;
			break;
		}
	} while (more);
	return !outcome->verdict[0];
}

/* Once more, with each step printed. */
static void print_schedule(const struct sim_case *test, const char *schedule)
{
	struct search again = { .mode = REPLAY, .schedule = schedule };

	report_steps = true;
	if (search_begin(&again)) {
		search_rewind();
		explore_run(test);
	}
	report_steps = false;
}

static void print_lines(const char *text)
{
	const char *end;

	for (; *text; text = *end ? end + 1 : end) {
		end = strchrnul(text, '\n');
		printf("# %.*s\n", (int)(end - text), text);
	}
}

static bool report(const struct sim_case *test, unsigned int number, const struct search *search,
		   const struct outcome *outcome)
{
	bool failed = outcome->verdict[0];
	bool ok = test->fails ? !strncmp(outcome->verdict, test->fails, strlen(test->fails)) :
		  !failed && outcome->exhausted;

	printf("%s %u explore.%s\n", ok ? "ok" : "not ok", number, test->name);
	if (search->mode == DFS)
		printf("# %lu schedules, %lu cut short, %llu states, bounds %u and %u, %.1f s\n",
		       outcome->schedules, outcome->cut, history_states(),
		       search->preemptions, search->delays, outcome->seconds);
	else
		printf("# %lu schedules, seed %llu, %.1f s\n", outcome->schedules, search->seed,
		       outcome->seconds);
	if (!outcome->exhausted)
		puts("# not exhausted within the limit");
	if (ok && test->fails) {
		printf("# found by schedule '%s'\n", outcome->schedule);
	} else if (failed) {
		print_schedule(test, outcome->schedule);
		print_lines(outcome->verdict);
		if (search->mode == RANDOM || search->mode == PCT)
			printf("# seed %llu, the first schedule\n", outcome->seed);
		printf("# to see it again: explore %s --replay '%s'\n", test->name,
		       outcome->schedule);
	}
	fflush(stdout);
	return ok;
}

static bool run_case(const struct sim_case *test, unsigned int number,
		     const struct arguments *arguments)
{
	struct search search = arguments->search;
	struct outcome outcome;

	if (!arguments->bounds_given) {
		search.preemptions = test->preemptions ?: DEFAULT_PREEMPTIONS;
		search.delays = test->delays;
	}
	explore(test, &search, arguments->limit, &outcome);
	return report(test, number, &search, &outcome);
}

static void list_cases(void)
{
	unsigned int i;

	for (i = 0; sim_cases[i]; i++)
		printf("%-24s %s\n", sim_cases[i]->name, sim_cases[i]->what);
}

int main(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, "[CASE...]", "Runs cases in every order, within bounds.",
		NULL, NULL, NULL
	};
	struct arguments arguments = {
		.search = { .runs = 1000, .seed = 1 }, .limit = 1e9,
	};
	unsigned int i, failed = 0;

	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	if (arguments.list) {
		list_cases();
		return 0;
	}
	if (!arguments.choice.n)
		sim_choose_all(&arguments.choice, fits);
	sim_quiet = true;
	arena_keep();
	printf("TAP version 13\n1..%u\n", arguments.choice.n);
	for (i = 0; i < arguments.choice.n; i++)
		failed += !run_case(arguments.choice.cases[i], i + 1, &arguments);
	return failed != 0;
}
