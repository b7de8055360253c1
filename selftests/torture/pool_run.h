/* SPDX-License-Identifier: GPL-2.0-only */
/* A run of the torture on pools for tests: sane arguments, to be changed at will. */
#ifndef SELFTESTS_POOL_RUN_H
#define SELFTESTS_POOL_RUN_H

#include "spin_run.h"

/* Four threads that do all there is to do, for 300 ms on all CPUs. */
static inline struct quartet_torture_pool pool_args(enum quartet_pool_kind kind)
{
	return (struct quartet_torture_pool){
		.request = {
			.size = sizeof(struct quartet_torture_pool),
			.kind = kind,
			.threads = 4,
			.duration_ns = 300 * MSEC,
			.seed = 1,
		},
		.pattern = QUARTET_POOL_PATTERN_MIX,
		.object_size = 256,
	};
}

static inline int pool_run(int fd, struct quartet_torture_pool *args)
{
	return ioctl(fd, QUARTET_TORTURE_POOL, args);
}

#endif /* SELFTESTS_POOL_RUN_H */
