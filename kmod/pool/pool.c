// SPDX-License-Identifier: GPL-2.0-only
/*
 * Getting and putting objects, off the fast path; which is in quartet/pool.h.
 *
 * An object that nobody uses is in exactly one of these places:
 *
 *	private		a slot of a CPU and context: only that CPU, in that context,
 *			with preemption off; or anyone, once the CPU is offline
 *	shared		its CPU's ring that has the turn: the CPU pushes and pops, one thing at
 *			a time; all others steal, and so does what interrupts that
 *	victim		its CPU's other ring: everybody steals, its CPU too
 *	late		on PREEMPT_RT: on its way to the allocator (backing.c)
 *
 * A scan frees the victims and turns the rings (reclaim.c). Whoever read the turn
 * before it goes on with the ring that he has: an owner may still push or pop
 * there, because it is still the owner, and the ring does not care what it
 * is used for. So nothing waits for a turn; an object that is pushed so late is a victim, as if
 * it had been pushed before.
 *
 * Ordering, of a put before the get that returns the same object:
 *
 *	private, own shared	one CPU, in program order, and the scheduler's between its tasks
 *	stolen			B of ring.c, from the push to the steal; twice, if a thief has put
 *				it to its own ring in between (litmus: pool-ring-onward)
 *	victim			B too: the turn orders nothing (litmus: pool-victim). What a scan
 *				moves from private to the victims is pushed by its own CPU
 *	bounded			the lock of the slots (litmus: pool-slots)
 *
 * Source: Go's sync.Pool, with rings of a fixed size.
 */
#include <linux/cpu.h>
#include <linux/export.h>
#include <linux/topology.h>

#include <quartet/pool.h>

#include "body.h"

/* On this CPU, which need not be the one that it happened on. */
#define pool_count(pool, stat, n)	raw_cpu_add((pool)->cpu->stats.stat, n)

/*
 * From own_begin() to own_end() this CPU's ring is ours. Interrupts stay on: one that comes finds
 * @inside set and keeps off, and what it sets itself it has cleared again when it returns to us. A
 * task never finds it set.
 *
 * Returns this CPU's part of the pool, or NULL. With preemption off in both cases.
 */
static __always_inline struct quartet_pool_cpu *own_begin(struct quartet_pool *pool)
{
	struct quartet_pool_cpu *cpu;

	preempt_disable();
	cpu = this_cpu_ptr(pool->cpu);
	/* data_race(): an interrupt in between leaves it as it was. */
	if (unlikely(data_race(cpu->inside)))
		return NULL;
	/* data_race(): see above. */
	data_race(cpu->inside = true);
	barrier();
	return cpu;
}

static __always_inline void own_end(struct quartet_pool_cpu *cpu)
{
	barrier();
	/* data_race(): as in own_begin(). */
	data_race(cpu->inside = false);
	preempt_enable();
}

static __always_inline struct pool_ring *shared_ring(struct quartet_pool *pool,
						     struct quartet_pool_cpu *cpu)
{
	return cpu->ring[READ_ONCE(pool->turn) & 1];
}

/* Own ring, with its objects to @objects. Any context. */
static unsigned int pop_own(struct quartet_pool *pool, void **objects, unsigned int n)
{
	struct quartet_pool_cpu *cpu = own_begin(pool);

	if (!cpu) {
		preempt_enable();
		return 0;
	}
	n = pool_ring_pop(shared_ring(pool, cpu), objects, n);
	__quartet_pool_count(cpu, shared, n);
	own_end(cpu);
	return n;
}

/* Of the ring's owner, whom we have interrupted. */
static noinline void *pop_interrupted(struct quartet_pool *pool)
{
	struct quartet_pool_cpu *cpu = this_cpu_ptr(pool->cpu);
	unsigned int n;
	void *object;

	n = pool_ring_steal(shared_ring(pool, cpu), &object, 1);
	__quartet_pool_count(cpu, shared, n);
	preempt_enable();
	return n ? object : NULL;
}

static __always_inline void *pop_one(struct quartet_pool *pool)
{
	struct quartet_pool_cpu *cpu = own_begin(pool);
	void *object;

	if (unlikely(!cpu))
		return pop_interrupted(pool);
	object = pool_ring_pop_one(shared_ring(pool, cpu));
	__quartet_pool_count(cpu, shared, !!object);
	own_end(cpu);
	return object;
}

