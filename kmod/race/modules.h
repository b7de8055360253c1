/* SPDX-License-Identifier: GPL-2.0-only */
/* Instrumented modules, as they come and go. */
#ifndef QUARTET_RACE_MODULES_H
#define QUARTET_RACE_MODULES_H

/* What the caller has done comes before who comes in from outside, from now on. */
void race_publish(const char *what, unsigned long pc);

int race_modules_init(void);
void race_modules_exit(void);

#endif /* QUARTET_RACE_MODULES_H */
