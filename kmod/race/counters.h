/* SPDX-License-Identifier: GPL-2.0-only */
/* What the detector has seen, and what it could not look at. */
#ifndef QUARTET_RACE_COUNTERS_H
#define QUARTET_RACE_COUNTERS_H

#include <linux/percpu.h>
#include <linux/types.h>

/* X(NAME, name in debugfs, what it counts) */
#define RACE_COUNTERS(X) \
	X(RACES, "races", "pairs of accesses without order, each pair of places once") \
	X(SUPPRESSED, "suppressed", "races that are not reported, as suppress says") \
	X(REPEATED, "repeated", "races that had been reported before") \
	X(NO_CONTEXT, "no_context", "calls that are not in stacks: contexts=") \
	X(NO_THREAD, "no_thread", "accesses by threads without a slot, not checked") \
	X(NO_EPOCH, "no_epoch", "threads that have used up their epochs, no more checked") \
	X(NO_BLOCK, "no_block", "memory that is not watched: blocks=") \
	X(NO_RECORD, "no_record", "allocations that are not watched: allocations=") \
	X(NO_CALLBACK, "no_callback", "too many functions: what may be is in order: callbacks=") \
	X(NO_CACHE, "no_cache", "typesafe caches too many: no objects of caches are watched") \
	X(EVICTED_CELLS, "evicted_cells", "accesses forgotten for newer ones") \
	X(EVICTED_CLOCKS, "evicted_clocks", "clocks forgotten, and merged: clocks=")

enum race_counter {
#define RACE_COUNTER(name, ...) RACE_##name,
	RACE_COUNTERS(RACE_COUNTER)
#undef RACE_COUNTER
	RACE_COUNTERS_END
};

DECLARE_PER_CPU(u64[RACE_COUNTERS_END], race_counters);

static inline void race_count(enum race_counter counter)
{
	this_cpu_inc(race_counters[counter]);
}

u64 race_counter_sum(enum race_counter counter);
void race_counters_clear(void);

#endif /* QUARTET_RACE_COUNTERS_H */
