/* SPDX-License-Identifier: GPL-2.0-only */
/* A mapping of a file: mmap() and what changes mappings exclude each other, and faults, by mm. */
#ifndef QUARTET_RACE_MAP_H
#define QUARTET_RACE_MAP_H

struct vm_area_struct;

void race_map_change_begin(const struct vm_area_struct *vma);
void race_map_change_end(const struct vm_area_struct *vma);
/* A module's mmap() may have set these. */
void race_map_operations(const struct vm_area_struct *vma);

#endif /* QUARTET_RACE_MAP_H */
