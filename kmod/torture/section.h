/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a lock under torture protects, and the check that it does.
 *
 * Each holder finds nobody else inside, and adds one to every word, to half of them
 * before its hold time and to half after it: all must be equal when it comes and when it goes.
 */
#ifndef QUARTET_TORTURE_SECTION_H
#define QUARTET_TORTURE_SECTION_H

#include <linux/compiler.h>
#include <linux/minmax.h>
#include <linux/types.h>

#define SECTION_WORDS	6

/**
 * struct section - a critical section; all is written with its lock held, if that is any good
 * @words: equal whenever nobody holds the lock
 * @holder: who holds the lock, as the lock's users see it
 * @inside: written by each, to a race detector; nobody looks at it from outside
 */
struct section {
	u64 words[SECTION_WORDS];
	const void *holder;
	char inside;
};

bool section_enter(struct section *section, const void *holder);
bool section_leave(struct section *section, const void *holder);

/* How many have been inside, if no update was lost. */
static inline u64 section_entries(const struct section *section)
{
	return READ_ONCE(section->words[0]);
}

/* An update that was lost is a violation that nobody saw. @grants: how many should have been. */
static inline u64 section_lost(const struct section *section, u64 grants)
{
	return max(grants, section_entries(section)) - min(grants, section_entries(section));
}

#endif /* QUARTET_TORTURE_SECTION_H */
