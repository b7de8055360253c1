/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Happens-before annotations for a data race detector.
 *
 * A primitive says here what orders what: everything before a release of an
 * address happens before everything after an acquire of the same address that
 * comes later. Its users need no annotation of their own. Without a detector
 * each of these is nothing.
 *
 * Place the release before the store that lets others in, and the acquire
 * after the load that let us in: an edge that is drawn too late makes a false
 * report, and none is drawn for a failed attempt.
 */
#ifndef QUARTET_RACE_H
#define QUARTET_RACE_H

#include <linux/types.h>

#ifdef QUARTET_RACE	/* quartet-race.mk says so */
void quartet_race_acquire(const volatile void *addr);
void quartet_race_release(const volatile void *addr);
void quartet_race_read(const volatile void *addr, size_t size);
void quartet_race_write(const volatile void *addr, size_t size);
#else
/* What was released at @addr by others is visible to the caller from here on. */
static inline void quartet_race_acquire(const volatile void *addr) { }

/* What the caller did so far is visible to whoever acquires @addr from here on. */
static inline void quartet_race_release(const volatile void *addr) { }

/* The caller reads, or writes, @size bytes at @addr where no instrumented code does. */
static inline void quartet_race_read(const volatile void *addr, size_t size) { }
static inline void quartet_race_write(const volatile void *addr, size_t size) { }
#endif

#endif /* QUARTET_RACE_H */
