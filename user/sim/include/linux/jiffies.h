/* SPDX-License-Identifier: GPL-2.0-only */
/* Ticks of a thousandth of a second. */
#ifndef SIM_JIFFIES_H
#define SIM_JIFFIES_H

#include <linux/ktime.h>

#define nsecs_to_jiffies64(ns)	((ns) / NSEC_PER_MSEC)

#endif /* SIM_JIFFIES_H */
