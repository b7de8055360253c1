/* SPDX-License-Identifier: GPL-2.0-only */
/* For tests of the library: times, events, children that die. */
#ifndef SELFTESTS_LIB_H
#define SELFTESTS_LIB_H

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <quartet.h>

static inline struct timespec in_ms(clockid_t clock, long ms)
{
	struct timespec time;

	clock_gettime(clock, &time);
	time.tv_nsec += ms * 1000000;
	time.tv_sec += time.tv_nsec / 1000000000;
	time.tv_nsec %= 1000000000;
	return time;
}

static inline bool is_over(clockid_t clock, const struct timespec *time)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec > time->tv_sec ||
	       (now.tv_sec == time->tv_sec && now.tv_nsec >= time->tv_nsec);
}

static inline bool is_readable(int fd, int ms)
{
	struct pollfd args = { .fd = fd, .events = POLLIN };

	return poll(&args, 1, ms) == 1 && args.revents & POLLIN;
}

/* What it exited with, or minus the signal that ended it. */
static inline int wait_for(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) != child)
		return -1000;
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static inline void kill_and_wait(pid_t child)
{
	kill(child, SIGKILL);
	wait_for(child);
}

#endif /* SELFTESTS_LIB_H */
