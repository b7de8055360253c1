// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stands in for /dev/quartet_torture: linked into the quartet command with
 * --wrap=open,--wrap=ioctl,--wrap=stat,--wrap=access, so that all of it but the device is
 * tested on the host; and for the ways in which /dev/quartet cannot be used.
 * The environment says how it behaves:
 *
 *   FAKE_OBJECTS, FAKE_INFO	/dev/quartet fails with this errno to open, and to tell of itself
 *   FAKE_MODE, FAKE_GROUP	of both devices
 *   FAKE_RACE			quartet_race is loaded, and its files fail with this errno
 *   FAKE_OPEN, FAKE_SPIN, FAKE_MUTEX, FAKE_POOL	fail with this errno
 *   FAKE_GRANTS, FAKE_VIOLATIONS, FAKE_INVERSIONS, FAKE_STUCK	results of each run
 *   FAKE_UNTAKEN		mask of the events that are never seen
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
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <histogram.h>
#include <linux/quartet.h>
#include <linux/quartet_torture.h>

#define RACE_FILES	"/sys/kernel/debug/quartet_race/"

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
	if (!strcmp(path, "/dev/quartet") && getenv("FAKE_OBJECTS"))
		return failure("FAKE_OBJECTS") ? -1 : openat(AT_FDCWD, "/dev/null", flags);
	if (!strncmp(path, RACE_FILES, strlen(RACE_FILES)) && getenv("FAKE_RACE"))
		return failure("FAKE_RACE");
	if (strcmp(path, "/dev/quartet_torture"))
		return openat(AT_FDCWD, path, flags);	/* nothing here creates files */
	return failure("FAKE_OPEN") ? -1 : openat(AT_FDCWD, "/dev/null", flags);
}

int __wrap_access(const char *path, int mode)
{
	if (getenv("FAKE_RACE") && (!strcmp(path, "/sys/module/quartet_race") ||
				    !strncmp(path, RACE_FILES, strlen(RACE_FILES))))
		return 0;
	return faccessat(AT_FDCWD, path, mode, 0);
}

