/* SPDX-License-Identifier: GPL-2.0-only */
/* What the command line of a torture asks for. */
#ifndef MATRIX_H
#define MATRIX_H

#include <stdbool.h>

#include "cpumask.h"
#include "list.h"
#include "report.h"

#define MATRIX_OPTIONS	512	/* the first option key of a subject */

#define REQUIRE_ALL	0xffffffffU	/* those that a run can see, whatever they are */

struct matrix {
	const struct subject *subject;
	struct list kinds, cpu_counts, threads, own, hold, think; /* a run for each combination */
	struct args common;			/* what all runs are asked alike */
	struct cpumask cpus;			/* common.request.cpus points here, or is 0 */
	__u32 required;				/* events: 1 << event, or REQUIRE_ALL */
	const struct report_format *format;
	bool per_contender;
	bool progress;
};

/* Exits on a usage error, on --help and on --version. */
void matrix_parse(struct matrix *matrix, const struct subject *subject, int argc, char **argv);

unsigned int matrix_runs(const struct matrix *matrix);
/* The request for run @index, counted from 0; the last list varies fastest. */
struct args matrix_run(const struct matrix *matrix, unsigned int index);

extern const struct quantity matrix_threads, matrix_work, matrix_percent, matrix_period_us;

#endif /* MATRIX_H */
