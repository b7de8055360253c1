/* SPDX-License-Identifier: (GPL-2.0-only OR LGPL-2.1-or-later) */
/*
 * Log-linear histogram of durations: where a value is counted, and which
 * value stands at a rank.
 *
 * Values below 2^SUB_BITS have a bucket each; every further power of two is
 * cut into 2^SUB_BITS buckets of equal width, so that no bucket is wider than
 * 1/32 = 3.2 % of the values in it. Values of 2^MAX_BITS (18 minutes in ns) and
 * above share the last bucket.
 *
 *   value    0 1 2 ... 31 | 32 33 ... 63 | 64,65  66,67 ... | 128-131 ...
 *   bucket   0 1 2 ... 31 | 32 33 ... 63 | 64     65    ... | 96 ...
 *
 * Pure arithmetic on an array that the caller owns and locks, so that the
 * module and the quartet command share it.
 */
#ifndef QUARTET_HISTOGRAM_H
#define QUARTET_HISTOGRAM_H

#include <linux/types.h>

#define QUARTET_HIST_SUB_BITS	5
#define QUARTET_HIST_MAX_BITS	40
#define QUARTET_HIST_BUCKETS \
	((QUARTET_HIST_MAX_BITS - QUARTET_HIST_SUB_BITS + 1) << QUARTET_HIST_SUB_BITS)

/* The bucket that @value is counted in. */
static inline unsigned int quartet_hist_index(__u64 value)
{
	unsigned int shift;

	if (value >> QUARTET_HIST_SUB_BITS == 0)
		return value;
	if (value >> QUARTET_HIST_MAX_BITS)
		return QUARTET_HIST_BUCKETS - 1;
	shift = 63 - QUARTET_HIST_SUB_BITS - __builtin_clzll(value);
	return (shift << QUARTET_HIST_SUB_BITS) + (value >> shift);
}

/* The smallest value that bucket @index counts. */
static inline __u64 quartet_hist_floor(unsigned int index)
{
	unsigned int shift;

	if (index < (2U << QUARTET_HIST_SUB_BITS))
		return index;
	shift = (index >> QUARTET_HIST_SUB_BITS) - 1;
	return ((__u64)(index & ((1U << QUARTET_HIST_SUB_BITS) - 1)) +
		(1U << QUARTET_HIST_SUB_BITS)) << shift;
}

/*
 * The value below or at which @permyriad ten-thousandths of all counted
 * values lie, rounded up to its bucket's end; 0 if nothing was counted.
 * p50 is 5000, p99.9 is 9990.
 */
static inline __u64 quartet_hist_percentile(const __u64 *buckets, unsigned int permyriad)
{
	__u64 total = 0, rank, seen = 0;
	unsigned int i;

	for (i = 0; i < QUARTET_HIST_BUCKETS; i++)
		total += buckets[i];
	if (!total)
		return 0;
	/* In two parts, so that total * permyriad cannot overflow. */
	rank = total / 10000 * permyriad + (total % 10000 * permyriad + 9999) / 10000;
	if (!rank)
		rank = 1;
	for (i = 0; i < QUARTET_HIST_BUCKETS - 1; i++) {
		seen += buckets[i];
		if (seen >= rank)
			break;
	}
	return quartet_hist_floor(i + 1) - 1;
}

#endif /* QUARTET_HISTOGRAM_H */
