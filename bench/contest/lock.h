/* SPDX-License-Identifier: GPL-2.0-only */
/* The bodies of work for locks: those of the benchmarks of Go's sync.Mutex. */
#ifndef CONTEST_LOCK_H
#define CONTEST_LOCK_H

#include <sched.h>

#include "contest.h"

#define WORK		100	/* multiplications */
#define YIELDED_WORDS	4096	/* touched between a yield and the next, 32 KiB */
#define STEP		4	/* words: the next touch */

typedef void contest_step(void *lock);

contest_inline void contest_touch(uint64_t *words, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i += STEP)
		words[i]++;
	contest_keep(words);
}

contest_inline void contest_section(struct worker *worker, contest_step *lock,
				    contest_step *unlock)
{
	lock(worker->subject);
	worker->protected->less -= 100;
	worker->protected->more += 100;
	unlock(worker->subject);
}

contest_inline unsigned long contest_plain(struct worker *worker, contest_step *lock,
					   contest_step *unlock)
{
	unsigned long n;

	for (n = 0; !contest_over(); n++) {
		lock(worker->subject);
		unlock(worker->subject);
	}
	return n;
}

contest_inline unsigned long contest_work(struct worker *worker, contest_step *lock,
					  contest_step *unlock)
{
	uint64_t product = 1, factor = contest_factor.value;
	unsigned long n;
	int i;

	for (n = 0; !contest_over(); n++) {
		lock(worker->subject);
		unlock(worker->subject);
		for (i = 0; i < WORK; i++)
			product *= factor;
	}
	worker->words[0] = product;
	return n;
}

/* Most threads do work of their own and then yield: whoever spins keeps them from that. */
contest_inline unsigned long contest_no_spin(struct worker *worker, contest_step *lock,
					     contest_step *unlock)
{
	unsigned long n;

	for (n = 0; !contest_over(); n++) {
		if (n % 4 == 0) {
			contest_section(worker, lock, unlock);
		} else {
			contest_touch(worker->words, YIELDED_WORDS);
			sched_yield();
		}
	}
	return n;
}

/* A thread that sleeps may find what it touches in nobody's cache. */
contest_inline unsigned long contest_spin(struct worker *worker, contest_step *lock,
					  contest_step *unlock)
{
	unsigned long n;

	for (n = 0; !contest_over(); n++) {
		contest_section(worker, lock, unlock);
		contest_touch(worker->words, WORKER_WORDS);
	}
	return n;
}

/* Defines the contestant @id, of @type, with the functions id_init, id_lock and id_unlock. */
#define LOCK(id, shown, type, prepares, joins) \
_Static_assert(sizeof(type) <= ROOM, "no room for " shown); \
static unsigned long id##_plain(struct worker *worker) \
{ return contest_plain(worker, id##_lock, id##_unlock); } \
static unsigned long id##_work(struct worker *worker) \
{ return contest_work(worker, id##_lock, id##_unlock); } \
static unsigned long id##_no_spin(struct worker *worker) \
{ return contest_no_spin(worker, id##_lock, id##_unlock); } \
static unsigned long id##_spin(struct worker *worker) \
{ return contest_spin(worker, id##_lock, id##_unlock); } \
static const struct contestant id = { \
	.name = shown, .prepare = prepares, .join = joins, .init = id##_init, \
	.run = { \
		[BODY_PLAIN] = id##_plain, [BODY_WORK] = id##_work, \
		[BODY_NO_SPIN] = id##_no_spin, [BODY_SPIN] = id##_spin, \
	}, \
}

#endif /* CONTEST_LOCK_H */
