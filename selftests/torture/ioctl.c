// SPDX-License-Identifier: GPL-2.0-only
/* Bad input to the torture device: each gets its documented errno and starts nothing. */
#include <sys/mman.h>

#include "kselftest_harness.h"
#include "../torture/spin_run.h"
#include "histogram.h"

FIXTURE(bad) {
	int fd;
	struct quartet_torture_spin args;
};

FIXTURE_SETUP(bad)
{
	self->fd = torture_open();
	ASSERT_LE(0, self->fd);
	self->args = spin_args(QUARTET_SPIN_QUEUED);
	self->args.duration_ns = 10 * MSEC;
}

/* Whatever was refused, a good run works right after it. */
FIXTURE_TEARDOWN(bad)
{
	struct quartet_torture_spin good = spin_args(QUARTET_SPIN_QUEUED);

	good.duration_ns = 10 * MSEC;
	EXPECT_EQ(0, spin_run(self->fd, &good));
	close(self->fd);
}

#define EXPECT_REFUSED(error, run) do { \
	EXPECT_EQ(-1, run); \
	EXPECT_EQ(error, errno); \
} while (0)

#define EXPECT_REFUSED_WITH(error, field, value) do { \
	struct quartet_torture_spin changed = self->args; \
	changed.field = value; \
	EXPECT_REFUSED(error, spin_run(self->fd, &changed)); \
} while (0)

TEST_F(bad, unknown_command)
{
	EXPECT_REFUSED(ENOTTY, ioctl(self->fd, _IO(QUARTET_TORTURE_MAGIC, 0x8f), &self->args));
	EXPECT_REFUSED(ENOTTY, ioctl(self->fd, _IO('x', 0x80), &self->args));
}

TEST_F(bad, size)
{
	struct {
		struct quartet_torture_spin args;
		__u64 tail;
	} longer = { .args = self->args };

	EXPECT_REFUSED_WITH(EINVAL, size, 0);
	EXPECT_REFUSED_WITH(EINVAL, size, 4);
	EXPECT_REFUSED_WITH(EINVAL, size, sizeof(self->args) - 1);
	EXPECT_REFUSED_WITH(E2BIG, size, 1 << 20);
	EXPECT_REFUSED_WITH(E2BIG, size, 0xffffffff);
	longer.args.size = sizeof(longer);
	EXPECT_EQ(0, ioctl(self->fd, QUARTET_TORTURE_SPIN, &longer));
	longer.tail = 1;
	EXPECT_REFUSED(E2BIG, ioctl(self->fd, QUARTET_TORTURE_SPIN, &longer));
}

TEST_F(bad, flags)
{
	for (int bit = 0; bit < 32; bit++)
		if (!(1U << bit & QUARTET_TORTURE_SPIN_FLAGS))
			EXPECT_REFUSED_WITH(EINVAL, flags, 1U << bit);
	EXPECT_REFUSED_WITH(EINVAL, flags, QUARTET_TORTURE_NEST);
	self->args.think_ns = 4 * self->args.hold_ns - 1;
	EXPECT_REFUSED_WITH(EINVAL, flags, QUARTET_TORTURE_EXHAUST);
	self->args.kind = QUARTET_SPIN_YIELD;
	EXPECT_REFUSED_WITH(EINVAL, flags, QUARTET_TORTURE_SOFTIRQ);
	EXPECT_REFUSED_WITH(EINVAL, flags, QUARTET_TORTURE_HARDIRQ);
	EXPECT_REFUSED_WITH(EINVAL, flags, QUARTET_TORTURE_EXHAUST);
}

TEST_F(bad, reserved)
{
	EXPECT_REFUSED_WITH(EINVAL, reserved, 1);
	EXPECT_REFUSED_WITH(EINVAL, reserved, 1U << 31);
}

TEST_F(bad, numbers)
{
	EXPECT_REFUSED_WITH(EINVAL, kind, QUARTET_SPIN_KINDS);
	EXPECT_REFUSED_WITH(EINVAL, kind, 0xffffffff);
	EXPECT_REFUSED_WITH(EINVAL, threads, 0);
	EXPECT_REFUSED_WITH(EINVAL, threads, QUARTET_TORTURE_MAX_THREADS + 1);
	EXPECT_REFUSED_WITH(EINVAL, threads, 1000000);
	EXPECT_REFUSED_WITH(EINVAL, hold_ns, 3600000000000ULL);
	EXPECT_REFUSED_WITH(EINVAL, hold_ns, QUARTET_TORTURE_MAX_WORK_NS + 1);
	EXPECT_REFUSED_WITH(EINVAL, think_ns, ~0ULL);
	EXPECT_REFUSED_WITH(EINVAL, duration_ns, 0);
	EXPECT_REFUSED_WITH(EINVAL, duration_ns, QUARTET_TORTURE_MAX_TIME_NS + 1);
	EXPECT_REFUSED_WITH(EINVAL, trylock_permille, 1001);
	EXPECT_REFUSED_WITH(EINVAL, stutter_ms, QUARTET_TORTURE_MAX_PERIOD_MS + 1);
	EXPECT_REFUSED_WITH(EINVAL, shuffle_ms, 0xffffffff);
	EXPECT_REFUSED_WITH(EINVAL, onoff_ms, QUARTET_TORTURE_MAX_PERIOD_MS + 1);
}

