// SPDX-License-Identifier: GPL-2.0-only
/* Open files, and the methods that the kernel calls for them. */
#include <linux/fs.h>
#include <linux/proc_fs.h>

#include "compat.h"
#include "file.h"
#include "interpose.h"
#include "map.h"
#include "sync.h"

/* What each open() releases at its end. */
static char opens;

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

void race_opens_over(const char *what, unsigned long pc)
{
	race_acquire(&opens, what, pc);
}

unsigned long race_file_method(const struct file *file, const struct race_call *call)
{
	unsigned long result;

	if (!file)
		return race_method(call);
	race_file_begin(file);
	result = race_method(call);
	race_file_end(file);
	return result;
}

unsigned long race_run_file(const struct race_call *call)
{
	return race_file_method(call->arg[0], call);
}

static unsigned long run_second(const struct race_call *call)
{
	return race_file_method(call->arg[1], call);
}

static unsigned long run_kiocb(const struct race_call *call)
{
	const struct kiocb *kiocb = call->arg[0];

	return race_file_method(kiocb->ki_filp, call);
}

static unsigned long run_open(const struct race_call *call)
{
	unsigned long result = run_second(call);

	race_release(&opens, "end of open()", _THIS_IP_);
	race_file_publish(call->arg[1], "open()", _THIS_IP_);
	return result;
}

static unsigned long run_release(const struct race_call *call)
{
	unsigned long result;

	race_acquire(uses_of(call->arg[1]), "release of the file", _THIS_IP_);
	result = run_second(call);
	/* Another file may get its address. */
	race_sync_forget((unsigned long)call->arg[1]);
	return result;
}

static unsigned long run_mmap(const struct race_call *call)
{
	const struct vm_area_struct *vma = call->arg[1];
	unsigned long result;

	race_map_change_begin(vma);
	result = race_run_file(call);
	if (!(int)result)
		race_map_operations(vma);
	race_map_change_end(vma);
	return result;
}

#ifdef RACE_MMAP_PREPARE
static unsigned long run_mmap_prepare(const struct race_call *call)
{
	const struct vm_area_desc *area = call->arg[0];

	return race_file_method(area->file, call);
}
#endif

#define FILE_SLOT(method, run)	RACE_SLOT(file_operations, method, run)

static const struct race_slot file_slots[] = {
	FILE_SLOT(llseek, race_run_file),
	FILE_SLOT(read, race_run_file),
	FILE_SLOT(write, race_run_file),
	FILE_SLOT(iterate_shared, race_run_file),
	FILE_SLOT(poll, race_run_file),
	FILE_SLOT(unlocked_ioctl, race_run_file),
	FILE_SLOT(compat_ioctl, race_run_file),
	FILE_SLOT(flush, race_run_file),
	FILE_SLOT(fsync, race_run_file),
	FILE_SLOT(lock, race_run_file),
	FILE_SLOT(get_unmapped_area, race_run_file),
	FILE_SLOT(flock, race_run_file),
	FILE_SLOT(splice_read, race_run_file),
	FILE_SLOT(fallocate, race_run_file),
	FILE_SLOT(copy_file_range, race_run_file),
	FILE_SLOT(remap_file_range, race_run_file),
	FILE_SLOT(fadvise, race_run_file),
	FILE_SLOT(read_iter, run_kiocb),
	FILE_SLOT(write_iter, run_kiocb),
	FILE_SLOT(fasync, run_second),
	FILE_SLOT(splice_write, run_second),
	FILE_SLOT(show_fdinfo, run_second),
	FILE_SLOT(mmap, run_mmap),
#ifdef RACE_MMAP_PREPARE
	FILE_SLOT(mmap_prepare, run_mmap_prepare),
#endif
	FILE_SLOT(open, run_open),
	FILE_SLOT(release, run_release),
};

void race_file_operations(const struct file_operations *ops, unsigned long pc)
{
	race_interpose(ops, file_slots, pc);
}

#define PROC_SLOT(method, run)	RACE_SLOT(proc_ops, proc_##method, run)

static const struct race_slot proc_slots[] = {
	PROC_SLOT(read, race_run_file),
	PROC_SLOT(write, race_run_file),
	PROC_SLOT(lseek, race_run_file),
	PROC_SLOT(poll, race_run_file),
	PROC_SLOT(ioctl, race_run_file),
#ifdef CONFIG_COMPAT
	PROC_SLOT(compat_ioctl, race_run_file),
#endif
	PROC_SLOT(get_unmapped_area, race_run_file),
	PROC_SLOT(read_iter, run_kiocb),
	PROC_SLOT(mmap, run_mmap),
	PROC_SLOT(open, run_open),
	PROC_SLOT(release, run_release),
};

void race_proc_ops(const struct proc_ops *ops, unsigned long pc)
{
	race_interpose(ops, proc_slots, pc);
}
