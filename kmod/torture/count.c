// SPDX-License-Identifier: GPL-2.0-only
/*
 * What paths cost that nobody contends for: each is run a number of times in a loop, the
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
#include <linux/slab.h>
#include <linux/timex.h>
#include <linux/uaccess.h>

#include <linux/quartet_torture.h>
#include <quartet/mutex.h>
#include <quartet/pool.h>
#include <quartet/spinlock.h>

#include "../base/sized.h"
#include "count.h"
#include "memo_crowd.h"
#include "memo_path.h"

static DEFINE_MUTEX(count_caller);	/* one caller at a time has all below */

static DEFINE_RAW_SPINLOCK(idle_raw_spin);
static DEFINE_QUARTET_SPINLOCK(idle_quartet_spin);
static DEFINE_QUARTET_CASLOCK(idle_quartet_cas);
static DEFINE_MUTEX(idle_kernel_mutex);
static DEFINE_RT_MUTEX(idle_rt_mutex);
static DEFINE_QUARTET_MUTEX(idle_quartet_mutex);

/* While a path that needs them is counted. */
static struct quartet_pool idle_pool;
static struct kmem_cache *idle_cache;	/* constructed, so that nothing zeroes its objects */
static void *burst[QUARTET_COUNT_BURST];

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

/* All of them, and then all back. */
#define COUNT_BURST(get, put) \
	do { \
		unsigned int n; \
		\
		for (n = 0; n < QUARTET_COUNT_BURST; n++) { \
			burst[n] = get; \
			count_forget(); \
		} \
		for (n = 0; n < QUARTET_COUNT_BURST; n++) { \
			put; \
			count_forget(); \
		} \
	} while (0)
#define COUNT_BULK() \
	do { \
		unsigned int got = quartet_pool_get_bulk(&idle_pool, GFP_NOWAIT, burst, \
							 QUARTET_COUNT_BURST); \
		\
		quartet_pool_put_bulk(&idle_pool, burst, got); \
	} while (0)

#define CACHE_GET	kmem_cache_alloc(idle_cache, GFP_NOWAIT)
#define CACHE_PUT(p)	kmem_cache_free(idle_cache, p)
#define POOL_GET	quartet_pool_get(&idle_pool, GFP_NOWAIT)
#define POOL_PUT(p)	quartet_pool_put(&idle_pool, p)

DEFINE_COUNT(loop, QUARTET_COUNT_LOOP, barrier());
DEFINE_COUNT(raw_spin, QUARTET_COUNT_RAW_SPIN, COUNT_PAIR(raw_spin, raw_spin));
DEFINE_COUNT(spin, QUARTET_COUNT_SPIN, COUNT_PAIR(quartet_spin, quartet_spin));
DEFINE_COUNT(spin_try, QUARTET_COUNT_SPIN_TRY, COUNT_TRY(quartet_spin, quartet_spin));
DEFINE_COUNT(cas, QUARTET_COUNT_CAS, COUNT_PAIR(quartet_cas, quartet_cas));
DEFINE_COUNT(kernel_mutex, QUARTET_COUNT_KERNEL_MUTEX, COUNT_PAIR(mutex, kernel_mutex));
DEFINE_COUNT(rt_mutex, QUARTET_COUNT_RT_MUTEX, COUNT_PAIR(rt_mutex, rt_mutex));
DEFINE_COUNT(mutex, QUARTET_COUNT_MUTEX, COUNT_PAIR(quartet_mutex, quartet_mutex));
DEFINE_COUNT(mutex_try, QUARTET_COUNT_MUTEX_TRY, COUNT_TRY(quartet_mutex, quartet_mutex));
DEFINE_COUNT(cache, QUARTET_COUNT_CACHE, CACHE_PUT(CACHE_GET));
DEFINE_COUNT(pool, QUARTET_COUNT_POOL, POOL_PUT(POOL_GET));
DEFINE_COUNT(cache_burst, QUARTET_COUNT_CACHE_BURST, COUNT_BURST(CACHE_GET, CACHE_PUT(burst[n])));
DEFINE_COUNT(pool_burst, QUARTET_COUNT_POOL_BURST, COUNT_BURST(POOL_GET, POOL_PUT(burst[n])));
DEFINE_COUNT(pool_bulk, QUARTET_COUNT_POOL_BULK, COUNT_BULK());
DEFINE_COUNT(rhashtable_hit, QUARTET_COUNT_RHASHTABLE_HIT, memo_path_peer_hit());
DEFINE_COUNT(memo_hit, QUARTET_COUNT_MEMO_HIT, memo_path_hit(QUARTET_MEMO_RCU));
DEFINE_COUNT(memo_lock_hit, QUARTET_COUNT_MEMO_LOCK_HIT, memo_path_hit(QUARTET_MEMO_LOCK));
DEFINE_COUNT(memo_monitor_hit, QUARTET_COUNT_MEMO_MONITOR_HIT, memo_path_hit(QUARTET_MEMO_MONITOR));
DEFINE_COUNT(rhashtable_miss, QUARTET_COUNT_RHASHTABLE_MISS, memo_path_peer_miss());
DEFINE_COUNT(memo_miss, QUARTET_COUNT_MEMO_MISS, memo_path_miss());

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

