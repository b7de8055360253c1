// SPDX-License-Identifier: GPL-2.0-only
/*
 * The slow path of the queued spinlock; the state table is in quartet/spinlock.h.
 *
 * A waiter is one of three:
 *
 *   pending    the first one behind the holder, if nobody queues: it spins on
 *              the lock word and touches no other cache line
 *   queued     on a node of its CPU, which the waiter behind links to itself;
 *              only the head of the queue spins on the lock word, everyone
 *              else on the head flag of his own node, which his predecessor sets
 *   nodeless   its CPU has no node left: spins on trylock, so it never passes
 *              the queue but may be passed by it
 *
 * Nodes. A context that waits cannot be preempted, only interrupted, so a CPU
 * has at most one waiter in each of task, softirq, hardirq and NMI (which we do
 * not support: its node is spare). spin_cpu.nesting counts the waiters under
 * way on this CPU and names the next free node. An interrupt that comes
 * between reading and writing the count leaves it as it found it, so no
 * atomic operation is needed.
 *
 * A node is written by its owner, except for @next, which the successor sets
 * once, and @head, which the predecessor sets once. The owner leaves only as
 * the last one queued (nobody knows the node) or after it has seen @next
 * and passed the head on (nobody will write to it again). So a node may be
 * reused at once (litmus: spin-emptied, spin-reuse).
 *
 * Barriers, each label at both ends:
 *
 *   U with P, H   unlock's store-release of the locked byte; the pending waiter's
 *                 and the head's load-acquire: the critical sections are ordered
 *                 (litmus: spin-unlock-pending, spin-unlock-head)
 *   Q with Q      the tail's xchg-release after @next and @head were cleared; the
 *                 successor's link depends on the address that its xchg read:
 *                 clearing cannot overwrite the link (litmus: spin-enqueue)
 *   L with L      the link's store-release, after the successor cleared its node;
 *                 the predecessor's hand-over depends on the address that it
 *                 read: clearing cannot overwrite the head flag, and its @next is not
 *                 seen from before (litmus: spin-link, spin-depth)
 *   T with G      passing the head on is a store-release after the locked byte was
 *                 set; the new head's load-acquire: it cannot see the byte from
 *                 before and take a lock that is held (litmus: spin-head)
 *
 * Source: J. Mellor-Crummey and M. Scott, Algorithms for Scalable
 * Synchronization on Shared-Memory Multiprocessors, 1991 (the queue); the
 * packing into one word with a pending bit is that of the kernel's qspinlock.
 */
#include <linux/cpu.h>
#include <linux/export.h>
#include <linux/percpu.h>
#include <linux/smp.h>

#include <quartet/spinlock.h>
#include <linux/quartet_torture.h>

#include "../base/compat.h"
#include "../base/trace.h"
#include "transitions.h"

#define SPIN_NODES	4
#define SPIN_NODE_BITS	2
#define SPIN_BUSY	(QUARTET_SPIN_LOCKED | QUARTET_SPIN_PENDING)

struct spin_node {
	struct spin_node *next;
	u32 head;
};

/* A cache line of nodes a CPU: of its waiters only the innermost one spins. */
struct spin_cpu {
	struct spin_node nodes[SPIN_NODES];
	u32 nesting;
};

static DEFINE_PER_CPU_ALIGNED(struct spin_cpu, spin_cpus);

static inline u16 spin_tail(unsigned int cpu, unsigned int nesting)
{
	BUILD_BUG_ON(CONFIG_NR_CPUS >= U16_MAX >> SPIN_NODE_BITS);
	return (cpu + 1) << SPIN_NODE_BITS | nesting;
}

static inline unsigned int spin_tail_cpu(u16 tail)
{
	return (tail >> SPIN_NODE_BITS) - 1;
}

static inline struct spin_node *spin_tail_node(u16 tail)
{
	return &per_cpu(spin_cpus, spin_tail_cpu(tail)).nodes[tail & (SPIN_NODES - 1)];
}

/* (0,0,1) -> (0,1,1) -> (0,1,0) -> (0,0,1), or false and nothing changed. */
static bool spin_wait_pending(struct quartet_spinlock *lock)
{
	int held = QUARTET_SPIN_LOCKED;

	if (!atomic_try_cmpxchg_relaxed(&lock->word, &held, SPIN_BUSY))
		return false;
	smp_cond_load_acquire(&lock->locked, !VAL);		/* [P] */
	/* While the pending bit is ours nobody else sets the locked byte. */
	WRITE_ONCE(lock->locked_pending, QUARTET_SPIN_LOCKED);
	quartet_count(QUARTET_TRANSITION_PENDING);
	return true;
}

/* Makes our node the tail; returns the tail before. */
static u16 spin_enqueue(struct quartet_spinlock *lock, struct spin_node *node, u16 tail)
{
	u16 before;

	WRITE_ONCE(node->next, NULL);
	WRITE_ONCE(node->head, false);
	before = xchg_release(&lock->tail, tail);		/* [Q] */
	quartet_count(QUARTET_TRANSITION_QUEUED);
	return before;
}

/* Waits until our predecessor makes us the head. */
static void spin_wait_head(struct spin_node *node, u16 before)
{
	struct spin_node *prev = spin_tail_node(before);	/* [Q] */

	smp_store_release(&prev->next, node);			/* [L] */
	smp_cond_load_acquire(&node->head, VAL);		/* [G] */
}

