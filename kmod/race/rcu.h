/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What orders readers with those who wait for them: a section ends before the wait does, or it
 * begins after that. What begins and ends meanwhile is taken to be of the first kind.
 */
#ifndef QUARTET_RACE_RCU_H
#define QUARTET_RACE_RCU_H

/* A section has begun; is about to end. */
void race_rcu_read_begin(unsigned long pc);
void race_rcu_read_end(unsigned long pc);
/* All sections that were there have ended. */
void race_rcu_waited(const char *what, unsigned long pc);

#endif /* QUARTET_RACE_RCU_H */
