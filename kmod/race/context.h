/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tree of calling contexts: a node is a call, or an access, at an address within the context
 * that its parent is. A stack is thus one number, which stays right for as long as the module is
 * loaded.
 */
#ifndef QUARTET_RACE_CONTEXT_H
#define QUARTET_RACE_CONTEXT_H

#include <linux/compiler.h>
#include <linux/hash.h>
#include <linux/types.h>

#define RACE_CONTEXT_BITS	24

/**
 * struct race_context - a node
 * @parent: 0 for the first call into the module
 * @pc: the low half of an address in the kernel's text
 * @next: in the bucket
 * @child: the one that was asked for last
 */
struct race_context {
	u32 parent;
	u32 pc;
	u32 next;
	u32 child;
};

extern struct race_context *race_contexts;
extern u32 *race_context_buckets;
extern unsigned int race_context_bits;

static __always_inline u32 *race_context_bucket(u32 parent, u32 pc)
{
	return &race_context_buckets[hash_64((u64)parent << 32 | pc, race_context_bits)];
}

static __always_inline bool race_context_is(u32 id, u32 parent, u32 pc)
{
	return race_contexts[id].parent == parent && READ_ONCE(race_contexts[id].pc) == pc;
}

/*
 * The child of @parent at @pc if there is one, or 0: mostly the last one that was asked for
 * (litmus: race-context-child).
 */
static __always_inline u32 race_context_known(u32 parent, unsigned long pc)
{
	u32 low = pc, id = READ_ONCE(race_contexts[parent].child);

	if (likely(READ_ONCE(race_contexts[id].pc) == low))
		return id;
	id = READ_ONCE(*race_context_bucket(parent, low));	/* A */
	while (id && !race_context_is(id, parent, low))
		id = race_contexts[id].next;
	WRITE_ONCE(race_contexts[parent].child, id);
	return id;
}

/* A child of @parent, made if need be; 0 if there is no room. Any context. */
u32 race_context_child(u32 parent, unsigned long pc);
static __always_inline u32 race_context_parent(u32 id)
{
	return race_contexts[id].parent;
}

/*
 * A context that is made only when it is asked for: the parent, and the low half of the address
 * below, or 0 if it is the parent itself.
 */
typedef u64 race_place;

static __always_inline race_place race_place_at(u32 parent, unsigned long pc)
{
	return (u64)parent << 32 | (u32)pc;
}

u32 race_place_context(race_place place);
/* Is it there, below its parent? */
bool race_place_is_in(race_place place, unsigned long start, unsigned long size);

/* 0 if the module that it was in is gone. */
unsigned long race_context_pc(u32 id);
/* Text that is about to go, and is called by its names from here on. Task, may sleep. */
void race_context_forget(unsigned long start, unsigned long size);
/* The name of one that has gone, or NULL. Under rcu_read_lock(). */
const char *race_context_name(u32 id);

int race_context_init(void);
void race_context_exit(void);

#endif /* QUARTET_RACE_CONTEXT_H */
