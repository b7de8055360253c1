// SPDX-License-Identifier: GPL-2.0-only
/* The list of all cases. */
#include "cases.h"

const struct sim_case *const sim_cases[] = {
#define SIM_ADDRESS(name) &name,
	SIM_CASES(SIM_ADDRESS)
#undef SIM_ADDRESS
	NULL
};

_Static_assert(ARRAY_SIZE(sim_cases) <= SIM_MOST_CASES, "programs have room for so many");

const struct sim_case *sim_case_named(const char *name)
{
	unsigned int i;

	for (i = 0; sim_cases[i]; i++)
		if (!strcmp(sim_cases[i]->name, name))
			return sim_cases[i];
	return NULL;
}
