// SPDX-License-Identifier: GPL-2.0-only
/* What a stress has found: a table, or JSON. */
#include <json-c/json.h>
#include <stdio.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "quantity.h"
#include "stress.h"

static const struct {
	const char *head, *key;
	int width;
} columns[COUNTS] = {
	[COUNT_OPERATIONS]	= { "operations", "operations", 10 },
	[COUNT_GRANTS]		= { "grants", "grants", 7 },
	[COUNT_KILLS]		= { "killed", "kills", 6 },
	[COUNT_DEATHS]		= { "deaths", "deaths_seen", 6 },
	[COUNT_PROMOTIONS]	= { "promoted", "promotions", 8 },
	[COUNT_CLOSES]		= { "closed", "closes", 6 },
	[COUNT_CANCELS]		= { "canceled", "cancels", 8 },
	[COUNT_TIMEOUTS]	= { "timeouts", "timeouts", 8 },
	[COUNT_SIGNALS]		= { "signals", "signals", 7 },
	[COUNT_DEADLOCKS]	= { "deadlocks", "deadlocks", 9 },
	[COUNT_VIOLATIONS]	= { "violated", "violations", 8 },
};

static unsigned int complaints(const struct stress *stress)
{
	unsigned int n = atomic_load(&stress->check->complaints);

	return n < COMPLAINTS ? n : COMPLAINTS;
}

static void print_head(const struct stress *stress)
{
	struct utsname system;
	char time[HUMAN_LEN];
	int i;

	uname(&system);
	printf("%s %s, %ld CPUs, %u x %u threads, %s, seed %llu\n%-5s", system.sysname,
	       system.release, sysconf(_SC_NPROCESSORS_ONLN), stress->processes, stress->threads,
	       human_time(time, stress->time_ns), stress->seed, "");
	for (i = 0; i < COUNTS; i++)
		printf("  %*s", columns[i].width, columns[i].head);
	printf("  longest  verdict\n");
}

static void print_row(const struct stress *stress, enum stress_kind kind)
{
	const struct check *check = stress->check;
	char text[HUMAN_LEN];
	int i;

	printf("%-5s", stress_names[kind]);
	for (i = 0; i < COUNTS; i++)
		printf("  %*s", columns[i].width, human_count(text, check->counts[kind][i]));
	printf("  %7s  %s\n", human_time(text, check->longest_ns[kind]),
	       check->counts[kind][COUNT_VIOLATIONS] ? "VIOLATED" : "ok");
}

static void print_table(const struct stress *stress)
{
	enum stress_kind kind;
	unsigned int i;

	print_head(stress);
	for (kind = 0; kind < STRESS_KINDS; kind++)
		if (stress->kinds[kind])
			print_row(stress, kind);
	for (i = 0; i < complaints(stress); i++)
		printf("    %s\n", stress->check->complaint[i]);
	if (stress->history)
		printf("history: %s, %u lines\n%s", stress->history, stress->lines,
		       stress->verdict);
}

static void add_u64(struct json_object *to, const char *key, __u64 value)
{
	json_object_object_add(to, key, json_object_new_uint64(value));
}

static void add_flag(struct json_object *to, const char *key, bool value)
{
	json_object_object_add(to, key, json_object_new_boolean(value));
}

static struct json_object *json_of(const struct stress *stress, enum stress_kind kind)
{
	const struct check *check = stress->check;
	struct json_object *row = json_object_new_object();
	int i;

	json_object_object_add(row, "kind", json_object_new_string(stress_names[kind]));
	for (i = 0; i < COUNTS; i++)
		add_u64(row, columns[i].key, check->counts[kind][i]);
	add_u64(row, "longest_wait_ns", check->longest_ns[kind]);
	add_flag(row, "good", !check->counts[kind][COUNT_VIOLATIONS]);
	return row;
}

static struct json_object *json_rows(const struct stress *stress)
{
	struct json_object *rows = json_object_new_array();
	enum stress_kind kind;

	for (kind = 0; kind < STRESS_KINDS; kind++)
		if (stress->kinds[kind])
			json_object_array_add(rows, json_of(stress, kind));
	return rows;
}

static struct json_object *json_complaints(const struct stress *stress)
{
	struct json_object *list = json_object_new_array();
	unsigned int i;

	for (i = 0; i < complaints(stress); i++)
		json_object_array_add(list, json_object_new_string(stress->check->complaint[i]));
	return list;
}

static struct json_object *json_history(const struct stress *stress)
{
	struct json_object *row = json_object_new_object();

	json_object_object_add(row, "file", json_object_new_string(stress->history));
	add_u64(row, "lines", stress->lines);
	json_object_object_add(row, "verdict", json_object_new_string(stress->verdict));
	add_flag(row, "good", !stress->refused);
	return row;
}

static void print_json(const struct stress *stress)
{
	struct json_object *root = json_object_new_object();
	struct utsname system;

	uname(&system);
	json_object_object_add(root, "version", json_object_new_string(QUARTET_VERSION));
	json_object_object_add(root, "kernel", json_object_new_string(system.release));
	add_u64(root, "cpus", sysconf(_SC_NPROCESSORS_ONLN));
	add_u64(root, "seed", stress->seed);
	add_u64(root, "processes", stress->processes);
	add_u64(root, "threads", stress->threads);
	add_flag(root, "busted", stress->busted);
	add_u64(root, "elapsed_ns", stress->elapsed_ns);
	json_object_object_add(root, "subjects", json_rows(stress));
	json_object_object_add(root, "complaints", json_complaints(stress));
	if (stress->history)
		json_object_object_add(root, "history", json_history(stress));
	puts(json_object_to_json_string_ext(root, JSON_C_TO_STRING_PRETTY));
	json_object_put(root);
}

void stress_report(const struct stress *stress)
{
	if (stress->json)
		print_json(stress);
	else
		print_table(stress);
}
