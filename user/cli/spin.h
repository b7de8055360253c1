/* SPDX-License-Identifier: GPL-2.0-only */
/* One run of the torture on a spinlock: what was asked, what came back. */
#ifndef SPIN_H
#define SPIN_H

#include <linux/quartet_torture.h>
#include <histogram.h>

struct progress;

struct spin {
	struct quartet_torture_spin run;
	__u64 wait_hist[QUARTET_HIST_BUCKETS];
	struct quartet_torture_contender *contenders;
};

extern const char *const spin_kinds[QUARTET_SPIN_KINDS];
extern const char *const spin_transitions[QUARTET_TRANSITIONS];
extern const char *const spin_contexts[];

/* Before the first run: from here on SIGHUP, SIGINT and SIGTERM wait for spin_run(). */
void spin_catch_signals(void);

/*
 * Runs spin->run on device @fd, with @progress on stderr unless it is NULL. Returns
 * 0 or the errno of the ioctl; *@caught is the signal that cut the run short, else 0.
 */
int spin_run(int fd, struct spin *spin, const struct progress *progress, int *caught);

__u64 spin_grants_per_s(const struct spin *spin);
__u64 spin_wait_ns(const struct spin *spin, unsigned int permyriad);

/* How many of spin->contenders the run has filled. */
__u32 spin_contenders(const struct spin *spin);
/* Trylock attempts of all contenders. */
void spin_tries(const struct spin *spin, __u64 *tries, __u64 *failed);

#endif /* SPIN_H */
