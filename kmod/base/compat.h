/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All differences between kernel versions, each with the condition under
 * which it can go.
 */
#ifndef QUARTET_COMPAT_H
#define QUARTET_COMPAT_H

#include <linux/hrtimer.h>
#include <linux/version.h>

/*
 * The contention tracepoints are declared since 5.19 but exported only later
 * (Debian: in 6.12), so Kbuild looks for the export and defines
 * QUARTET_HAVE_CONTENTION_TRACEPOINTS. Goes when the oldest supported kernel
 * exports them.
 */
#ifdef QUARTET_HAVE_CONTENTION_TRACEPOINTS
#include <trace/events/lock.h>
#else
#define LCB_F_SPIN	0
static inline void trace_contention_begin(void *lock, unsigned int flags) { }
static inline void trace_contention_end(void *lock, int ret) { }
#endif

/* hrtimer_setup() came in 6.13 and replaced hrtimer_init(). Goes with 6.12. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*function)(struct hrtimer *timer),
				 clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#endif

#endif /* QUARTET_COMPAT_H */
