// SPDX-License-Identifier: GPL-2.0-only
/* quartet race build: a module that quartet_race watches, though its Kbuild knows nothing of it. */
#include <argp.h>
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "quartet.h"
#include "race.h"

struct build {
	const char *directory, *kernel;
	char **variables;		/* NAME=VALUE, for its Kbuild */
	int nvariables;
};

static const char doc[] =
	"Build the module in DIR with RACE=1, for the kernel of KERNELDIR or the running one. Its\n"
	"files need no change.\n"
	"\vNAME=VALUE is for the module's Kbuild. QUARTET_TREE in the environment is the tree of\n"
	"quartet that is used, or one that `lab build` makes; a quartet_race for that kernel is\n"
	"built in it.\n";

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct build *build = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (strchr(arg, '='))
			build->variables[build->nvariables++] = arg;
		else if (!build->directory)
			build->directory = arg;
		else if (!build->kernel)
			build->kernel = arg;
		else
			errx(EXIT_USAGE, "'%s': a third folder: see --help", arg);
		return 0;
	case ARGP_KEY_INIT:
		state->err_stream = NULL;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const char *running_kernel(void)
{
	struct utsname system;

	uname(&system);
	return race_path(race_path("/lib/modules", system.release), "build");
}

static bool file_has(const char *path, const char *text)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	bool found = false;

	if (!file)
		err(EXIT_CANNOT_RUN, "%s", path);
	while (!found && getline(&line, &size, file) > 0)
		found = strstr(line, text);
	free(line);
	fclose(file);
	return found;
}

static bool has(const char *directory, const char *name)
{
	return !access(race_path(directory, name), R_OK);
}

/* kbuild would say it at length, or not at all. */
static void check(const char *directory, const char *kernel)
{
	const char *symbols = getenv("QUARTET_RACE_SYMVERS") ?:
			      race_path(race_tree(), "Module.symvers");

	if (!has(directory, "Kbuild") && !has(directory, "Makefile"))
		errx(EXIT_CANNOT_RUN, "%s: neither a Kbuild nor a Makefile", directory);
	if (file_has(race_path(kernel, "include/config/auto.conf"), "CONFIG_KCSAN=y"))
		errx(EXIT_CANNOT_RUN,
		     "%s: has KCSAN, a race detector that quartet_race cannot work beside", kernel);
	if (access(race_path(race_tree(), "kmod/race/build.mk"), R_OK))
		errx(EXIT_CANNOT_RUN, "%s: not a tree of quartet: set QUARTET_TREE", race_tree());
	if (access(symbols, R_OK) || !file_has(symbols, "\t__qrace_"))
		errx(EXIT_CANNOT_RUN, "%s: nothing of quartet_race: build that first", symbols);
}

static char *resolved(const char *path)
{
	char *real = realpath(path, NULL);

	if (!real)
		err(EXIT_CANNOT_RUN, "%s", path);
	return real;
}

static const char *variable(const char *name, const char *value)
{
	char *word;

	if (asprintf(&word, "%s=%s", name, value) < 0)
		err(EXIT_CANNOT_RUN, NULL);
	return word;
}

/* make's words are ours, then the caller's. */
static void run_make(const struct build *build)
{
	const char *directory = resolved(build->directory);
	const char *kernel = resolved(build->kernel ?: running_kernel());
	const char **words = calloc(build->nvariables + 7, sizeof(*words));

	check(directory, kernel);
	if (!words)
		err(EXIT_CANNOT_RUN, NULL);
	words[0] = "make";
	words[1] = "-s";
	words[2] = "-f";
	words[3] = race_path(race_tree(), "kmod/race/build.mk");
	words[4] = variable("DIR", directory);
	words[5] = variable("KERNELDIR", kernel);
	memcpy(words + 6, build->variables, build->nvariables * sizeof(*words));
	execvp("make", (char **)words);
	err(EXIT_CANNOT_RUN, "make");
}

int race_build(int argc, char **argv)
{
	const struct argp argp = { .parser = parse, .args_doc = "DIR [KERNELDIR] [NAME=VALUE...]",
				   .doc = doc };
	struct build build = { .variables = calloc(argc, sizeof(*build.variables)) };

	if (!build.variables)
		err(EXIT_CANNOT_RUN, NULL);
	if (argp_parse(&argp, argc, argv, 0, NULL, &build))
		return EXIT_USAGE;
	if (!build.directory)
		errx(EXIT_USAGE, "no folder given: see --help");
	run_make(&build);
	return EXIT_CANNOT_RUN;
}
