/* SPDX-License-Identifier: GPL-2.0-only */
/* quartet race: what its commands share. */
#ifndef RACE_H
#define RACE_H

/* Of which this command was built; QUARTET_TREE of the environment is another one. */
const char *race_tree(void);

/* In one allocation. */
char *race_path(const char *directory, const char *name);

/* The script that adds lines to reports, for quartet_race's modules in @modules. */
void race_lines_exec(const char *modules);

int race_build(int argc, char **argv);
int race_run(int argc, char **argv);
int race_lines(int argc, char **argv);

#endif /* RACE_H */
