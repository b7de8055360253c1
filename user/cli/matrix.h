/* SPDX-License-Identifier: GPL-2.0-only */
/* What a command line of "quartet torture spin" asks for. */
#ifndef MATRIX_H
#define MATRIX_H

#include <stdbool.h>

#include "cpumask.h"
#include "list.h"
#include "report.h"

struct matrix {
	struct list kinds, threads, hold, think;	/* a run for each combination */
	struct quartet_torture_spin common;		/* what all runs are asked alike */
	struct cpumask cpus;				/* common.cpus points here, or is 0 */
	__u32 required;					/* transitions: 1 << transition */
	const struct report_format *format;
	bool per_contender;
	bool progress;
};

/* Exits on a usage error, on --help and on --version. */
void matrix_parse(struct matrix *matrix, int argc, char **argv);

unsigned int matrix_runs(const struct matrix *matrix);
/* The request for run @index, counted from 0; the last list varies fastest. */
struct quartet_torture_spin matrix_run(const struct matrix *matrix, unsigned int index);

#endif /* MATRIX_H */
