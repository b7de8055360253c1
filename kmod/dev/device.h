/* SPDX-License-Identifier: GPL-2.0-only */
/* What main.c needs of this folder. */
#ifndef QUARTET_DEV_DEVICE_H
#define QUARTET_DEV_DEVICE_H

struct seq_file;

int quartet_objects_show(struct seq_file *m, void *unused);
int device_init(void);
void device_exit(void);

#endif /* QUARTET_DEV_DEVICE_H */
