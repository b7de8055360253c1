/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a lock brings to the contest: for each body of work a loop with its own
 * lock and unlock compiled into it, as a user of theirs would have.
 *
 * The bodies are those of the benchmarks of Go's sync.Mutex; see shapes in main.c.
 */
#ifndef CONTEST_H
#define CONTEST_H

#include <sched.h>
#include <stdbool.h>
#include <stdint.h>

#define APART		128	/* bytes: two cache lines, as x86 fetches them in pairs */
#define ROOM		256	/* for a lock of any kind */
#define WORK		100	/* multiplications */
#define YIELDED_WORDS	4096	/* touched between a yield and the next, 32 KiB */
#define SPUN_WORDS	16384	/* touched between two sections, 128 KiB */
#define STEP		4	/* words: the next touch */

enum body { BODY_PLAIN, BODY_WORK, BODY_NO_SPIN, BODY_SPIN, BODIES };

/* What the section of the bodies that have one protects. */
struct protected {
	_Alignas(APART) uint64_t less;
	uint64_t more;
};

/**
 * struct worker - one thread
 * @lock: its own, or everybody's
 * @protected: under @lock
 * @words: its own, SPUN_WORDS of them
 * @number: from 0
 * @operations: what it has done
 * @began, @ended: ns
 */
struct worker {
	_Alignas(APART) void *lock;
	struct protected *protected;
	uint64_t *words;
	unsigned int number;
	unsigned long operations;
	uint64_t began, ended;
};

/**
 * struct contestant - a kind of lock
 * @name: for the command line
 * @prepare: before the threads, or NULL
 * @join: by each thread before it takes a lock, or NULL
 * @init: makes a lock of ROOM bytes free
 * @run: until contest_over(); the number of operations
 */
struct contestant {
	const char *name;
	void (*prepare)(void);
	void (*join)(unsigned int number);
	void (*init)(void *lock);
	unsigned long (*run[BODIES])(struct worker *worker);
};

/* Each ends with NULL. */
extern const struct contestant *const quartet_contestants[];
extern const struct contestant *const pthread_contestants[];
extern const struct contestant *const ck_contestants[];

/* On cache lines of their own: every operation reads the one, and none writes it. */
struct contest_word {
	_Alignas(APART) unsigned int value;
};

extern struct contest_word contest_end;
extern struct contest_word contest_factor;	/* odd, and unknown to the compiler */

static inline bool contest_over(void)
{
	return __atomic_load_n(&contest_end.value, __ATOMIC_RELAXED);
}

#define contest_inline	static inline __attribute__((__always_inline__))
/* What was computed must be there: nothing of it is left out. */
#define contest_keep()	__asm__ __volatile__("" : : : "memory")

typedef void contest_step(void *lock);

contest_inline void contest_touch(uint64_t *words, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i += STEP)
		words[i]++;
	contest_keep();
}

contest_inline void contest_section(struct worker *worker, contest_step *lock,
				    contest_step *unlock)
{
	lock(worker->lock);
	worker->protected->less -= 100;
	worker->protected->more += 100;
	unlock(worker->lock);
}

contest_inline unsigned long contest_plain(struct worker *worker, contest_step *lock,
					   contest_step *unlock)
{
	unsigned long n;

	for (n = 0; !contest_over(); n++) {
		lock(worker->lock);
		unlock(worker->lock);
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
		lock(worker->lock);
		unlock(worker->lock);
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
		contest_touch(worker->words, SPUN_WORDS);
	}
	return n;
}

/* Defines the contestant @id, of @type, with the functions id_init, id_lock and id_unlock. */
#define CONTESTANT(id, shown, type, prepares, joins) \
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

#endif /* CONTEST_H */
