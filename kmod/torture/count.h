/* SPDX-License-Identifier: GPL-2.0-only */
/* The cost of uncontended paths: its ioctl. */
#ifndef QUARTET_TORTURE_COUNT_H
#define QUARTET_TORTURE_COUNT_H

#include <linux/compiler_types.h>

long count_torture_ioctl(void __user *argp);

#endif /* QUARTET_TORTURE_COUNT_H */
