// SPDX-License-Identifier: GPL-2.0-only
/* A schedule, printed for people: each step with its thread, place in the source and effect. */
#include <stdarg.h>
#include <stdio.h>

#include "explore.h"

bool report_steps;
static const struct thread *last;

static const char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Threads stand in columns of their own, so that one can be followed down the page. */
void report_step(const struct sim_site *site, const struct thread *thread, u64 before, u64 after,
		 const char *how)
{
	char place[48];

	if (!report_steps)
		return;
	snprintf(place, sizeof(place), "%s:%d", file_name(site->file), site->line);
	printf("# %*sT%u %-22s %s(%s) ", 2 * thread->id, "", thread->id, place, site->op,
	       site->what);
	if (before == after)
		printf("= %#llx%s\n", after, how);
	else
		printf("%#llx -> %#llx%s\n", before, after, how);
}

void report_switch(const struct thread *to)
{
	if (report_steps && to != last)
		printf("# --- T%u\n", to->id);
	last = to;
}

/* What each thread waits for, when none can go on. */
void report_waiting(char *text, size_t size)
{
	static const char *const waits_for[] = {
		[READY] = "could go on", [FOR_LOCK] = "waits for a lock",
		[FOR_CHANGE] = "spins", [FOR_WAKEUP] = "sleeps",
		[FOR_DRAIN] = "waits for its stores", [ENDED] = "has ended",
	};
	size_t used = 0;
	unsigned int i;

	text[0] = '\0';
	for (i = 0; i < nthreads && used < size; i++) {
		const struct thread *t = &threads[i];

		used += snprintf(text + used, size - used, "T%u %s", i, waits_for[t->waiting]);
		if (used < size && t->next && t->waiting != ENDED)
			used += snprintf(text + used, size - used, " at %s:%d %s(%s)",
					 file_name(t->next->file), t->next->line, t->next->op,
					 t->next->what);
		if (used < size)
			used += snprintf(text + used, size - used, "\n");
	}
}
