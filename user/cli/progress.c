// SPDX-License-Identifier: GPL-2.0-only
/* The progress line on stderr while a run is under way. */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <linux/quartet_torture.h>

#include "progress.h"
#include "quantity.h"
#include "quartet.h"

#define BAR	20
#define ERASE	"\r\033[K"

bool progress_wanted(const char *when)
{
	if (!strcmp(when, "auto"))
		return isatty(STDERR_FILENO);
	if (strcmp(when, "always") && strcmp(when, "never"))
		errx(EXIT_USAGE, "--progress: '%s' is not auto, always or never", when);
	return !strcmp(when, "always");
}

void progress_line(__u64 elapsed_ns, __u64 whole_ns, const char *text)
{
	static const char full[] = "####################", empty[] = "....................";
	int filled = elapsed_ns < whole_ns ? (int)((double)elapsed_ns / whole_ns * BAR) : BAR;

	fprintf(stderr, ERASE "[%.*s%.*s] %s", filled, full, BAR - filled, empty, text);
}

void progress_show(const struct progress *progress, int fd)
{
	struct quartet_torture_progress now = { .size = sizeof(now) };
	__u64 left = 0, eta;
	char grants[HUMAN_LEN], text[128];

	/* Nothing depends on this line: what fails here shows in the run itself. */
	if (ioctl(fd, QUARTET_TORTURE_PROGRESS, &now) || !now.running)
		return;
	if (now.elapsed_ns < progress->duration_ns)
		left = progress->duration_ns - now.elapsed_ns;
	eta = left + (progress->runs - progress->run) * progress->duration_ns;
	snprintf(text, sizeof(text), "run %u/%u  %s x%u  %s grants  ETA %llus",
		 progress->run, progress->runs, progress->kind, progress->threads,
		 human_count(grants, now.grants), (eta + 999999999) / 1000000000);
	progress_line(now.elapsed_ns, progress->duration_ns, text);
}

void progress_erase(void)
{
	fputs(ERASE, stderr);
}
