// SPDX-License-Identifier: GPL-2.0-only
/* The report for spreadsheets: integers, times in nanoseconds. */
#include "report.h"

/* What only a whole run has; empty in the row of a contender. */
static const char *const run_only[] = {
	"grants_per_s", "jain_ppm", "p50_ns", "p99_ns", "p99.9_ns",
	"violations", "inversions", "order_checks", "offlined",
};

static void put_keys(struct report *report, const struct field *fields)
{
	for (; fields->key; fields++)
		fprintf(report->out, ",%s", fields->key);
}

static void begin(struct report *report)
{
	const struct subject *subject = report->subject;
	const struct flag *flag;
	size_t i;

	fprintf(report->out, "impl,%sthreads,hold_ns,think_ns,trylock_permille,seed",
		subject->variants ? "pattern," : "");
	for (flag = subject->flags; flag->key; flag++)
		fprintf(report->out, ",%s", flag->key);
	put_keys(report, subject->asked);
	fprintf(report->out, ",elapsed_ns");
	if (report->per_contender)
		fprintf(report->out, ",context,cpu");
	fprintf(report->out, ",grants,max_ns,tries,failed_tries");
	for (i = 0; i < sizeof(run_only) / sizeof(*run_only); i++)
		fprintf(report->out, ",%s", run_only[i]);
	if (subject->columns == COLUMNS_MUTEX)
		fprintf(report->out, ",idle_p50_ns");
	put_keys(report, subject->got);
	for (i = 0; i < subject->events_len; i++)
		fprintf(report->out, ",%s", subject->events[i]);
	fprintf(report->out, ",verdict,never\n");
}

static void put(struct report *report, __u64 value)
{
	fprintf(report->out, ",%llu", value);
}

static void put_fields(struct report *report, const struct field *fields, const struct run *run)
{
	for (; fields->key; fields++)
		put(report, field_value(fields, &run->args));
}

static void put_request(struct report *report, const struct run *run)
{
	const struct quartet_torture_request *request = &run->args.request;
	const struct flag *flag;

	fprintf(report->out, "%s", run_kind(run));
	if (report->subject->variants)
		fprintf(report->out, ",%s", run_variant(run));
	put(report, request->threads);
	put(report, request->hold_ns);
	put(report, request->think_ns);
	put(report, request->trylock_permille);
	put(report, request->seed);
	for (flag = report->subject->flags; flag->key; flag++)
		put(report, !!(request->flags & flag->bit));
	put_fields(report, report->subject->asked, run);
	put(report, run->args.result.elapsed_ns);
}

/* What a contender has not: commas. */
static size_t blanks(const struct subject *subject)
{
	size_t len = sizeof(run_only) / sizeof(*run_only) +
		     (subject->columns == COLUMNS_MUTEX) + subject->events_len;
	const struct field *field;

	for (field = subject->got; field->key; field++)
		len++;
	return len + 2;
}

static void put_contender(struct report *report, const struct run *run,
			  const struct quartet_torture_contender *one)
{
	size_t i;

	put_request(report, run);
	fprintf(report->out, ",%s", run_contexts[one->context]);
	put(report, one->cpu);
	put(report, one->grants);
	put(report, one->max_wait_ns);
	put(report, one->tries);
	put(report, one->failed_tries);
	for (i = 0; i < blanks(report->subject); i++)
		fputc(',', report->out);
	fputc('\n', report->out);
}

static void put_figures(struct report *report, const struct run *run)
{
	const struct quartet_torture_result *result = &run->args.result;

	put(report, run_grants_per_s(run));
	put(report, result->jain_ppm);
	put(report, run_wait_ns(run, 5000));
	put(report, run_wait_ns(run, 9900));
	put(report, run_wait_ns(run, 9990));
	put(report, result->violations);
	put(report, result->inversions);
	put(report, result->order_checks);
	put(report, result->offlined);
	if (report->subject->columns == COLUMNS_MUTEX)
		put(report, run_idle_ns(run, 5000));
	put_fields(report, report->subject->got, run);
}

static void put_verdict(struct report *report, const struct verdict *verdict)
{
	const char *separator = "";
	__u32 i;

	fprintf(report->out, ",%s,", verdict->word);
	for (i = 0; i < report->subject->events_len; i++)
		if (verdict->never & 1U << i) {
			fprintf(report->out, "%s%s", separator, report->subject->events[i]);
			separator = " ";
		}
	fputc('\n', report->out);
}

static void row(struct report *report, const struct run *run, const struct verdict *verdict)
{
	__u64 tries, failed;
	__u32 i;

	put_request(report, run);
	if (report->per_contender)
		fprintf(report->out, ",all,");
	run_tries(run, &tries, &failed);
	put(report, run->args.result.grants);
	put(report, run->args.result.max_wait_ns);
	put(report, tries);
	put(report, failed);
	put_figures(report, run);
	for (i = 0; i < report->subject->events_len; i++)
		put(report, run->events[i]);
	put_verdict(report, verdict);
	for (i = 0; report->per_contender && i < run_contenders(run); i++)
		put_contender(report, run, &run->contenders[i]);
}

static void end(struct report *report)
{
	(void)report;
}

const struct report_format csv_format = { begin, row, end };
