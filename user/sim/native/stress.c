// SPDX-License-Identifier: GPL-2.0-only
/* stress: runs cases over and over on real threads, for the sanitizers to watch; TAP. */
#include <argp.h>
#include <linux/kernel.h>
#include <pthread.h>
#include <sim/case.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "../world/world.h"
#include "native.h"

#define STUCK_AFTER	60	/* seconds without a round */

struct arguments {
	double seconds;
	struct sim_choice choice;
};

/* One case at a time; written between rounds, when the threads wait at the barrier. */
static const struct sim_case *test;
static bool over;
static pthread_barrier_t barrier;

static const struct argp_option options[] = {
	{ "seconds", 's', "S", 0, "for each case (default: 0.5)", 0 },
	{ 0 },
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 's':
		arguments->seconds = strtod(text, NULL);
		return 0;
	case ARGP_KEY_ARG:
		if (!sim_choose(&arguments->choice, text))
			argp_error(state, "no such case: %s", text);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static void *run_thread(void *number)
{
	unsigned int n = (uintptr_t)number;

	native_become(n);
	for (;;) {
		pthread_barrier_wait(&barrier);
		if (over)
			break;
		test->threads[n]();
		pthread_barrier_wait(&barrier);
	}
	native_leave();
	return NULL;
}

static unsigned int count_threads(void)
{
	unsigned int n = 0;

	while (n < SIM_THREADS && test->threads[n])
		n++;
	return n;
}

static void one_round(void)
{
	native_reset();
	if (test->start)
		test->start();
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	if (test->end)
		test->end();
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* A failure ends the program, as does a round without an end. */
static unsigned long run_case(double seconds)
{
	unsigned int i, n = count_threads();
	pthread_t threads[SIM_THREADS];
	unsigned long rounds = 0;
	double end = now() + seconds;

	over = false;
	pthread_barrier_init(&barrier, NULL, n + 1);
	for (i = 0; i < n; i++)
		if (pthread_create(&threads[i], NULL, run_thread, (void *)(uintptr_t)i))
			sim_fail("no thread");
	do {
		alarm(STUCK_AFTER);
		one_round();
		rounds++;
	} while (now() < end);
	alarm(0);
	over = true;
	pthread_barrier_wait(&barrier);
	for (i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&barrier);
	return rounds;
}

static bool fits(const struct sim_case *test)
{
	return !test->fails && !test->explored_only;
}

int main(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, "[CASE...]", "Runs cases on real threads.", NULL, NULL, NULL
	};
	struct arguments arguments = { .seconds = 0.5 };
	struct sim_choice *choice = &arguments.choice;
	unsigned int i;

	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	if (!choice->n)
		sim_choose_all(choice, fits);
	sim_quiet = true;
	printf("TAP version 13\n1..%u\n", choice->n);
	for (i = 0; i < choice->n; i++) {
		test = choice->cases[i];
		/* Known before it is run, as a failure ends the program. */
		printf("# %s\n", test->name);
		fflush(stdout);
		printf("# %lu rounds\n", run_case(arguments.seconds));
		printf("ok %u stress.%s\n", i + 1, test->name);
		fflush(stdout);
	}
	return 0;
}
