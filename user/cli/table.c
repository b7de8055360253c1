// SPDX-License-Identifier: GPL-2.0-only
/* The report for eyes: an aligned table, at most 120 columns wide, 136 for mutex. */
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "quantity.h"
#include "report.h"

enum column {
	IMPL, PATTERN, CPUS, THREADS, HOLD, THINK, STARVE, RATE, SPEEDUP, JAIN, P50, P99, P999, MAX,
	HANDOFFS, SWITCHES, IDLE, PRIVATE, STOLEN, FRESH, DROPPED, HITS, JOINED, COMPUTED,
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
	[PATTERN]	= { "pattern", 10 },
	[CPUS]		= { "cpus", 4 },
	[THREADS]	= { "threads", 7 },
	[HOLD]		= { "hold", 6 },
	[THINK]		= { "think", 6 },
	[STARVE]	= { "starve", 6 },
	[RATE]		= { "grants/s", 8 },
	[SPEEDUP]	= { "speed-up", 8 },
	[JAIN]		= { "jain", 5 },
	[P50]		= { "p50", 6 },
	[P99]		= { "p99", 6 },
	[P999]		= { "p99.9", 6 },
	[MAX]		= { "max", 6 },
	[HANDOFFS]	= { "handoffs", 8 },
	[SWITCHES]	= { "switches", 8 },
	[IDLE]		= { "idle-p50", 8 },
	[PRIVATE]	= { "private", 7 },
	[STOLEN]	= { "stolen", 6 },
	[FRESH]		= { "fresh", 6 },
	[DROPPED]	= { "dropped", 7 },
	[HITS]		= { "hits", 6 },
	[JOINED]	= { "joined", 6 },
	[COMPUTED]	= { "computed", 8 },
	[VIOLATIONS]	= { "violated", 8 },
	[INVERSIONS]	= { NULL, 0 },
	[TRY_FAIL]	= { "try-fail", 8 },
	[VERDICT]	= { "verdict", 11 },
};

static bool shown(const struct report *report, enum column column)
{
	enum columns columns = report->subject->columns;

	switch (column) {
	case THINK:
		return columns == COLUMNS_SPIN;
	case STARVE:
	case HANDOFFS:
	case SWITCHES:
	case IDLE:
		return columns == COLUMNS_MUTEX;
	case PATTERN:
		return report->subject->variants;
	case CPUS:
	case SPEEDUP:
		return columns == COLUMNS_MEMO && report->common->memo.work;
	case HITS:
	case JOINED:
	case COMPUTED:
		return columns == COLUMNS_MEMO;
	case PRIVATE:
	case STOLEN:
	case FRESH:
	case DROPPED:
		return columns == COLUMNS_POOL;
	case INVERSIONS:
		return report->subject->overtaken;
	case TRY_FAIL:
		return columns == COLUMNS_SPIN && report->common->request.trylock_permille;
	default:
		return true;
	}
}

static const char *name(const struct report *report, enum column column)
{
	return column == INVERSIONS ? report->subject->overtaken : columns[column].name;
}

static int width(const struct report *report, enum column column)
{
	if (column == IMPL)
		return report->kind_width;
	return column == INVERSIONS ? (int)strlen(name(report, column)) : columns[column].width;
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
	const struct quartet_torture_request *common = &report->common->request;
	char duration[HUMAN_LEN];
	struct utsname system;
	enum column i;

	uname(&system);
	fprintf(report->out, "%s %s, %ld CPUs, %s a run, seed %llu\n", system.sysname,
		system.release, sysconf(_SC_NPROCESSORS_ONLN),
		human_time(duration, common->duration_ns), common->seed);
	for (i = 0; i < COLUMNS; i++)
		print_cell(report, i, name(report, i));
}

