/* SPDX-License-Identifier: GPL-2.0-only */
/* The last run of each kind that a torture knows, in a file of debugfs. */
#ifndef QUARTET_TORTURE_LAST_H
#define QUARTET_TORTURE_LAST_H

#include <linux/mutex.h>

#include <quartet/debugfs.h>

/**
 * struct torture_last - what became of the last runs of a torture
 * @file: of debugfs; all but its name and functions is its own
 * @heading: its first line
 * @row: prints a run, from the arguments of its ioctl
 * @kinds: how many there are
 * @size: of the arguments, which begin with a struct quartet_torture_request
 * @runs: arguments by kind, all zero where there was no run
 */
struct torture_last {
	struct quartet_kind file;
	const char *heading;
	void (*row)(struct seq_file *m, const void *args);
	unsigned int kinds;
	size_t size;
	void *runs;
};

#define TORTURE_LAST(file_name, runs_array, row_function, heading_text) { \
	.file = { .name = file_name, .show = torture_last_show, .reset = torture_last_reset }, \
	.heading = heading_text, \
	.row = row_function, \
	.kinds = ARRAY_SIZE(runs_array), \
	.size = sizeof(*runs_array), \
	.runs = runs_array, \
}

int torture_last_show(struct seq_file *m, void *unused);
void torture_last_reset(struct quartet_kind *file);
void torture_remember(struct torture_last *last, const void *args);

#endif /* QUARTET_TORTURE_LAST_H */
