// SPDX-License-Identifier: GPL-2.0-only
/* Files in debugfs. Who removes one waits for the calls that have begun. */
#include <linux/debugfs.h>
#include <linux/fs.h>

#include "compat.h"
#include "file.h"
#include "interpose.h"
#include "sync.h"
#include "wrap.h"

#define CREATE(name)								\
	RACE_WRAP(struct dentry *, name, const char *called, umode_t mode,	\
		  struct dentry *parent, void *data, const struct file_operations *ops) \
	{									\
		race_file_operations(ops, _RET_IP_);				\
		return name(called, mode, parent, data, ops);			\
	}

CREATE(debugfs_create_file_unsafe)
#ifndef RACE_DEBUGFS_FULL
CREATE(debugfs_create_file)
#else
RACE_WRAP(struct dentry *, debugfs_create_file_full, const char *called, umode_t mode,
	  struct dentry *parent, void *data, const void *aux, const struct file_operations *ops)
{
	race_file_operations(ops, _RET_IP_);
	return debugfs_create_file_full(called, mode, parent, data, aux, ops);
}

static const struct race_slot short_slots[] = {
	RACE_SLOT(debugfs_short_fops, read, race_run_file),
	RACE_SLOT(debugfs_short_fops, write, race_run_file),
	RACE_SLOT(debugfs_short_fops, llseek, race_run_file),
};

RACE_WRAP(struct dentry *, debugfs_create_file_short, const char *called, umode_t mode,
	  struct dentry *parent, void *data, const void *aux, const struct debugfs_short_fops *ops)
{
	race_interpose(ops, short_slots, _RET_IP_);
	return debugfs_create_file_short(called, mode, parent, data, aux, ops);
}
#endif

RACE_WRAP(void, debugfs_remove, struct dentry *entry)
{
	debugfs_remove(entry);
	race_methods_over("debugfs_remove", _RET_IP_);
}

RACE_WRAP(void, debugfs_lookup_and_remove, const char *name, struct dentry *parent)
{
	debugfs_lookup_and_remove(name, parent);
	race_methods_over("debugfs_lookup_and_remove", _RET_IP_);
}

/* A number in a file: see READ_NUMBER. */
RACE_WRAP(int, simple_attr_open, struct inode *inode, struct file *file,
	  int (*get)(void *data, u64 *value), int (*set)(void *data, u64 value), const char *format)
{
	return simple_attr_open(inode, file, race_hand_over(get, race_method, _RET_IP_),
				race_hand_over(set, race_method, _RET_IP_), format);
}

/* Reads and writes of one open file have a mutex. */
#define READ_NUMBER(name, type)							\
	RACE_WRAP(ssize_t, name, struct file *file, type *buffer, size_t length, loff_t *at) \
	{									\
		ssize_t done;							\
										\
		race_acquire(file->private_data, #name, _RET_IP_);		\
		done = name(file, buffer, length, at);				\
		race_release(file->private_data, #name, _RET_IP_);		\
		return done;							\
	}

READ_NUMBER(simple_attr_read, char __user)
READ_NUMBER(simple_attr_write, const char __user)
READ_NUMBER(simple_attr_write_signed, const char __user)
READ_NUMBER(debugfs_attr_read, char __user)
READ_NUMBER(debugfs_attr_write, const char __user)
READ_NUMBER(debugfs_attr_write_signed, const char __user)