static void fill_ratio(char *cell, __u64 part, __u64 whole)
{
	char some[HUMAN_LEN], all[HUMAN_LEN];

	snprintf(cell, CELL_LEN, "-");
	if (whole)
		snprintf(cell, CELL_LEN, "%s/%s", human_count(some, part), human_count(all, whole));
}

static void fill_sleeping(char cells[COLUMNS][CELL_LEN], const struct run *run)
{
	human_time(cells[IDLE], run_idle_ns(run, 5000));
	if (run->args.request.kind != run->subject->counting) {
		strcpy(cells[STARVE], "-");
		strcpy(cells[HANDOFFS], "-");
		strcpy(cells[SWITCHES], "-");
		return;
	}
	strcpy(cells[STARVE], "never");
	if (~run->args.mutex.starve_ns)
		human_time(cells[STARVE], run->args.mutex.starve_ns);
	human_count(cells[HANDOFFS], run->events[QUARTET_MUTEX_STAT_HANDOFFS]);
	human_count(cells[SWITCHES], run->events[QUARTET_MUTEX_STAT_STARVING] +
				     run->events[QUARTET_MUTEX_STAT_NORMAL]);
}

static void fill_share(char *cell, const struct run *run, __u64 part)
{
	__u64 gets = run->args.result.grants;

	snprintf(cell, CELL_LEN, "-");
	if (run->args.pool.stats[QUARTET_POOL_STAT_PUTS] && gets)
		snprintf(cell, CELL_LEN, "%.1f%%", 100.0 * part / gets);
}

static void fill_pool(char cells[COLUMNS][CELL_LEN], const struct run *run)
{
	const __u64 *stats = run->args.pool.stats;

	snprintf(cells[PATTERN], CELL_LEN, "%s", run_variant(run));
	fill_share(cells[PRIVATE], run, stats[QUARTET_POOL_STAT_PRIVATE]);
	fill_share(cells[STOLEN], run,
		   stats[QUARTET_POOL_STAT_NEAR] + stats[QUARTET_POOL_STAT_FAR]);
	fill_share(cells[FRESH], run, stats[QUARTET_POOL_STAT_FRESH]);
	human_count(cells[DROPPED], stats[QUARTET_POOL_STAT_DROPPED]);
}

static void fill_memo(char cells[COLUMNS][CELL_LEN], const struct run *run)
{
	const __u64 *stats = run->args.memo.stats;
	__u64 all = stats[QUARTET_MEMO_STAT_HITS] + stats[QUARTET_MEMO_STAT_MISSES] +
		    stats[QUARTET_MEMO_STAT_JOINED];

	snprintf(cells[PATTERN], CELL_LEN, "%s", run_variant(run));
	snprintf(cells[CPUS], CELL_LEN, "%u", run->args.memo.cpus);
	snprintf(cells[SPEEDUP], CELL_LEN, "-");
	if (run->args.speedup_permille)
		snprintf(cells[SPEEDUP], CELL_LEN, "%.2f", run->args.speedup_permille / 1000.0);
	snprintf(cells[HITS], CELL_LEN, "-");
	if (all)
		snprintf(cells[HITS], CELL_LEN, "%.1f%%",
			 100.0 * stats[QUARTET_MEMO_STAT_HITS] / all);
	human_count(cells[JOINED], stats[QUARTET_MEMO_STAT_JOINED]);
	human_count(cells[COMPUTED], stats[QUARTET_MEMO_STAT_COMPUTATIONS]);
}

