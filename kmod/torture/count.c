// SPDX-License-Identifier: GPL-2.0-only
/*
 * What uncontended paths cost: each is run a number of times in a loop, the
 * time stamp counter read before and after.
 *
 * On hardware that gives cycles. Under QEMU's instruction counter (the lab's
 * --icount) a tick is one guest instruction, so the result is exact and the
 * same everywhere: that is what it is for.
 */
#include <linux/irqflags.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/rtmutex.h>
#include <linux/timex.h>
#include <linux/uaccess.h>

#include <linux/quartet_torture.h>
#include <quartet/mutex.h>
#include <quartet/spinlock.h>

#include "count.h"

/*
 * Where a loop begins and ends, for a QEMU plugin that counts too
 * (selftests/lab/locked.c): a long no-operation that no compiler emits.
 */
#ifdef CONFIG_X86_64
#define COUNT_MARK(number) \
	({ asm volatile("nopl %c0(%%rax)" : : "i" (0x51430000 + (number)) : "memory"); })
#else
#define COUNT_MARK(number)	barrier()
#endif
#define COUNT_END	0xffff

static DEFINE_MUTEX(count_caller);	/* one caller at a time has the locks below */

static DEFINE_RAW_SPINLOCK(idle_raw_spin);
static DEFINE_QUARTET_SPINLOCK(idle_quartet_spin);
static DEFINE_QUARTET_CASLOCK(idle_quartet_cas);
static DEFINE_MUTEX(idle_kernel_mutex);
static DEFINE_RT_MUTEX(idle_rt_mutex);
static DEFINE_QUARTET_MUTEX(idle_quartet_mutex);

/*
 * Ends a turn as a call to some function would: what a path keeps in
 * registers, it has to fetch again in the next. Users rarely lock in a loop that
 * leaves them there, and it would flatter the inlined paths.
 */
#ifdef CONFIG_X86_64
static __always_inline void count_forget(void)
{
	asm volatile("" : : : "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11",
		     "r12", "r13", "r14", "r15", "cc", "memory");
#ifndef CONFIG_FRAME_POINTER
	asm volatile("" : : : "rbp");
#endif
}
#else
#define count_forget()	barrier()
#endif

/* The statement, that often: what it expands to is where users would have it, inlined. */
#define DEFINE_COUNT(name, path, statement) \
static noinline u64 count_##name(unsigned int pairs) \
{ \
	u64 start; \
	\
	COUNT_MARK(path); \
	start = get_cycles(); \
	do { \
		statement; \
		count_forget(); \
	} while (--pairs); \
	start = get_cycles() - start; \
	COUNT_MARK(COUNT_END); \
	return start; \
}

#define COUNT_PAIR(type, member) \
	do { \
		type##_lock(&idle_##member); \
		type##_unlock(&idle_##member); \
	} while (0)
