// SPDX-License-Identifier: GPL-2.0-only
/* quartet torture spin: runs the matrix, reports each run, and sums up in the exit status. */
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "matrix.h"
#include "progress.h"
#include "quantity.h"
#include "quartet.h"
#include "spin.h"

static const char *reason(int error)
{
	switch (error) {
	case EBUSY:
		return "another run is under way";
	case EINVAL:
		return "the lock or the module does not support what was asked";
	case ENODEV:
		return "a CPU of --cpus is not online";
	case E2BIG:
	case ENOTTY:
		return "the loaded module is of another version than this command";
	}
	return strerror(error);
}

static void complain(const struct quartet_torture_spin *run, int error)
{
	char hold[HUMAN_LEN], think[HUMAN_LEN];

	warnx("%s, %u threads, hold %s, think %s: %s", spin_kinds[run->kind], run->threads,
	      human_time(hold, run->hold_ns), human_time(think, run->think_ns), reason(error));
}

/* An array for every contender there can be: the threads and two timers a CPU. */
static struct quartet_torture_contender *contenders_alloc(__u32 *len)
{
	struct quartet_torture_contender *contenders;

	*len = QUARTET_TORTURE_MAX_THREADS + 2 * sysconf(_SC_NPROCESSORS_CONF);
	contenders = calloc(*len, sizeof(*contenders));
	if (!contenders)
		err(EXIT_CANNOT_RUN, NULL);
	return contenders;
}

static int longest_kind(const struct list *kinds)
{
	size_t i, longest = strlen("impl");

	for (i = 0; i < kinds->len; i++)
		if (longest < strlen(spin_kinds[kinds->values[i]]))
			longest = strlen(spin_kinds[kinds->values[i]]);
	return longest;
}

/* One run and its row. Returns an exit status; anything but a verdict ends the matrix. */
static int run_one(int fd, const struct matrix *matrix, unsigned int index,
		   struct spin *spin, struct report *report)
{
	struct progress progress = {
		.kind = spin_kinds[spin->run.kind],
		.duration_ns = spin->run.duration_ns,
		.threads = spin->run.threads,
		.run = index + 1,
		.runs = matrix_runs(matrix),
	};
	struct verdict verdict;
	int caught, error;

	error = spin_run(fd, spin, matrix->progress ? &progress : NULL, &caught);
	if (error && !caught) {
		complain(&spin->run, error);
		return EXIT_CANNOT_RUN;
	}
	if (!error) {
		verdict = verdict_of(&spin->run, matrix->required);
		matrix->format->row(report, spin, &verdict);
		fflush(report->out);
	}
	if (caught)
		return 128 + caught;
	return verdict.good ? EXIT_GOOD : EXIT_BAD_VERDICT;
}

int torture_spin(int argc, char **argv)
{
	static struct matrix matrix;	/* too large for comfort on the stack */
	static struct spin spin;
	struct report report = { .out = stdout, .common = &matrix.common };
	int fd, status = EXIT_GOOD, now;
	unsigned int i;

	matrix_parse(&matrix, argc, argv);
	report.kind_width = longest_kind(&matrix.kinds);
	report.per_contender = matrix.per_contender;
	spin.contenders = contenders_alloc(&matrix.common.contenders_len);
	fd = device_open();
	spin_catch_signals();

	matrix.format->begin(&report);
	fflush(report.out);
	for (i = 0; i < matrix_runs(&matrix) && status <= EXIT_BAD_VERDICT; i++) {
		spin.run = matrix_run(&matrix, i);
		now = run_one(fd, &matrix, i, &spin, &report);
		if (status < now)
			status = now;
	}
	matrix.format->end(&report);
	close(fd);
	free(spin.contenders);
	return status;
}
