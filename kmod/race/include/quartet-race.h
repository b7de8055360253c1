/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Included before all else in each file of a module that quartet_race watches.
 *
 * The kernel's headers tell KCSAN of atomic accesses and barriers, by functions that are nothing
 * where the kernel has no KCSAN. Here they tell quartet_race.
 */
#ifndef QUARTET_RACE_CLIENT_H
#define QUARTET_RACE_CLIENT_H

#ifdef CONFIG_KCSAN
#error "this kernel has a race detector, KCSAN, that quartet_race cannot work beside"
#endif

/* In place of <linux/kcsan-checks.h>. */
#define _LINUX_KCSAN_CHECKS_H

#include <linux/compiler_attributes.h>
#include <linux/types.h>

#include "quartet-race-hooks.h"

static const char * const quartet_race_version __used = &QUARTET_RACE_OF_VERSION;

#define KCSAN_ACCESS_WRITE	(1 << 0)
#define KCSAN_ACCESS_COMPOUND	(1 << 1)
#define KCSAN_ACCESS_ATOMIC	(1 << 2)
#define KCSAN_ACCESS_ASSERT	(1 << 3)
#define KCSAN_ACCESS_SCOPED	(1 << 4)

#define __kcsan_check_access		quartet_race_check
#define kcsan_check_access		quartet_race_check
#define kcsan_mb			quartet_race_fence
#define kcsan_wmb			quartet_race_fence
#define kcsan_release			quartet_race_release_next
#define kcsan_rmb()			do { } while (0)
#define __kcsan_mb			quartet_race_fence
#define __kcsan_wmb			quartet_race_fence
#define __kcsan_release			quartet_race_release_next
#define __kcsan_rmb()			do { } while (0)
#define kcsan_disable_current		quartet_race_ignore_begin
#define kcsan_enable_current		quartet_race_ignore_end
#define kcsan_enable_current_nowarn	quartet_race_ignore_end
#define __kcsan_disable_current		quartet_race_ignore_begin
#define __kcsan_enable_current		quartet_race_ignore_end
#define kcsan_nestable_atomic_begin	quartet_race_atomic_begin
#define kcsan_nestable_atomic_end	quartet_race_atomic_end
#define kcsan_flat_atomic_begin		quartet_race_atomic_begin
#define kcsan_flat_atomic_end		quartet_race_atomic_end
#define kcsan_atomic_next		quartet_race_atomic_next
#define kcsan_set_access_mask(mask)	do { } while (0)

#define __kcsan_check_read(ptr, size)	quartet_race_check(ptr, size, 0)
#define __kcsan_check_write(ptr, size)	quartet_race_check(ptr, size, KCSAN_ACCESS_WRITE)
#define __kcsan_check_read_write(ptr, size) \
	quartet_race_check(ptr, size, KCSAN_ACCESS_COMPOUND | KCSAN_ACCESS_WRITE)
#define kcsan_check_read		__kcsan_check_read
#define kcsan_check_write		__kcsan_check_write
#define kcsan_check_read_write		__kcsan_check_read_write
#define kcsan_check_atomic_read(ptr, size) \
	quartet_race_check(ptr, size, KCSAN_ACCESS_ATOMIC)
#define kcsan_check_atomic_write(ptr, size) \
	quartet_race_check(ptr, size, KCSAN_ACCESS_ATOMIC | KCSAN_ACCESS_WRITE)
#define kcsan_check_atomic_read_write(ptr, size) \
	quartet_race_check(ptr, size, \
			   KCSAN_ACCESS_ATOMIC | KCSAN_ACCESS_WRITE | KCSAN_ACCESS_COMPOUND)

/* Assertions are of KCSAN only: they tell it of races that are none by order alone. */
#define ASSERT_EXCLUSIVE_WRITER(var)		do { } while (0)
#define ASSERT_EXCLUSIVE_WRITER_SCOPED(var)	do { } while (0)
#define ASSERT_EXCLUSIVE_ACCESS(var)		do { } while (0)
#define ASSERT_EXCLUSIVE_ACCESS_SCOPED(var)	do { } while (0)
#define ASSERT_EXCLUSIVE_BITS(var, mask)	do { } while (0)

struct kcsan_scoped_access { };

/*
 * What turns interrupts off and on is inline: it is called by functions that tell quartet_race, and
 * have taken its names.
 */
#include <linux/bottom_half.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>

static __always_inline void quartet_race_local_irq_disable(void)
{
	local_irq_disable();
	quartet_race_irq_off();
}

static __always_inline void quartet_race_local_irq_enable(void)
{
	quartet_race_irq_on();
	local_irq_enable();
}

static __always_inline unsigned long quartet_race_local_irq_save(void)
{
	unsigned long flags;

	local_irq_save(flags);
	quartet_race_irq_off();
	return flags;
}

static __always_inline void quartet_race_local_irq_restore(unsigned long flags)
{
	if (!irqs_disabled_flags(flags))
		quartet_race_irq_on();
	local_irq_restore(flags);
}

static __always_inline void quartet_race_local_bh_disable(void)
{
	local_bh_disable();
	quartet_race_bh_off();
}

static __always_inline void quartet_race_local_bh_enable(void)
{
	quartet_race_bh_on();
	local_bh_enable();
}

static __always_inline void quartet_race_preempt_enable(void)
{
	quartet_race_preempt_on();
	preempt_enable();
}

#undef local_irq_disable
#undef local_irq_enable
#undef local_irq_save
#undef local_irq_restore
#undef preempt_enable
#define local_irq_disable		quartet_race_local_irq_disable
#define local_irq_enable		quartet_race_local_irq_enable
#define local_irq_save(flags)		((flags) = quartet_race_local_irq_save())
#define local_irq_restore		quartet_race_local_irq_restore
#define local_bh_disable		quartet_race_local_bh_disable
#define local_bh_enable			quartet_race_local_bh_enable
#define preempt_enable			quartet_race_preempt_enable

/*
 * The compiler makes instructions of these. Who defines one of the names himself, or takes its
 * address, has the kernel's.
 */
#include <linux/string.h>

static __always_inline void *quartet_race_memset(void *to, int byte, size_t size)
{
	quartet_race_write(to, size);
	return memset(to, byte, size);
}

static __always_inline void *quartet_race_memcpy(void *to, const void *from, size_t size)
{
	quartet_race_read(from, size);
	quartet_race_write(to, size);
	return memcpy(to, from, size);
}

static __always_inline void *quartet_race_memmove(void *to, const void *from, size_t size)
{
	quartet_race_read(from, size);
	quartet_race_write(to, size);
	return memmove(to, from, size);
}

static __always_inline int quartet_race_memcmp(const void *a, const void *b, size_t size)
{
	quartet_race_read(a, size);
	quartet_race_read(b, size);
	return memcmp(a, b, size);
}

#undef memset
#undef memcpy
#undef memmove
#undef memcmp
#define memset(to, byte, size)		quartet_race_memset(to, byte, size)
#define memcpy(to, from, size)		quartet_race_memcpy(to, from, size)
#define memmove(to, from, size)		quartet_race_memmove(to, from, size)
#define memcmp(a, b, size)		quartet_race_memcmp(a, b, size)

/* A function of the headers' own, which calls what it replaces. */
#undef kmemdup
#define kmemdup				quartet_race_kmemdup

#endif /* QUARTET_RACE_CLIENT_H */
