// SPDX-License-Identifier: GPL-2.0-only
/*
 * Out of memory, at each allocation of each ioctl in turn: -ENOMEM, and the next try works. What
 * would leak is found by the lab afterwards.
 */
#include "kselftest_harness.h"
#include "histogram.h"
#include "fault.h"
#include "mutex_run.h"

static int spin(int fd)
{
	struct quartet_torture_spin args = spin_args(QUARTET_SPIN_QUEUED);

	args.threads = 2;
	args.duration_ns = MSEC;
	return spin_run(fd, &args);
}

static int mutex(int fd)
{
	struct quartet_torture_mutex args = mutex_args(QUARTET_MUTEX_KIND_QUARTET);
	static __u64 hist[QUARTET_HIST_BUCKETS];

	args.request.threads = 2;
	args.request.duration_ns = MSEC;
	args.signal_us = 100;
	args.interruptible_permille = 500;
	args.idle_hist = (uintptr_t)hist;
	args.idle_hist_len = QUARTET_HIST_BUCKETS;
	return mutex_run(fd, &args);
}

static int count(int fd)
{
	struct quartet_torture_count args = {
		.size = sizeof(args), .path = QUARTET_COUNT_LOOP, .pairs = 1, .rounds = 1,
	};

	return ioctl(fd, QUARTET_TORTURE_COUNT, &args);
}

static int progress(int fd)
{
	struct quartet_torture_progress args = { .size = sizeof(args) };

	return ioctl(fd, QUARTET_TORTURE_PROGRESS, &args);
}

FIXTURE(failslab) {
	int fd;
};

FIXTURE_SETUP(failslab)
{
	self->fd = open("/dev/quartet_torture", O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(failslab)
{
	close(self->fd);
}

FIXTURE_VARIANT(failslab) {
	int (*call)(int fd);
	int allocates;
};

FIXTURE_VARIANT_ADD(failslab, spin) { .call = spin, .allocates = 3 };
FIXTURE_VARIANT_ADD(failslab, mutex) { .call = mutex, .allocates = 3 };
FIXTURE_VARIANT_ADD(failslab, count) { .call = count, .allocates = 0 };
FIXTURE_VARIANT_ADD(failslab, progress) { .call = progress, .allocates = 0 };

TEST_F_TIMEOUT(failslab, every_allocation, 120)
{
	int nth, n, err, error, reached, failed = 0;

	nth = fault_open();
	if (nth < 0)
		SKIP(return, "this kernel does not inject faults");
	for (n = 1; n < MOST; n++) {
		ASSERT_EQ(0, fail_nth(nth, n));
		err = variant->call(self->fd);
		error = errno;
		reached = !left(nth);
		ASSERT_EQ(0, fail_nth(nth, 0));
		if (!reached)
			break;
		failed += !!err;
		if (err)
			EXPECT_EQ(ENOMEM, error) TH_LOG("allocation %d", n);
		err = variant->call(self->fd);
		EXPECT_TRUE(!err || errno == EOPNOTSUPP) TH_LOG("after allocation %d", n);
	}
	close(nth);
	EXPECT_LT(n, MOST);
	EXPECT_LT(variant->allocates, n);
	if (variant->allocates)
		EXPECT_LT(0, failed);
}

TEST_HARNESS_MAIN
