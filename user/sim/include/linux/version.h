/* SPDX-License-Identifier: GPL-2.0-only */
/* As new as any, so that compat.h has nothing to do. */
#define KERNEL_VERSION(a, b, c)	(((a) << 16) + ((b) << 8) + (c))
#define LINUX_VERSION_CODE	KERNEL_VERSION(7, 255, 0)
