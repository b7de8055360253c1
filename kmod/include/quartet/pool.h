/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A pool of objects of one kind: Go's sync.Pool.
 *
 * What is put stays on its CPU, and is what the next get there returns: warm
 * in the cache, constructed, and taken without a lock, a locked operation or
 * masking interrupts. Under memory pressure a pool forgets what it holds, in
 * two steps, so that what is in use survives one.
 *
 *	get	private -> own shared, newest first -> the other CPUs' shared, oldest first,
 *		own node first -> what was shared before the last scan -> the allocator
 *	put	private, if empty -> own shared, if not full -> the allocator
 *
 * Private is one slot for each of task, softirq and hardirq context on each CPU,
 * which nobody else ever takes from. Shared is a ring a CPU, of which others steal.
 *
 * A pool of *bounded* objects is a fixed number of slots instead, in memory that
 * user space can be given a mapping of: get fails exactly if none is free.
 *
 * Use it for objects that are taken and given back often, or cost a lot to
 * construct. It is no reserve: get may fail like any allocation (mempool is
 * one). Objects of all pools are given back with quartet_pool_put(), to the
 * pool they came from, on any CPU and in any context but NMI.
 *
 * Ordering: a put of an object happens before the get that returns it.
 */
#ifndef QUARTET_POOL_H
#define QUARTET_POOL_H

#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/gfp.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/types.h>

#include <quartet/race.h>

#define QUARTET_POOL_MAX_SIZE	(4UL << 20)

/* Where an object comes from and goes to. Counted on the CPU where it happens. */
#define QUARTET_POOL_STATS(X) \
	X(private)	/* gets from the CPU's own slot */ \
	X(shared)	/* gets from its own ring */ \
	X(near)		/* gets from another CPU of the node */ \
	X(far)		/* gets from a CPU of another node */ \
	X(victim)	/* gets of what a scan was about to free */ \
	X(fresh)	/* gets from the allocator */ \
	X(failed)	/* gets that returned NULL */ \
	X(puts)		/* objects put back */ \
	X(dropped)	/* puts that found no room: back to the allocator */ \
	X(reclaimed)	/* freed by scans, and by CPUs that went offline */

struct quartet_pool_stats {
#define QUARTET_POOL_STAT(name) u64 name;
	QUARTET_POOL_STATS(QUARTET_POOL_STAT)
#undef QUARTET_POOL_STAT
};

enum quartet_pool_context {
	QUARTET_POOL_TASK,
	QUARTET_POOL_SOFTIRQ,
	QUARTET_POOL_HARDIRQ,
	QUARTET_POOL_CONTEXTS,
};

/* In a private slot that is not to be used: neither empty nor an object. */
#define QUARTET_POOL_CLOSED	((void *)1)

struct pool_ring;

/**
 * struct quartet_pool_cpu - what a CPU has of a pool
 * @private: an object, NULL or QUARTET_POOL_CLOSED; a slot for each context, touched only
 *	in that context on this CPU, with preemption off; others may look whether it is empty
 * @ring: one is shared now, the other holds victims: quartet_pool.turn says which
 * @inside: something on this CPU is at its ring; what interrupts it is not to
 * @stats: plain counters: an interrupt may lose an increment
 */
struct quartet_pool_cpu {
	void *private[QUARTET_POOL_CONTEXTS];
	struct pool_ring *ring[2];
	bool inside;
	struct quartet_pool_stats stats;
};

struct quartet_pool_body;

/**
 * struct quartet_pool - a pool
 * @cpu: the fast path's, per CPU
 * @size: of an object, in bytes
 * @turn: which ring is shared; turned by scans
 * @body: all the rest, or NULL once it is destroyed
 */
struct quartet_pool {
	struct quartet_pool_cpu __percpu *cpu;
	size_t size;
	unsigned int turn;
	struct quartet_pool_body *body;
};

/* struct quartet_pool_params.flags: catch double and foreign puts, and writes after a put */
#define QUARTET_POOL_DEBUG	BIT(0)

/**
 * struct quartet_pool_params - what a pool is made of
 * @name: 1 to 31 printable characters without spaces, that no other pool has; it is copied
 * @size: of an object, 1 to QUARTET_POOL_MAX_SIZE bytes
 * @align: a power of two up to PAGE_SIZE, or 0 for that of a pointer
 * @flags: QUARTET_POOL_*
 * @bounded: number of slots, which are all there will ever be; or 0
 * @max_cached: objects that the pool keeps at most, shared out between the CPUs: rounded
 *	down to a power of two for each, but at least two, and private slots not counted; or 0
 *	for 512 a CPU (fewer if they are larger than a kilobyte)
 * @ctor: called once for each object that comes fresh from the allocator, and never again
 *	before it goes back there: what it has set up, users put back as it was; or NULL
 * @alloc: to be used instead of a slab cache of the pool's own, in the context of a get and
 *	with its gfp; or NULL
 * @free: the opposite of @alloc, in the context of a put or, where that cannot free, in a later
 *	one, and then without the object's first word; NULL exactly if @alloc is
 * @data: for @ctor, @alloc and @free
 * @gfp: what the pool and bounded slots are allocated with, which may sleep; or 0 for GFP_KERNEL
 */
