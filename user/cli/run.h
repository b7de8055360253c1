/* SPDX-License-Identifier: GPL-2.0-only */
/* One run of a torture: what was asked, what came back. */
#ifndef RUN_H
#define RUN_H

#include <histogram.h>

#include "subject.h"

struct progress;

struct run {
	const struct subject *subject;
	struct args args;
	__u64 events[EVENTS_MAX];
	__u64 wait_hist[QUARTET_HIST_BUCKETS];
	__u64 idle_hist[QUARTET_HIST_BUCKETS];
	struct quartet_torture_contender *contenders;
};

extern const char *const run_contexts[];

/* Before the first run: from here on SIGHUP, SIGINT and SIGTERM wait for run_perform(). */
void run_catch_signals(void);

/*
 * Performs @run on device @fd, with @progress on stderr unless it is NULL. Returns
 * 0 or the errno of the ioctl; *@caught is the signal that cut the run short, else 0.
 */
int run_perform(int fd, struct run *run, const struct progress *progress, int *caught);

/* The subject's ioctl, from run->args.request to what comes back. Returns 0 or an errno. */
unsigned long run_ioctl(int fd, struct run *run);

const char *run_kind(const struct run *run);
/* Of a subject that has them. */
const char *run_variant(const struct run *run);
__u64 run_grants_per_s(const struct run *run);
__u64 run_wait_ns(const struct run *run, unsigned int permyriad);
__u64 run_idle_ns(const struct run *run, unsigned int permyriad);

/* How many of run->contenders the run has filled. */
__u32 run_contenders(const struct run *run);
/* Trylock attempts of all contenders. */
void run_tries(const struct run *run, __u64 *tries, __u64 *failed);

#endif /* RUN_H */
