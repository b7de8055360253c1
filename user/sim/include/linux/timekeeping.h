/* SPDX-License-Identifier: GPL-2.0-only */
/* Other clocks: all are the one. */
#ifndef SIM_TIMEKEEPING_H
#define SIM_TIMEKEEPING_H

#include <linux/ktime.h>

#define ktime_get_coarse_ns()	ktime_get_ns()
#define ktime_get_real_ns()	ktime_get_ns()

#endif /* SIM_TIMEKEEPING_H */
