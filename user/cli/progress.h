/* SPDX-License-Identifier: GPL-2.0-only */
/* The progress line on stderr while a run is under way. */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <linux/types.h>

struct progress {
	const char *kind;
	__u64 duration_ns;	/* of each run */
	unsigned int threads;
	unsigned int run, runs;	/* this one, from 1; of so many */
};

void progress_show(const struct progress *progress, int fd);
void progress_erase(void);

#endif /* PROGRESS_H */
