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

bool sim_choose(struct sim_choice *choice, const char *name)
{
	unsigned int i;

	for (i = 0; sim_cases[i]; i++)
		if (!strcmp(sim_cases[i]->name, name))
			break;
	if (!sim_cases[i] || choice->n == ARRAY_SIZE(choice->cases))
		return false;
	choice->cases[choice->n++] = sim_cases[i];
	return true;
}

void sim_choose_all(struct sim_choice *choice, bool (*fits)(const struct sim_case *test))
{
	unsigned int i;

	for (i = 0; sim_cases[i]; i++)
		if (fits(sim_cases[i]))
			choice->cases[choice->n++] = sim_cases[i];
}
