// SPDX-License-Identifier: GPL-2.0-only
/* Comma-separated lists, of quantities or of names. */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "list.h"
#include "quartet.h"

static size_t name_index(const char *const *names, size_t count, const char *option,
			 const char *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(names[i], name))
			return i;
	fprintf(stderr, "%s: %s: '%s' is not one of", program_invocation_short_name, option, name);
	for (i = 0; i < count; i++)
		fprintf(stderr, "%s %s", i ? "," : "", names[i]);
	fputc('\n', stderr);
	exit(EXIT_USAGE);
}

static void append(struct list *list, __u64 value, const char *option)
{
	if (list->len == LIST_MAX)
		errx(EXIT_USAGE, "%s: more than %d values", option, LIST_MAX);
	list->values[list->len++] = value;
}

static char *copy_of(const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		err(EXIT_CANNOT_RUN, NULL);
	return copy;
}

/* One value, or all from one to another. */
static void append_range(struct list *list, const struct quantity *of, const char *option,
			 char *item)
{
	char *dots = strstr(item, "..");
	__u64 value, last;

	if (dots)
		*dots = '\0';
	value = quantity_parse(of, option, item);
	last = dots ? quantity_parse(of, option, dots + 2) : value;
	if (last < value)
		errx(EXIT_USAGE, "%s: '%s..%s' is empty", option, item, dots + 2);
	while (value < last)
		append(list, value++, option);
	append(list, last, option);
}

void list_parse(struct list *list, const struct quantity *of, const char *option,
		const char *text)
{
	char *copy = copy_of(text), *rest = copy, *item;

	list->len = 0;
	while ((item = strsep(&rest, ",")))
		append_range(list, of, option, item);
	free(copy);
}

void list_parse_names(struct list *list, const char *const *names, size_t count,
		      const char *option, const char *text)
{
	char *copy = copy_of(text), *rest = copy, *item;

	list->len = 0;
	while ((item = strsep(&rest, ",")))
		append(list, name_index(names, count, option, item), option);
	free(copy);
}
