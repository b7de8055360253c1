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

#include <linux/minmax.h>
#include <linux/types.h>

#define RACE_SLOTS	128	/* threads at once; slot 0 is nobody's */
#define RACE_EPOCH_BITS	22
#define RACE_EPOCH_MAX	((1U << RACE_EPOCH_BITS) - 1)

/**
 * struct race_clock - an epoch of each slot
 * @of: it and all before it have happened
 */
struct race_clock {
	u32 of[RACE_SLOTS];
};

static inline void race_clock_join(struct race_clock *clock, const struct race_clock *other)
{
	int i;

	for (i = 0; i < RACE_SLOTS; i++)
		clock->of[i] = max(clock->of[i], other->of[i]);
}

#endif /* QUARTET_RACE_CLOCK_H */
