// SPDX-License-Identifier: GPL-2.0-only
/* The tracepoints quartet:* are hit off the fast paths, and only there. */
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/utsname.h>

#include "kselftest_harness.h"
#include "memo_run.h"
#include "mutex_run.h"
#include "spin_run.h"

#define TRACING	"/sys/kernel/tracing/"

FIXTURE(tracepoints) {
	int fd;
	bool traces;
};

static int write_to(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_TRUNC);
	int written = fd < 0 ? -1 : write(fd, text, strlen(text));

	close(fd);
	return written;
}

FIXTURE_SETUP(tracepoints)
{
	self->fd = torture_open();
	ASSERT_LE(0, self->fd);
	self->traces = !access(TRACING "events", F_OK) ||
		       !mount("tracefs", TRACING, "tracefs", 0, NULL);
	if (!self->traces)
		return;
	ASSERT_LT(0, write_to(TRACING "events/quartet/enable", "1"));
	write_to(TRACING "trace", "");
}

FIXTURE_TEARDOWN(tracepoints)
{
	write_to(TRACING "events/quartet/enable", "0");
	write_to(TRACING "events/lock/contention_begin/enable", "0");
	write_to(TRACING "events/lock/contention_end/enable", "0");
	close(self->fd);
}

/* Both in one line. */
static bool is_traced_with(const char *event, const char *other)
{
	FILE *trace = fopen(TRACING "trace", "r");
	bool found = false;
	char line[512];

	while (!found && fgets(line, sizeof(line), trace))
		found = line[0] != '#' && strstr(line, event) && strstr(line, other);
	fclose(trace);
	return found;
}

static bool is_traced(const char *event)
{
	return is_traced_with(event, "");
}

/* Debian's 6.12 exports them to modules, its 6.1 does not. */
static bool has_contention_events(void)
{
	int major, minor;
	struct utsname name;

	uname(&name);
	return !access(TRACING "events/lock/contention_begin", F_OK) &&
	       sscanf(name.release, "%d.%d", &major, &minor) == 2 &&
	       (major > 6 || (major == 6 && minor >= 12));
}

TEST_F(tracepoints, spinlock)
{
	struct quartet_torture_spin args = spin_args(QUARTET_SPIN_QUEUED);

	if (!self->traces)
		SKIP(return, "this kernel does not trace");
	args.threads = 1;
	ASSERT_EQ(0, spin_run(self->fd, &args));
	EXPECT_FALSE(is_traced(" spin_"));
	if (one_cpu())
		SKIP(return, "needs two CPUs");
	args = spin_args(QUARTET_SPIN_QUEUED);
	ASSERT_EQ(0, spin_run(self->fd, &args));
	EXPECT_TRUE(is_traced(" spin_contended: lock="));
	EXPECT_TRUE(is_traced(" spin_acquired: lock="));
}

TEST_F(tracepoints, mutex)
{
	struct quartet_torture_mutex args = mutex_args(QUARTET_MUTEX_KIND_QUARTET);

	if (!self->traces)
		SKIP(return, "this kernel does not trace");
	args.starve_ns = 0;
	args.timeout_permille = 300;
	args.timeout_ns = 1000;
	ASSERT_EQ(0, mutex_run(self->fd, &args));
	EXPECT_TRUE(is_traced(" mutex_contended: mutex="));
	EXPECT_TRUE(is_traced(" mutex_starving: mutex="));
	EXPECT_TRUE(is_traced(" mutex_handoff: mutex="));
	EXPECT_TRUE(is_traced(" mutex_cancelled: mutex="));
	EXPECT_TRUE(is_traced(" mutex_acquired: mutex="));
}

TEST_F(tracepoints, memo)
{
	struct quartet_torture_memo args = memo_args(QUARTET_MEMO_KIND_RCU);

	if (!self->traces)
		SKIP(return, "this kernel does not trace");
	args.pattern = QUARTET_MEMO_PATTERN_DYING;
	ASSERT_EQ(0, memo_run(self->fd, &args));
	EXPECT_TRUE(is_traced_with(" memo_compute: ", " name=torture hash="));
	EXPECT_TRUE(is_traced_with(" memo_compute: ", " attempt=1\n"));
	EXPECT_TRUE(is_traced_with(" memo_abandon: ", " attempt=1\n"));
	EXPECT_TRUE(is_traced_with(" memo_promote: ", " attempt=2\n"));
	EXPECT_FALSE(is_traced_with(" memo_promote: ", " attempt=1\n"));
	EXPECT_TRUE(is_traced_with(" memo_done: ", " err=0\n"));
	EXPECT_TRUE(is_traced_with(" memo_done: ", " err=-"));
	EXPECT_FALSE(is_traced(" memo_evict: "));
	args.pattern = QUARTET_MEMO_PATTERN_PRESSURE;
	ASSERT_EQ(0, memo_run(self->fd, &args));
	EXPECT_TRUE(is_traced_with(" memo_evict: ", " name=torture hash="));
}

/* Which makes `perf lock contention` see our locks. */
TEST_F(tracepoints, contention)
{
	struct quartet_torture_mutex args = mutex_args(QUARTET_MUTEX_KIND_QUARTET);

	if (!self->traces || !has_contention_events())
		SKIP(return, "this kernel does not export its contention tracepoints");
	write_to(TRACING "events/lock/contention_begin/enable", "1");
	write_to(TRACING "events/lock/contention_end/enable", "1");
	args.nap_permille = 100;	/* so that somebody waits, on one CPU too */
	ASSERT_EQ(0, mutex_run(self->fd, &args));
	EXPECT_TRUE(is_traced_with(" contention_begin:", "quartet_mutex"));
	EXPECT_TRUE(is_traced_with(" contention_end:", "quartet_mutex"));
}

TEST_HARNESS_MAIN
