/* SPDX-License-Identifier: GPL-2.0-only */
/* The progress line on stderr while a run is under way. */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <linux/types.h>

struct progress {
	const char *kind;
	__u64 duration_ns;	/* of each run */
	unsigned int threads;
	unsigned int run, runs;	/* this one, from 1; of so many */
};

/* auto, always or never; anything else is a usage error. */
bool progress_wanted(const char *when);

void progress_line(__u64 elapsed_ns, __u64 whole_ns, const char *text);
void progress_show(const struct progress *progress, int fd);
void progress_erase(void);

#endif /* PROGRESS_H */