static void free_all(struct quartet_pool_body *body, void **objects, unsigned int n)
{
	while (n--)
		pool_backing_free(body, objects[n]);
}

/*
 * To the own ring; what finds no room there, or its owner interrupted, goes back to the allocator.
 * Returns how many do.
 */
static unsigned int share(struct quartet_pool_body *body, void **objects, unsigned int n)
{
	struct quartet_pool_cpu *cpu = own_begin(body->pool);
	unsigned int kept = 0;

	if (cpu) {
		kept = pool_ring_push(shared_ring(body->pool, cpu), objects, n);
		own_end(cpu);
	} else {
		preempt_enable();
	}
	free_all(body, objects + kept, n - kept);
	return n - kept;
}

/* Half of what @ring has, as far as one reaches, so that a CPU that only takes seldom comes. */
static unsigned int steal_batch(struct pool_ring *ring, void **objects)
{
	unsigned int half = (pool_ring_count(ring) + 1) / 2;

	return pool_ring_steal(ring, objects, min_t(unsigned int, half, POOL_RING_REACH));
}

/* From our node's CPUs, or all others; those after us first, so that not all ask the same. */
static unsigned int steal_from(struct quartet_pool_body *body, bool near, void **objects)
{
	int own = raw_smp_processor_id(), node = cpu_to_node(own);
	unsigned int cpu, n;

	for_each_cpu_wrap(cpu, cpu_possible_mask, own) {
		if (cpu == own || (cpu_to_node(cpu) == node) != near)
			continue;
		n = steal_batch(pool_ring_of(body, cpu, false), objects);
		if (n)
			return n;
	}
	return 0;
}

static void *get_stolen(struct quartet_pool_body *body)
{
	void *objects[POOL_RING_REACH];
	unsigned int n;

	n = steal_from(body, true, objects);
	if (n) {
		pool_count(body->pool, near, 1);
	} else {
		n = steal_from(body, false, objects);
		if (!n)
			return NULL;
		pool_count(body->pool, far, 1);
	}
	share(body, objects + 1, n - 1);
	return objects[0];
}

static void *get_victim(struct quartet_pool_body *body)
{
	unsigned int cpu;
	void *object;

	for_each_cpu_wrap(cpu, cpu_possible_mask, raw_smp_processor_id()) {
		if (pool_ring_steal(pool_ring_of(body, cpu, true), &object, 1)) {
			pool_count(body->pool, victim, 1);
			return object;
		}
	}
	return NULL;
}

static void *get_fresh(struct quartet_pool_body *body, gfp_t gfp)
{
	void *object = pool_backing_alloc(body, gfp & ~__GFP_ZERO);

	if (object)
		pool_count(body->pool, fresh, 1);
	return object;
}

static void *get_cached(struct quartet_pool_body *body)
{
	return pop_one(body->pool) ?: get_stolen(body) ?: get_victim(body);
}

static void *get_slot(struct quartet_pool_body *body)
{
	void *object = pool_slots_get(body->slots);

	if (object)
		pool_count(body->pool, shared, 1);
	return object;
}

/* As the fast path, for an interrupt: its slot on this CPU. */
static void **interrupt_slot(struct quartet_pool *pool)
{
	return raw_cpu_ptr(&pool->cpu->private[in_hardirq() ? QUARTET_POOL_HARDIRQ :
							      QUARTET_POOL_SOFTIRQ]);
}

static noinline void *get_private_interrupt(struct quartet_pool *pool)
{
	void *object, **slot;

	preempt_disable();
	slot = interrupt_slot(pool);
	object = *slot;
	if (object) {
		*slot = NULL;
		__quartet_pool_count(this_cpu_ptr(pool->cpu), private, 1);
	}
	preempt_enable();
	return object;
}

static noinline bool put_private_interrupt(struct quartet_pool *pool, void *object)
{
	bool empty;
	void **slot;

	preempt_disable();
	slot = interrupt_slot(pool);
	empty = !*slot;
	if (empty) {
		*slot = object;
		__quartet_pool_count(this_cpu_ptr(pool->cpu), puts, 1);
	}
	preempt_enable();
	return empty;
}

static __always_inline void *get_ready(struct quartet_pool *pool, void *object, gfp_t gfp)
{
	quartet_race_acquire(object);
	if (gfp & __GFP_ZERO)
		memset(object, 0, pool->size);
	return object;
}

