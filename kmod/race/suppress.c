// SPDX-License-Identifier: GPL-2.0-only
/* Functions whose races are known: writing adds a name, or removes all with an empty one. */
#include <linux/debugfs.h>
#include <linux/kallsyms.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "context.h"
#include "suppress.h"

#define NAMES_MAX	32

/* The names are only added to, but for the removal of all, and read in any context. */
static DEFINE_RAW_SPINLOCK(names_lock);
static char names[NAMES_MAX][KSYM_NAME_LEN];	/* under names_lock */
static unsigned int nnames;			/* under names_lock */

static bool is_name(const char *function)
{
	unsigned int i;

	for (i = 0; i < nnames; i++)
		if (!strcmp(names[i], function))
			return true;
	return false;
}

bool race_is_suppressed(u32 context)
{
	static char function[KSYM_SYMBOL_LEN];	/* under names_lock */
	unsigned long flags, pc;
	bool found = false;

	if (!READ_ONCE(nnames))
		return false;
	raw_spin_lock_irqsave(&names_lock, flags);
	for (; context && !found; context = race_context_parent(context)) {
		pc = race_context_pc(context);
		if (!pc)
			continue;
		snprintf(function, sizeof(function), "%ps", (void *)(pc - 1));
		*strchrnul(function, ' ') = 0;
		found = is_name(function);
	}
	raw_spin_unlock_irqrestore(&names_lock, flags);
	return found;
}

/* A name that is there takes no room. Under names_lock. */
static int add_name(const char *name)
{
	if (is_name(name))
		return 0;
	if (nnames == NAMES_MAX)
		return -ENOSPC;
	strscpy(names[nnames++], name, KSYM_NAME_LEN);
	return 0;
}

static int add(const char *name)
{
	unsigned long flags;
	int err = 0;

	raw_spin_lock_irqsave(&names_lock, flags);
	if (*name)
		err = add_name(name);
	else
		WRITE_ONCE(nnames, 0);
	raw_spin_unlock_irqrestore(&names_lock, flags);
	return err;
}

static ssize_t suppress_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	char name[128];
	int err;

	if (count >= sizeof(name))
		return -ENAMETOOLONG;
	if (copy_from_user(name, buf, count))
		return -EFAULT;
	name[count] = 0;
	err = add(strim(name));
	return err ?: count;
}

static int suppress_show(struct seq_file *seq, void *data)
{
	unsigned long flags;
	unsigned int i;

	raw_spin_lock_irqsave(&names_lock, flags);
	for (i = 0; i < nnames; i++)
		seq_printf(seq, "%s\n", names[i]);
	raw_spin_unlock_irqrestore(&names_lock, flags);
	return 0;
}

static int suppress_open(struct inode *inode, struct file *file)
{
	return single_open(file, suppress_show, NULL);
}

static const struct file_operations suppress_fops = {
	.owner = THIS_MODULE,
	.open = suppress_open,
	.read = seq_read,
	.write = suppress_write,
	.llseek = seq_lseek,
	.release = single_release,
};

void race_suppress_init(struct dentry *directory)
{
	debugfs_create_file("suppress", 0600, directory, NULL, &suppress_fops);
}
