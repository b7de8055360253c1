/* SPDX-License-Identifier: GPL-2.0-only */
/* What instrumented modules call, but for what the compiler calls. Any context. */
#ifndef QUARTET_RACE_HOOKS_H
#define QUARTET_RACE_HOOKS_H

#include <linux/types.h>

/* An access that the compiler does not see; @type of KCSAN_ACCESS_*. */
void quartet_race_check(const volatile void *ptr, size_t size, int type);
/* A barrier: what came before it is released by atomic writes that follow. */
void quartet_race_fence(void);
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
