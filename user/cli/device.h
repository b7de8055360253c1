/* SPDX-License-Identifier: GPL-2.0-only */
/* What commands of quartet need of the modules. If it cannot be had, they say why and exit. */
#ifndef DEVICE_H
#define DEVICE_H

#include <stdnoreturn.h>

/* A descriptor of /dev/quartet_torture. */
int device_open(void);

/* For commands that go on by the library: /dev/quartet is there, and may be used. */
void device_check(void);

/* @path, of debugfs, could not be used, as errno says. */
noreturn void device_debugfs_refuse(const char *path);

#endif /* DEVICE_H */
