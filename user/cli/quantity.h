/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers with a unit, to and from text. What reads text exits with a usage error if it is bad. */
#ifndef QUANTITY_H
#define QUANTITY_H

#include <stddef.h>
#include <linux/types.h>

struct unit {
	const char *name;
	__u64 scale;
};

struct quantity {
	const char *what;		/* completes "is not ..." */
	const struct unit *units;	/* small to large, ends with a NULL name */
	__u64 min, max;
	const struct unit *words;	/* that stand for a value, or NULL; end with a NULL name */
};

/* None, and times counted in ns and in us. */
extern const struct unit unit_none[], units_of_ns[], units_of_us[];

__u64 quantity_parse(const struct quantity *quantity, const char *option, const char *text);

#define HUMAN_LEN	16

/* Three significant digits: 1.23us, 45.6M. Return @text, which has HUMAN_LEN bytes. */
char *human_time(char *text, __u64 ns);
char *human_count(char *text, double count);

#endif /* QUANTITY_H */