static void construct(void *object)
{
}

static int count_objects_init(void)
{
	const struct quartet_pool_params params = {
		.name = "torture_count",
		.size = QUARTET_COUNT_OBJECT,
	};
	int err;

	idle_cache = kmem_cache_create("quartet_torture_count", QUARTET_COUNT_OBJECT, 0,
				       SLAB_HWCACHE_ALIGN, construct);
	if (!idle_cache)
		return -ENOMEM;
	err = quartet_pool_init(&idle_pool, &params);
	if (err)
		kmem_cache_destroy(idle_cache);
	return err;
}

static void count_objects_exit(void)
{
	quartet_pool_destroy(&idle_pool);
	kmem_cache_destroy(idle_cache);
}

/**
 * struct count_props - what is there while a path is counted
 * @init: 0 or -ENOMEM, and then there is nothing
 * @exit: the reverse
 */
struct count_props {
	int (*init)(void);
	void (*exit)(void);
};

static const struct count_props objects = { count_objects_init, count_objects_exit };
static const struct count_props tables = { memo_path_init, memo_path_exit };
static const struct count_props crowds = { memo_crowd_init, memo_crowd_exit };

/**
 * struct count_path - something to count
 * @run: as often as asked; returns ticks
 * @sleeps: may sleep, so that interrupts must stay on
 * @few: not more than QUARTET_COUNT_FEW at a time
 * @props: NULL for objects
 */
struct count_path {
	u64 (*run)(unsigned int pairs);
	bool sleeps;
	bool few;
	const struct count_props *props;
};

#define ALLOCATOR_SLEEPS	.sleeps = IS_ENABLED(CONFIG_PREEMPT_RT)
#define FEW			.sleeps = true, .few = true

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
	[QUARTET_COUNT_CACHE]		= { count_cache, ALLOCATOR_SLEEPS },
	[QUARTET_COUNT_POOL]		= { count_pool, ALLOCATOR_SLEEPS },
	[QUARTET_COUNT_CACHE_BURST]	= { count_cache_burst, ALLOCATOR_SLEEPS },
	[QUARTET_COUNT_POOL_BURST]	= { count_pool_burst, ALLOCATOR_SLEEPS },
	[QUARTET_COUNT_POOL_BULK]	= { count_pool_bulk, ALLOCATOR_SLEEPS },
	[QUARTET_COUNT_RHASHTABLE_HIT]	= { count_rhashtable_hit, .props = &tables },
	[QUARTET_COUNT_MEMO_HIT]	= { count_memo_hit, .props = &tables },
	[QUARTET_COUNT_MEMO_LOCK_HIT]	= { count_memo_lock_hit, FEW, .props = &tables },
	[QUARTET_COUNT_MEMO_MONITOR_HIT] = { count_memo_monitor_hit, FEW, .props = &tables },
	[QUARTET_COUNT_RHASHTABLE_MISS]	= { count_rhashtable_miss, FEW, .props = &tables },
	[QUARTET_COUNT_MEMO_MISS]	= { count_memo_miss, FEW, .props = &tables },
	[QUARTET_COUNT_COMPLETION_CROWD] = { memo_crowd_completion, FEW, .props = &crowds },
	[QUARTET_COUNT_MEMO_CROWD]	= { memo_crowd_memo, FEW, .props = &crowds },
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

static int count(struct quartet_torture_count *args)
{
	const struct count_path *path = &count_paths[args->path];
	const struct count_props *props = path->props ?: &objects;
	int err = props->init();

	if (err)
		return err;
	args->ticks = count_fewest(path, args);
	props->exit();
	return 0;
}

static int count_check(const struct quartet_torture_count *args)
{
	const struct count_path *path;

	if (args->path >= QUARTET_COUNT_PATHS ||
	    !args->pairs || args->pairs > QUARTET_COUNT_MAX_PAIRS ||
	    !args->rounds || args->rounds > QUARTET_COUNT_MAX_ROUNDS)
		return -EINVAL;
	path = &count_paths[args->path];
	if (path->few && args->pairs > QUARTET_COUNT_FEW)
		return -EINVAL;
	return path->run && get_cycles() ? 0 : -EOPNOTSUPP;
}

long count_torture_ioctl(void __user *argp)
{
	struct quartet_torture_count args;
	int err = quartet_sized_in(&args, sizeof(args), sizeof(args), argp);

	if (!err)
		err = count_check(&args);
	if (!err)
		err = mutex_lock_interruptible(&count_caller);
	if (err)
		return err;
	err = count(&args);
	mutex_unlock(&count_caller);
	if (err)
		return err;
	return copy_to_user(argp, &args, sizeof(args)) ? -EFAULT : 0;
}