/* Not from this CPU, or not plain. */
static noinline void *get_far(struct quartet_pool *pool, struct quartet_pool_body *body, gfp_t gfp)
{
	void *object;

	if (WARN_ONCE(!body, "quartet: a get from a pool that was destroyed\n"))
		return NULL;
	object = body->slots ? get_slot(body) : get_cached(body) ?: get_fresh(body, gfp);
	if (!object) {
		pool_count(pool, failed, 1);
		return NULL;
	}
	if (body->records)
		pool_record_get(body, object);
	return get_ready(pool, object, gfp);
}

/**
 * quartet_pool_get_slow() - quartet_pool_get() without an object in the private slot
 * @pool: the pool
 * @gfp: as there
 */
void *quartet_pool_get_slow(struct quartet_pool *pool, gfp_t gfp)
{
	struct quartet_pool_body *body = READ_ONCE(pool->body);
	void *object = NULL;

	if (likely(body && body->plain)) {
		if (unlikely(__quartet_pool_interrupts()))
			object = get_private_interrupt(pool);
		if (!object)
			object = pop_one(pool);
		if (likely(object))
			return get_ready(pool, object, gfp);
	}
	return get_far(pool, body, gfp);
}
EXPORT_SYMBOL_GPL(quartet_pool_get_slow);

static void put_shared(struct quartet_pool_body *body, void **objects, unsigned int n)
{
	unsigned int dropped = share(body, objects, n);

	if (dropped)
		pool_count(body->pool, dropped, dropped);
}

static __always_inline bool push_one(struct quartet_pool *pool, void *object)
{
	struct quartet_pool_cpu *cpu = own_begin(pool);
	bool kept;

	if (unlikely(!cpu)) {
		preempt_enable();
		return false;
	}
	kept = pool_ring_push_one(shared_ring(pool, cpu), object);
	__quartet_pool_count(cpu, puts, kept);
	own_end(cpu);
	return kept;
}

/* No room for it, or not plain. */
static noinline void put_far(struct quartet_pool *pool, struct quartet_pool_body *body,
			     void *object)
{
	if (WARN_ONCE(!body, "quartet: a put to a pool that was destroyed\n"))
		return;
	pool_count(pool, puts, 1);
	if (body->records && !pool_record_put(body, object))
		return;
	if (body->slots)
		pool_slots_put(body->slots, object);
	else
		put_shared(body, &object, 1);
}

/**
 * quartet_pool_put_slow() - quartet_pool_put() with the private slot taken
 * @pool: the pool
 * @object: as there
 */
void quartet_pool_put_slow(struct quartet_pool *pool, void *object)
{
	struct quartet_pool_body *body = READ_ONCE(pool->body);

	if (!object)
		return;
	if (likely(body && body->plain)) {
		if (unlikely(__quartet_pool_interrupts()) && put_private_interrupt(pool, object))
			return;
		if (push_one(pool, object))
			return;
	}
	put_far(pool, body, object);
}
EXPORT_SYMBOL_GPL(quartet_pool_put_slow);

/**
 * quartet_pool_get_bulk() - take several objects
 * @pool: the pool
 * @gfp: as for quartet_pool_get()
 * @objects: where to
 * @n: how many
 *
 * Context: as quartet_pool_get().
 * Return: how many there are; fewer than @n if the rest could not be had.
 */
unsigned int quartet_pool_get_bulk(struct quartet_pool *pool, gfp_t gfp, void **objects,
				   unsigned int n)
{
	struct quartet_pool_body *body = READ_ONCE(pool->body);
	unsigned int i, got = 0;

	if (body && body->plain)
		got = pop_own(pool, objects, n);
	for (i = 0; i < got; i++) {
		quartet_race_acquire(objects[i]);
		if (gfp & __GFP_ZERO)
			memset(objects[i], 0, pool->size);
	}
	for (; got < n; got++) {
		objects[got] = quartet_pool_get(pool, gfp);
		if (!objects[got])
			break;
	}
	return got;
}
EXPORT_SYMBOL_GPL(quartet_pool_get_bulk);

/**
 * quartet_pool_put_bulk() - give several objects back
 * @pool: the pool that all of them came from
 * @objects: none of them NULL
 * @n: how many
 *
 * Context: as quartet_pool_put().
 */
