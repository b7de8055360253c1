/* SPDX-License-Identifier: GPL-2.0-only */
/* A run of the spinlock torture for tests: sane arguments, to be changed at will. */
#ifndef SELFTESTS_SPIN_RUN_H
#define SELFTESTS_SPIN_RUN_H

#include <fcntl.h>
#include <sys/ioctl.h>

#include <linux/quartet_torture.h>

#define MSEC	1000000ULL

/* Then nobody waits for a spinlock. */
static inline int one_cpu(void)
{
	return sysconf(_SC_NPROCESSORS_ONLN) < 2;
}

/* What comes of chance, and may be long in coming where CPUs are shared: fails after 20 runs. */
#define RUN_UNTIL(condition, run) do { \
	int _tries = 0; \
	\
	do { \
		ASSERT_EQ(0, run); \
	} while (!(condition) && ++_tries < 20); \
	EXPECT_TRUE(condition) TH_LOG("%s", #condition); \
} while (0)

static inline int torture_open(void)
{
	return open("/dev/quartet_torture", O_RDWR | O_CLOEXEC);
}

/* Four threads that hold for a microsecond, for 200 ms on all CPUs. */
static inline struct quartet_torture_spin spin_args(enum quartet_spin_kind kind)
{
	return (struct quartet_torture_spin){
		.size = sizeof(struct quartet_torture_spin),
		.kind = kind,
		.threads = 4,
		.hold_ns = 1000,
		.think_ns = 1000,
		.duration_ns = 200 * MSEC,
		.seed = 1,
	};
}

static inline int spin_run(int fd, struct quartet_torture_spin *args)
{
	return ioctl(fd, QUARTET_TORTURE_SPIN, args);
}

#endif /* SELFTESTS_SPIN_RUN_H */
