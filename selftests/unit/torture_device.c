// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stands in for /dev/quartet_torture: linked into the quartet command with
 * --wrap=open,--wrap=ioctl, so that all of it but the device is tested on the
 * host. The environment says how it behaves:
 *
 *   FAKE_OPEN, FAKE_SPIN	fail with this errno
 *   FAKE_GRANTS, FAKE_VIOLATIONS, FAKE_INVERSIONS	results of each run
 *   FAKE_UNTAKEN		mask of the transitions that are never taken
 *   FAKE_DEAF_MS		a run misses signals for this long
 *   FAKE_COUNT			fail to count with this errno
 *   FAKE_TICKS			that many a turn of the calibration, 1 more for each next path
 *   FAKE_CPUS			hexadecimal bitmap of the CPUs that must be asked for
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <histogram.h>
#include <linux/quartet_torture.h>

static atomic_bool running;

static __u64 setting(const char *name, __u64 unset)
{
	const char *value = getenv(name);

	return value ? strtoull(value, NULL, 0) : unset;
}

static int failure(const char *name)
{
	errno = setting(name, 0);
	return errno ? -1 : 0;
}

int __wrap_open(const char *path, int flags, ...)
{
	if (strcmp(path, "/dev/quartet_torture"))
		return openat(AT_FDCWD, path, flags);	/* nothing here creates files */
	return failure("FAKE_OPEN") ? -1 : openat(AT_FDCWD, "/dev/null", flags);
}

static struct timespec timespec_of(__u64 ns)
{
	return (struct timespec){ ns / 1000000000, ns % 1000000000 };
}

/* Returns true if a signal ended it. */
static bool contend(__u64 duration_ns)
{
	struct timespec deaf = timespec_of(setting("FAKE_DEAF_MS", 0) * 1000000);
	struct timespec duration = timespec_of(duration_ns);
	bool signalled;

	atomic_store(&running, true);
	while (nanosleep(&deaf, &deaf))
		;
	signalled = nanosleep(&duration, NULL);
	atomic_store(&running, false);
	return signalled;
}

static void fill_contenders(struct quartet_torture_spin *run)
{
	struct quartet_torture_contender *one = (void *)(uintptr_t)run->contenders;
	__u32 i;

	run->contenders_total = run->threads + !!(run->flags & QUARTET_TORTURE_SOFTIRQ);
	for (i = 0; i < run->contenders_total && i < run->contenders_len; i++)
		one[i] = (struct quartet_torture_contender){
			.grants = run->grants / run->contenders_total,
			.tries = run->trylock_permille,
			.failed_tries = run->trylock_permille / 2,
			.max_wait_ns = 1000000,
			.context = i < run->threads ? QUARTET_CONTEXT_TASK :
						      QUARTET_CONTEXT_SOFTIRQ,
			.cpu = i,
		};
}

/* As the kernel reads it: a bitmap of longs. */
static bool cpus_expected(const struct quartet_torture_spin *run)
{
	const unsigned long *bits = (void *)(uintptr_t)run->cpus;
	const char *want = getenv("FAKE_CPUS");
	char got[2 * 1024 + 1];
	__u32 i, words = run->cpus_size / sizeof(*bits);

	if (!want)
		return true;
	if (run->cpus_size != sizeof(got) / 2)
		return false;
	for (i = 0; i < words; i++)
		sprintf(got + i * 2 * sizeof(*bits), "%0*lx", (int)(2 * sizeof(*bits)),
			bits[words - 1 - i]);
	return !strcmp(got, want);
}

static int spin(struct quartet_torture_spin *run)
{
	__u64 *wait_hist = (__u64 *)(uintptr_t)run->wait_hist;
	__u64 untaken = setting("FAKE_UNTAKEN", 0);
	int i;

	if (failure("FAKE_SPIN"))
		return -1;
	if (run->size != sizeof(*run) || run->wait_hist_len != QUARTET_HIST_BUCKETS ||
	    run->reserved || run->pad || !run->cpus != !run->cpus_size || !cpus_expected(run)) {
		errno = EINVAL;
		return -1;
	}
	run->ended = contend(run->duration_ns) ? QUARTET_ENDED_BY_SIGNAL : QUARTET_ENDED_BY_TIME;
	run->elapsed_ns = run->duration_ns;
	run->grants = setting("FAKE_GRANTS", 1000000);
	run->violations = setting("FAKE_VIOLATIONS", 0);
	run->inversions = setting("FAKE_INVERSIONS", 0);
	run->order_checks = run->kind == QUARTET_SPIN_QUEUED ? 1234567 : 0;
	run->jain_ppm = 998765;
	run->max_wait_ns = 1000000;
	memset(wait_hist, 0, QUARTET_HIST_BUCKETS * sizeof(*wait_hist));
	wait_hist[quartet_hist_index(100)] = 990;
	wait_hist[quartet_hist_index(50000)] = 9;
	wait_hist[quartet_hist_index(1000000)] = 1;
	for (i = 0; i < QUARTET_TRANSITIONS; i++)
		run->transitions[i] = untaken >> i & 1 ? 0 : 7;
	fill_contenders(run);
	return 0;
}

static int progress(struct quartet_torture_progress *now)
{
	now->running = atomic_load(&running);
	now->elapsed_ns = now->running;
	now->grants = 12345 * now->running;
	return 0;
}

static int count(struct quartet_torture_count *count)
{
	if (failure("FAKE_COUNT"))
		return -1;
	if (count->size != sizeof(*count) || !count->rounds) {
		errno = EINVAL;
		return -1;
	}
	count->ticks = 5 + count->pairs * (setting("FAKE_TICKS", 2) + count->path);
	return 0;
}

int __wrap_ioctl(int fd, unsigned long request, ...)
{
	va_list args;
	void *arg;

	(void)fd;
	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	if (request == QUARTET_TORTURE_SPIN)
		return spin(arg);
	if (request == QUARTET_TORTURE_PROGRESS)
		return progress(arg);
	if (request == QUARTET_TORTURE_COUNT)
		return count(arg);
	errno = ENOTTY;
	return -1;
}
