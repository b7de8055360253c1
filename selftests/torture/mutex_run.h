/* SPDX-License-Identifier: GPL-2.0-only */
/* A run of the torture on sleeping locks for tests: sane arguments, to be changed at will. */
#ifndef SELFTESTS_MUTEX_RUN_H
#define SELFTESTS_MUTEX_RUN_H

#include "spin_run.h"

/* Eight threads that hold for ten microseconds, for 300 ms on all CPUs. */
static inline struct quartet_torture_mutex mutex_args(enum quartet_mutex_kind kind)
{
	return (struct quartet_torture_mutex){
		.request = {
			.size = sizeof(struct quartet_torture_mutex),
			.kind = kind,
			.threads = 8,
			.hold_ns = 10000,
			.think_ns = 1000,
			.duration_ns = 300 * MSEC,
			.seed = 1,
		},
		.starve_ns = 1000000,
		.timeout_ns = 100000,
	};
}

static inline int mutex_run(int fd, struct quartet_torture_mutex *args)
{
	return ioctl(fd, QUARTET_TORTURE_MUTEX, args);
}

#endif /* SELFTESTS_MUTEX_RUN_H */
