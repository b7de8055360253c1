/* SPDX-License-Identifier: GPL-2.0-only */
/* All cases: a line here, and they are explored and stressed. */
#ifndef SIM_CASES_H
#define SIM_CASES_H

#include <sim/case.h>

#ifdef SIM_RACE
#include "../race/cases.h"
#else
#define SIM_CASES(X) \
	X(mutex_normal) X(mutex_spinning) X(mutex_mixed) X(mutex_fifo) X(mutex_starving) \
	X(mutex_forms) X(mutex_resched) X(mutex_asleep) X(mutex_barging) \
	X(mutex_signal) X(mutex_signal_normal) X(mutex_kill) X(mutex_timeout) \
	X(mutex_deadline_spinning) X(mutex_signal_spinning) \
	X(mutex_deadline_asleep) X(mutex_signal_asleep) \
	X(mutex_kill_only) X(mutex_resched_hog) X(mutex_asleep_hog) X(mutex_starving_hog) \
	X(mutex_modes) X(mutex_clock) X(mutex_head_spinning) \
	X(mutex_callback) X(mutex_callback_cancel) \
	X(misuse_reentrance) X(misuse_unlock) X(misuse_many) X(misuse_yield) \
	X(transitions_sums) X(named_same) X(named_races) \
	X(named_untraced) X(named_rows) X(named_exit) X(named_unwatch) X(named_waits) \
	X(deadlock_cycle) X(deadlock_three) X(deadlock_chain) X(deadlock_chains) \
	X(deadlock_reported) X(deadlock_signal) \
	X(spinlock_three) X(spinlock_again) X(spinlock_four) X(spinlock_try) \
	X(spinlock_stores) X(spinlock_nodeless) X(spinlock_looks) X(spinlock_newest) \
	X(spinlock_order) \
	X(spinlock_cas) X(spinlock_yield) \
	X(spinner_queue_one) X(spinner_queue_two) X(spinner_queue_crossing) \
	X(spinner_queue_staying) X(spinner_queue_again) \
	X(ring_last) X(ring_last_bulk) X(ring_reach) X(ring_reach_bulk) \
	X(ring_thieves) X(ring_bulk) \
	X(ring_wrap) X(ring_wrap_bulk) X(ring_again) \
	X(pool_scan) X(pool_private) X(pool_steal) X(pool_stores) X(pool_bulk) \
	X(pool_bounded) X(pool_debug) \
	X(memo_rcu) X(memo_lock) X(memo_monitor) X(memo_monitor_stores) X(memo_stores) \
	X(memo_busy) X(memo_busy_for_long) \
	X(memo_interrupted) X(memo_error) X(memo_deadlock) X(memo_deadlock_mutex) \
	X(memo_promotion) X(memo_signal) X(memo_deadline) X(memo_signal_result) \
	X(memo_forget) X(memo_clear) X(memo_clear_computing) X(memo_forget_computing) \
	X(memo_destroy) X(memo_destroy_function) X(memo_expire) X(memo_broom) X(memo_evict) \
	X(memo_refresh) X(memo_refresh_late) X(memo_no_room) \
	X(memo_async) X(memo_cancel) X(memo_cancel_abandon) \
	X(memo_edges) \
	X(memo_token) X(memo_token_lock) X(memo_token_monitor) X(memo_token_forget) \
	X(memo_token_refresh) X(memo_forget_empty) \
	X(dev_owner_dies) X(dev_cancel) X(dev_cancel_late) X(dev_cancel_twice) \
	X(dev_stop) X(dev_stop_asleep) X(dev_deadline) X(dev_deadline_late) \
	X(dev_deadline_later) X(dev_cancel_over) \
	X(dev_read_cancel) X(dev_readers_cancel) X(dev_read_next) X(dev_readers_two) \
	X(dev_event_stale) X(dev_exit) X(dev_close) \
	X(dev_unrecoverable) X(dev_slots) X(dev_slots_cancel) X(dev_slots_die) \
	X(dev_leader_dies) X(dev_lead_cancelled) X(dev_lead_exit) \
	X(dev_death_unlock) X(dev_death_cancel) X(dev_death_two_last) \
	X(dev_death_of_thread) X(dev_death_two_ties) X(dev_death_close) \
	X(dev_death_unload) X(dev_death_late_ask) \
	X(dev_death_ask_at_once) X(dev_death_told_as_of) \
	X(rcu_replace) \
	X(broken_exclusion) X(broken_deadlock) X(broken_wakeup) X(broken_barrier) \
	X(broken_barrier_unseen) X(broken_livelock) X(broken_leak) X(broken_assertion) \
	X(broken_order) X(broken_memo_rcu) X(broken_memo_lock) X(broken_memo_monitor)
#endif

#define SIM_DECLARE(name)	extern const struct sim_case name;
SIM_CASES(SIM_DECLARE)
#undef SIM_DECLARE

#endif /* SIM_CASES_H */
