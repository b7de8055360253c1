// SPDX-License-Identifier: GPL-2.0-only
/*
 * The check of exclusion. READ_ONCE and WRITE_ONCE: a lock that fails must not
 * let the compiler hide it. A race detector, to which these never race, has a byte of its own.
 */
#include <quartet/race.h>

#include "section.h"

static bool words_are(const struct section *section, u64 value)
{
	int i;

	for (i = 0; i < SECTION_WORDS; i++)
		if (READ_ONCE(section->words[i]) != value)
			return false;
	return true;
}

/* Return: false if somebody else is inside, or was and left it torn. */
bool section_enter(struct section *section, const void *holder)
{
	u64 value = section_entries(section);
	bool good = !READ_ONCE(section->holder) && words_are(section, value);
	int i;

	quartet_race_write(&section->inside, sizeof(section->inside));
	WRITE_ONCE(section->holder, holder);
	for (i = 0; i < SECTION_WORDS / 2; i++)
		WRITE_ONCE(section->words[i], value + 1);
	return good;
}

/* Return: false if somebody else came in meanwhile. */
bool section_leave(struct section *section, const void *holder)
{
	u64 value = section_entries(section);
	bool good;
	int i;

	for (i = SECTION_WORDS / 2; i < SECTION_WORDS; i++)
		WRITE_ONCE(section->words[i], value);
	good = READ_ONCE(section->holder) == holder && words_are(section, value);
	WRITE_ONCE(section->holder, NULL);
	return good;
}