/* Takes the lock as the head, and passes the head on. */
static void spin_lock_as_head(struct quartet_spinlock *lock, struct spin_node *node, u16 tail)
{
	struct spin_node *next;
	int word;

	word = atomic_cond_read_acquire(&lock->word, !(VAL & SPIN_BUSY));	/* [H] */
	/* Relaxed: [H] has ordered us already. It fails if somebody has queued. */
	if (word == tail << QUARTET_SPIN_TAIL_SHIFT &&
	    atomic_try_cmpxchg_relaxed(&lock->word, &word, QUARTET_SPIN_LOCKED)) {
		quartet_count(QUARTET_TRANSITION_EMPTIED);
		return;
	}

	WRITE_ONCE(lock->locked, 1);
	next = smp_cond_load_relaxed(&node->next, VAL);		/* [L] */
	/* Its own @next stays NULL or set for as long as we do not let it go. */
	if (READ_ONCE(next->next))
		quartet_count(QUARTET_TRANSITION_DEPTH3);
	quartet_count(QUARTET_TRANSITION_HANDOFF);
	smp_store_release(&next->head, true);			/* [T] */
}

static void spin_wait_queued(struct quartet_spinlock *lock, struct spin_node *node,
			     unsigned int nesting)
{
	u16 tail = spin_tail(smp_processor_id(), nesting);
	u16 before = spin_enqueue(lock, node, tail);

	if (nesting)
		quartet_count(QUARTET_TRANSITION_NESTED);
	if (before)
		spin_wait_head(node, before);
	spin_lock_as_head(lock, node, tail);
}

static void spin_wait_nodeless(struct quartet_spinlock *lock)
{
	quartet_count(QUARTET_TRANSITION_FALLBACK);
	while (atomic_read(&lock->word) || !__quartet_spin_try(lock))
		cpu_relax();
}

/**
 * quartet_spin_lock_slow() - quartet_spin_lock() after its first try failed
 * @lock: the lock
 *
 * Context: preemption off.
 */
void quartet_spin_lock_slow(struct quartet_spinlock *lock)
{
	struct spin_cpu *cpu = this_cpu_ptr(&spin_cpus);
	unsigned int nesting;

	trace_spin_contended(lock);
	trace_contention_begin(lock, LCB_F_SPIN);
	if (spin_wait_pending(lock))
		goto acquired;

	nesting = cpu->nesting++;
	barrier();	/* an interrupt from here on finds our node taken */
	if (likely(nesting < SPIN_NODES))
		spin_wait_queued(lock, &cpu->nodes[nesting], nesting);
	else
		spin_wait_nodeless(lock);
	barrier();	/* and only from here on finds it free */
	cpu->nesting--;
acquired:
	trace_contention_end(lock, 0);
	trace_spin_acquired(lock);
}
EXPORT_SYMBOL_GPL(quartet_spin_lock_slow);

void __quartet_spin_lock_init(struct quartet_spinlock *lock, const char *name,
			      struct lock_class_key *key)
{
#ifdef CONFIG_DEBUG_LOCK_ALLOC
	lockdep_init_map_wait(&lock->dep_map, name, key, 0, LD_WAIT_SPIN);
#endif
	atomic_set(&lock->word, 0);
}
EXPORT_SYMBOL_GPL(__quartet_spin_lock_init);

/**
 * quartet_spin_newest_waiter() - where the waiter that came last waits
 * @lock: a lock that this context holds
 *
 * Whoever starts to lock after this call gets the lock after that waiter: a
 * test of the FIFO order can lean on it (litmus: spin-newest).
 *
 * Context: any.
 * Return: its CPU, QUARTET_SPIN_PENDING_WAITER if it waits without a node (its
 * CPU is unknown, but it is the next to be granted), or QUARTET_SPIN_NO_WAITER.
 */
int quartet_spin_newest_waiter(struct quartet_spinlock *lock)
{
	u32 word = atomic_read(&lock->word);

	if (word >> QUARTET_SPIN_TAIL_SHIFT)
		return spin_tail_cpu(word >> QUARTET_SPIN_TAIL_SHIFT);
	return word & QUARTET_SPIN_PENDING ? QUARTET_SPIN_PENDING_WAITER : QUARTET_SPIN_NO_WAITER;
}
EXPORT_SYMBOL_GPL(quartet_spin_newest_waiter);

static void spin_add_nesting(void *number)
{
	this_cpu_add(spin_cpus.nesting, (long)number);
}

/* On the CPU itself, so that no waiter there is half way; an offline one has none. */
static void spin_add_nesting_on(unsigned int cpu, long number)
{
	cpus_read_lock();
	if (smp_call_function_single(cpu, spin_add_nesting, (void *)number, true))
		per_cpu(spin_cpus, cpu).nesting += number;
	cpus_read_unlock();
}

/**
 * quartet_spin_claim_nodes() - let the waiters of a CPU find no queue node
 * @cpu: the CPU
 *
 * For tests of a path that no supported nesting of contexts reaches.
 *
 * Context: task, may sleep.
 */
void quartet_spin_claim_nodes(unsigned int cpu)
{
	spin_add_nesting_on(cpu, SPIN_NODES);
}
EXPORT_SYMBOL_GPL(quartet_spin_claim_nodes);

/* Gives back what quartet_spin_claim_nodes() took; the same context. */
void quartet_spin_unclaim_nodes(unsigned int cpu)
{
	spin_add_nesting_on(cpu, -SPIN_NODES);
}
EXPORT_SYMBOL_GPL(quartet_spin_unclaim_nodes);
