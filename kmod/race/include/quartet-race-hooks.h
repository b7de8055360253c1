/* SPDX-License-Identifier: GPL-2.0-only */
/* What instrumented modules call, but for what the compiler calls. Any context. */
#ifndef QUARTET_RACE_HOOKS_H
#define QUARTET_RACE_HOOKS_H

#include <linux/compiler_types.h>
#include <linux/types.h>

/*
 * Of what instrumented modules and quartet_race have agreed on. Another one for each change that a
 * module built before it would not survive, or would be misjudged after.
 */
#ifndef QUARTET_RACE_VERSION
#define QUARTET_RACE_VERSION	1
#endif

/*
 * A module refers to what quartet_race of its version exports: the kernel does not load it beside
 * another one, and names what is unknown.
 */
#define QUARTET_RACE_OF_VERSION		__PASTE(quartet_race_of_version_, QUARTET_RACE_VERSION)
extern const char QUARTET_RACE_OF_VERSION;

/* An access that the compiler does not see; @type of KCSAN_ACCESS_*. */
void quartet_race_check(const volatile void *ptr, size_t size, int type);
/* A barrier: what came before it is released by atomic writes that follow. */
void quartet_race_fence(void);
/* The next atomic write releases what came before it, and none after that. */
void quartet_race_release_next(void);
/* Accesses in between are not looked at; may be nested. */
void quartet_race_ignore_begin(void);
void quartet_race_ignore_end(void);
/* Accesses in between, or so many, are as marked ones; the first may be nested. */
void quartet_race_atomic_begin(void);
void quartet_race_atomic_end(void);
void quartet_race_atomic_next(int count);

/* Hardirqs, softirqs and preemption: are off; are about to be turned on. */
void quartet_race_irq_off(void);
void quartet_race_irq_on(void);
void quartet_race_bh_off(void);
void quartet_race_bh_on(void);
void quartet_race_preempt_on(void);

void *quartet_race_kmemdup(const void *from, size_t size, gfp_t flags);

/* As <quartet/race.h> has them, for primitives that are not the kernel's. */
void quartet_race_acquire(const volatile void *addr);
void quartet_race_release(const volatile void *addr);
void quartet_race_read(const volatile void *addr, size_t size);
void quartet_race_write(const volatile void *addr, size_t size);

#endif /* QUARTET_RACE_HOOKS_H */
