/* SPDX-License-Identifier: GPL-2.0-only */
/* A run of the torture on memo tables for tests: sane arguments, to be changed at will. */
#ifndef SELFTESTS_MEMO_RUN_H
#define SELFTESTS_MEMO_RUN_H

#include "spin_run.h"

/* Four threads that all want the same, for 300 ms on all CPUs. */
static inline struct quartet_torture_memo memo_args(enum quartet_memo_kind kind)
{
	return (struct quartet_torture_memo){
		.request = {
			.size = sizeof(struct quartet_torture_memo),
			.kind = kind,
			.threads = 4,
			.duration_ns = 300 * MSEC,
			.seed = 1,
		},
		.pattern = QUARTET_MEMO_PATTERN_STAMPEDE,
		.timeout_ns = 100000,
	};
}

static inline int memo_run(int fd, struct quartet_torture_memo *args)
{
	return ioctl(fd, QUARTET_TORTURE_MEMO, args);
}

#endif /* SELFTESTS_MEMO_RUN_H */
