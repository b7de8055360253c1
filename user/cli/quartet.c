// SPDX-License-Identifier: GPL-2.0-only
/* quartet: finds the subcommand and hands over to it. */
#include <argp.h>
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quartet.h"
#include "race.h"

const char *argp_program_version = "quartet " QUARTET_VERSION;

struct command {
	const char *name;
	int (*run)(int argc, char **argv);
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	(void)arg;
	if (key != ARGP_KEY_INIT)
		return ARGP_ERR_UNKNOWN;
	state->err_stream = NULL;	/* getopt has said what is wrong: one line is enough */
	return 0;
}

static int dispatch(const struct command *command, const char *doc, int argc, char **argv)
{
	const struct argp argp = { .parser = parse, .args_doc = "COMMAND ...", .doc = doc };
	int next;

	if (argp_parse(&argp, argc, argv, ARGP_IN_ORDER, &next, NULL))
		return EXIT_USAGE;
	if (next == argc)
		errx(EXIT_USAGE, "no command given: see %s --help", argv[0]);
	while (command->name && strcmp(command->name, argv[next]))
		command++;
	if (!command->name)
		errx(EXIT_USAGE, "'%s' is not a command: see %s --help", argv[next], argv[0]);
	if (asprintf(&argv[next], "%s %s", argv[0], command->name) < 0)
		err(EXIT_CANNOT_RUN, NULL);
	return command->run(argc - next, argv + next);
}

static int torture(int argc, char **argv)
{
	static const struct command commands[] = {
		{ "memo", torture_memo },
		{ "mutex", torture_mutex },
		{ "pool", torture_pool },
		{ "spin", torture_spin },
		{ NULL, NULL },
	};

	return dispatch(commands,
			"Put a primitive under load inside the kernel and judge it.\n"
			"\vCommands:\n"
			"  memo    memo tables: quartet's engines\n"
			"  mutex   sleeping locks: quartet's and its peers\n"
			"  pool    pools of objects: quartet's and its peers\n"
			"  spin    spinlocks: quartet's and their peers\n",
			argc, argv);
}

static int race(int argc, char **argv)
{
	static const struct command commands[] = {
		{ "build", race_build },
		{ "lines", race_lines },
		{ "run", race_run },
		{ NULL, NULL },
	};

	return dispatch(commands,
			"Find data races in kernel modules, by quartet_race.ko.\n"
			"\vCommands:\n"
			"  build   build a module so that it is watched\n"
			"  lines   add file and line to reports\n"
			"  run     run a command, and report the races that there were\n",
			argc, argv);
}

int main(int argc, char **argv)
{
	static const struct command commands[] = {
		{ "count", count },
		{ "race", race },
		{ "stress", stress },
		{ "torture", torture },
		{ NULL, NULL },
	};
	int status;

	argp_err_exit_status = EXIT_USAGE;
	argv[0] = program_invocation_short_name;
	status = dispatch(commands,
			  "Synchronization primitives for the Linux kernel, and what tests them.\n"
			  "\vCommands:\n"
			  "  count           what uncontended paths cost\n"
			  "  race build      build a module so that its data races are found\n"
			  "  race lines      add file and line to reports of data races\n"
			  "  race run        run a command, and report the data races\n"
			  "  stress          processes that share objects, and are killed\n"
			  "  torture memo    put memo tables under load and judge them\n"
			  "  torture mutex   put sleeping locks under load and judge them\n"
			  "  torture pool    put pools of objects under load and judge them\n"
			  "  torture spin    put spinlocks under load and judge them\n",
			  argc, argv);
	if (fflush(stdout) || ferror(stdout))
		err(EXIT_CANNOT_RUN, "standard output");
	return status;
}
