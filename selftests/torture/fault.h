/* SPDX-License-Identifier: GPL-2.0-only */
/* Lets the n-th allocation of the calling thread fail, where the kernel injects faults. */
#ifndef SELFTESTS_FAULT_H
#define SELFTESTS_FAULT_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FAILSLAB	"/sys/kernel/debug/failslab/"
#define FAIL_NTH	"/proc/thread-self/fail-nth"
#define MOST		1000	/* allocations of one call */

static inline int set(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY), written;

	if (fd < 0)
		return -1;
	written = write(fd, value, strlen(value));
	close(fd);
	return written < 0 ? -1 : 0;
}

/* Kept open: to open it takes memory. */
static inline int fail_nth(int nth, int number)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%d", number);

	return pwrite(nth, text, len, 0) == len ? 0 : -1;
}

/* What is left to come before the allocation that fails: 0 if it has failed. */
static inline int left(int nth)
{
	char text[16] = "";

	return pread(nth, text, sizeof(text) - 1, 0) < 0 ? -1 : atoi(text);
}

/* To be closed; -1 if this kernel does not inject faults. */
static inline int fault_open(void)
{
	if (access(FAIL_NTH, F_OK) || set(FAILSLAB "ignore-gfp-wait", "N") ||
	    set(FAILSLAB "verbose", "0"))
		return -1;
	return open(FAIL_NTH, O_RDWR);
}

#endif /* SELFTESTS_FAULT_H */
