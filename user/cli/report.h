/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the rows of a matrix go, one at a time as the runs end. */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "run.h"
#include "verdict.h"

struct report {
	FILE *out;
	const struct subject *subject;
	const struct args *common;			/* what all runs were asked alike */
	int kind_width;					/* the longest name of a kind */
	bool per_contender;
	void *state;					/* the format's own */
};

struct report_format {
	void (*begin)(struct report *report);
	void (*row)(struct report *report, const struct run *run,
		    const struct verdict *verdict);
	void (*end)(struct report *report);
};

extern const struct report_format table_format, csv_format, json_format;

#endif /* REPORT_H */
