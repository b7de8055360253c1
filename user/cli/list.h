/* SPDX-License-Identifier: GPL-2.0-only */
/* Comma-separated lists. Bad text exits with a usage error. Quantities may be ranges: 1..4. */
#ifndef LIST_H
#define LIST_H

#include "quantity.h"

#define LIST_MAX	64

struct list {
	size_t len;
	__u64 values[LIST_MAX];
};

void list_parse(struct list *list, const struct quantity *of, const char *option,
		const char *text);
/* Values are indices into @names. */
void list_parse_names(struct list *list, const char *const *names, size_t count,
		      const char *option, const char *text);

#endif /* LIST_H */
