/* SPDX-License-Identifier: GPL-2.0-only */
/* All cases of the race detector, which has a program of its own: its data are large. */
#ifndef SIM_RACE_CASES_H
#define SIM_RACE_CASES_H

#define SIM_CASES(X) \
	X(race_repeated) X(race_renewed) X(race_renewed_part) X(race_renewed_read) \
	X(race_renewed_both) X(race_renewed_wide) X(race_slots) X(race_ordered) \
	X(race_ordered_again) X(race_marked) X(race_block_removed) X(race_block_recycled) \
	X(race_block_added) X(race_block_reused) X(race_clock_known) X(race_clock_evicted) \
	X(race_clock_looked_at) X(race_clock_shared) \
	X(race_clock_back) X(race_clock_forgotten) X(race_tree) X(race_tree_known) \
	X(race_place_kept) X(race_reborn) X(race_number_again)

#endif /* SIM_RACE_CASES_H */
