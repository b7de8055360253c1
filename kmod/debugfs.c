// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/debug/quartet: each kind brings its own show and reset.
 *
 * The data files have mode 0444 and no ioctl or mmap, so that they can be read
 * under lockdown; `reset` stands apart. Without debugfs everything works
 * and nothing is shown.
 */
#include <linux/debugfs.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>

#include <quartet/debugfs.h>

#include "debugfs.h"

static struct dentry *debugfs_dir;
static DEFINE_MUTEX(debugfs_mutex);	/* protects both lists */
static LIST_HEAD(debugfs_kinds);
static LIST_HEAD(debugfs_lives);

static int kind_open(struct inode *inode, struct file *file)
{
	struct quartet_kind *kind = inode->i_private;

	return single_open(file, kind->show, kind);
}

static const struct file_operations kind_fops = {
	.owner = THIS_MODULE,
	.open = kind_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};

/**
 * quartet_kind_add() - show a kind of object in a file of its own
 * @kind: filled in by the caller; it stays until quartet_kind_remove()
 *
 * Context: task, may sleep.
 */
void quartet_kind_add(struct quartet_kind *kind)
{
	mutex_lock(&debugfs_mutex);
	list_add_tail(&kind->list, &debugfs_kinds);
	mutex_unlock(&debugfs_mutex);
	kind->file = debugfs_create_file(kind->name, 0444, debugfs_dir, kind, &kind_fops);
}
EXPORT_SYMBOL_GPL(quartet_kind_add);

/**
 * quartet_kind_remove() - the end of quartet_kind_add()
 * @kind: as added; when this returns nobody is in its functions any more
 *
 * Context: task, may sleep.
 */
void quartet_kind_remove(struct quartet_kind *kind)
{
	debugfs_remove(kind->file);
	mutex_lock(&debugfs_mutex);
	list_del(&kind->list);
	mutex_unlock(&debugfs_mutex);
}
EXPORT_SYMBOL_GPL(quartet_kind_remove);

/**
 * quartet_live_add() - give a counter of live objects a line in `live`
 * @live: filled in by the caller, count 0; it stays until quartet_live_remove()
 *
 * Context: task, may sleep.
 */
void quartet_live_add(struct quartet_live *live)
{
	mutex_lock(&debugfs_mutex);
	list_add_tail(&live->list, &debugfs_lives);
	mutex_unlock(&debugfs_mutex);
}
EXPORT_SYMBOL_GPL(quartet_live_add);

/**
 * quartet_live_remove() - the end of quartet_live_add()
 * @live: as added
 *
 * Context: task, may sleep.
 */
void quartet_live_remove(struct quartet_live *live)
{
	mutex_lock(&debugfs_mutex);
	list_del(&live->list);
	mutex_unlock(&debugfs_mutex);
	WARN(atomic_read(&live->count), "quartet: %d %s leaked\n",
	     atomic_read(&live->count), live->name);
}
EXPORT_SYMBOL_GPL(quartet_live_remove);

static int live_show(struct seq_file *m, void *unused)
{
	struct quartet_live *live;

	mutex_lock(&debugfs_mutex);
	list_for_each_entry(live, &debugfs_lives, list)
		seq_printf(m, "%s %d\n", live->name, atomic_read(&live->count));
	mutex_unlock(&debugfs_mutex);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(live);

/* Whatever is written: any write resets all statistics. */
static ssize_t reset_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	struct quartet_kind *kind;

	mutex_lock(&debugfs_mutex);
	list_for_each_entry(kind, &debugfs_kinds, list)
		if (kind->reset)
			kind->reset(kind);
	mutex_unlock(&debugfs_mutex);
	return len;
}

static const struct file_operations reset_fops = {
	.owner = THIS_MODULE,
	.open = nonseekable_open,
	.write = reset_write,
};

void quartet_debugfs_init(void)
{
	debugfs_dir = debugfs_create_dir("quartet", NULL);
	debugfs_create_file("live", 0444, debugfs_dir, NULL, &live_fops);
	debugfs_create_file("reset", 0200, debugfs_dir, NULL, &reset_fops);
}

void quartet_debugfs_exit(void)
{
	debugfs_remove(debugfs_dir);
}