struct quartet_pool_params {
	const char *name;
	size_t size;
	size_t align;
	unsigned int flags;
	unsigned int bounded;
	unsigned int max_cached;
	void (*ctor)(void *object, void *data);
	void *(*alloc)(gfp_t gfp, void *data);
	void (*free)(void *object, void *data);
	void *data;
	gfp_t gfp;
};

int quartet_pool_init(struct quartet_pool *pool, const struct quartet_pool_params *params);
long quartet_pool_destroy(struct quartet_pool *pool);
void *quartet_pool_get_slow(struct quartet_pool *pool, gfp_t gfp);
void quartet_pool_put_slow(struct quartet_pool *pool, void *object);
unsigned int quartet_pool_get_bulk(struct quartet_pool *pool, gfp_t gfp, void **objects,
				   unsigned int n);
void quartet_pool_put_bulk(struct quartet_pool *pool, void **objects, unsigned int n);

/**
 * struct quartet_pool_state - a pool as it was, exact if nobody used it meanwhile
 * @stats: sums over all CPUs
 * @allocated: objects that came from the allocator, ever
 * @freed: objects that went back there
 * @cached: in private slots, rings and victims
 */
struct quartet_pool_state {
	struct quartet_pool_stats stats;
	u64 allocated;
	u64 freed;
	u64 cached;
};

void quartet_pool_read(struct quartet_pool *pool, struct quartet_pool_state *state);
unsigned long quartet_pool_scan(struct quartet_pool *pool);
void *quartet_pool_slots(struct quartet_pool *pool, size_t *stride);

/* data_race(): an interrupt may come in between, and its increments be lost. */
#define __quartet_pool_count(cpu, stat, n)	data_race((cpu)->stats.stat += (n))

/* Of what a private slot holds: neither empty nor closed? */
static __always_inline bool __quartet_pool_is_object(const void *slot)
{
	return (unsigned long)slot > (unsigned long)QUARTET_POOL_CLOSED;
}

/*
 * In softirq or hardirq; in one look at the preempt count. On PREEMPT_RT softirqs are tasks, but
 * with preemption off they do not meet.
 */
static __always_inline bool __quartet_pool_interrupts(void)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		return in_hardirq() || in_serving_softirq();
	return preempt_count() & (HARDIRQ_MASK | SOFTIRQ_OFFSET);
}

/**
 * quartet_pool_get() - take an object
 * @pool: the pool; one that was destroyed gives NULL, and is warned of
 * @gfp: how to allocate, if need be; __GFP_ZERO zeroes what was cached too, and is not for
 *	pools with a constructor
 *
 * What an object holds is what its last user left there, or the constructor.
 *
 * Context: any but NMI; may sleep if @gfp says so and the pool has nothing. On PREEMPT_RT
 * a hardirq gets what is cached, or NULL.
 * Return: an object, or NULL if there is no memory, or no free slot.
 */
static __always_inline void *quartet_pool_get(struct quartet_pool *pool, gfp_t gfp)
{
	struct quartet_pool_cpu *cpu;
	void *object;

	preempt_disable();
	cpu = this_cpu_ptr(pool->cpu);
	object = READ_ONCE(cpu->private[QUARTET_POOL_TASK]);
	/* Interrupts have slots too, out of line. */
	if (unlikely(!__quartet_pool_is_object(object) || __quartet_pool_interrupts())) {
		preempt_enable();
		return quartet_pool_get_slow(pool, gfp);
	}
	WRITE_ONCE(cpu->private[QUARTET_POOL_TASK], NULL);
	__quartet_pool_count(cpu, private, 1);
	preempt_enable();
	quartet_race_acquire(object);
	if (gfp & __GFP_ZERO)
		memset(object, 0, pool->size);
	return object;
}

/**
 * quartet_pool_put() - give an object back
 * @pool: the pool that it came from
 * @object: nobody uses it any more; of NULL nothing comes, but that it may be counted
 *
 * Context: any but NMI; never sleeps, never fails.
 */
static __always_inline void quartet_pool_put(struct quartet_pool *pool, void *object)
{
	struct quartet_pool_cpu *cpu;

	quartet_race_release(object);
	preempt_disable();
	cpu = this_cpu_ptr(pool->cpu);
	if (unlikely(READ_ONCE(cpu->private[QUARTET_POOL_TASK]) ||
		     __quartet_pool_interrupts())) {
		preempt_enable();
		quartet_pool_put_slow(pool, object);
		return;
	}
	/* Of NULL nothing comes. */
	WRITE_ONCE(cpu->private[QUARTET_POOL_TASK], object);
	__quartet_pool_count(cpu, puts, 1);
	preempt_enable();
}

#endif /* QUARTET_POOL_H */
