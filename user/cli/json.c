// SPDX-License-Identifier: GPL-2.0-only
/* The report for programs: one JSON object, printed when the last run has ended. */
#include <json-c/json.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "report.h"

static void add_u64(struct json_object *to, const char *key, __u64 value)
{
	json_object_object_add(to, key, json_object_new_uint64(value));
}

static void add_string(struct json_object *to, const char *key, const char *value)
{
	json_object_object_add(to, key, json_object_new_string(value));
}

static struct json_object *add_object(struct json_object *to, const char *key)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(to, key, object);
	return object;
}

static struct json_object *add_array(struct json_object *to, const char *key)
{
	struct json_object *array = json_object_new_array();

	json_object_object_add(to, key, array);
	return array;
}

static void begin(struct report *report)
{
	struct json_object *root = json_object_new_object();
	struct utsname system;

	uname(&system);
	add_string(root, "version", QUARTET_VERSION);
	add_string(root, "kernel", system.release);
	add_u64(root, "cpus", sysconf(_SC_NPROCESSORS_ONLN));
	add_u64(root, "seed", report->common->request.seed);
	add_array(root, "runs");
	report->state = root;
}

static void add_flag(struct json_object *to, const char *key, bool value)
{
	json_object_object_add(to, key, json_object_new_boolean(value));
}

static void add_fields(struct json_object *to, const struct field *fields, const struct run *run)
{
	for (; fields->key; fields++)
		add_u64(to, fields->key, field_value(fields, &run->args));
}

static void add_request(struct json_object *to, const struct run *run)
{
	const struct quartet_torture_request *request = &run->args.request;
	const struct flag *flag;

	add_string(to, "impl", run_kind(run));
	if (run->subject->variants)
		add_string(to, "pattern", run_variant(run));
	add_u64(to, "threads", request->threads);
	add_u64(to, "hold_ns", request->hold_ns);
	add_u64(to, "think_ns", request->think_ns);
	add_u64(to, "duration_ns", request->duration_ns);
	add_u64(to, "trylock_permille", request->trylock_permille);
	for (flag = run->subject->flags; flag->key; flag++)
		add_flag(to, flag->key, request->flags & flag->bit);
	add_fields(to, run->subject->asked, run);
	add_u64(to, "stutter_ms", request->stutter_ms);
	add_u64(to, "shuffle_ms", request->shuffle_ms);
	add_u64(to, "onoff_ms", request->onoff_ms);
}

static const char *const ends[] = {
	[QUARTET_ENDED_BY_TIME] = "time",
	[QUARTET_ENDED_BY_SIGNAL] = "signal",
	[QUARTET_ENDED_STUCK] = "stuck",
};

static void add_times(struct json_object *to, const struct run *run)
{
	struct json_object *times = add_object(to, "wait_ns");

	add_u64(times, "p50", run_wait_ns(run, 5000));
	add_u64(times, "p99", run_wait_ns(run, 9900));
	add_u64(times, "p99.9", run_wait_ns(run, 9990));
	add_u64(times, "max", run->args.result.max_wait_ns);
	if (run->subject->columns != COLUMNS_MUTEX)
		return;
	times = add_object(to, "idle_ns");
	add_u64(times, "p50", run_idle_ns(run, 5000));
	add_u64(times, "p99", run_idle_ns(run, 9900));
	add_u64(times, "max", run->args.mutex.idle_max_ns);
}

static void add_result(struct json_object *to, const struct run *run)
{
	const struct quartet_torture_result *result = &run->args.result;
	__u64 tries, failed;

	add_string(to, "ended", ends[result->ended]);
	add_u64(to, "elapsed_ns", result->elapsed_ns);
	add_u64(to, "grants", result->grants);
	add_u64(to, "grants_per_s", run_grants_per_s(run));
	add_u64(to, "jain_ppm", result->jain_ppm);
	add_times(to, run);
	add_u64(to, "violations", result->violations);
	add_u64(to, "inversions", result->inversions);
	add_u64(to, "order_checks", result->order_checks);
	run_tries(run, &tries, &failed);
	add_u64(to, "tries", tries);
	add_u64(to, "failed_tries", failed);
	add_u64(to, "offlined", result->offlined);
	add_fields(to, run->subject->got, run);
}

/* The names of the events in @mask. */
static void add_events(struct json_object *to, const char *key, const struct subject *subject,
		       __u32 mask)
{
	struct json_object *array = add_array(to, key);
	__u32 i;

	for (i = 0; i < subject->events_len; i++)
		if (mask & 1U << i)
			json_object_array_add(array, json_object_new_string(subject->events[i]));
}

static void add_contenders(struct json_object *to, const struct run *run)
{
	struct json_object *array = add_array(to, "contenders"), *entry;
	const struct quartet_torture_contender *one;
	__u32 i;

	for (i = 0; i < run_contenders(run); i++) {
		one = &run->contenders[i];
		entry = json_object_new_object();
		add_string(entry, "context", run_contexts[one->context]);
		add_u64(entry, "cpu", one->cpu);
		add_u64(entry, "grants", one->grants);
		add_u64(entry, "tries", one->tries);
		add_u64(entry, "failed_tries", one->failed_tries);
		add_u64(entry, "max_wait_ns", one->max_wait_ns);
		json_object_array_add(array, entry);
	}
}

static void row(struct report *report, const struct run *run, const struct verdict *verdict)
{
	struct json_object *entry = json_object_new_object(), *events;
	const struct subject *subject = report->subject;
	__u32 i;

	json_object_array_add(json_object_object_get(report->state, "runs"), entry);
	add_request(entry, run);
	add_result(entry, run);
	events = add_object(entry, subject->events_key);
	for (i = 0; i < subject->events_len; i++)
		add_u64(events, subject->events[i], run->events[i]);
	add_events(entry, "never", subject, verdict->never);
	add_events(entry, "missing", subject, verdict->missing);
	add_string(entry, "verdict", verdict->word);
	add_flag(entry, "good", verdict->good);
	if (report->per_contender)
		add_contenders(entry, run);
}

static void end(struct report *report)
{
	fprintf(report->out, "%s\n",
		json_object_to_json_string_ext(report->state, JSON_C_TO_STRING_PRETTY));
	json_object_put(report->state);
}

const struct report_format json_format = { begin, row, end };
