// SPDX-License-Identifier: GPL-2.0-only
/* Named mutexes: rows and histograms in debugfs, and the exit of an owner. */
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <quartet/mutex.h>
#include <quartet/spinlock.h>
#include <stdlib.h>

#include <base/exit.h>
#include <base/histogram.h>
#include <lock/mutex_named.h>
#include <lock/transitions.h>
#include "cases.h"

static struct quartet_mutex one, other;

static void start(void)
{
	quartet_mutex_init(&one, QUARTET_STARVE_ALWAYS);
	quartet_mutex_init(&other, QUARTET_STARVE_DEFAULT);
	if (quartet_mutexes_init())
		sim_fail("assertion: named mutexes cannot be set up");
}

static void end(void)
{
	quartet_mutexes_exit();
	if (quartet_mutexes_init())
		sim_fail("assertion: named mutexes cannot be set up again");
	quartet_mutexes_exit();
	if (sim_allocated())
		sim_fail("leak: %ld allocations at the end", sim_allocated());
}

static void expect(int got, int wanted, const char *what)
{
	if (got != wanted)
		sim_fail("assertion: %s: %d, not %d", what, got, wanted);
}

/* True if what @show writes contains @text. */
static bool shows(int (*show)(struct seq_file *m, void *unused), const char *text)
{
	struct seq_file m;
	char *written;
	size_t size;
	bool found;

	m.to = open_memstream(&written, &size);
	show(&m, NULL);
	fclose(m.to);
	found = strstr(written, text);
	free(written);
	return found;
}

static void check_names(void)
{
	expect(quartet_mutex_name(&one, ""), -EINVAL, "an empty name");
	expect(quartet_mutex_name(&one, "two words"), -EINVAL, "a name with a space");
	expect(quartet_mutex_name(&one, "a-name-of-thirty-two-characters!"), -EINVAL,
	       "a long name");
	expect(quartet_mutex_name(&one, "a-name-of-thirty-one-characters"), 0, "a name that fits");
	quartet_mutex_unname(&one);
	sim_fail_allocation(0);
	expect(quartet_mutex_name(&one, "one"), -ENOMEM, "no memory");
	expect(quartet_mutex_name(&one, "one"), 0, "a name");
	expect(quartet_mutex_name(&other, "one"), -EEXIST, "a name that is taken");
	if (other.core.wait_hist || other.name)
		sim_fail("assertion: a mutex that gets no name keeps something of it");
	expect(quartet_mutex_name(&other, "other"), 0, "another name");
}

static void wait_once(void)
{
	quartet_mutex_lock(&one);
	sim_point();
	quartet_mutex_unlock(&one);
}

static void check_rows(void)
{
	if (!shows(quartet_mutexes_show, "one 0") ||
	    !shows(quartet_mutexes_show, "graph_truncated 0"))
		sim_fail("assertion: a mutex has no row");
	if (!shows(quartet_mutex_waits_show, "name wait-ns-from count"))
		sim_fail("assertion: waits have no heading");
	quartet_transitions_reset();
	if (!shows(quartet_transitions_show, "pending    0"))
		sim_fail("assertion: transitions have no row");
}

/* However long somebody waited. */
static void check_buckets(void)
{
	int bits;

	for (bits = 0; bits <= 64; bits++)
		if (quartet_hist_index(bits ? U64_MAX >> (64 - bits) : 0) >= QUARTET_HIST_BUCKETS)
			sim_fail("assertion: a wait of 2^%d ns has no bucket", bits);
}

static void name_and_show(void)
{
	check_buckets();
	check_names();
	wait_once();
	check_rows();
	sim_exit_task(current);		/* owns nothing */
	quartet_mutex_unname(&other);
	quartet_mutex_unname(&one);
}

const struct sim_case named_rows = {
	.name = "named-rows",
	.what = "names, rows and histograms",
	.start = start,
	.threads = { name_and_show },
	.end = end,
};

static void do_without_tracepoints(void)
{
	sim_hide_tracepoints(true);
	expect(quartet_mutexes_init(), -EOPNOTSUPP, "a kernel without tracepoints");
	sim_hide_tracepoints(false);
}

const struct sim_case named_untraced = {
	.name = "named-untraced",
	.what = "a kernel without tracepoints is refused",
	.threads = { do_without_tracepoints },
};

static void exit_as_owner(void)
{
	sim_expect_warnings();
	expect(quartet_mutex_name(&other, "other"), 0, "a name");
	expect(quartet_mutex_name(&one, "one"), 0, "another name");
	quartet_mutex_lock(&one);
	quartet_mutex_lock(&other);
	sim_exit_task(current);
	if (sim_expect_warnings() != 2)
		sim_fail("assertion: the exit of an owner of two is not reported for each");
	if (one.core.task_owned || other.core.task_owned)
		sim_fail("assertion: one who has exited may still be looked at");
	quartet_mutex_unlock(&other);
	quartet_mutex_unlock(&one);
	quartet_mutex_unname(&one);
	quartet_mutex_unname(&other);
}

const struct sim_case named_exit = {
	.name = "named-exit",
	.what = "a task that exits with a named mutex is reported",
	.start = start,
	.threads = { exit_as_owner },
	.end = end,
};

static bool unwatched;

static void look_at_exit(struct task_struct *task, bool last)
{
	if (READ_ONCE(unwatched))
		sim_fail("assertion: told of an exit, after it was told no more");
}

static struct quartet_exit_watch watch = { .exits = look_at_exit };

static void start_watch(void)
{
	unwatched = false;
	expect(quartet_exit_watch(&watch), 0, "a watch");
}

static void exit_once(void)
{
	sim_exit_task(current);
}

static void unwatch(void)
{
	quartet_exit_unwatch(&watch);
	WRITE_ONCE(unwatched, true);
}

const struct sim_case named_unwatch = {
	.name = "named-unwatch",
	.what = "a task exits while who watched goes",
	.start = start_watch,
	.threads = { exit_once, unwatch },
};

static void start_waits(void)
{
	unsigned int i;

	start();
	for (i = 0; i < 3; i++)
		sim_task(i)->resched = 1;	/* nobody spins: all queue */
	expect(quartet_mutex_name(&one, "one"), 0, "a name");
}

static void end_waits(void)
{
	u64 waits = 0;
	int i;

	/* Whoever queued is in a bucket, which stands in the file. */
	for (i = 0; i < QUARTET_HIST_BUCKETS; i++)
		waits += one.core.wait_hist[i];
	if (waits != one.core.stats.queued)
		sim_fail("assertion: %llu have waited, and %llu are in a bucket",
			 one.core.stats.queued, waits);
	if (waits && !shows(quartet_mutex_waits_show, "one "))
		sim_fail("assertion: a wait is in no bucket");
	quartet_mutex_unname(&one);
	end();
}

const struct sim_case named_waits = {
	.name = "named-waits",
	.what = "whoever waited is counted in the histogram",
	.start = start_waits,
	.threads = { wait_once, wait_once, wait_once },
	.end = end_waits,
};
