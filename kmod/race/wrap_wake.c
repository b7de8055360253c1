// SPDX-License-Identifier: GPL-2.0-only
/* Tasks: sleep until they are woken. */
#include <linux/hrtimer.h>
#include <linux/sched.h>
#include <linux/wait.h>

#include "wait.h"
#include "wrap.h"

RACE_WRAP(int, wake_up_process, struct task_struct *task)
{
	race_release(race_wakes_of(task), "wake_up_process", _RET_IP_);
	return wake_up_process(task);
}

RACE_WRAP(void, schedule, void)
{
	schedule();
	race_acquire(race_wakes_of(current), "schedule", _RET_IP_);
}

RACE_WRAP(void, io_schedule, void)
{
	io_schedule();
	race_acquire(race_wakes_of(current), "io_schedule", _RET_IP_);
}

#define SLEEP(name)							\
	RACE_WRAP(long, name, long timeout)				\
	{								\
		long left = name(timeout);				\
									\
		race_acquire(race_wakes_of(current), #name, _RET_IP_);	\
		return left;						\
	}

SLEEP(schedule_timeout)
SLEEP(schedule_timeout_interruptible)
SLEEP(schedule_timeout_killable)
SLEEP(schedule_timeout_uninterruptible)
SLEEP(schedule_timeout_idle)
SLEEP(io_schedule_timeout)

RACE_WRAP(int, schedule_hrtimeout, ktime_t *expires, const enum hrtimer_mode mode)
{
	int err = schedule_hrtimeout(expires, mode);

	race_acquire(race_wakes_of(current), "schedule_hrtimeout", _RET_IP_);
	return err;
}

RACE_WRAP(int, schedule_hrtimeout_range, ktime_t *expires, u64 range,
	  const enum hrtimer_mode mode)
{
	int err = schedule_hrtimeout_range(expires, range, mode);

	race_acquire(race_wakes_of(current), "schedule_hrtimeout_range", _RET_IP_);
	return err;
}

RACE_WRAP(long, wait_woken, struct wait_queue_entry *entry, unsigned int mode, long timeout)
{
	long left = wait_woken(entry, mode, timeout);

	race_acquire(race_wakes_of(current), "wait_woken", _RET_IP_);
	return left;
}
