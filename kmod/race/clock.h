/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Vector clocks: what of each thread has happened before.
 *
 * A thread counts its epochs; a new one begins with each release. Everything that it does in one
 * epoch is ordered in the same way with what others do, so an access is remembered as the slot and
 * the epoch of its thread (FastTrack), and has happened before whoever knows that epoch.
 */
#ifndef QUARTET_RACE_CLOCK_H
#define QUARTET_RACE_CLOCK_H

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/types.h>

#define RACE_SLOTS	128	/* threads at once; slot 0 is nobody's */
#define RACE_EPOCH_BITS	22
#define RACE_EPOCH_MAX	((1U << RACE_EPOCH_BITS) - 1)
#define RACE_CLOCK_WORDS	(RACE_SLOTS / 2)

/**
 * struct race_clock - an epoch of each slot
 * @of: it and all before it have happened
 * @word: two of them, to see quickly that they are the same in another clock
 */
struct race_clock {
	union {
		u32 of[RACE_SLOTS];
		u64 word[RACE_CLOCK_WORDS];
	};
};

/*
 * Others may raise it at the same time (K): none of them is lost (litmus: race-raise-join). A full
 * barrier, if it is raised.
 */
static __always_inline bool race_clock_raise(u32 *epoch, u32 other)
{
	u32 old = READ_ONCE(*epoch);

	do {
		if (old >= other)
			return false;
	} while (!try_cmpxchg(epoch, &old, other));	/* K */
	return true;
}

/* True if something is new. Most clocks that meet are much the same. */
static inline bool race_clock_join(struct race_clock *clock, const struct race_clock *other)
{
	bool new = false;
	int i;

#pragma GCC unroll 16
	for (i = 0; i < RACE_CLOCK_WORDS; i++) {
		/* What is raised now is told by what is counted next: see race_release_again(). */
		if (likely(data_race(clock->word[i] == other->word[i])))
			continue;
		new |= race_clock_raise(&clock->of[2 * i], READ_ONCE(other->of[2 * i]));
		new |= race_clock_raise(&clock->of[2 * i + 1], READ_ONCE(other->of[2 * i + 1]));
	}
	return new;
}

#endif /* QUARTET_RACE_CLOCK_H */
