/* SPDX-License-Identifier: GPL-2.0-only */
/* Mappings of a pool's slots. */
#ifndef QUARTET_DEV_MAP_H
#define QUARTET_DEV_MAP_H

#include <linux/types.h>

struct dev_object;
struct vm_area_struct;

int map_slots(struct dev_object *object, void *memory, size_t len, struct vm_area_struct *vma);

#endif /* QUARTET_DEV_MAP_H */
