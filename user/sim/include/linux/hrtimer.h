/* SPDX-License-Identifier: GPL-2.0-only */
/* Sleeping until a time. */
#ifndef SIM_HRTIMER_H
#define SIM_HRTIMER_H

#include <linux/ktime.h>

enum hrtimer_mode { HRTIMER_MODE_ABS };

/* 0 at the time, -EINTR if woken before it. */
int schedule_hrtimeout(ktime_t *until, enum hrtimer_mode mode);

#endif /* SIM_HRTIMER_H */
