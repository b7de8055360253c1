// SPDX-License-Identifier: GPL-2.0-only
/* Fuzz target: names of mutexes, their rows in debugfs, waits, and owners that exit. */
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <quartet/mutex.h>
#include <sim/case.h>
#include <stdarg.h>
#include <stdio.h>

#include <base/histogram.h>
#include <lock/mutex_named.h>
#include "../native/native.h"
#include "fuzz.h"

#define MUTEXES	4
#define TASKS	3
#define NOBODY	(-1)

static const struct {
	const char *text;
	bool right;
} names[] = {
	{ "a", true }, { "b", true }, { "a-name-of-thirty-one-characters", true }, { "~!", true },
	{ "a-name-of-thirty-two-characters!", false }, { "two words", false }, { "", false },
	{ " ", false }, { "tab\t", false }, { "\x7f", false }, { "\xc3\xa9", false },
	{ "a-name-of-far-more-than-thirty-two-characters", false },
};

static struct quartet_mutex mutexes[MUTEXES];
static bool called;

/* The model. */
static int name_of[MUTEXES], owner[MUTEXES];
static int listed[MUTEXES];		/* in the order in which they were named */
static unsigned int nlisted;
static u64 waits[MUTEXES][QUARTET_HIST_BUCKETS], handoffs[MUTEXES];
static bool exited[MUTEXES];		/* an owner has, and what it owned was named */
static unsigned int warnings;

/* Text, as it is and as it must be. */

struct text {
	char bytes[4000];
	size_t used;
};

static void __printf(2, 3) add(struct text *text, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text->used += vsnprintf(text->bytes + text->used, sizeof(text->bytes) - text->used,
				format, arguments);
	va_end(arguments);
}

static void same_text(int (*show)(struct seq_file *m, void *unused), const struct text *wanted)
{
	char got[4000] = "";
	struct seq_file m;

	m.to = fmemopen(got, sizeof(got), "w");
	show(&m, NULL);
	fclose(m.to);
	if (strcmp(got, wanted->bytes))
		differ("shows\n%sinstead of\n%s", got, wanted->bytes);
}

/* A wait is one of a callback, which was handed the mutex. */
static void same_rows(void)
{
	struct text text = { .used = 0 };
	unsigned int i, n;

	add(&text, "name state spun queued woken lost taken handoffs");
	add(&text, " starving normal cancelled crossed\n");
	for (i = 0; i < nlisted; i++) {
		n = listed[i];
		add(&text, "%s %s 0 %llu 0 0 0 %llu 0 0 0 0\n", names[name_of[n]].text,
		    owner[n] == NOBODY ? "0" : "0x1", handoffs[n], handoffs[n]);
	}
	add(&text, "graph_truncated 0\n");
	same_text(quartet_mutexes_show, &text);
}

static void same_waits(void)
{
	struct text text = { .used = 0 };
	unsigned int i, n, bucket;

	add(&text, "name wait-ns-from count\n");
	for (i = 0; i < nlisted; i++) {
		n = listed[i];
		for (bucket = 0; bucket < QUARTET_HIST_BUCKETS; bucket++)
			if (waits[n][bucket])
				add(&text, "%s %u %llu\n", names[name_of[n]].text, bucket,
				    waits[n][bucket]);
	}
	same_text(quartet_mutex_waits_show, &text);
}

static void same_all(void)
{
	unsigned int i;

	for (i = 0; i < MUTEXES; i++) {
		same(quartet_mutex_is_locked(&mutexes[i]), owner[i] != NOBODY, "is_locked");
		same(!!mutexes[i].name, name_of[i] != NOBODY, "named");
		same(!!mutexes[i].core.wait_hist, name_of[i] != NOBODY, "has a histogram");
		same(mutexes[i].core.task_owned, !exited[i], "task_owned");
	}
	same(sim_allocated(), nlisted, "allocations");
	same(sim_expect_warnings(), warnings, "warnings");
}

/* Operations, on both. */

static bool is_taken(int name)
{
	unsigned int i;

	for (i = 0; i < MUTEXES; i++)
		if (name_of[i] == name)
			return true;
	return false;
}

