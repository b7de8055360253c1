/* SPDX-License-Identifier: GPL-2.0-only */
/* One clock, which tests advance; in the native world time passes by itself too. */
#ifndef SIM_KTIME_H
#define SIM_KTIME_H

#include <linux/types.h>

typedef s64 ktime_t;

#define NSEC_PER_MSEC	1000000L
#define NSEC_PER_SEC	1000000000L
#define KTIME_MAX	((s64)~((u64)1 << 63))

u64 ktime_get_ns(void);
#define ktime_get()		((ktime_t)ktime_get_ns())
#define ktime_compare(a, b)	((a) < (b) ? -1 : (a) > (b))
#define ktime_add_ns(t, ns)	((t) + (ktime_t)(ns))
#define ns_to_ktime(ns)		((ktime_t)(ns))
#define ktime_to_ns(t)		((s64)(t))
#define ktime_sub(a, b)		((a) - (b))

#endif /* SIM_KTIME_H */