static void fill(char cells[COLUMNS][CELL_LEN], const struct run *run)
{
	const struct quartet_torture_request *request = &run->args.request;
	const struct quartet_torture_result *result = &run->args.result;
	__u64 tries, failed;

	snprintf(cells[IMPL], CELL_LEN, "%s", run_kind(run));
	snprintf(cells[THREADS], CELL_LEN, "%u", request->threads);
	human_time(cells[HOLD], request->hold_ns);
	human_time(cells[THINK], request->think_ns);
	human_count(cells[RATE], run_grants_per_s(run));
	snprintf(cells[JAIN], CELL_LEN, "%.3f", result->jain_ppm / 1e6);
	human_time(cells[P50], run_wait_ns(run, 5000));
	human_time(cells[P99], run_wait_ns(run, 9900));
	human_time(cells[P999], run_wait_ns(run, 9990));
	human_time(cells[MAX], result->max_wait_ns);
	human_count(cells[VIOLATIONS], result->violations);
	fill_ratio(cells[INVERSIONS], result->inversions, result->order_checks);
	run_tries(run, &tries, &failed);
	snprintf(cells[TRY_FAIL], CELL_LEN, "%.1f%%", tries ? 100.0 * failed / tries : 0.0);
	if (run->subject->columns == COLUMNS_MUTEX)
		fill_sleeping(cells, run);
	else if (run->subject->columns == COLUMNS_POOL)
		fill_pool(cells, run);
	else if (run->subject->columns == COLUMNS_MEMO)
		fill_memo(cells, run);
}

static void print_never(struct report *report, const struct verdict *verdict)
{
	const char *separator = "never:";
	__u32 i;

	fprintf(report->out, "    ");
	for (i = 0; i < report->subject->events_len; i++) {
		if (!(verdict->never & 1U << i))
			continue;
		fprintf(report->out, "%s %s%s", separator, report->subject->events[i],
			verdict->missing & 1U << i ? " (required)" : "");
		separator = ",";
	}
	fputc('\n', report->out);
}

/* What the disturbances did. */
static void print_disturbed(struct report *report, const struct run *run)
{
	const struct quartet_torture_mutex *args = &run->args.mutex;

	if (run->args.request.onoff_ms)
		fprintf(report->out, "    CPUs taken offline: %llu\n", run->args.result.offlined);
	if (run->subject->columns == COLUMNS_POOL && run->args.result.violations)
		fprintf(report->out, "    lost: %llu, dirty: %llu\n", run->args.pool.lost,
			run->args.pool.dirty);
	if (run->subject->columns == COLUMNS_MEMO && run->args.result.violations)
		fprintf(report->out,
			"    two at once: %llu, again: %llu, wrong: %llu, bytes off: %llu\n",
			run->args.memo.twice, run->args.memo.again, run->args.memo.wrong,
			run->args.memo.bytes_off);
	if (run->subject->columns != COLUMNS_MUTEX)
		return;
	if (args->interrupted || args->timed_out)
		fprintf(report->out, "    gave up: %llu for a signal, %llu for a deadline\n",
			args->interrupted, args->timed_out);
}

static void print_contender(struct report *report, const struct quartet_torture_contender *one)
{
	char grants[HUMAN_LEN], wait[HUMAN_LEN], failed[HUMAN_LEN], tries[HUMAN_LEN];

	fprintf(report->out, "    %-7s  cpu %-4u  %6s grants  longest wait %6s",
		run_contexts[one->context], one->cpu, human_count(grants, one->grants),
		human_time(wait, one->max_wait_ns));
	if (one->tries)
		fprintf(report->out, "  %s of %s trylocks failed",
			human_count(failed, one->failed_tries), human_count(tries, one->tries));
	fputc('\n', report->out);
}

static void row(struct report *report, const struct run *run, const struct verdict *verdict)
{
	char cells[COLUMNS][CELL_LEN] = { "" };
	enum column column;
	__u32 i;

	fill(cells, run);
	snprintf(cells[VERDICT], CELL_LEN, "%s", verdict->word);
	for (column = 0; column < COLUMNS; column++)
		print_cell(report, column, cells[column]);
	if (verdict->never)
		print_never(report, verdict);
	print_disturbed(report, run);
	for (i = 0; report->per_contender && i < run_contenders(run); i++)
		print_contender(report, &run->contenders[i]);
}

static void end(struct report *report)
{
	(void)report;
}

const struct report_format table_format = { begin, row, end };