static void give_name(unsigned int n, int text, bool no_memory)
{
	int err;

	if (name_of[n] != NOBODY)
		return;
	say("mutex %u: name \"%s\"%s", n, names[text].text, no_memory ? ", without memory" : "");
	sim_fail_allocation(no_memory ? 0 : -1);
	err = quartet_mutex_name(&mutexes[n], names[text].text);
	sim_fail_allocation(-1);
	/* If there are two reasons to fail, it may be for either. */
	if (!names[text].right)
		same(err, -EINVAL, "another kind of name");
	else if (no_memory && (err == -ENOMEM || !is_taken(text)))
		same(err, -ENOMEM, "a name without memory");
	else
		same(err, is_taken(text) ? -EEXIST : 0, "a name");
	if (err)
		return;
	name_of[n] = text;
	listed[nlisted++] = n;
	memset(waits[n], 0, sizeof(waits[n]));
}

static void drop_name(unsigned int n)
{
	unsigned int i;

	if (name_of[n] == NOBODY)
		return;
	say("mutex %u: unname", n);
	quartet_mutex_unname(&mutexes[n]);
	name_of[n] = NOBODY;
	for (i = 0; listed[i] != (int)n; i++)
		;
	for (nlisted--; i < nlisted; i++)
		listed[i] = listed[i + 1];
}

static void lock_or_unlock(unsigned int n, unsigned int task)
{
	native_become(task);
	if (owner[n] == (int)task) {
		say("T%u: mutex %u: unlock", task, n);
		quartet_mutex_unlock(&mutexes[n]);
		owner[n] = NOBODY;
	} else if (owner[n] == NOBODY) {
		say("T%u: mutex %u: lock", task, n);
		quartet_mutex_lock(&mutexes[n]);
		owner[n] = task;
	} else {
		same(quartet_mutex_trylock(&mutexes[n]), false, "trylock");
	}
}

static void wake(struct quartet_mutex_waiter *waiter)
{
	called = true;
}

/* Less than 64 ns, so that a bucket is what it counts. */
static void wait(unsigned int n, unsigned int task, unsigned int ns)
{
	struct quartet_mutex_waiter waiter = { .wake = wake, .owner = sim_task(task) };

	if (owner[n] == NOBODY)
		return;
	say("mutex %u: T%u is called after %u ns", n, task, ns);
	native_become(owner[n]);
	same(quartet_mutex_core_enqueue(&mutexes[n].core, &waiter), false, "enqueue");
	sim_clock_advance(ns);
	called = false;
	quartet_mutex_unlock(&mutexes[n]);
	same(called, true, "called");
	owner[n] = task;
	handoffs[n]++;
	waits[n][ns]++;
}

static void exit_task(unsigned int task)
{
	unsigned int i;

	say("T%u exits", task);
	sim_exit_task(sim_task(task));
	/* What has lost its owner has none to be reported of. */
	for (i = 0; i < MUTEXES; i++)
		if (owner[i] == (int)task && name_of[i] != NOBODY && !exited[i]) {
			warnings++;
			exited[i] = true;
		}
}

void fuzz_step(struct input *input)
{
	unsigned int op = pick(input, 8), n = pick(input, MUTEXES), a = pick(input, 64);

	switch (op) {
	case 0:
	case 1:
	case 2:
		give_name(n, a % ARRAY_SIZE(names), op == 2);
		break;
	case 3:
		drop_name(n);
		break;
	case 4:
	case 5:
		lock_or_unlock(n, a % TASKS);
		break;
	case 6:
		wait(n, a % TASKS, a);
		break;
	default:
		exit_task(a % TASKS);
		break;
	}
	same_all();
	if (op == 7) {
		same_rows();
		same_waits();
	}
}

void fuzz_start(struct input *input)
{
	unsigned int i;

	fuzz_reset();
	same(quartet_mutexes_init(), 0, "quartet_mutexes_init()");
	memset(handoffs, 0, sizeof(handoffs));
	for (i = 0; i < MUTEXES; i++) {
		quartet_mutex_init(&mutexes[i], QUARTET_STARVE_DEFAULT);
		name_of[i] = NOBODY;
		owner[i] = NOBODY;
		exited[i] = false;
	}
	warnings = 0;
}

void fuzz_end(void)
{
	unsigned int i;

	for (i = 0; i < MUTEXES; i++) {
		if (owner[i] != NOBODY)
			lock_or_unlock(i, owner[i]);
		drop_name(i);
		same_all();
	}
	same_rows();
	quartet_mutexes_exit();
	exit_task(0);
	same_all();
}
