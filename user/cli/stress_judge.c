// SPDX-License-Identifier: GPL-2.0-only
/* The history's file, and what the checker of the tree says of it. */
#include <err.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "quartet.h"
#include "race.h"
#include "stress.h"

void stress_record(struct stress *stress)
{
	if (!stress->history)
		return;
	stress->history_file = fopen(stress->history, "w");
	if (!stress->history_file)
		err(EXIT_CANNOT_RUN, "%s", stress->history);
	atomic_store(&stress->check->history.recorded, true);
}

/* A guest without a tree, or without Python, has none: its history is checked elsewhere. */
static bool judge_has_checker(char *command, size_t size, const char *history)
{
	int len = snprintf(command, size, "%s/selftests/histories/check", race_tree());

	if (len >= (int)size || access(command, X_OK) || access("/usr/bin/python3", X_OK))
		return false;
	setenv("HISTORY", history, 1);
	setenv("CHECKER", command, 1);
	return true;
}

static void judge_read(struct stress *stress, FILE *said)
{
	size_t len = fread(stress->verdict, 1, VERDICT_LEN - 1, said);
	char rest[VERDICT_LEN];

	stress->verdict[len] = '\0';
	while (fread(rest, 1, sizeof(rest), said))
		;
}

void stress_judge(struct stress *stress)
{
	char command[VERDICT_LEN];
	FILE *said;

	if (!stress->history)
		return;
	stress->lines = history_write(&stress->check->history, stress->history_file);
	if (fclose(stress->history_file))
		err(EXIT_CANNOT_RUN, "%s", stress->history);
	if (!judge_has_checker(command, sizeof(command), stress->history))
		return;
	said = popen("\"$CHECKER\" \"$HISTORY\" 2>&1", "r");
	if (!said)
		err(EXIT_CANNOT_RUN, "%s", command);
	judge_read(stress, said);
	stress->refused = pclose(said) != 0;
}
