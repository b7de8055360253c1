// SPDX-License-Identifier: GPL-2.0-only
/* A set of CPUs from text. */
#include <ctype.h>
#include <err.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cpumask.h"
#include "quartet.h"

/* A number from *@text on, which moves past it. What is too large saturates. */
static bool number(const char **text, unsigned long *value)
{
	char *end;

	if (!isdigit(**text))
		return false;
	*value = strtoul(*text, &end, 10);
	*text = end;
	return true;
}

/* "5", "0-3" or "0-30:2" */
static bool range(const char **text, unsigned long *first, unsigned long *last,
		  unsigned long *step)
{
	*step = 1;
	if (!number(text, first))
		return false;
	*last = *first;
	if (**text != '-')
		return true;
	++*text;
	if (!number(text, last))
		return false;
	if (**text == ':') {
		++*text;
		if (!number(text, step))
			return false;
	}
	return *first <= *last && *step;
}

void cpumask_parse(struct cpumask *mask, const char *option, const char *text)
{
	const char *rest = text;
	unsigned long cpu, last, step;

	memset(mask, 0, sizeof(*mask));
	do {
		if (!range(&rest, &cpu, &last, &step) || (*rest && *rest != ','))
			errx(EXIT_USAGE, "%s: '%s' is not a list of CPUs such as 0-3,5",
			     option, text);
		if (last >= CPUMASK_MAX)
			errx(EXIT_USAGE, "%s: '%s' names a CPU above the limit, %d",
			     option, text, CPUMASK_MAX - 1);
		for (; cpu <= last; cpu += step < CPUMASK_MAX ? step : CPUMASK_MAX)
			mask->bits[cpu / CPUMASK_BITS] |= 1UL << cpu % CPUMASK_BITS;
	} while (*rest++);
}

void cpumask_first(struct cpumask *mask, const char *option, unsigned int count)
{
	unsigned int cpu, left = count;

	memset(mask, 0, sizeof(*mask));
	if (sched_getaffinity(0, sizeof(*mask), (cpu_set_t *)mask) < 0)
		err(EXIT_CANNOT_RUN, "sched_getaffinity");
	for (cpu = 0; cpu < CPUMASK_MAX; cpu++) {
		unsigned long *word = &mask->bits[cpu / CPUMASK_BITS];

		if (!(*word & 1UL << cpu % CPUMASK_BITS))
			continue;
		if (left)
			left--;
		else
			*word &= ~(1UL << cpu % CPUMASK_BITS);
	}
	if (left)
		errx(EXIT_USAGE, "%s: %u CPUs are more than there are", option, count);
}
