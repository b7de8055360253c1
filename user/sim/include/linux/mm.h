/* SPDX-License-Identifier: GPL-2.0-only */
/* Large memory. Not page aligned: nobody maps it. */
#ifndef SIM_MM_H
#define SIM_MM_H

#include <linux/slab.h>

#define PAGE_SIZE	4096UL

#define kvmalloc(size, gfp)	kmalloc(size, gfp)
#define kvzalloc_node(size, gfp, node)	((void)(node), kzalloc(size, gfp))
#define kvmalloc_array(n, size, gfp)	kcalloc(n, size, gfp)

/* Nobody maps anything here. */
struct vm_area_struct { unsigned long vm_flags; };

static inline void vm_flags_mod(struct vm_area_struct *vma, unsigned long set, unsigned long clear)
{
	vma->vm_flags = (vma->vm_flags | set) & ~clear;
}

#endif /* SIM_MM_H */
