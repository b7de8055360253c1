// SPDX-License-Identifier: GPL-2.0-only
/* Mappings of files, and the methods that the kernel calls for them. */
#include <linux/mm.h>
#include <linux/sched.h>

#include "file.h"
#include "interpose.h"
#include "map.h"
#include "sync.h"

/* As of a lock that is held to write, or to read, though it may be a mapping's own. */
static void read_end(const struct mm_struct *mm)
{
	race_release((const char *)mm + 1, "end of a fault", _THIS_IP_);
}

static void change_begin(const struct mm_struct *mm)
{
	race_acquire(mm, "change of mappings", _THIS_IP_);
	race_acquire((const char *)mm + 1, "change of mappings", _THIS_IP_);
}

/* What fork() maps is another process's, and what it is a copy of is the caller's. */
void race_map_change_begin(const struct vm_area_struct *vma)
{
	change_begin(vma->vm_mm);
	if (current->mm && current->mm != vma->vm_mm)
		change_begin(current->mm);
}

void race_map_change_end(const struct vm_area_struct *vma)
{
	race_release(vma->vm_mm, "change of mappings", _THIS_IP_);
}

static unsigned long call(const struct vm_area_struct *vma, void *function, void *a, void *b,
			  void *c, void *d, void *e, void *f)
{
	const struct file *file = vma->vm_file;
	unsigned long result;

	race_interposed(function);
	if (file)
		race_file_begin(file);
	result = race_call(function, a, b, c, d, e, f);
	if (file)
		race_file_end(file);
	race_method_end();
	return result;
}

static unsigned long run_change(void *function, void *a, void *b, void *c, void *d, void *e,
				void *f)
{
	unsigned long result;

	race_map_change_begin(a);
	result = call(a, function, a, b, c, d, e, f);
	race_map_change_end(a);
	return result;
}

/* Others may fault in other mappings meanwhile. */
static unsigned long run_close(void *function, void *a, void *b, void *c, void *d, void *e, void *f)
{
	const struct vm_area_struct *vma = a;
	unsigned long result;

	race_map_change_begin(vma);
	result = call(vma, function, a, b, c, d, e, f);
	read_end(vma->vm_mm);
	return result;
}

static unsigned long run_fault(void *function, void *a, void *b, void *c, void *d, void *e, void *f)
{
	const struct vm_area_struct *vma = ((struct vm_fault *)a)->vma;
	const struct mm_struct *mm = vma->vm_mm;
	unsigned long result;

	race_acquire(mm, "fault", _THIS_IP_);
	result = call(vma, function, a, b, c, d, e, f);
	/* The lock may have been given back, and so the mapping. */
	read_end(mm);
	return result;
}

void race_map_operations(const struct vm_area_struct *vma)
{
	const struct vm_operations_struct *ops = vma->vm_ops;

	if (!race_is_of_module(ops))
		return;
	race_interpose(&ops->open, run_change, _THIS_IP_);
	race_interpose(&ops->close, run_close, _THIS_IP_);
	race_interpose(&ops->may_split, run_change, _THIS_IP_);
	race_interpose(&ops->mremap, run_change, _THIS_IP_);
	race_interpose(&ops->mprotect, run_change, _THIS_IP_);
	race_interpose(&ops->fault, run_fault, _THIS_IP_);
	race_interpose(&ops->huge_fault, run_fault, _THIS_IP_);
	race_interpose(&ops->map_pages, run_fault, _THIS_IP_);
	race_interpose(&ops->page_mkwrite, run_fault, _THIS_IP_);
	race_interpose(&ops->pfn_mkwrite, run_fault, _THIS_IP_);
}