void quartet_pool_put_bulk(struct quartet_pool *pool, void **objects, unsigned int n)
{
	struct quartet_pool_body *body = READ_ONCE(pool->body);
	unsigned int i;

	if (!body || !body->plain) {
		for (i = 0; i < n; i++)
			quartet_pool_put(pool, objects[i]);
		return;
	}
	for (i = 0; i < n; i++)
		quartet_race_release(objects[i]);
	pool_count(pool, puts, n);
	put_shared(body, objects, n);
}
EXPORT_SYMBOL_GPL(quartet_pool_put_bulk);

/* Steals and frees all that is in @ring. Returns how many. */
static unsigned long drain_ring(struct quartet_pool_body *body, struct pool_ring *ring)
{
	void *objects[POOL_RING_REACH];
	unsigned long freed = 0;
	unsigned int n;

	while ((n = pool_ring_steal(ring, objects, POOL_RING_REACH))) {
		free_all(body, objects, n);
		freed += n;
	}
	return freed;
}

/* All that a CPU has, which is offline, or whose pool nobody uses any more. */
unsigned long pool_drain_cpu(struct quartet_pool_body *body, unsigned int cpu)
{
	struct quartet_pool_cpu *slots = per_cpu_ptr(body->pool->cpu, cpu);
	unsigned long n = 0;
	unsigned int i;
	void *object;

	for (i = 0; i < QUARTET_POOL_CONTEXTS; i++) {
		object = slots->private[i];
		if (!__quartet_pool_is_object(object))
			continue;
		WRITE_ONCE(slots->private[i], NULL);
		pool_backing_free(body, object);
		n++;
	}
	for (i = 0; i < 2; i++)
		n += drain_ring(body, per_cpu_ptr(body->pool->cpu, cpu)->ring[i]);
	return n;
}

/*
 * This CPU's, to its victims: with interrupts off no context is at its slot, and in a task nobody
 * is at its ring. Context: task.
 */
void pool_give_up_private(struct quartet_pool_body *body)
{
	void *objects[QUARTET_POOL_CONTEXTS];
	struct quartet_pool_cpu *cpu;
	unsigned int i, n = 0, kept;
	unsigned long flags;

	local_irq_save(flags);
	cpu = this_cpu_ptr(body->pool->cpu);
	for (i = 0; i < QUARTET_POOL_CONTEXTS; i++) {
		objects[n] = READ_ONCE(cpu->private[i]);
		if (!__quartet_pool_is_object(objects[n]))
			continue;
		WRITE_ONCE(cpu->private[i], NULL);
		n++;
	}
	kept = pool_ring_push(pool_ring_of(body, smp_processor_id(), true), objects, n);
	local_irq_restore(flags);
	free_all(body, objects + kept, n - kept);
}

/* What nobody has wanted since the last scan is freed; the rest may be at the next one. */
static unsigned long scan_locked(struct quartet_pool_body *body)
{
	unsigned long freed = 0;
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		freed += drain_ring(body, pool_ring_of(body, cpu, true));
	WRITE_ONCE(body->pool->turn, body->pool->turn + 1);
	pool_empty_privates(body);
	pool_count(body->pool, reclaimed, freed);
	return freed;
}

/**
 * quartet_pool_scan() - do what the shrinker does when memory is short
 * @pool: a pool that is not bounded
 *
 * Twice in a row, with no use in between, gives back all but what was in private slots,
 * which is queued on each CPU at the first, and freed by the scan after that.
 *
 * Context: task, may sleep.
 * Return: how many objects went back to the allocator; 0 while another scan is under way.
 */
unsigned long quartet_pool_scan(struct quartet_pool *pool)
{
	struct quartet_pool_body *body = READ_ONCE(pool->body);
	unsigned long freed;

	if (!body || body->slots || !mutex_trylock(&body->scan_lock))
		return 0;
	freed = scan_locked(body);
	mutex_unlock(&body->scan_lock);
	return freed;
}
EXPORT_SYMBOL_GPL(quartet_pool_scan);

u64 pool_count_cached(struct quartet_pool_body *body)
{
	unsigned int cpu, i;
	u64 n = 0;

	if (body->slots)
		return pool_slots_free(body->slots);
	for_each_possible_cpu(cpu) {
		struct quartet_pool_cpu *slots = per_cpu_ptr(body->pool->cpu, cpu);

		for (i = 0; i < QUARTET_POOL_CONTEXTS; i++)
			n += __quartet_pool_is_object(READ_ONCE(slots->private[i]));
		for (i = 0; i < 2; i++)
			n += pool_ring_count(per_cpu_ptr(body->pool->cpu, cpu)->ring[i]);
	}
	return n;
}
