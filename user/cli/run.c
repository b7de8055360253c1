// SPDX-License-Identifier: GPL-2.0-only
/* One run of a torture. */
#include <err.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>

#include "progress.h"
#include "quartet.h"
#include "run.h"

const char *const run_contexts[] = {
	[QUARTET_CONTEXT_TASK] = "task",
	[QUARTET_CONTEXT_SOFTIRQ] = "softirq",
	[QUARTET_CONTEXT_HARDIRQ] = "hardirq",
};

/*
 * A signal that arrives just before a thread enters the ioctl would be handled too early to
 * end it. So the ioctl has a thread of its own, in which only WAKE is unblocked. The
 * main thread takes the real signals with sigtimedwait() and then sends WAKE at every
 * tick until the ioctl has returned. WAKE to the main thread says that it has.
 */
#define WAKE	SIGUSR1

static const struct timespec tick = { .tv_nsec = 200000000 };
static sigset_t awaited;

struct runner {
	int fd;
	int error;
	struct run *run;
	pthread_t main;
	atomic_bool done;
};

static void ignore(int signal)
{
	(void)signal;
}

void run_catch_signals(void)
{
	static const int ends[] = { SIGHUP, SIGINT, SIGTERM };
	struct sigaction action = { .sa_handler = ignore };
	struct sigaction old;
	size_t i;

	sigaction(WAKE, &action, NULL);
	sigemptyset(&awaited);
	sigaddset(&awaited, WAKE);
	for (i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		sigaction(ends[i], NULL, &old);
		if (old.sa_handler != SIG_IGN)	/* nohup, or a shell's background job */
			sigaddset(&awaited, ends[i]);
	}
	pthread_sigmask(SIG_BLOCK, &awaited, NULL);
}

static void *perform(void *arg)
{
	struct runner *runner = arg;
	sigset_t mask;

	sigfillset(&mask);
	sigdelset(&mask, WAKE);
	pthread_sigmask(SIG_SETMASK, &mask, NULL);
	runner->error = runner->run->subject->perform(runner->fd, runner->run);
	atomic_store(&runner->done, true);
	pthread_kill(runner->main, WAKE);
	return NULL;
}

int run_perform(int fd, struct run *run, const struct progress *progress, int *caught)
{
	struct runner runner = { .fd = fd, .run = run, .main = pthread_self() };
	pthread_t thread;
	int signal, error;

	run->args.request.contenders = (uintptr_t)run->contenders;
	run->args.request.wait_hist = (uintptr_t)run->wait_hist;
	run->args.request.wait_hist_len = QUARTET_HIST_BUCKETS;

	error = pthread_create(&thread, NULL, perform, &runner);
	if (error)
		return error;
	*caught = 0;
	while (!atomic_load(&runner.done)) {
		signal = sigtimedwait(&awaited, NULL, &tick);
		if (signal > 0 && signal != WAKE)
			*caught = signal;
		if (*caught)
			pthread_kill(thread, WAKE);
		else if (progress)
			progress_show(progress, fd);
	}
	pthread_join(thread, NULL);
	if (progress)
		progress_erase();
	return runner.error;
}

unsigned long run_ioctl(int fd, struct run *run)
{
	const struct subject *subject = run->subject;
	char *own = (char *)&run->args.spin;	/* or whichever it is of the union */

	run->args.request.size = subject->size;
	memcpy(own, &run->args.request, sizeof(run->args.request));
	if (ioctl(fd, subject->command, own))
		return errno;
	memcpy(&run->args.result, own + subject->result, sizeof(run->args.result));
	memcpy(run->events, own + subject->counts, subject->events_len * sizeof(*run->events));
	return 0;
}

__u32 event_mask(const bool *can, __u32 len)
{
	__u32 i, mask = 0;

	for (i = 0; i < len; i++)
		mask |= (__u32)can[i] << i;
	return mask;
}

__u64 field_value(const struct field *field, const struct args *args)
{
	const void *at = (const char *)args + field->offset;

	return field->size == sizeof(__u64) ? *(const __u64 *)at : *(const __u32 *)at;
}

const char *run_kind(const struct run *run)
{
	return run->subject->kinds[run->args.request.kind];
}

const char *run_variant(const struct run *run)
{
	return run->subject->variants[run->args.variant];
}

__u64 run_grants_per_s(const struct run *run)
{
	const struct quartet_torture_result *result = &run->args.result;

	return result->elapsed_ns ? result->grants * 1e9 / result->elapsed_ns : 0;
}

/* A percentile is rounded up to its bucket's end, which may be beyond the maximum. */
static __u64 percentile(const __u64 *hist, unsigned int permyriad, __u64 max)
{
	__u64 value = quartet_hist_percentile(hist, permyriad);

	return value < max ? value : max;
}

__u64 run_wait_ns(const struct run *run, unsigned int permyriad)
{
	return percentile(run->wait_hist, permyriad, run->args.result.max_wait_ns);
}

__u64 run_idle_ns(const struct run *run, unsigned int permyriad)
{
	return percentile(run->idle_hist, permyriad, run->args.mutex.idle_max_ns);
}

__u32 run_contenders(const struct run *run)
{
	__u32 total = run->args.result.contenders_total, len = run->args.request.contenders_len;

	return total < len ? total : len;
}

void run_tries(const struct run *run, __u64 *tries, __u64 *failed)
{
	__u32 i;

	*tries = 0;
	*failed = 0;
	for (i = 0; i < run_contenders(run); i++) {
		*tries += run->contenders[i].tries;
		*failed += run->contenders[i].failed_tries;
	}
}
