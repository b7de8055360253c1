// SPDX-License-Identifier: GPL-2.0-only
/* Open files, and the methods that the kernel calls for them. */
#include <linux/fs.h>
#include <linux/proc_fs.h>

#include "compat.h"
#include "file.h"
#include "interpose.h"
#include "map.h"
#include "sync.h"

/* What all methods, and all open(), release at their ends, for who waits for them. */
static char methods, opens;

/* The end of uses has a clock of its own: users are not ordered with each other. */
static const void *uses_of(const struct file *file)
{
	return (const char *)file + 1;
}

void race_file_publish(const struct file *file, const char *what, unsigned long pc)
{
	race_release(file, what, pc);
}

void race_file_begin(const struct file *file)
{
	race_acquire(file, "use of the file", _THIS_IP_);
}

void race_file_end(const struct file *file)
{
	race_release(uses_of(file), "end of the file's use", _THIS_IP_);
}

void race_method_end(void)
{
	race_release(&methods, "end of a method", _THIS_IP_);
}

void race_methods_over(const char *what, unsigned long pc)
{
	race_acquire(&methods, what, pc);
}

void race_opens_over(const char *what, unsigned long pc)
{
	race_acquire(&opens, what, pc);
}

static unsigned long call(const struct file *file, void *function, void *a, void *b, void *c,
			  void *d, void *e, void *f)
{
	unsigned long result;

	race_interposed(function);
	race_file_begin(file);
	result = race_call(function, a, b, c, d, e, f);
	race_file_end(file);
	race_method_end();
	return result;
}

/* The file is the first argument, or the second one, or is in the first one. */
static unsigned long run_first(void *function, void *a, void *b, void *c, void *d, void *e, void *f)
{
	return call(a, function, a, b, c, d, e, f);
}

static unsigned long run_second(void *function, void *a, void *b, void *c, void *d, void *e,
				void *f)
{
	return call(b, function, a, b, c, d, e, f);
}

static unsigned long run_kiocb(void *function, void *a, void *b, void *c, void *d, void *e, void *f)
{
	return call(((struct kiocb *)a)->ki_filp, function, a, b, c, d, e, f);
}

static unsigned long run_open(void *function, void *a, void *b, void *c, void *d, void *e, void *f)
{
	unsigned long result = call(b, function, a, b, c, d, e, f);

	race_release(&opens, "end of open()", _THIS_IP_);
	race_file_publish(b, "open()", _THIS_IP_);
	return result;
}

static unsigned long run_release(void *function, void *a, void *b, void *c, void *d, void *e,
				 void *f)
{
	unsigned long result;

	race_acquire(uses_of(b), "release of the file", _THIS_IP_);
	result = call(b, function, a, b, c, d, e, f);
	/* Another file may get its address. */
	race_sync_forget((unsigned long)b);
	return result;
}

static unsigned long run_mmap(void *function, void *a, void *b, void *c, void *d, void *e, void *f)
{
	unsigned long result;

	race_map_change_begin(b);
	result = call(a, function, a, b, c, d, e, f);
	if (!(int)result)
		race_map_operations(b);
	race_map_change_end(b);
	return result;
}

#ifdef RACE_MMAP_PREPARE
static unsigned long run_mmap_prepare(void *function, void *a, void *b, void *c, void *d, void *e,
				      void *f)
{
	return call(((struct vm_area_desc *)a)->file, function, a, b, c, d, e, f);
}
#endif

void race_file_method(void *const *slot, unsigned long pc)
{
	race_interpose_at(slot, run_first, pc);
}

#define SLOT(method)	((void *const *)(const void *)&(method))

void race_file_operations(const struct file_operations *ops, unsigned long pc)
{
	void *const *first[] = {
		SLOT(ops->llseek), SLOT(ops->read), SLOT(ops->write), SLOT(ops->iterate_shared),
		SLOT(ops->poll), SLOT(ops->unlocked_ioctl), SLOT(ops->compat_ioctl),
		SLOT(ops->flush), SLOT(ops->fsync), SLOT(ops->lock), SLOT(ops->get_unmapped_area),
		SLOT(ops->flock), SLOT(ops->splice_read), SLOT(ops->fallocate),
		SLOT(ops->copy_file_range), SLOT(ops->remap_file_range), SLOT(ops->fadvise),
	};
	int i;

	if (!race_is_of_module(ops))
		return;
	for (i = 0; i < ARRAY_SIZE(first); i++)
		race_interpose(first[i], run_first, pc);
	race_interpose(&ops->read_iter, run_kiocb, pc);
	race_interpose(&ops->write_iter, run_kiocb, pc);
	race_interpose(&ops->fasync, run_second, pc);
	race_interpose(&ops->splice_write, run_second, pc);
	race_interpose(&ops->show_fdinfo, run_second, pc);
	race_interpose(&ops->mmap, run_mmap, pc);
#ifdef RACE_MMAP_PREPARE
	race_interpose(&ops->mmap_prepare, run_mmap_prepare, pc);
#endif
	race_interpose(&ops->open, run_open, pc);
	race_interpose(&ops->release, run_release, pc);
}

void race_proc_ops(const struct proc_ops *ops, unsigned long pc)
{
	if (!race_is_of_module(ops))
		return;
	race_interpose(&ops->proc_read, run_first, pc);
	race_interpose(&ops->proc_write, run_first, pc);
	race_interpose(&ops->proc_lseek, run_first, pc);
	race_interpose(&ops->proc_poll, run_first, pc);
	race_interpose(&ops->proc_ioctl, run_first, pc);
#ifdef CONFIG_COMPAT
	race_interpose(&ops->proc_compat_ioctl, run_first, pc);
#endif
	race_interpose(&ops->proc_get_unmapped_area, run_first, pc);
	race_interpose(&ops->proc_read_iter, run_kiocb, pc);
	race_interpose(&ops->proc_mmap, run_mmap, pc);
	race_interpose(&ops->proc_open, run_open, pc);
	race_interpose(&ops->proc_release, run_release, pc);
}
