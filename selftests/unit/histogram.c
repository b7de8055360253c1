// SPDX-License-Identifier: GPL-2.0-only
/* Tests of kmod/base/histogram.h; each check is also shown to catch a wrong function. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <histogram.h>
#include <kselftest_harness.h>

#define LAST	(QUARTET_HIST_BUCKETS - 1)
#define SAMPLES	4000

static const __u64 limit = 1ULL << QUARTET_HIST_MAX_BITS;

typedef unsigned int (*index_fn)(__u64 value);
typedef __u64 (*percentile_fn)(const __u64 *buckets, unsigned int permyriad);

/* Fixed seed: a failure repeats. */
static __u64 random_u64(void)
{
	static __u64 state = 0x9e3779b97f4a7c15ULL;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* Any order of magnitude below limit is as likely as any other. */
static __u64 random_duration(void)
{
	return random_u64() >> (64 - QUARTET_HIST_MAX_BITS + random_u64() % QUARTET_HIST_MAX_BITS);
}

/* @value, below limit, lies in its bucket and the bucket is narrow. */
static bool placed(index_fn index, __u64 value)
{
	unsigned int i = index(value);
	__u64 floor, next;

	if (i > LAST)
		return false;
	floor = quartet_hist_floor(i);
	next = quartet_hist_floor(i + 1);
	return floor <= value && value < next &&
	       (next - floor == 1 || (next - floor) * 20 < floor);
}

/* The number of values that @index misplaces: around each power of two, and random ones. */
static unsigned int misplaced(index_fn index)
{
	unsigned int bad = 0;
	__u64 value;
	int i, near;

	for (i = 0; i < QUARTET_HIST_MAX_BITS; i++)
		for (near = -2; near <= 2; near++) {
			value = (1ULL << i) + near;
			if (value < limit)
				bad += !placed(index, value);
		}
	for (i = 0; i < 100000; i++)
		bad += !placed(index, random_duration());
	return bad;
}

/* The number of steps down that @index takes as values grow. */
static unsigned int descents(index_fn index)
{
	unsigned int i, bad = 0, before = 0;
	__u64 value;

	for (i = 0; i <= LAST; i++)
		for (value = quartet_hist_floor(i); value < quartet_hist_floor(i + 1);
		     value += 1 + (quartet_hist_floor(i + 1) - value) / 2) {
			bad += index(value) < before;
			before = index(value);
		}
	return bad;
}

static unsigned int index_off_by_one(__u64 value)
{
	return quartet_hist_index(value + 1);
}

static unsigned int index_too_coarse(__u64 value)
{
	return quartet_hist_index(value & ~(value >> 4));
}

static unsigned int index_descending(__u64 value)
{
	return quartet_hist_index(value ^ 1);
}

TEST(index_places_values)
{
	EXPECT_EQ(0, misplaced(quartet_hist_index));
	EXPECT_EQ(0, descents(quartet_hist_index));
}

TEST(index_checks_catch_wrong_functions)
{
	EXPECT_NE(0, misplaced(index_off_by_one));
	EXPECT_NE(0, misplaced(index_too_coarse));
	EXPECT_NE(0, descents(index_descending));
}

TEST(index_inverts_floor)
{
	unsigned int i;

	for (i = 0; i <= LAST; i++) {
		EXPECT_EQ(i, quartet_hist_index(quartet_hist_floor(i)));
		EXPECT_LT(quartet_hist_floor(i), quartet_hist_floor(i + 1));
	}
	EXPECT_EQ(limit, quartet_hist_floor(QUARTET_HIST_BUCKETS));
}

TEST(index_overflow)
{
	EXPECT_EQ(LAST, quartet_hist_index(limit - 1));
	EXPECT_EQ(LAST, quartet_hist_index(limit));
	EXPECT_EQ(LAST, quartet_hist_index(UINT64_MAX));
}

static int compare(const void *a, const void *b)
{
	__u64 x = *(const __u64 *)a, y = *(const __u64 *)b;

	return (x > y) - (x < y);
}

/* How many percentiles of one random sample are not the end of the exact value's bucket. */
static unsigned int wrong_percentiles(percentile_fn percentile, unsigned int count)
{
	__u64 sorted[SAMPLES], buckets[QUARTET_HIST_BUCKETS] = { 0 }, exact;
	unsigned int i, rank, bad = 0;

	for (i = 0; i < count; i++) {
		sorted[i] = random_duration();
		buckets[quartet_hist_index(sorted[i])]++;
	}
	qsort(sorted, count, sizeof(*sorted), compare);
	for (i = 0; i <= 10000; i += 10) {
		rank = (i * count + 9999) / 10000;
		exact = sorted[rank ? rank - 1 : 0];
		bad += percentile(buckets, i) !=
		       quartet_hist_floor(quartet_hist_index(exact) + 1) - 1;
	}
	return bad;
}

static __u64 percentile_off_by_one(const __u64 *buckets, unsigned int permyriad)
{
	return quartet_hist_percentile(buckets, permyriad > 10 ? permyriad - 10 : permyriad);
}

TEST(percentile_matches_sorted_values)
{
	unsigned int counts[] = { 1, 2, 3, 10, 999, 1000, 1001, SAMPLES }, i;

	for (i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		EXPECT_EQ(0, wrong_percentiles(quartet_hist_percentile, counts[i]));
}

TEST(percentile_check_catches_wrong_function)
{
	EXPECT_NE(0, wrong_percentiles(percentile_off_by_one, SAMPLES));
}

FIXTURE(histogram) {
	__u64 buckets[QUARTET_HIST_BUCKETS];
};

FIXTURE_SETUP(histogram)
{
	memset(self->buckets, 0, sizeof(self->buckets));
}

FIXTURE_TEARDOWN(histogram)
{
}

TEST_F(histogram, empty)
{
	EXPECT_EQ(0, quartet_hist_percentile(self->buckets, 0));
	EXPECT_EQ(0, quartet_hist_percentile(self->buckets, 5000));
	EXPECT_EQ(0, quartet_hist_percentile(self->buckets, 10000));
}

TEST_F(histogram, single)
{
	self->buckets[quartet_hist_index(17)] = 1;
	EXPECT_EQ(17, quartet_hist_percentile(self->buckets, 0));
	EXPECT_EQ(17, quartet_hist_percentile(self->buckets, 5000));
	EXPECT_EQ(17, quartet_hist_percentile(self->buckets, 10000));
}

TEST_F(histogram, overflow_bucket)
{
	self->buckets[quartet_hist_index(1)] = 1;
	self->buckets[quartet_hist_index(UINT64_MAX)] = 1;
	EXPECT_EQ(1, quartet_hist_percentile(self->buckets, 5000));
	EXPECT_EQ(limit - 1, quartet_hist_percentile(self->buckets, 5001));
}

/* total * permyriad is beyond 64 bits here. */
TEST_F(histogram, huge_totals)
{
	self->buckets[10] = 1ULL << 62;
	self->buckets[20] = (1ULL << 62) - 1;
	EXPECT_EQ(10, quartet_hist_percentile(self->buckets, 1));
	EXPECT_EQ(10, quartet_hist_percentile(self->buckets, 5000));
	EXPECT_EQ(20, quartet_hist_percentile(self->buckets, 5001));
	EXPECT_EQ(20, quartet_hist_percentile(self->buckets, 10000));
}

TEST_HARNESS_MAIN
