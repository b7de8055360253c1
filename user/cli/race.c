// SPDX-License-Identifier: GPL-2.0-only
/* quartet race: what its commands share; and lines, which a script adds. */
#include <argp.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "quartet.h"
#include "race.h"

const char *race_tree(void)
{
	return getenv("QUARTET_TREE") ?: QUARTET_TREE;
}

char *race_path(const char *directory, const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", directory, name) < 0)
		err(EXIT_CANNOT_RUN, NULL);
	return path;
}

void race_lines_exec(const char *modules)
{
	const char *script = race_path(race_tree(), "kmod/race/lines.py");

	execlp("python3", "python3", script, modules, NULL);
}

static const struct argp_option options[] = {
	{ "modules", 'm', "DIR", 0, "Where the modules are, in it or below (default: here)", 0 },
	{ NULL, 0, NULL, 0, "Help", -1 },
	{ 0 }
};

static const char doc[] =
	"Copy reports of quartet_race from standard input, with the file and line of each place.\n"
	"\vIt takes python3 and binutils, and modules that have debugging information.\n";

static error_t parse(int key, char *arg, struct argp_state *state)
{
	const char **modules = state->input;

	switch (key) {
	case 'm':
		*modules = arg;
		return 0;
	case ARGP_KEY_ARG:
		errx(EXIT_USAGE, "'%s': no arguments: see --help", arg);
	case ARGP_KEY_INIT:
		state->err_stream = NULL;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

int race_lines(int argc, char **argv)
{
	const struct argp argp = { .options = options, .parser = parse, .doc = doc };
	const char *modules = ".";

	if (argp_parse(&argp, argc, argv, 0, NULL, &modules))
		return EXIT_USAGE;
	if (access(modules, X_OK))
		err(EXIT_CANNOT_RUN, "%s", modules);
	race_lines_exec(modules);
	err(EXIT_CANNOT_RUN, "python3");
}
