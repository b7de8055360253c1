/* SPDX-License-Identifier: GPL-2.0-only */
/* Several processes that do the same. */
#ifndef CROWD_H
#define CROWD_H

#include <err.h>
#include <sys/wait.h>
#include <unistd.h>

/* @work gets the number of its process. */
static inline void crowd(int processes, void (*work)(int number))
{
	int i, status;

	for (i = 0; i < processes; i++) {
		if (!fork()) {
			work(i);
			_exit(0);
		}
	}
	for (i = 0; i < processes; i++)
		if (wait(&status) < 0 || status)
			errx(1, "a process failed");
}

#endif /* CROWD_H */
