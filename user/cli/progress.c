// SPDX-License-Identifier: GPL-2.0-only
/* The progress line on stderr while a run is under way. */
#include <stdio.h>
#include <sys/ioctl.h>
#include <linux/quartet_torture.h>

#include "progress.h"
#include "quantity.h"

#define BAR	20
#define ERASE	"\r\033[K"

void progress_show(const struct progress *progress, int fd)
{
	static const char full[] = "####################", empty[] = "....................";
	struct quartet_torture_progress now = { .size = sizeof(now) };
	__u64 left = 0, eta;
	char grants[HUMAN_LEN];
	int filled;

	/* Nothing depends on this line: what fails here shows in the run itself. */
	if (ioctl(fd, QUARTET_TORTURE_PROGRESS, &now) || !now.running)
		return;
	if (now.elapsed_ns < progress->duration_ns)
		left = progress->duration_ns - now.elapsed_ns;
	filled = BAR - (int)((double)left / progress->duration_ns * BAR);
	eta = left + (progress->runs - progress->run) * progress->duration_ns;
	fprintf(stderr, ERASE "[%.*s%.*s] run %u/%u  %s x%u  %s grants  ETA %llus",
		filled, full, BAR - filled, empty, progress->run, progress->runs,
		progress->kind, progress->threads, human_count(grants, now.grants),
		(eta + 999999999) / 1000000000);
}

void progress_erase(void)
{
	fputs(ERASE, stderr);
}
