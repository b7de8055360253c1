/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All differences between kernel versions, each with the condition under
 * which it can go.
 */
#ifndef QUARTET_COMPAT_H
#define QUARTET_COMPAT_H

#include <linux/hrtimer.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/shrinker.h>
#include <linux/slab.h>
#ifdef CONFIG_TIME_NS
#include <linux/time_namespace.h>
#endif
#include <linux/version.h>
#include <linux/workqueue.h>

/*
 * What is bound to no CPU goes to system_dfl_wq since 6.17; the name before is deprecated, and
 * 7.3 says so in its log. Goes with 6.12.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
#define system_dfl_wq	system_unbound_wq
#endif

/*
 * The contention tracepoints are declared since 5.19 but exported only later
 * (Debian: in 6.12), so Kbuild looks for the export and defines
 * QUARTET_HAVE_CONTENTION_TRACEPOINTS. Goes when the oldest supported kernel
 * exports them.
 */
#ifdef QUARTET_HAVE_CONTENTION_TRACEPOINTS
#include <trace/events/lock.h>
#else
#define LCB_F_SPIN	0
static inline void trace_contention_begin(void *lock, unsigned int flags) { }
static inline void trace_contention_end(void *lock, int ret) { }
#endif

/* hrtimer_setup() came in 6.13 and replaced hrtimer_init(). Goes with 6.12. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*function)(struct hrtimer *timer),
				 clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#endif

/*
 * A time of CLOCK_MONOTONIC as the caller sees it, in the kernel's own. It is
 * timens_ktime_to_host(), whose parts 6.1 does not export. Goes with 6.1, or
 * whichever version that is the last not to export do_timens_ktime_to_host().
 */
static inline ktime_t quartet_host_time(ktime_t time)
{
#ifdef CONFIG_TIME_NS
	s64 offset = timespec64_to_ns(&current->nsproxy->time_ns->offsets.monotonic);

	/* What is further than the clock ever goes is as far as it goes. */
	if (offset < 0 && time > KTIME_MAX + offset)
		return KTIME_MAX;
	return max_t(s64, time - offset, 0);
#else
	return time;
#endif
}

/* The flags of a mapping are changed by functions since 6.3. Goes with 6.1. */
static inline void quartet_vm_flags(struct vm_area_struct *vma, unsigned long set,
				    unsigned long clear)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
	vma->vm_flags = (vma->vm_flags | set) & ~clear;
#else
	vm_flags_mod(vma, set, clear);
#endif
}

/*
 * The probe of sched_process_exit is told since 6.16 whether the task is the last thread of its
 * process. Before, two that exit together may both find that no other is left. The type has to be
 * the kernel's, which is checked by kernels that check indirect calls. Goes with 6.12.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 16, 0)
#define QUARTET_EXIT_PROBE(...)		__VA_ARGS__
#define QUARTET_EXIT_LAST(task)		(!atomic_read(&(task)->signal->live))
#else
#define QUARTET_EXIT_PROBE(...)		__VA_ARGS__, bool group_dead
#define QUARTET_EXIT_LAST(task)		group_dead
#endif

/* Shrinkers are allocated, and carry data, since 6.7. Goes with 6.1. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
struct quartet_shrinker {
	struct shrinker shrinker;
	void *data;
};

static inline void *quartet_shrinker_data(struct shrinker *shrinker)
{
	return container_of(shrinker, struct quartet_shrinker, shrinker)->data;
}

static inline struct shrinker *quartet_shrinker_alloc(const char *name, void *data)
{
	struct quartet_shrinker *own = kzalloc(sizeof(*own), GFP_KERNEL);

	if (own)
		own->data = data;
	return own ? &own->shrinker : NULL;
}

static inline bool quartet_shrinker_register(struct shrinker *shrinker, const char *name)
{
	if (!register_shrinker(shrinker, "%s", name))
		return true;
	kfree(container_of(shrinker, struct quartet_shrinker, shrinker));
	return false;
}

static inline void quartet_shrinker_free(struct shrinker *shrinker)
{
	unregister_shrinker(shrinker);
	kfree(container_of(shrinker, struct quartet_shrinker, shrinker));
}
#else
static inline void *quartet_shrinker_data(struct shrinker *shrinker)
{
	return shrinker->private_data;
}

static inline struct shrinker *quartet_shrinker_alloc(const char *name, void *data)
{
	struct shrinker *shrinker = shrinker_alloc(0, "%s", name);

	if (shrinker)
		shrinker->private_data = data;
	return shrinker;
}

static inline bool quartet_shrinker_register(struct shrinker *shrinker, const char *name)
{
	shrinker_register(shrinker);
	return true;
}

static inline void quartet_shrinker_free(struct shrinker *shrinker)
{
	shrinker_free(shrinker);
}
#endif

#endif /* QUARTET_COMPAT_H */
