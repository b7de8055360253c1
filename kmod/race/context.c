// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tree of calling contexts.
 *
 * Nodes are never freed. One is complete before cmpxchg() links it to its bucket (A), and who walks
 * the bucket reads the link first (A): the address dependency is the order, also for who is led to
 * it by another (litmus: race-context, race-context-both, race-context-child). Two threads may make
 * the same node twice; both are right.
 */
#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/xarray.h>

#include "context.h"
#include "counters.h"

static unsigned int contexts = 1 << 16;
module_param(contexts, uint, 0444);
MODULE_PARM_DESC(contexts, "distinct calls and accesses that are remembered (16 bytes each)");

struct race_context *race_contexts;
u32 *race_context_buckets;
unsigned int race_context_bits;
static atomic_t used;
static DEFINE_XARRAY(names);	/* of those whose text has gone */

static u32 add(u32 parent, u32 pc)
{
	u32 *bucket = race_context_bucket(parent, pc), id, first;

	if (atomic_read(&used) >= contexts - 1) {
		race_count(RACE_NO_CONTEXT);
		return 0;
	}
	id = atomic_inc_return(&used);
	if (id >= contexts)
		return 0;
	race_contexts[id].parent = parent;
	race_contexts[id].pc = pc;
	do {
		first = READ_ONCE(*bucket);
		race_contexts[id].next = first;
	} while (cmpxchg(bucket, first, id) != first);	/* A */
	return id;
}

u32 race_context_child(u32 parent, unsigned long pc)
{
	return race_context_known(parent, pc) ?: add(parent, pc);
}

/* All text is within 4 GiB of ours. */
static unsigned long text_at(u32 low)
{
	return ((unsigned long)text_at & ~0xffffffffUL) | low;
}

u32 race_place_context(race_place place)
{
	u32 parent = place >> 32, low = place;

	return low ? race_context_child(parent, low) : parent;
}

bool race_place_is_in(race_place place, unsigned long start, unsigned long size)
{
	u32 low = place;

	return low && text_at(low) - start < size;
}

unsigned long race_context_pc(u32 id)
{
	/* Without one it has its name (litmus: race-context-name). */
	u32 low = smp_load_acquire(&race_contexts[id].pc);

	return low ? text_at(low) : 0;
}

/* Without memory for its name it has none. */
static void forget(u32 id)
{
	char *name = kasprintf(GFP_KERNEL, "%pB", (void *)text_at(race_contexts[id].pc));

	if (name && xa_is_err(xa_store(&names, id, name, GFP_KERNEL)))
		kfree(name);
	smp_store_release(&race_contexts[id].pc, 0);	/* (litmus: race-context-name) */
}

void race_context_forget(unsigned long start, unsigned long size)
{
	u32 id, last = min_t(u32, atomic_read(&used), contexts - 1);

	for (id = 1; id <= last; id++)
		if (race_contexts[id].pc && text_at(race_contexts[id].pc) - start < size)
			forget(id);
}

const char *race_context_name(u32 id)
{
	return xa_load(&names, id);
}

int race_context_init(void)
{
	if (contexts < 2 || contexts > 1U << RACE_CONTEXT_BITS) {
		pr_err("quartet_race: contexts=%u is not within 2 and %u\n", contexts,
		       1U << RACE_CONTEXT_BITS);
		return -EINVAL;
	}
	race_context_bits = ilog2(contexts);
	race_contexts = vcalloc(contexts, sizeof(*race_contexts));
	race_context_buckets = vcalloc(1U << race_context_bits, sizeof(*race_context_buckets));
	if (race_contexts && race_context_buckets)
		return 0;
	race_context_exit();
	return -ENOMEM;
}

void race_context_exit(void)
{
	unsigned long id;
	char *name;

	xa_for_each(&names, id, name)
		kfree(name);
	xa_destroy(&names);
	vfree(race_contexts);
	vfree(race_context_buckets);
}
