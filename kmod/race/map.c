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

static unsigned long run_change(const struct race_call *call)
{
	const struct vm_area_struct *vma = call->arg[0];
	unsigned long result;

	race_map_change_begin(vma);
	result = race_file_method(vma->vm_file, call);
	race_map_change_end(vma);
	return result;
}

/* Others may fault in other mappings meanwhile. */
static unsigned long run_close(const struct race_call *call)
{
	const struct vm_area_struct *vma = call->arg[0];
	unsigned long result;

	race_map_change_begin(vma);
	result = race_file_method(vma->vm_file, call);
	read_end(vma->vm_mm);
	return result;
}

static unsigned long run_fault(const struct race_call *call)
{
	const struct vm_fault *fault = call->arg[0];
	const struct mm_struct *mm = fault->vma->vm_mm;
	unsigned long result;

	race_acquire(mm, "fault", _THIS_IP_);
	result = race_file_method(fault->vma->vm_file, call);
	/* The lock may have been given back, and so the mapping. */
	read_end(mm);
	return result;
}

#define SLOT(method, run)	RACE_SLOT(vm_operations_struct, method, run)

static const struct race_slot slots[] = {
	SLOT(open, run_change),
	SLOT(close, run_close),
	SLOT(may_split, run_change),
	SLOT(mremap, run_change),
	SLOT(mprotect, run_change),
	SLOT(fault, run_fault),
	SLOT(huge_fault, run_fault),
	SLOT(map_pages, run_fault),
	SLOT(page_mkwrite, run_fault),
	SLOT(pfn_mkwrite, run_fault),
};

void race_map_operations(const struct vm_area_struct *vma)
{
	race_interpose(vma->vm_ops, slots, _THIS_IP_);
}
