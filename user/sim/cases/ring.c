// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pool's ring by itself: its owner against thieves. Each object is in one
 * hand at a time, and none is lost.
 */
#include <linux/slab.h>
#include <sim/case.h>

#include <pool/ring.h>
#include "cases.h"

#define OBJECTS	8

/**
 * struct token - an object
 * @hands: who has it: 0 while it is in the ring
 * @written: by its last owner before it went to the ring; plain, so that TSan sees the order
 */
struct token {
	unsigned int hands;
	unsigned long written;
};

static struct pool_ring *ring;
static struct token tokens[OBJECTS];
static unsigned int taken, pushed;	/* @pushed is the owner's */

static void enter(void *object)
{
	struct token *token = object;

	if (token < tokens || token >= tokens + OBJECTS)
		sim_fail("assertion: the ring gave %p", object);
	if (xchg_relaxed(&token->hands, 1))
		sim_fail("exclusion: object %d is in two hands", (int)(token - tokens));
	token->written++;
}

static void leave(struct token *token)
{
	token->written++;
	(void)xchg_relaxed(&token->hands, 0);
}

/* Object @n, if there is room. */
static bool push(unsigned int n)
{
	void *object = &tokens[n];

	leave(object);
	if (!pool_ring_push_one(ring, object)) {
		enter(object);
		return false;
	}
	pushed++;
	return true;
}

/* @n objects at once, from @first on; how many there was room for. */
static unsigned int push_from(unsigned int first, unsigned int n)
{
	void *objects[OBJECTS];
	unsigned int i, done;

	for (i = 0; i < n; i++) {
		objects[i] = &tokens[first + i];
		leave(objects[i]);
	}
	done = pool_ring_push(ring, objects, n);
	for (i = done; i < n; i++)
		enter(objects[i]);
	pushed += done;
	return done;
}

static void count(unsigned int n)
{
	(void)SIM_FETCH_ADD(&taken, n, __ATOMIC_RELAXED, "count", "taken");
}

/* The number of the object that was popped last, or -1. */
static int pop(unsigned int most)
{
	void *objects[OBJECTS];
	unsigned int n, i;

	if (most == 1) {
		objects[0] = pool_ring_pop_one(ring);
		n = !!objects[0];
	} else {
		n = pool_ring_pop(ring, objects, most);
	}
	if (n > most)
		sim_fail("assertion: %u popped, of %u", n, most);
	for (i = 0; i < n; i++)
		enter(objects[i]);
	count(n);
	return n ? (struct token *)objects[n - 1] - tokens : -1;
}

static unsigned int steal_most(unsigned int most)
{
	void *objects[POOL_RING_REACH];
	unsigned int n = pool_ring_steal(ring, objects, most), i;

	for (i = 0; i < n; i++)
		enter(objects[i]);
	count(n);
	return n;
}

static bool steal(void)
{
	return steal_most(1);
}

static void steal_batch(void)
{
	steal_most(POOL_RING_REACH);
}

static void steal_all(void)
{
	while (steal_most(POOL_RING_REACH))
		;
}

static void steal_once(void)
{
	steal();
}

static void steal_twice(void)
{
	steal();
	steal();
}

/* A ring of @size, with the first @n objects; the others are its owner's. */
static void start(unsigned int size, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < OBJECTS; i++)
		tokens[i] = (struct token){ .hands = 1 };
	taken = 0;
	pushed = 0;
	ring = pool_ring_alloc(size, 0);
	push_from(0, n);
}

/* What nobody has taken is still there. */
static void end(void)
{
	while (steal())
		;
	if (taken != pushed)
		sim_fail("leak: %u of %u objects came back", taken, pushed);
	pool_ring_free(ring);
	if (sim_allocated())
		sim_fail("leak: %ld allocations at the end", sim_allocated());
}

static void start_one(void)
{
	start(2, 1);
}

static void start_two(void)
{
	start(4, 2);
}

static void start_four(void)
{
	start(4, 4);
}

static void start_full(void)
{
	start(2, 2);
}

static void pop_twice(void)
{
	pop(1);
	pop(1);
}

const struct sim_case ring_last = {
	.name = "ring-last",
	.what = "the owner and a thief come to the last object",
	.preemptions = 3,
	.delays = 2,
	.start = start_two,
	.threads = { pop_twice, steal_twice },
	.end = end,
};

static void pop_two_twice(void)
{
	pop(2);
	push(2);
	pop(2);
}

const struct sim_case ring_last_bulk = {
	.name = "ring-last-bulk",
	.what = "the owner wants two, and a thief comes to the last object",
	.preemptions = 3,
	.delays = 2,
	.start = start_two,
	.threads = { pop_two_twice, steal_twice },
	.end = end,
};

static void pop_each(void)
{
	while (pop(1) >= 0)
		;
}

const struct sim_case ring_reach = {
	.name = "ring-reach",
	.what = "the owner comes into the reach of thieves that take several at once",
	.delays = 2,
	.start = start_four,
	.threads = { pop_each, steal_all },
	.end = end,
};

static void pop_push_both(void)
{
	pop(3);
	push(4);
	pop(2);
}

const struct sim_case ring_reach_bulk = {
	.name = "ring-reach-bulk",
	.what = "both take several at once",
	.delays = 1,
	.start = start_four,
	.threads = { pop_push_both, steal_all, steal_batch },
	.end = end,
};

static void pop_push_pop(void)
{
	pop(1);
	push(2);
	pop(1);
}

const struct sim_case ring_thieves = {
	.name = "ring-thieves",
	.what = "the owner and two thieves",
	.delays = 1,
	.start = start_two,
	.threads = { pop_push_pop, steal_twice, steal_twice },
	.end = end,
};

static void pop_three(void)
{
	pop(3);
	pop(2);
}

const struct sim_case ring_bulk = {
	.name = "ring-bulk",
	.what = "the owner pops several at once, and leaves what a thief may be at",
	.delays = 1,
	.start = start_four,
	.threads = { pop_three, steal_twice, steal_once },
	.end = end,
};

/* As soon as thieves have left a place. */
static void push_where_there_is_room(void)
{
	unsigned int i, next = 2;

	for (i = 0; i < 4; i++)
		next += push(next);
}

static void steal_three(void)
{
	steal_twice();
	steal();
}

const struct sim_case ring_wrap = {
	.name = "ring-wrap",
	.what = "a full ring goes round",
	.delays = 1,
	.start = start_full,
	.threads = { push_where_there_is_room, steal_three },
	.end = end,
};

static void push_pairs(void)
{
	unsigned int next = 2;

	next += push_from(next, 2);
	push_from(next, 2);
}

const struct sim_case ring_wrap_bulk = {
	.name = "ring-wrap-bulk",
	.what = "a full ring goes round, two places at a time",
	.delays = 1,
	.start = start_full,
	.threads = { push_pairs, steal_all },
	.end = end,
};

/* The same object in the same place, while a thief still looks at it. */
static void pop_and_push_again(void)
{
	int i, object;

	for (i = 0; i < 2; i++) {
		object = pop(1);
		if (object >= 0)
			push(object);
	}
}

const struct sim_case ring_again = {
	.name = "ring-again",
	.what = "an object goes and comes back behind a thief",
	.delays = 1,
	.start = start_one,
	.threads = { pop_and_push_again, steal_once, steal_once },
	.end = end,
};