#define COUNT_TRY(type, member) \
	do { \
		if (type##_trylock(&idle_##member)) \
			type##_unlock(&idle_##member); \
	} while (0)

DEFINE_COUNT(loop, QUARTET_COUNT_LOOP, barrier());
DEFINE_COUNT(raw_spin, QUARTET_COUNT_RAW_SPIN, COUNT_PAIR(raw_spin, raw_spin));
DEFINE_COUNT(spin, QUARTET_COUNT_SPIN, COUNT_PAIR(quartet_spin, quartet_spin));
DEFINE_COUNT(spin_try, QUARTET_COUNT_SPIN_TRY, COUNT_TRY(quartet_spin, quartet_spin));
DEFINE_COUNT(cas, QUARTET_COUNT_CAS, COUNT_PAIR(quartet_cas, quartet_cas));
DEFINE_COUNT(kernel_mutex, QUARTET_COUNT_KERNEL_MUTEX, COUNT_PAIR(mutex, kernel_mutex));
DEFINE_COUNT(rt_mutex, QUARTET_COUNT_RT_MUTEX, COUNT_PAIR(rt_mutex, rt_mutex));
DEFINE_COUNT(mutex, QUARTET_COUNT_MUTEX, COUNT_PAIR(quartet_mutex, quartet_mutex));
DEFINE_COUNT(mutex_try, QUARTET_COUNT_MUTEX_TRY, COUNT_TRY(quartet_mutex, quartet_mutex));

/* Two instructions a turn by construction: if it does not count two, a tick is not one. */
#ifdef CONFIG_X86_64
static noinline u64 count_calibration(unsigned int pairs)
{
	u64 start;

	COUNT_MARK(QUARTET_COUNT_CALIBRATION);
	start = get_cycles();
	asm volatile("1: decl %0\n\tjnz 1b" : "+r" (pairs) : : "cc", "memory");
	start = get_cycles() - start;
	COUNT_MARK(COUNT_END);
	return start;
}
#else
#define count_calibration	NULL
#endif

/**
 * struct count_path - something to count
 * @run: as often as asked; returns ticks
 * @sleeps: may sleep, so that interrupts must stay on
 */
struct count_path {
	u64 (*run)(unsigned int pairs);
	bool sleeps;
};

static const struct count_path count_paths[QUARTET_COUNT_PATHS] = {
	[QUARTET_COUNT_CALIBRATION]	= { count_calibration },
	[QUARTET_COUNT_LOOP]		= { count_loop },
	[QUARTET_COUNT_RAW_SPIN]	= { count_raw_spin },
	[QUARTET_COUNT_SPIN]		= { count_spin },
	[QUARTET_COUNT_SPIN_TRY]	= { count_spin_try },
	[QUARTET_COUNT_CAS]		= { count_cas },
	[QUARTET_COUNT_KERNEL_MUTEX]	= { count_kernel_mutex, .sleeps = true },
	[QUARTET_COUNT_RT_MUTEX]	= { count_rt_mutex, .sleeps = true },
	[QUARTET_COUNT_MUTEX]		= { count_mutex, .sleeps = true },
	[QUARTET_COUNT_MUTEX_TRY]	= { count_mutex_try, .sleeps = true },
};

static u64 count_once(const struct count_path *path, unsigned int pairs)
{
	unsigned long flags;
	u64 ticks;

	if (path->sleeps)
		return path->run(pairs);
	local_irq_save(flags);
	ticks = path->run(pairs);
	local_irq_restore(flags);
	return ticks;
}

/* The fewest: an interrupt can only add. */
static u64 count_fewest(const struct count_path *path, const struct quartet_torture_count *args)
{
	u64 fewest = U64_MAX;
	u32 round;

	for (round = 0; round < args->rounds; round++) {
		fewest = min(fewest, count_once(path, args->pairs));
		cond_resched();
	}
	return fewest;
}

static int count_check(const struct quartet_torture_count *args)
{
	if (args->path >= QUARTET_COUNT_PATHS ||
	    !args->pairs || args->pairs > QUARTET_COUNT_MAX_PAIRS ||
	    !args->rounds || args->rounds > QUARTET_COUNT_MAX_ROUNDS)
		return -EINVAL;
	return count_paths[args->path].run && get_cycles() ? 0 : -EOPNOTSUPP;
}

long count_torture_ioctl(void __user *argp)
{
	struct quartet_torture_count args;
	u32 size;
	int err;

	if (get_user(size, (u32 __user *)argp))
		return -EFAULT;
	if (size < sizeof(args))
		return -EINVAL;
	if (size > PAGE_SIZE)
		return -E2BIG;
	err = copy_struct_from_user(&args, sizeof(args), argp, size);
	if (!err)
		err = count_check(&args);
	if (!err)
		err = mutex_lock_interruptible(&count_caller);
	if (err)
		return err;
	args.ticks = count_fewest(&count_paths[args.path], &args);
	mutex_unlock(&count_caller);
	return copy_to_user(argp, &args, sizeof(args)) ? -EFAULT : 0;
}
