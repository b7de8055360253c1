/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What quartet and the modules that use it show below
 * /sys/kernel/debug/quartet: a file a kind of object, and counters of objects
 * that are alive, which must all be zero when nobody uses anything.
 */
#ifndef QUARTET_DEBUGFS_H
#define QUARTET_DEBUGFS_H

#include <linux/atomic.h>
#include <linux/list.h>

struct dentry;
struct seq_file;

/**
 * struct quartet_kind - a kind of object and how it is shown
 * @name: of the file
 * @show: writes the whole file; m->private is the kind; may sleep
 * @reset: sets the kind's statistics to zero, or NULL if it has none
 * @list: for debugfs.c, under its mutex
 * @file: for debugfs.c
 */
struct quartet_kind {
	const char *name;
	int (*show)(struct seq_file *m, void *unused);
	void (*reset)(struct quartet_kind *kind);
	struct list_head list;
	struct dentry *file;
};

/**
 * struct quartet_live - how many objects of a sort are alive
 * @name: of the line in the file `live`
 * @count: counted by its owner
 * @list: for debugfs.c, under its mutex
 */
struct quartet_live {
	const char *name;
	atomic_t count;
	struct list_head list;
};

void quartet_kind_add(struct quartet_kind *kind);
void quartet_kind_remove(struct quartet_kind *kind);
void quartet_live_add(struct quartet_live *live);
void quartet_live_remove(struct quartet_live *live);

#endif /* QUARTET_DEBUGFS_H */
