// SPDX-License-Identifier: GPL-2.0-only
/* Work of a given length in loops, and how many loops that is on this machine. */
#include <linux/compiler.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/preempt.h>

#include "work.h"

#define CALIBRATION_LOOPS	65536UL
#define CALIBRATION_ROUNDS	8

/* Written by work_calibrate() before the threads that read it are started. */
static u64 loops_per_ms;

static noinline void work_loop(u64 loops)
{
	while (loops--)
		barrier();
}

static u64 work_time_once(void)
{
	u64 start;

	preempt_disable();
	start = ktime_get_mono_fast_ns();
	work_loop(CALIBRATION_LOOPS);
	start = ktime_get_mono_fast_ns() - start;
	preempt_enable();
	return start;
}

/*
 * Takes the fastest round ever: whatever disturbs one only makes it slower, and runs that are
 * compared must do the same work. One caller at a time.
 */
void work_calibrate(void)
{
	static u64 ns = U64_MAX;
	int i;

	for (i = 0; i < CALIBRATION_ROUNDS; i++)
		ns = min(ns, work_time_once());
	loops_per_ms = div64_u64(CALIBRATION_LOOPS * (u64)NSEC_PER_MSEC, max(ns, 1ULL));
}

/* Any context. @ns up to an hour does not overflow at 10^6 loops a millisecond. */
void work_for(u64 ns)
{
	work_loop(div_u64(ns * loops_per_ms, NSEC_PER_MSEC));
}
