// SPDX-License-Identifier: GPL-2.0-only
/* quartet torture: runs the matrix, reports each run, and sums up in the exit status. */
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
#include "run.h"

static const char *reason(int error)
{
	switch (error) {
	case EBUSY:
		return "another run is under way";
	case EINVAL:
		return "the lock or the module does not support what was asked";
	case EOPNOTSUPP:
		return "this kernel does not have that";
	case ENODEV:
		return "a CPU of --cpus is not online";
	case E2BIG:
	case ENOTTY:
		return "the loaded module is of another version than this command";
	}
	return strerror(error);
}

static void complain(const struct run *run, int error)
{
	const struct quartet_torture_request *request = &run->args.request;
	char hold[HUMAN_LEN], think[HUMAN_LEN];

	warnx("%s, %u threads, hold %s, think %s: %s", run_kind(run), request->threads,
	      human_time(hold, request->hold_ns), human_time(think, request->think_ns),
	      reason(error));
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

static int longest_kind(const struct matrix *matrix)
{
	size_t i, len, longest = strlen("impl");

	for (i = 0; i < matrix->kinds.len; i++) {
		len = strlen(matrix->subject->kinds[matrix->kinds.values[i]]);
		if (longest < len)
			longest = len;
	}
	return longest;
}

/* One run and its row. Returns an exit status; anything but a verdict ends the matrix. */
static int run_one(int fd, const struct matrix *matrix, unsigned int index,
		   struct run *run, struct report *report)
{
	struct progress progress = {
		.kind = run_kind(run),
		.duration_ns = run->args.request.duration_ns,
		.threads = run->args.request.threads,
		.run = index + 1,
		.runs = matrix_runs(matrix),
	};
	struct verdict verdict;
	int caught, error;

	error = run_perform(fd, run, matrix->progress ? &progress : NULL, &caught);
	if (error && !caught) {
		complain(run, error);
		return EXIT_CANNOT_RUN;
	}
	if (!error) {
		verdict = verdict_of(run, matrix->required);
		matrix->format->row(report, run, &verdict);
		fflush(report->out);
	}
	if (caught)
		return 128 + caught;
	return verdict.good ? EXIT_GOOD : EXIT_BAD_VERDICT;
}

static int torture(const struct subject *subject, int argc, char **argv)
{
	static struct matrix matrix;	/* too large for comfort on the stack */
	static struct run run;
	struct report report = { .out = stdout, .subject = subject, .common = &matrix.common };
	int fd, status = EXIT_GOOD, now;
	unsigned int i;

	matrix_parse(&matrix, subject, argc, argv);
	report.kind_width = longest_kind(&matrix);
	report.per_contender = matrix.per_contender;
	run.subject = subject;
	run.contenders = contenders_alloc(&matrix.common.request.contenders_len);
	fd = device_open();
	run_catch_signals();

	matrix.format->begin(&report);
	fflush(report.out);
	for (i = 0; i < matrix_runs(&matrix) && status <= EXIT_BAD_VERDICT; i++) {
		run.args = matrix_run(&matrix, i);
		now = run_one(fd, &matrix, i, &run, &report);
		if (status < now)
			status = now;
	}
	matrix.format->end(&report);
	close(fd);
	free(run.contenders);
	return status;
}

int torture_spin(int argc, char **argv)
{
	return torture(&spin_subject, argc, argv);
}

int torture_pool(int argc, char **argv)
{
	return torture(&pool_subject, argc, argv);
}

int torture_memo(int argc, char **argv)
{
	return torture(&memo_subject, argc, argv);
}

int torture_mutex(int argc, char **argv)
{
	return torture(&mutex_subject, argc, argv);
}
