// SPDX-License-Identifier: GPL-2.0-only
/* Cases of methods that the kernel calls: of open files, and of what is under /sys and /proc. */
#include <linux/anon_inodes.h>
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kobject.h>
#include <linux/printk.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "case.h"

#define NAME	"quartet_race_case"

/* Marked: what hands them over orders nothing. */
static struct file *shared_file;
static struct kobject *shared_object;
static struct dentry *shared_entry;

static loff_t count_llseek(struct file *file, loff_t offset, int whence)
{
	return ++shared.value;
}

static int count_release(struct inode *inode, struct file *file)
{
	shared.value++;
	return 0;
}

static const struct file_operations count_fops = {
	.owner = THIS_MODULE, .llseek = count_llseek, .release = count_release,
};

static void make_file(void)
{
	WRITE_ONCE(shared_file, anon_inode_getfile(NAME, &count_fops, NULL, O_RDONLY));
}

/* Kernel threads have a root of their own, with nothing in it, since 7.0 (or so). */
static struct file *open_file(const char *path)
{
	return file_open_root(&shared.root, path, O_RDONLY, 0);
}

static void close_file(struct file *file)
{
	if (!IS_ERR(file))
		__fput_sync(file);
}

static void use_file(void)
{
	struct file *file = READ_ONCE(shared_file);

	if (!IS_ERR(file))
		vfs_llseek(file, 0, SEEK_SET);
}

static void release_file(void)
{
	close_file(READ_ONCE(shared_file));
}

FIRST(file_methods)
{
	make_file();
	use_file();
}

SECOND(file_methods)
{
	use_file();
	release_file();
}
CASE(file_methods);

/* What is done before a method of another open file. */
FIRST(other_file)
{
	make_file();
	use_file();
	release_file();
}

SECOND(other_file)
{
	make_file();
	use_file();
	release_file();
}
CASE(other_file);

FIRST(file_released)
{
	make_file();
	use_file();
}

SECOND(file_released)
{
	release_file();
	shared.value++;
}
CASE(file_released);

static void read_file(struct file *file)
{
	char buf[16];
	loff_t pos = 0;

	if (!IS_ERR(file))
		kernel_read(file, buf, sizeof(buf), &pos);
}

static void read_once(const char *path)
{
	struct file *file = open_file(path);

	read_file(file);
	close_file(file);
}

/* It stays open, so that the next one that is opened has memory of its own. */
static void read_and_keep(const char *path)
{
	WRITE_ONCE(shared_file, open_file(path));
	read_file(READ_ONCE(shared_file));
}

#define ATTRIBUTE	"/sys/kernel/" NAME "/count"
#define PROC		"/proc/" NAME
#define DEBUGFS		"/sys/kernel/debug/" NAME

static ssize_t count_show(struct kobject *object, struct kobj_attribute *attribute, char *buf)
{
	return sysfs_emit(buf, "%d\n", ++shared.value);
}

static struct kobj_attribute count_attribute = __ATTR(count, 0444, count_show, NULL);

static void make_attribute(void)
{
	WRITE_ONCE(shared_object, kobject_create_and_add(NAME, kernel_kobj));
	if (!READ_ONCE(shared_object) ||
	    sysfs_create_file(READ_ONCE(shared_object), &count_attribute.attr))
		pr_err("no attribute\n");
}

FIRST(attribute_shown)
{
	make_attribute();
	read_and_keep(ATTRIBUTE);
}

SECOND(attribute_shown)
{
	read_once(ATTRIBUTE);
	close_file(READ_ONCE(shared_file));
	kobject_put(READ_ONCE(shared_object));
}
CASE(attribute_shown);

FIRST(attribute_removed)
{
	make_attribute();
	read_once(ATTRIBUTE);
}

SECOND(attribute_removed)
{
	sysfs_remove_file(READ_ONCE(shared_object), &count_attribute.attr);
	shared.value++;
	kobject_put(READ_ONCE(shared_object));
}
CASE(attribute_removed);

static int count_seq(struct seq_file *seq, void *data)
{
	seq_printf(seq, "%d\n", ++shared.value);
	return 0;
}

static void make_proc(void)
{
	if (!proc_create_single(NAME, 0444, NULL, count_seq))
		pr_err("no file under /proc\n");
}

FIRST(proc_shown)
{
	make_proc();
	read_and_keep(PROC);
}

SECOND(proc_shown)
{
	read_once(PROC);
	close_file(READ_ONCE(shared_file));
	remove_proc_entry(NAME, NULL);
}
CASE(proc_shown);

FIRST(proc_removed)
{
	make_proc();
	read_once(PROC);
}

SECOND(proc_removed)
{
	remove_proc_entry(NAME, NULL);
	shared.value++;
}
CASE(proc_removed);

/* What is done before the registration comes before the method. */
FIRST(proc_registered)
{
	shared.value++;
	make_proc();
}

SECOND(proc_registered)
{
	read_once(PROC);
	remove_proc_entry(NAME, NULL);
}
CASE(proc_registered);

FIRST(debugfs_removed)
{
	WRITE_ONCE(shared_entry, debugfs_create_file(NAME, 0444, NULL, NULL, &count_fops));
	WRITE_ONCE(shared_file, open_file(DEBUGFS));
	use_file();
	release_file();
}

SECOND(debugfs_removed)
{
	debugfs_remove(READ_ONCE(shared_entry));
	shared.value++;
}
CASE(debugfs_removed);

/* The last to let go frees, also what the other one has counted down. */
struct counted {
	refcount_t refs;
};

static struct counted *shared_counted;

static void let_go(struct counted *counted)
{
	if (refcount_dec_and_test(&counted->refs))
		kfree(counted);
}

FIRST(last_frees)
{
	struct counted *counted = kmalloc(sizeof(*counted), GFP_KERNEL);

	if (counted)
		refcount_set(&counted->refs, 2);
	smp_store_release(&shared_counted, counted);
	if (counted)
		let_go(counted);
}

SECOND(last_frees)
{
	struct counted *counted = smp_load_acquire(&shared_counted);

	if (counted)
		let_go(counted);
}
CASE(last_frees);
