/* SPDX-License-Identifier: GPL-2.0-only */
/* Sleeping until a time; and timers, which run when a case says so. */
#ifndef SIM_HRTIMER_H
#define SIM_HRTIMER_H

#include <time.h>

#include <linux/atomic.h>
#include <linux/ktime.h>

enum hrtimer_mode { HRTIMER_MODE_ABS };
enum hrtimer_restart { HRTIMER_NORESTART };

/**
 * struct hrtimer - something to do at a time
 * @started: and has neither run nor been cancelled
 */
struct hrtimer {
	enum hrtimer_restart (*function)(struct hrtimer *timer);
	u32 started;
};

#define SIM_TIMER_XCHG(timer, value) \
	SIM_XCHG(&(timer)->started, value, __ATOMIC_SEQ_CST, "hrtimer", "timer->started")

#define hrtimer_setup(timer, run, clock, mode) \
	((void)((timer)->function = (run), (timer)->started = 0))
#define hrtimer_start(timer, time, mode)	((void)(time), (void)SIM_TIMER_XCHG(timer, 1))
#define hrtimer_cancel(timer)			((void)SIM_TIMER_XCHG(timer, 0))

/* The time has come, whatever the clock says; false if it has not been started. */
static inline bool sim_hrtimer_run(struct hrtimer *timer)
{
	if (!SIM_TIMER_XCHG(timer, 0))
		return false;
	timer->function(timer);
	return true;
}

/* 0 at the time, -EINTR if woken before it. */
int schedule_hrtimeout(ktime_t *until, enum hrtimer_mode mode);

#endif /* SIM_HRTIMER_H */
