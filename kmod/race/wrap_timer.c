// SPDX-License-Identifier: GPL-2.0-only
/* Timers of both kinds. */
#include <linux/hrtimer.h>
#include <linux/timer.h>

#include "callbacks.h"
#include "compat.h"
#include "wrap.h"

/* The timer may be freed by its function. */
static unsigned long run(const struct race_call *call)
{
	struct timer_list *timer = call->arg[0];

	race_callback_begin(timer, "start of the timer's function");
	race_call(call);
	race_callback_end(timer, "end of the timer's function");
	return 0;
}

/* The function may be taken away meanwhile, for good (litmus: race-timer). */
static void ask(struct timer_list *timer, const char *what, unsigned long pc)
{
	void *old = READ_ONCE(timer->function);
	void *function = race_callback(old, run);

	if (old != function)
		cmpxchg(&timer->function, old, function);
	race_release(timer, what, pc);
}

#define MODIFY(name)								\
	RACE_WRAP(int, name, struct timer_list *timer, unsigned long expires)	\
	{									\
		ask(timer, #name, _RET_IP_);					\
		return name(timer, expires);					\
	}

#define ADD(name)								\
	RACE_WRAP(void, name, struct timer_list *timer)				\
	{									\
		ask(timer, #name, _RET_IP_);					\
		name(timer);							\
	}

MODIFY(mod_timer)
MODIFY(mod_timer_pending)
MODIFY(timer_reduce)
ADD(add_timer)
#ifdef RACE_ADD_TIMER_LOCAL
ADD(add_timer_local)
ADD(add_timer_global)
#endif

RACE_WRAP(void, add_timer_on, struct timer_list *timer, int cpu)
{
	ask(timer, "add_timer_on", _RET_IP_);
	add_timer_on(timer, cpu);
}

/* A function that stops a timer; it has not waited if it returns less than @waited. */
#define STOP(name, type, waited)						\
	RACE_WRAP(int, name, type *timer)					\
	{									\
		int was = name(timer);						\
										\
		if (was > 0)							\
			race_acquire(timer, #name, _RET_IP_);			\
		if (was >= (waited))						\
			race_callback_over(timer, #name, _RET_IP_);		\
		return was;							\
	}

STOP(timer_delete, struct timer_list, 2)
STOP(timer_shutdown, struct timer_list, 2)
STOP(timer_delete_sync, struct timer_list, 0)
STOP(timer_shutdown_sync, struct timer_list, 0)
STOP(RACE_TIMER_DELETE_SYNC_TRY, struct timer_list, 0)

/* One that starts itself again may come to run on another CPU. */
static unsigned long run_hrtimer(const struct race_call *call)
{
	struct hrtimer *timer = call->arg[0];
	unsigned long restart;

	race_callback_begin(timer, "start of the hrtimer's function");
	restart = race_call(call);
	race_callback_end(timer, "end of the hrtimer's function");
	return restart;
}

RACE_WRAP(void, hrtimer_start_range_ns, struct hrtimer *timer, ktime_t time, u64 range,
	  const enum hrtimer_mode mode)
{
	void *function = race_callback(race_hrtimer_function(timer), run_hrtimer);

	if (race_hrtimer_function(timer) != function)
		WRITE_ONCE(race_hrtimer_function(timer), function);
	race_release(timer, "hrtimer_start", _RET_IP_);
	hrtimer_start_range_ns(timer, time, range, mode);
}

STOP(hrtimer_cancel, struct hrtimer, 0)
STOP(hrtimer_try_to_cancel, struct hrtimer, 0)
