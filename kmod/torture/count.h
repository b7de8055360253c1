/* SPDX-License-Identifier: GPL-2.0-only */
/* The cost of paths: its ioctl, and how a path is marked. */
#ifndef QUARTET_TORTURE_COUNT_H
#define QUARTET_TORTURE_COUNT_H

#include <linux/compiler.h>

/*
 * Where what is counted begins and ends, for a QEMU plugin that counts too
 * (selftests/lab/locked.c): a long no-operation that no compiler emits.
 */
#ifdef CONFIG_X86_64
#define COUNT_MARK(number) \
	({ asm volatile("nopl %c0(%%rax)" : : "i" (0x51430000 + (number)) : "memory"); })
#else
#define COUNT_MARK(number)	barrier()
#endif
#define COUNT_END	0xffff

long count_torture_ioctl(void __user *argp);

#endif /* QUARTET_TORTURE_COUNT_H */