int __wrap_stat(const char *path, struct stat *node)
{
	if (strncmp(path, "/dev/quartet", strlen("/dev/quartet")))
		return fstatat(AT_FDCWD, path, node, 0);
	*node = (struct stat){
		.st_mode = S_IFCHR | setting("FAKE_MODE", 0600), .st_gid = setting("FAKE_GROUP", 0),
	};
	return 0;
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

static void fill_contenders(const struct quartet_torture_request *request,
			    struct quartet_torture_result *result, bool softirq)
{
	struct quartet_torture_contender *one = (void *)(uintptr_t)request->contenders;
	__u32 i;

	result->contenders_total = request->threads + softirq;
	for (i = 0; i < result->contenders_total && i < request->contenders_len; i++)
		one[i] = (struct quartet_torture_contender){
			.grants = result->grants / result->contenders_total,
			.tries = request->trylock_permille,
			.failed_tries = request->trylock_permille / 2,
			.max_wait_ns = 1000000,
			.context = i < request->threads ? QUARTET_CONTEXT_TASK :
							  QUARTET_CONTEXT_SOFTIRQ,
			.cpu = i,
		};
}

/* As the kernel reads it: a bitmap of longs. */
static bool cpus_expected(const struct quartet_torture_request *request)
{
	const unsigned long *bits = (void *)(uintptr_t)request->cpus;
	const char *want = getenv("FAKE_CPUS");
	char got[2 * 1024 + 1];
	__u32 i, words = request->cpus_size / sizeof(*bits);

	if (!want)
		return true;
	if (request->cpus_size != sizeof(got) / 2)
		return false;
	for (i = 0; i < words; i++)
		sprintf(got + i * 2 * sizeof(*bits), "%0*lx", (int)(2 * sizeof(*bits)),
			bits[words - 1 - i]);
	return !strcmp(got, want);
}

static void fill_hist(__u64 address)
{
	__u64 *hist = (__u64 *)(uintptr_t)address;

	memset(hist, 0, QUARTET_HIST_BUCKETS * sizeof(*hist));
	hist[quartet_hist_index(100)] = 990;
	hist[quartet_hist_index(50000)] = 9;
	hist[quartet_hist_index(1000000)] = 1;
}

static void fill_events(__u64 *events, int len)
{
	__u64 untaken = setting("FAKE_UNTAKEN", 0);
	int i;

	for (i = 0; i < len; i++)
		events[i] = untaken >> i & 1 ? 0 : 7;
}

/* What every torture does: returns 0, or -1 with errno. */
static int torture(const struct quartet_torture_request *request, size_t size, bool softirq,
		   struct quartet_torture_result *result)
{
	if (request->size != size || request->wait_hist_len != QUARTET_HIST_BUCKETS ||
	    request->reserved || !request->cpus != !request->cpus_size ||
	    !cpus_expected(request)) {
		errno = EINVAL;
		return -1;
	}
	*result = (struct quartet_torture_result){
		.ended = contend(request->duration_ns) ? QUARTET_ENDED_BY_SIGNAL :
							 QUARTET_ENDED_BY_TIME,
		.elapsed_ns = request->duration_ns,
		.grants = setting("FAKE_GRANTS", 1000000),
		.violations = setting("FAKE_VIOLATIONS", 0),
		.inversions = setting("FAKE_INVERSIONS", 0),
		.order_checks = request->kind ? 0 : 1234567,
		.jain_ppm = 998765,
		.max_wait_ns = 1000000,
	};
	if (setting("FAKE_STUCK", 0))
		result->ended = QUARTET_ENDED_STUCK;
	fill_hist(request->wait_hist);
	fill_contenders(request, result, softirq);
	return 0;
}

static int spin(struct quartet_torture_spin *run)
{
	struct quartet_torture_request request;
	struct quartet_torture_result result;
	void *to = &run->elapsed_ns;

	if (failure("FAKE_SPIN"))
		return -1;
	memcpy(&request, run, sizeof(request));
	if (torture(&request, sizeof(*run), run->flags & QUARTET_TORTURE_SOFTIRQ, &result))
		return -1;
	memcpy(to, &result, sizeof(result));
	fill_events(run->transitions, QUARTET_TRANSITIONS);
	return 0;
}

static int mutex(struct quartet_torture_mutex *run)
{
	if (failure("FAKE_MUTEX"))
		return -1;
	if (torture(&run->request, sizeof(*run), false, &run->result))
		return -1;
	if (run->idle_hist_len != QUARTET_HIST_BUCKETS) {
		errno = EINVAL;
		return -1;
	}
	fill_hist(run->idle_hist);
	run->idle_max_ns = 1000000;
	run->interrupted = run->interruptible_permille;
	run->timed_out = run->timeout_permille;
	fill_events(run->stats, QUARTET_MUTEX_STATS_LEN);
	return 0;
}

static int pool(struct quartet_torture_pool *run)
{
	bool softirq = run->request.flags & QUARTET_TORTURE_SOFTIRQ;

	if (failure("FAKE_POOL"))
		return -1;
	if (torture(&run->request, sizeof(*run), softirq, &run->result))
		return -1;
	run->lost = setting("FAKE_VIOLATIONS", 0);
	run->dirty = 0;
	run->cached = 8;
	fill_events(run->stats, QUARTET_POOL_STATS_LEN);
	return 0;
}

static int memo(struct quartet_torture_memo *run)
{
	if (failure("FAKE_MEMO"))
		return -1;
	if (torture(&run->request, sizeof(*run), false, &run->result))
		return -1;
	run->twice = setting("FAKE_VIOLATIONS", 0);
	run->cpus = 2;
	fill_events(run->stats, QUARTET_MEMO_STATS_LEN);
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
	if (request == QUARTET_TORTURE_MUTEX)
		return mutex(arg);
	if (request == QUARTET_TORTURE_POOL)
		return pool(arg);
	if (request == QUARTET_TORTURE_MEMO)
		return memo(arg);
	if (request == QUARTET_TORTURE_PROGRESS)
		return progress(arg);
	if (request == QUARTET_TORTURE_COUNT)
		return count(arg);
	if (request == QUARTET_INFO)
		return failure("FAKE_INFO");
	errno = ENOTTY;
	return -1;
}
