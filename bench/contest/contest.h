/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a lock, a pool or a memo table brings to the contest: for each body of work a loop with its
 * own operations compiled into it, as a user of theirs would have.
 */
#ifndef CONTEST_H
#define CONTEST_H

#include <stdbool.h>
#include <stdint.h>

#define APART		128	/* bytes: two cache lines, as x86 fetches them in pairs */
#define ROOM		256	/* for a lock, a pool or a memo of any kind */
#define WORKER_WORDS	16384	/* 128 KiB */

/* Of locks (lock.h), of pools (pool.h), and of memo tables (memo.h). */
enum body {
	BODY_PLAIN, BODY_WORK, BODY_NO_SPIN, BODY_SPIN,
	BODY_PAIR, BODY_BURST,
	BODY_HITS, BODY_HOT,
	BODIES
};

/* What the section of the bodies that have one protects. */
struct protected {
	_Alignas(APART) uint64_t less;
	uint64_t more;
};

/**
 * struct worker - one thread
 * @subject: its own lock, or everybody's lock, pool or memo
 * @protected: under @subject
 * @words: its own, WORKER_WORDS of them
 * @number: from 0
 * @operations: what it has done
 * @began, @ended: ns
 */
struct worker {
	_Alignas(APART) void *subject;
	struct protected *protected;
	uint64_t *words;
	unsigned int number;
	unsigned long operations;
	uint64_t began, ended;
};

/**
 * struct contestant - a kind of lock, pool or memo
 * @name: for the command line
 * @prepare: before the threads, of which there are so many; or NULL
 * @join: by each thread before it begins, or NULL
 * @init: makes a free lock, an empty pool or a memo that has all keys, of ROOM bytes
 * @run: until contest_over(); the number of operations. NULL: the body is not for its kind
 */
struct contestant {
	const char *name;
	void (*prepare)(unsigned int threads);
	void (*join)(unsigned int number);
	void (*init)(void *subject);
	unsigned long (*run[BODIES])(struct worker *worker);
};

/* Each ends with NULL. */
extern const struct contestant *const quartet_contestants[];
extern const struct contestant *const libc_contestants[];
extern const struct contestant *const ck_contestants[];
extern const struct contestant *const urcu_contestants[];

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
/* What @p points to must be there: nothing of it is left out. */
#define contest_keep(p)	__asm__ __volatile__("" : : "r" (p) : "memory")

#endif /* CONTEST_H */
