/* SPDX-License-Identifier: GPL-2.0-only */
/* The quartet command: its exit statuses and its subcommands. */
#ifndef QUARTET_H
#define QUARTET_H

/* A run that a signal ended exits with 128 + the signal, as a shell reports it. */
enum exit_status {
	EXIT_GOOD,
	EXIT_BAD_VERDICT,
	EXIT_USAGE,
	EXIT_CANNOT_RUN,
};

/* Each takes what follows its name; argv[0] is the whole name, as in "quartet torture spin". */
int count(int argc, char **argv);
int stress(int argc, char **argv);
int torture_memo(int argc, char **argv);
int torture_spin(int argc, char **argv);
int torture_mutex(int argc, char **argv);
int torture_pool(int argc, char **argv);

#endif /* QUARTET_H */
