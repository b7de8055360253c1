// SPDX-License-Identifier: GPL-2.0-only
/* Files under /proc. Who removes one waits for the calls that have begun. */
#include <linux/proc_fs.h>

#include "file.h"
#include "interpose.h"
#include "seq.h"
#include "wrap.h"

RACE_WRAP(struct proc_dir_entry *, proc_create, const char *name, umode_t mode,
	  struct proc_dir_entry *parent, const struct proc_ops *ops)
{
	race_proc_ops(ops, _RET_IP_);
	return proc_create(name, mode, parent, ops);
}

RACE_WRAP(struct proc_dir_entry *, proc_create_data, const char *name, umode_t mode,
	  struct proc_dir_entry *parent, const struct proc_ops *ops, void *data)
{
	race_proc_ops(ops, _RET_IP_);
	return proc_create_data(name, mode, parent, ops, data);
}

RACE_WRAP(struct proc_dir_entry *, proc_create_seq_private, const char *name, umode_t mode,
	  struct proc_dir_entry *parent, const struct seq_operations *ops, unsigned int size,
	  void *data)
{
	race_seq_operations(ops, _RET_IP_);
	return proc_create_seq_private(name, mode, parent, ops, size, data);
}

RACE_WRAP(struct proc_dir_entry *, proc_create_single_data, const char *name, umode_t mode,
	  struct proc_dir_entry *parent, int (*show)(struct seq_file *seq, void *data), void *data)
{
	return proc_create_single_data(name, mode, parent, race_seq_show(show, _RET_IP_), data);
}

RACE_WRAP(void, proc_remove, struct proc_dir_entry *entry)
{
	proc_remove(entry);
	race_methods_over("proc_remove", _RET_IP_);
}

RACE_WRAP(void, remove_proc_entry, const char *name, struct proc_dir_entry *parent)
{
	remove_proc_entry(name, parent);
	race_methods_over("remove_proc_entry", _RET_IP_);
}

RACE_WRAP(int, remove_proc_subtree, const char *name, struct proc_dir_entry *parent)
{
	int result = remove_proc_subtree(name, parent);

	race_methods_over("remove_proc_subtree", _RET_IP_);
	return result;
}
