// SPDX-License-Identifier: GPL-2.0-only
/* contest: one lock, pool or memo, one shape of work, for a while; prints threads, operations and ns. */
#include <argp.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "contest.h"

#define THREADS_MAX	(CONFIG_NR_CPUS - 2)	/* of the native world of user/sim */

/**
 * struct shape - one of the benchmarks of Go's sync.Mutex or sync.Pool, or hits
 * @threads: for each CPU; 0 for one in all
 * @own: each thread has a lock of its own
 */
struct shape {
	const char *name;
	enum body body;
	unsigned int threads;
	bool own;
};

static const struct shape shapes[] = {
	{ "uncontended", BODY_PLAIN, 1, true },
	{ "contended", BODY_PLAIN, 1, false },
	{ "slack", BODY_PLAIN, 10, false },
	{ "work", BODY_WORK, 1, false },
	{ "work-slack", BODY_WORK, 10, false },
	{ "no-spin", BODY_NO_SPIN, 4, false },
	{ "spin", BODY_SPIN, 1, false },
	{ "pair", BODY_PAIR, 1, false },
	{ "pair-one", BODY_PAIR, 0, false },
	{ "burst", BODY_BURST, 1, false },
	{ "hit", BODY_HITS, 1, false },
	{ "hit-one", BODY_HITS, 0, false },
	{ "hot", BODY_HOT, 1, false },
	{ 0 }
};

static const struct contestant *const *const teams[] = {
	quartet_contestants, libc_contestants, ck_contestants, urcu_contestants, NULL
};

struct arguments {
	double seconds;
	const struct contestant *contestant;
	const struct shape *shape;
};

struct contest_word contest_end;
struct contest_word contest_factor = { 3 };

static const struct contestant *contestant;
static enum body body;
static pthread_barrier_t barrier;
/* The second is nobody's: it keeps the last lock apart. */
static struct protected protected[2];

static const struct argp_option options[] = {
	{ "list", 'l', NULL, 0, "show what there is", 0 },
	{ "seconds", 's', "S", 0, "how long (default: 0.2)", 0 },
	{ 0 }
};

static void list(void)
{
	const struct contestant *const *const *team;
	const struct contestant *const *one;

	for (team = teams; *team; team++)
		for (one = *team; *one; one++)
			puts((*one)->name);
	exit(0);
}

static const struct contestant *contestant_named(const char *name)
{
	const struct contestant *const *const *team;
	const struct contestant *const *one;

	for (team = teams; *team; team++)
		for (one = *team; *one; one++)
			if (!strcmp((*one)->name, name))
				return *one;
	return NULL;
}

static const struct shape *shape_named(const char *name)
{
	const struct shape *shape;

	for (shape = shapes; shape->name; shape++)
		if (!strcmp(shape->name, name))
			return shape;
	return NULL;
}

static void parse_name(struct argp_state *state, const char *name)
{
	struct arguments *arguments = state->input;

	if (state->arg_num == 0)
		arguments->contestant = contestant_named(name);
	else if (state->arg_num == 1)
		arguments->shape = shape_named(name);
	else
		argp_usage(state);
	if (state->arg_num == 0 ? !arguments->contestant : !arguments->shape)
		argp_error(state, "no such %s: %s", state->arg_num ? "shape" : "lock, pool or memo", name);
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'l':
		list();
		return 0;
	case 's':
		arguments->seconds = strtod(text, NULL);
		return 0;
	case ARGP_KEY_ARG:
		parse_name(state, text);
		return 0;
	case ARGP_KEY_END:
		if (state->arg_num < 2)
			argp_usage(state);
		if (!arguments->contestant->run[arguments->shape->body])
			argp_error(state, "%s: not for %s", arguments->shape->name,
				   arguments->contestant->name);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static void fail(const char *what)
{
	fprintf(stderr, "contest: %s\n", what);
	exit(1);
}

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static unsigned int count_cpus(void)
{
	cpu_set_t cpus;

	if (sched_getaffinity(0, sizeof(cpus), &cpus))
		fail("no affinity");
	return CPU_COUNT(&cpus);
}

/* Aligned, and zero. */
static void *room(size_t size)
{
	void *memory = aligned_alloc(APART, (size + APART - 1) / APART * APART);

	if (!memory)
		fail("no memory");
	return memset(memory, 0, size);
}

static void *run_worker(void *data)
{
	struct worker *worker = data;

	if (contestant->join)
		contestant->join(worker->number);
	pthread_barrier_wait(&barrier);
	worker->began = now();
	worker->operations = contestant->run[body](worker);
	worker->ended = now();
	return NULL;
}

static void prepare(struct worker *workers, unsigned int n, bool own)
{
	void *subject = NULL;
	unsigned int i;

	if (contestant->prepare)
		contestant->prepare(n);
	for (i = 0; i < n; i++) {
		if (own || !subject) {
			subject = room(ROOM);
			contestant->init(subject);
		}
		workers[i].subject = subject;
		workers[i].protected = &protected[0];
		workers[i].words = room(WORKER_WORDS * sizeof(*workers[i].words));
		workers[i].number = i;
	}
}

/* The threads end by themselves, once they have seen the end of the contest. */
static void run(struct worker *workers, unsigned int n, double seconds)
{
	struct timespec length = { seconds, (seconds - (time_t)seconds) * 1e9 };
	pthread_t threads[THREADS_MAX];
	unsigned int i;

	pthread_barrier_init(&barrier, NULL, n + 1);
	for (i = 0; i < n; i++)
		if (pthread_create(&threads[i], NULL, run_worker, &workers[i]))
			fail("no thread");
	pthread_barrier_wait(&barrier);
	while (nanosleep(&length, &length) && errno == EINTR)
		;
	__atomic_store_n(&contest_end.value, 1, __ATOMIC_RELAXED);
	for (i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
}

static void report(const struct worker *workers, unsigned int n)
{
	uint64_t began = workers[0].began, ended = workers[0].ended;
	unsigned long operations = 0;
	unsigned int i;

	for (i = 0; i < n; i++) {
		operations += workers[i].operations;
		began = workers[i].began < began ? workers[i].began : began;
		ended = workers[i].ended > ended ? workers[i].ended : ended;
	}
	printf("%u %lu %lu\n", n, operations, ended - began);
}

int main(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, "LOCK|POOL|MEMO SHAPE", "Prints threads, operations, and ns in all.",
		NULL, NULL, NULL
	};
	struct arguments arguments = { .seconds = 0.2 };
	struct worker *workers;
	unsigned int n;

	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	n = arguments.shape->threads * count_cpus() ?: 1;
	if (n > THREADS_MAX)
		fail("more threads than CONFIG_NR_CPUS allows");
	contestant = arguments.contestant;
	body = arguments.shape->body;
	workers = room(n * sizeof(*workers));
	prepare(workers, n, arguments.shape->own);
	run(workers, n, arguments.seconds);
	report(workers, n);
	return 0;
}
