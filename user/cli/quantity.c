// SPDX-License-Identifier: GPL-2.0-only
/* Numbers with a unit, to and from text. */
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "quantity.h"
#include "quartet.h"

const struct unit unit_none[] = { { "", 1 }, { NULL, 0 } };
const struct unit units_of_ns[] = {
	{ "ns", 1 }, { "us", 1000 }, { "ms", 1000000 }, { "s", 1000000000 }, { NULL, 0 },
};

const struct unit units_of_us[] = { { "us", 1 }, { "ms", 1000 }, { "s", 1000000 }, { NULL, 0 } };

/* Digits from *@text on, which moves past them; true if they overflow @value. */
static bool scan_whole(const char **text, __u64 *value)
{
	bool overflow = false;

	for (*value = 0; isdigit(**text); ++*text) {
		overflow |= __builtin_mul_overflow(*value, 10, value);
		overflow |= __builtin_add_overflow(*value, **text - '0', value);
	}
	return overflow;
}

/* "12.5us" and the like, exactly: a fraction too fine for the unit is refused, not rounded. */
static int scan(const char *text, const struct unit *unit, __u64 *value)
{
	const char *fraction = "";
	bool overflow;
	__u64 scale;

	if (!isdigit(*text))
		return -EINVAL;
	overflow = scan_whole(&text, value);
	if (*text == '.') {
		fraction = ++text;
		text += strspn(text, "0123456789");
		if (text == fraction)
			return -EINVAL;
	}
	while (unit->name && strcmp(unit->name, text))
		unit++;
	if (!unit->name)
		return -EINVAL;

	scale = unit->scale;
	overflow |= __builtin_mul_overflow(*value, scale, value);
	for (; isdigit(*fraction); fraction++) {
		if (*fraction != '0' && (!scale || scale % 10))
			return -EINVAL;
		scale /= 10;
		overflow |= __builtin_add_overflow(*value, (*fraction - '0') * scale, value);
	}
	return overflow ? -ERANGE : 0;
}

/* @value in the largest unit that leaves a whole number. */
static char *exact(char *text, size_t size, const struct unit *unit, __u64 value)
{
	const struct unit *best = unit;

	while ((++unit)->name)
		if (value && value % unit->scale == 0)
			best = unit;
	snprintf(text, size, "%llu%s", value / best->scale, best->name);
	return text;
}

__u64 quantity_parse(const struct quantity *quantity, const char *option, const char *text)
{
	const struct unit *word;
	char min[32], max[32];
	__u64 value;
	int error = scan(text, quantity->units, &value);

	for (word = quantity->words; word && word->name; word++)
		if (!strcmp(word->name, text))
			return word->scale;
	if (error == -EINVAL)
		errx(EXIT_USAGE, "%s: '%s' is not %s", option, text, quantity->what);
	if (error || value < quantity->min || value > quantity->max)
		errx(EXIT_USAGE, "%s: %s is outside the limits, %s to %s", option, text,
		     exact(min, sizeof(min), quantity->units, quantity->min),
		     exact(max, sizeof(max), quantity->units, quantity->max));
	return value;
}

static char *human(char *text, double value, const char *const *unit)
{
	for (; value >= 999.5 && unit[1]; unit++)
		value /= 1000;
	snprintf(text, HUMAN_LEN, "%.3g%s", value, *unit);
	return text;
}

char *human_time(char *text, __u64 ns)
{
	static const char *const units[] = { "ns", "us", "ms", "s", NULL };

	return human(text, ns, units);
}

char *human_count(char *text, double count)
{
	static const char *const units[] = { "", "k", "M", "G", "T", "P", "E", NULL };

	return human(text, count, units);
}
