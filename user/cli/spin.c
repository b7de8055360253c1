// SPDX-License-Identifier: GPL-2.0-only
/* One run of the torture on a spinlock. */
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
#include "spin.h"

const char *const spin_kinds[QUARTET_SPIN_KINDS] = {
	[QUARTET_SPIN_QUEUED] = "queued",
	[QUARTET_SPIN_CAS] = "cas",
	[QUARTET_SPIN_YIELD] = "yield",
	[QUARTET_SPIN_CAS_PREEMPTIBLE] = "cas-preemptible",
	[QUARTET_SPIN_TICKET] = "ticket",
	[QUARTET_SPIN_RAW] = "raw",
	[QUARTET_SPIN_BUSTED] = "busted",
};

const char *const spin_transitions[QUARTET_TRANSITIONS] = {
	[QUARTET_TRANSITION_PENDING] = "pending",
	[QUARTET_TRANSITION_QUEUED] = "queued",
	[QUARTET_TRANSITION_DEPTH3] = "depth3",
	[QUARTET_TRANSITION_HANDOFF] = "handoff",
	[QUARTET_TRANSITION_EMPTIED] = "emptied",
	[QUARTET_TRANSITION_NESTED] = "nested",
	[QUARTET_TRANSITION_FALLBACK] = "fallback",
	[QUARTET_TRANSITION_RETRY] = "retry",
	[QUARTET_TRANSITION_YIELD] = "yield",
};

const char *const spin_contexts[] = {
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
	struct spin *spin;
	pthread_t main;
	atomic_bool done;
};

static void ignore(int signal)
{
	(void)signal;
}

void spin_catch_signals(void)
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

static void *run(void *arg)
{
	struct runner *runner = arg;
	sigset_t mask;

	sigfillset(&mask);
	sigdelset(&mask, WAKE);
	pthread_sigmask(SIG_SETMASK, &mask, NULL);
	if (ioctl(runner->fd, QUARTET_TORTURE_SPIN, &runner->spin->run))
		runner->error = errno;
	atomic_store(&runner->done, true);
	pthread_kill(runner->main, WAKE);
	return NULL;
}

int spin_run(int fd, struct spin *spin, const struct progress *progress, int *caught)
{
	struct runner runner = { .fd = fd, .spin = spin, .main = pthread_self() };
	pthread_t thread;
	int signal, error;

	spin->run.size = sizeof(spin->run);
	spin->run.contenders = (uintptr_t)spin->contenders;
	spin->run.wait_hist = (uintptr_t)spin->wait_hist;
	spin->run.wait_hist_len = QUARTET_HIST_BUCKETS;

	error = pthread_create(&thread, NULL, run, &runner);
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

__u64 spin_grants_per_s(const struct spin *spin)
{
	return spin->run.elapsed_ns ? spin->run.grants * 1e9 / spin->run.elapsed_ns : 0;
}

__u64 spin_wait_ns(const struct spin *spin, unsigned int permyriad)
{
	__u64 wait = quartet_hist_percentile(spin->wait_hist, permyriad);

	/* A percentile is rounded up to its bucket's end, which may be beyond the maximum. */
	return wait < spin->run.max_wait_ns ? wait : spin->run.max_wait_ns;
}

__u32 spin_contenders(const struct spin *spin)
{
	const struct quartet_torture_spin *run = &spin->run;

	return run->contenders_total < run->contenders_len ? run->contenders_total :
							     run->contenders_len;
}

void spin_tries(const struct spin *spin, __u64 *tries, __u64 *failed)
{
	__u32 i;

	*tries = 0;
	*failed = 0;
	for (i = 0; i < spin_contenders(spin); i++) {
		*tries += spin->contenders[i].tries;
		*failed += spin->contenders[i].failed_tries;
	}
}
