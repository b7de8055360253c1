// SPDX-License-Identifier: GPL-2.0-only
/* The report for spreadsheets: integers, times in nanoseconds. */
#include "report.h"

/* What only a whole run has; empty in the row of a contender. */
static const char *const run_only[] = {
	"grants_per_s", "jain_ppm", "p50_ns", "p99_ns", "p99.9_ns",
	"violations", "inversions", "order_checks", "offlined",
};

static void begin(struct report *report)
{
	size_t i;

	fprintf(report->out, "impl,threads,hold_ns,think_ns,trylock_permille,seed,elapsed_ns");
	if (report->per_contender)
		fprintf(report->out, ",context,cpu");
	fprintf(report->out, ",grants,max_ns,tries,failed_tries");
	for (i = 0; i < sizeof(run_only) / sizeof(*run_only); i++)
		fprintf(report->out, ",%s", run_only[i]);
	for (i = 0; i < QUARTET_TRANSITIONS; i++)
		fprintf(report->out, ",%s", spin_transitions[i]);
	fprintf(report->out, ",verdict,never\n");
}

static void put(struct report *report, __u64 value)
{
	fprintf(report->out, ",%llu", value);
}

static void put_request(struct report *report, const struct quartet_torture_spin *run)
{
	fprintf(report->out, "%s", spin_kinds[run->kind]);
	put(report, run->threads);
	put(report, run->hold_ns);
	put(report, run->think_ns);
	put(report, run->trylock_permille);
	put(report, run->seed);
	put(report, run->elapsed_ns);
}

static void put_contender(struct report *report, const struct quartet_torture_spin *run,
			  const struct quartet_torture_contender *one)
{
	size_t i;

	put_request(report, run);
	fprintf(report->out, ",%s", spin_contexts[one->context]);
	put(report, one->cpu);
	put(report, one->grants);
	put(report, one->max_wait_ns);
	put(report, one->tries);
	put(report, one->failed_tries);
	for (i = 0; i < sizeof(run_only) / sizeof(*run_only) + QUARTET_TRANSITIONS; i++)
		fputc(',', report->out);
	fprintf(report->out, ",,\n");
}

static void put_figures(struct report *report, const struct spin *spin)
{
	const struct quartet_torture_spin *run = &spin->run;

	put(report, spin_grants_per_s(spin));
	put(report, run->jain_ppm);
	put(report, spin_wait_ns(spin, 5000));
	put(report, spin_wait_ns(spin, 9900));
	put(report, spin_wait_ns(spin, 9990));
	put(report, run->violations);
	put(report, run->inversions);
	put(report, run->order_checks);
	put(report, run->offlined);
}

static void row(struct report *report, const struct spin *spin, const struct verdict *verdict)
{
	const struct quartet_torture_spin *run = &spin->run;
	const char *separator = "";
	__u64 tries, failed;
	__u32 i;

	put_request(report, run);
	if (report->per_contender)
		fprintf(report->out, ",all,");
	spin_tries(spin, &tries, &failed);
	put(report, run->grants);
	put(report, run->max_wait_ns);
	put(report, tries);
	put(report, failed);
	put_figures(report, spin);
	for (i = 0; i < QUARTET_TRANSITIONS; i++)
		put(report, run->transitions[i]);
	fprintf(report->out, ",%s,", verdict->word);
	for (i = 0; i < QUARTET_TRANSITIONS; i++)
		if (verdict->never & 1U << i) {
			fprintf(report->out, "%s%s", separator, spin_transitions[i]);
			separator = " ";
		}
	fputc('\n', report->out);
	for (i = 0; report->per_contender && i < spin_contenders(spin); i++)
		put_contender(report, run, &spin->contenders[i]);
}

static void end(struct report *report)
{
	(void)report;
}

const struct report_format csv_format = { begin, row, end };
