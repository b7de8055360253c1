// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mappings of a pool's slots.
 *
 * A mapping is of a file of its own, which has a reference to the object, and none to the handle:
 * so a handle ends with its last descriptor, whatever is still mapped.
 */
#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "../base/compat.h"
#include "limits.h"
#include "live.h"
#include "map.h"
#include "object.h"

/**
 * struct map - what is mapped
 * @object: with a reference
 * @memory: of its slots, from vmalloc
 */
struct map {
	struct dev_object *object;
	void *memory;
};

static vm_fault_t map_fault(struct vm_fault *vmf)
{
	const struct map *map = vmf->vma->vm_file->private_data;

	vmf->page = vmalloc_to_page(map->memory + (vmf->pgoff << PAGE_SHIFT));
	if (!vmf->page)
		return VM_FAULT_SIGBUS;
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct map_vm_ops = {
	.fault = map_fault,
};

static int map_release(struct inode *inode, struct file *file)
{
	struct map *map = file->private_data;

	object_put(map->object);
	kfree(map);
	atomic_dec(&live_mappings.count);
	return 0;
}

static const struct file_operations map_fops = {
	.owner = THIS_MODULE,
	.release = map_release,
	.llseek = noop_llseek,
};

static struct file *map_file(struct dev_object *object, void *memory)
{
	struct map *map = kmalloc(sizeof(*map), LIMITS_GFP);
	struct file *file;

	if (!map)
		return ERR_PTR(-ENOMEM);
	*map = (struct map){ .object = object, .memory = memory };
	file = anon_inode_getfile("[quartet-map]", &map_fops, map, O_RDWR);
	if (IS_ERR(file)) {
		kfree(map);
		return file;
	}
	object_get(object);
	atomic_inc(&live_mappings.count);
	return file;
}

/**
 * map_slots() - map all slots of a pool
 * @object: the pool
 * @memory: of its slots, from vmalloc
 * @len: of that, in bytes
 * @vma: where to: all of it, shared, not to be executed; a child that is forked does not get it
 *
 * Context: mmap.
 * Return: 0; -EINVAL for a length that is not right, an offset, or a private mapping; -EPERM to
 * execute; -ENOMEM.
 */
int map_slots(struct dev_object *object, void *memory, size_t len, struct vm_area_struct *vma)
{
	struct file *file;

	if (vma->vm_pgoff || vma->vm_end - vma->vm_start != PAGE_ALIGN(len) ||
	    !(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	if (vma->vm_flags & VM_EXEC)
		return -EPERM;
	file = map_file(object, memory);
	if (IS_ERR(file))
		return PTR_ERR(file);
	vma_set_file(vma, file);
	fput(file);
	quartet_vm_flags(vma, VM_DONTCOPY | VM_DONTEXPAND | VM_DONTDUMP, VM_MAYEXEC);
	vma->vm_ops = &map_vm_ops;
	return 0;
}
