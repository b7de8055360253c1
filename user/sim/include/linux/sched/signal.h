/* SPDX-License-Identifier: GPL-2.0-only */
/* See linux/sched.h. */
#include <linux/sched.h>
