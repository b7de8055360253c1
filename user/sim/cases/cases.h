/* SPDX-License-Identifier: GPL-2.0-only */
/* All cases: a line here, and they are explored and stressed. */
#ifndef SIM_CASES_H
#define SIM_CASES_H

#include <sim/case.h>

#define SIM_CASES(X) \
	X(mutex_normal) X(mutex_spinning) X(mutex_mixed) X(mutex_fifo) X(mutex_starving) \
	X(mutex_forms) X(mutex_resched) X(mutex_asleep) \
	X(mutex_signal) X(mutex_signal_normal) X(mutex_kill) X(mutex_timeout) \
	X(mutex_deadline_spinning) X(mutex_signal_spinning) \
	X(mutex_callback) X(mutex_callback_cancel) \
	X(misuse_reentrance) X(misuse_unlock) \
	X(named_rows) X(named_exit) X(named_waits) \
	X(deadlock_cycle) X(deadlock_chain) \
	X(spinlock_three) X(spinlock_four) X(spinlock_stores) X(spinlock_nodeless) \
	X(spinlock_cas) X(spinlock_yield) \
	X(spinner_queue_one) X(spinner_queue_two) \
	X(ring_last) X(ring_thieves) X(ring_bulk) X(ring_wrap) X(ring_again) \
	X(pool_scan) X(pool_private) X(pool_steal) X(pool_stores) X(pool_bulk) \
	X(pool_bounded) X(pool_debug) \
	X(rcu_replace)

#define SIM_DECLARE(name)	extern const struct sim_case name;
SIM_CASES(SIM_DECLARE)
#undef SIM_DECLARE

#endif /* SIM_CASES_H */
