// SPDX-License-Identifier: GPL-2.0-only
/* quartet race run: a command, and the races that there were meanwhile. */
#include <argp.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "quartet.h"
#include "race.h"

#define LOADED	"/sys/module/quartet_race"
#define DEBUGFS	"/sys/kernel/debug"
#define RESET	DEBUGFS "/quartet_race/reset"
#define RACES	DEBUGFS "/quartet_race/races"

#define EXIT_RACES	66	/* as Go has it */

static const struct argp_option options[] = {
	{ "modules", 'm', "DIR", 0,
	  "Where quartet_race.ko is, and what it watches (default: quartet's tree)", 0 },
	{ NULL, 0, NULL, 0, "Help", -1 },
	{ 0 }
};

static const char doc[] =
	"Run COMMAND, and print the data races that quartet_race has seen meanwhile, on standard\n"
	"error, with file and line if python3 and binutils are there. quartet_race is loaded if\n"
	"it is not.\n"
	"\vThe exit status is 66 if there were races, else COMMAND's. COMMAND should load the\n"
	"module, which was built by `quartet race build`: one that was loaded before quartet_race\n"
	"cannot be watched.\n";

struct run {
	const char *modules;
	char **command;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct run *run = state->input;

	switch (key) {
	case 'm':
		run->modules = arg;
		return 0;
	case ARGP_KEY_ARG:
		run->command = &state->argv[state->next - 1];
		state->next = state->argc;
		return 0;
	case ARGP_KEY_INIT:
		state->err_stream = NULL;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static void load_detector(const char *modules)
{
	const char *path = race_path(modules, "quartet_race.ko");
	int fd;

	if (!access(LOADED, F_OK))
		return;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err(EXIT_CANNOT_RUN, "quartet_race is not loaded: %s", path);
	if (syscall(SYS_finit_module, fd, "", 0))
		errx(EXIT_CANNOT_RUN, "cannot load %s: %s%s", path, strerror(errno),
		     errno == EPERM ? ": only root may" :
		     errno == ENOEXEC ? ": is it built for this kernel?" : "");
	close(fd);
}

/* What was seen before is not the command's. */
static void reset(void)
{
	int fd;

	if (access(RESET, F_OK))
		mount("debugfs", DEBUGFS, "debugfs", 0, NULL);
	fd = open(RESET, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "1", 1) != 1)
		device_debugfs_refuse(RESET);
	close(fd);
}

/* As a shell says it. */
static int run_command(char **command)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		err(EXIT_CANNOT_RUN, "fork");
	if (!pid) {
		execvp(*command, command);
		warn("%s", *command);
		_exit(errno == ENOENT ? 127 : 126);
	}
	while (waitpid(pid, &status, 0) < 0)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void copy(FILE *from, FILE *to)
{
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, from) > 0)
		fputs(line, to);
	free(line);
}

/* Through the script, which needs what is not everywhere. */
static void print(FILE *races, const char *modules)
{
	bool can = !access(race_path(race_tree(), "kmod/race/lines.py"), R_OK) &&
		   !system("command -v python3 addr2line objdump >/dev/null 2>&1");
	pid_t pid = can ? fork() : -1;

	if (pid < 0) {
		copy(races, stderr);
	} else if (!pid) {
		dup2(fileno(races), STDIN_FILENO);
		dup2(STDERR_FILENO, STDOUT_FILENO);
		race_lines_exec(modules);
		_exit(EXIT_CANNOT_RUN);
	} else {
		waitpid(pid, NULL, 0);
	}
}

/* True if there are any. */
static bool report(const char *modules)
{
	FILE *races = fopen(RACES, "re");
	int first;

	if (!races)
		device_debugfs_refuse(RACES);
	/* What is looked at may not be taken from who comes next. */
	setvbuf(races, NULL, _IONBF, 0);
	first = getc(races);
	rewind(races);
	if (first != EOF)
		print(races, modules);
	fclose(races);
	return first != EOF;
}

int race_run(int argc, char **argv)
{
	const struct argp argp = { .options = options, .parser = parse,
				   .args_doc = "[--] COMMAND [ARG...]", .doc = doc };
	struct run run = { .modules = race_tree() };
	int status;

	if (argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &run))
		return EXIT_USAGE;
	if (!run.command)
		errx(EXIT_USAGE, "no command given: see --help");
	load_detector(run.modules);
	reset();
	status = run_command(run.command);
	return report(run.modules) ? EXIT_RACES : status;
}
