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
	add_u64(root, "seed", report->common->seed);
	add_array(root, "runs");
	report->state = root;
}

static void add_flag(struct json_object *to, const char *key, bool value)
{
	json_object_object_add(to, key, json_object_new_boolean(value));
}

static void add_request(struct json_object *to, const struct quartet_torture_spin *run)
{
	add_string(to, "impl", spin_kinds[run->kind]);
	add_u64(to, "threads", run->threads);
	add_u64(to, "hold_ns", run->hold_ns);
	add_u64(to, "think_ns", run->think_ns);
	add_u64(to, "duration_ns", run->duration_ns);
	add_u64(to, "trylock_permille", run->trylock_permille);
	add_flag(to, "softirq", run->flags & QUARTET_TORTURE_SOFTIRQ);
	add_flag(to, "hardirq", run->flags & QUARTET_TORTURE_HARDIRQ);
	add_flag(to, "nest", run->flags & QUARTET_TORTURE_NEST);
	add_flag(to, "exhaust", run->flags & QUARTET_TORTURE_EXHAUST);
	add_u64(to, "stutter_ms", run->stutter_ms);
	add_u64(to, "shuffle_ms", run->shuffle_ms);
	add_u64(to, "onoff_ms", run->onoff_ms);
}

static void add_result(struct json_object *to, const struct spin *spin)
{
	const struct quartet_torture_spin *run = &spin->run;
	struct json_object *wait;
	__u64 tries, failed;

	add_string(to, "ended", run->ended == QUARTET_ENDED_BY_TIME ? "time" : "signal");
	add_u64(to, "elapsed_ns", run->elapsed_ns);
	add_u64(to, "grants", run->grants);
	add_u64(to, "grants_per_s", spin_grants_per_s(spin));
	add_u64(to, "jain_ppm", run->jain_ppm);
	wait = add_object(to, "wait_ns");
	add_u64(wait, "p50", spin_wait_ns(spin, 5000));
	add_u64(wait, "p99", spin_wait_ns(spin, 9900));
	add_u64(wait, "p99.9", spin_wait_ns(spin, 9990));
	add_u64(wait, "max", run->max_wait_ns);
	add_u64(to, "violations", run->violations);
	add_u64(to, "inversions", run->inversions);
	add_u64(to, "order_checks", run->order_checks);
	spin_tries(spin, &tries, &failed);
	add_u64(to, "tries", tries);
	add_u64(to, "failed_tries", failed);
	add_u64(to, "offlined", run->offlined);
}

/* The names of the transitions in @mask. */
static void add_transitions(struct json_object *to, const char *key, __u32 mask)
{
	struct json_object *array = add_array(to, key);
	int i;

	for (i = 0; i < QUARTET_TRANSITIONS; i++)
		if (mask & 1U << i)
			json_object_array_add(array, json_object_new_string(spin_transitions[i]));
}

static void add_contenders(struct json_object *to, const struct spin *spin)
{
	struct json_object *array = add_array(to, "contenders"), *entry;
	const struct quartet_torture_contender *one;
	__u32 i;

	for (i = 0; i < spin_contenders(spin); i++) {
		one = &spin->contenders[i];
		entry = json_object_new_object();
		add_string(entry, "context", spin_contexts[one->context]);
		add_u64(entry, "cpu", one->cpu);
		add_u64(entry, "grants", one->grants);
		add_u64(entry, "tries", one->tries);
		add_u64(entry, "failed_tries", one->failed_tries);
		add_u64(entry, "max_wait_ns", one->max_wait_ns);
		json_object_array_add(array, entry);
	}
}

static void row(struct report *report, const struct spin *spin, const struct verdict *verdict)
{
	struct json_object *run = json_object_new_object(), *transitions;
	int i;

	json_object_array_add(json_object_object_get(report->state, "runs"), run);
	add_request(run, &spin->run);
	add_result(run, spin);
	transitions = add_object(run, "transitions");
	for (i = 0; i < QUARTET_TRANSITIONS; i++)
		add_u64(transitions, spin_transitions[i], spin->run.transitions[i]);
	add_transitions(run, "never", verdict->never);
	add_transitions(run, "missing", verdict->missing);
	add_string(run, "verdict", verdict->word);
	add_flag(run, "good", verdict->good);
	if (report->per_contender)
		add_contenders(run, spin);
}

static void end(struct report *report)
{
	fprintf(report->out, "%s\n",
		json_object_to_json_string_ext(report->state, JSON_C_TO_STRING_PRETTY));
	json_object_put(report->state);
}

const struct report_format json_format = { begin, row, end };
