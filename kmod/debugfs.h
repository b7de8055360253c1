/* SPDX-License-Identifier: GPL-2.0-only */
/* The debugfs directory's life, for main.c. */
#ifndef QUARTET_DEBUGFS_DIR_H
#define QUARTET_DEBUGFS_DIR_H

void quartet_debugfs_init(void);
void quartet_debugfs_exit(void);

#endif /* QUARTET_DEBUGFS_DIR_H */