static void cpus_are(struct quartet_torture_spin *args, const void *cpus, __u32 size)
{
	args->cpus = (unsigned long)cpus;
	args->cpus_size = size;
}

static bool can_offline(void)
{
	return !access("/sys/devices/system/cpu/cpu1/online", F_OK);
}

TEST_F(bad, cpu_mask)
{
	unsigned char none[8] = { }, far[2048] = { [0] = 1, [2047] = 0x80 };
	__u64 absent = 1ULL << 63, first = 1;
	int error;

	EXPECT_REFUSED_WITH(EINVAL, cpus_size, 8);
	EXPECT_REFUSED_WITH(EINVAL, cpus, (unsigned long)&first);
	cpus_are(&self->args, none, sizeof(none));
	EXPECT_REFUSED(EINVAL, spin_run(self->fd, &self->args));
	cpus_are(&self->args, &absent, sizeof(absent));
	EXPECT_REFUSED(ENODEV, spin_run(self->fd, &self->args));
	cpus_are(&self->args, far, sizeof(far));
	EXPECT_REFUSED(ENODEV, spin_run(self->fd, &self->args));
	cpus_are(&self->args, far, 1 << 20);
	EXPECT_REFUSED(EINVAL, spin_run(self->fd, &self->args));
	cpus_are(&self->args, (void *)8, sizeof(absent));
	EXPECT_REFUSED(EFAULT, spin_run(self->fd, &self->args));
	cpus_are(&self->args, &first, sizeof(first));
	EXPECT_EQ(0, spin_run(self->fd, &self->args));
	/* With one CPU there is none to take away; some kernels cannot take any. */
	error = can_offline() ? EINVAL : EOPNOTSUPP;
	EXPECT_REFUSED_WITH(error, onoff_ms, 10);
}

TEST_F(bad, offline_cpu)
{
	int online = open("/sys/devices/system/cpu/cpu1/online", O_WRONLY);
	__u64 second = 2;

	if (online < 0)
		SKIP(return, "CPU 1 cannot be taken offline");
	ASSERT_EQ(1, write(online, "0", 1));
	cpus_are(&self->args, &second, sizeof(second));
	EXPECT_REFUSED(ENODEV, spin_run(self->fd, &self->args));
	ASSERT_EQ(1, write(online, "1", 1));
	EXPECT_EQ(0, spin_run(self->fd, &self->args));
	close(online);
}

TEST_F(bad, pointers)
{
	static __u64 hist[QUARTET_HIST_BUCKETS];
	long page = sysconf(_SC_PAGESIZE);
	struct quartet_torture_spin *readonly;

	EXPECT_REFUSED(EFAULT, ioctl(self->fd, QUARTET_TORTURE_SPIN, NULL));
	EXPECT_REFUSED(EFAULT, ioctl(self->fd, QUARTET_TORTURE_SPIN, (void *)8));
	EXPECT_REFUSED(EFAULT, ioctl(self->fd, QUARTET_TORTURE_PROGRESS, (void *)8));
	EXPECT_REFUSED_WITH(EINVAL, contenders_len, 4);
	EXPECT_REFUSED_WITH(EINVAL, contenders, (unsigned long)hist);
	EXPECT_REFUSED_WITH(EINVAL, wait_hist, (unsigned long)hist);
	EXPECT_REFUSED_WITH(EINVAL, wait_hist_len, QUARTET_HIST_BUCKETS);
	self->args.wait_hist_len = QUARTET_HIST_BUCKETS;
	EXPECT_REFUSED_WITH(EFAULT, wait_hist, 8);
	self->args.wait_hist_len = 0;
	self->args.contenders_len = 0xffffffff;
	EXPECT_REFUSED_WITH(EFAULT, contenders, 8);
	self->args.contenders_len = 0;

	readonly = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, readonly);
	*readonly = spin_args(QUARTET_SPIN_QUEUED);
	readonly->duration_ns = 10 * MSEC;
	ASSERT_EQ(0, mprotect(readonly, page, PROT_READ));
	EXPECT_REFUSED(EFAULT, spin_run(self->fd, readonly));
	munmap(readonly, page);
}

TEST_F(bad, progress_size)
{
	struct quartet_torture_progress progress = { .size = sizeof(progress) - 1 };

	EXPECT_REFUSED(EINVAL, ioctl(self->fd, QUARTET_TORTURE_PROGRESS, &progress));
	progress.size = 1 << 20;
	EXPECT_REFUSED(E2BIG, ioctl(self->fd, QUARTET_TORTURE_PROGRESS, &progress));
	progress.size = sizeof(progress);
	EXPECT_EQ(0, ioctl(self->fd, QUARTET_TORTURE_PROGRESS, &progress));
	EXPECT_EQ(0, progress.running);
}

TEST_F(bad, not_root)
{
	pid_t child = fork();
	int status;

	if (!child) {
		if (setuid(65534) || torture_open() >= 0 || errno != EACCES)
			_exit(1);
		_exit(0);
	}
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_EQ(0, status);
}

TEST_HARNESS_MAIN
