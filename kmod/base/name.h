/* SPDX-License-Identifier: GPL-2.0-only */
/* What a name of ours may be: it stands in a column of debugfs. */
#ifndef QUARTET_NAME_H
#define QUARTET_NAME_H

#include <linux/ctype.h>
#include <linux/string.h>
#include <linux/types.h>

#define QUARTET_NAME_CHARS	32	/* with the zero at its end */

/* 1 to 31 printable ASCII characters without spaces. */
static inline bool quartet_is_name(const char *name)
{
	size_t i, len = strnlen(name, QUARTET_NAME_CHARS);

	for (i = 0; i < len; i++)
		if (!isascii(name[i]) || !isgraph(name[i]))
			return false;
	return len && len < QUARTET_NAME_CHARS;
}

#endif /* QUARTET_NAME_H */
