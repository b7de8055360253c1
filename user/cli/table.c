// SPDX-License-Identifier: GPL-2.0-only
/* The report for eyes: an aligned table, at most 120 columns wide. */
#include <sys/utsname.h>
#include <unistd.h>

#include "quantity.h"
#include "report.h"

enum column {
	IMPL, THREADS, HOLD, THINK, RATE, JAIN, P50, P99, P999, MAX,
	VIOLATIONS, INVERSIONS, TRY_FAIL, VERDICT, COLUMNS
};

#define LINE_WIDTH	120
#define CELL_LEN	40

/* Wide enough for a good run; the last column is not padded. */
static const struct {
	const char *name;
	int width;
} columns[COLUMNS] = {
	[IMPL]		= { "impl", 0 },
	[THREADS]	= { "threads", 7 },
	[HOLD]		= { "hold", 6 },
	[THINK]		= { "think", 6 },
	[RATE]		= { "grants/s", 8 },
	[JAIN]		= { "jain", 5 },
	[P50]		= { "p50", 6 },
	[P99]		= { "p99", 6 },
	[P999]		= { "p99.9", 6 },
	[MAX]		= { "max", 6 },
	[VIOLATIONS]	= { "violated", 8 },
	[INVERSIONS]	= { "inverted", 8 },
	[TRY_FAIL]	= { "try-fail", 8 },
	[VERDICT]	= { "verdict", 11 },
};

static bool shown(const struct report *report, enum column column)
{
	return column != TRY_FAIL || report->common->trylock_permille;
}

static int width(const struct report *report, enum column column)
{
	return column == IMPL ? report->kind_width : columns[column].width;
}

/* Two spaces between columns if the line has room for them. */
static int gap(const struct report *report)
{
	int total = 0;
	enum column i;

	for (i = 0; i < COLUMNS; i++)
		if (shown(report, i))
			total += width(report, i) + 2;
	return total - 2 <= LINE_WIDTH ? 2 : 1;
}

static void print_cell(struct report *report, enum column column, const char *cell)
{
	if (column == VERDICT)
		fprintf(report->out, "%s\n", cell);
	else if (shown(report, column))
		fprintf(report->out, "%*s%*s", column == IMPL ? -width(report, column) :
			width(report, column), cell, gap(report), "");
}

static void begin(struct report *report)
{
	const struct quartet_torture_spin *common = report->common;
	char duration[HUMAN_LEN];
	struct utsname system;
	enum column i;

	uname(&system);
	fprintf(report->out, "%s %s, %ld CPUs, %s a run, seed %llu\n", system.sysname,
		system.release, sysconf(_SC_NPROCESSORS_ONLN),
		human_time(duration, common->duration_ns), common->seed);
	for (i = 0; i < COLUMNS; i++)
		print_cell(report, i, columns[i].name);
}

static void fill(char cells[COLUMNS][CELL_LEN], const struct spin *spin)
{
	const struct quartet_torture_spin *run = &spin->run;
	char part[HUMAN_LEN], whole[HUMAN_LEN];
	__u64 tries, failed;

	snprintf(cells[IMPL], CELL_LEN, "%s", spin_kinds[run->kind]);
	snprintf(cells[THREADS], CELL_LEN, "%u", run->threads);
	human_time(cells[HOLD], run->hold_ns);
	human_time(cells[THINK], run->think_ns);
	human_count(cells[RATE], spin_grants_per_s(spin));
	snprintf(cells[JAIN], CELL_LEN, "%.3f", run->jain_ppm / 1e6);
	human_time(cells[P50], spin_wait_ns(spin, 5000));
	human_time(cells[P99], spin_wait_ns(spin, 9900));
	human_time(cells[P999], spin_wait_ns(spin, 9990));
	human_time(cells[MAX], run->max_wait_ns);
	human_count(cells[VIOLATIONS], run->violations);
	snprintf(cells[INVERSIONS], CELL_LEN, "-");
	if (run->order_checks)
		snprintf(cells[INVERSIONS], CELL_LEN, "%s/%s",
			 human_count(part, run->inversions),
			 human_count(whole, run->order_checks));
	spin_tries(spin, &tries, &failed);
	snprintf(cells[TRY_FAIL], CELL_LEN, "%.1f%%", tries ? 100.0 * failed / tries : 0.0);
}

static void print_never(struct report *report, const struct verdict *verdict)
{
	const char *separator = "never:";
	int i;

	fprintf(report->out, "    ");
	for (i = 0; i < QUARTET_TRANSITIONS; i++) {
		if (!(verdict->never & 1U << i))
			continue;
		fprintf(report->out, "%s %s%s", separator, spin_transitions[i],
			verdict->missing & 1U << i ? " (required)" : "");
		separator = ",";
	}
	fputc('\n', report->out);
}

static void print_contender(struct report *report, const struct quartet_torture_contender *one)
{
	char grants[HUMAN_LEN], wait[HUMAN_LEN], failed[HUMAN_LEN], tries[HUMAN_LEN];

	fprintf(report->out, "    %-7s  cpu %-4u  %6s grants  longest wait %6s",
		spin_contexts[one->context], one->cpu, human_count(grants, one->grants),
		human_time(wait, one->max_wait_ns));
	if (one->tries)
		fprintf(report->out, "  %s of %s trylocks failed",
			human_count(failed, one->failed_tries), human_count(tries, one->tries));
	fputc('\n', report->out);
}

static void row(struct report *report, const struct spin *spin, const struct verdict *verdict)
{
	char cells[COLUMNS][CELL_LEN];
	enum column column;
	__u32 i;

	fill(cells, spin);
	snprintf(cells[VERDICT], CELL_LEN, "%s", verdict->word);
	for (column = 0; column < COLUMNS; column++)
		print_cell(report, column, cells[column]);
	if (verdict->never)
		print_never(report, verdict);
	if (spin->run.onoff_ms)
		fprintf(report->out, "    CPUs taken offline: %llu\n", spin->run.offlined);
	for (i = 0; report->per_contender && i < spin_contenders(spin); i++)
		print_contender(report, &spin->contenders[i]);
}

static void end(struct report *report)
{
	(void)report;
}

const struct report_format table_format = { begin, row, end };
