/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the workers of a stress tell each other in shared memory, beside the device: who has what,
 * and who is dead. It is written by processes that may be killed at any instruction.
 */
#ifndef STRESS_CHECK_H
#define STRESS_CHECK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>
#include <linux/types.h>

#include "stress_history.h"

#define PROCESSES_MAX	64
#define THREADS_MAX	16	/* of a process */
#define LIVES_MAX	(1024 * 1024)
#define COMPLAINTS	8
#define COMPLAINT_LEN	160

#define MUTEXES		2
#define SLOTS_MAX	(PROCESSES_MAX * THREADS_MAX)
#define MEMOS		3	/* one of each engine */
#define KEYS		4	/* of a memo */
#define VALUES		4096	/* computations that are remembered, by their numbers */

enum stress_kind { STRESS_MUTEX, STRESS_POOL, STRESS_MEMO, STRESS_KINDS };

/* What is counted, for each kind. */
enum stress_count {
	COUNT_OPERATIONS, COUNT_GRANTS, COUNT_KILLS, COUNT_DEATHS, COUNT_PROMOTIONS, COUNT_CLOSES,
	COUNT_CANCELS, COUNT_TIMEOUTS, COUNT_SIGNALS, COUNT_DEADLOCKS, COUNT_VIOLATIONS, COUNTS
};

/*
 * A holder is the incarnation of a worker, and a thread of it, from 1; 0 is nobody. DYING: it
 * lives, and is about to close the handle by which it holds. The upper half is the memo's.
 */
#define HOLDER_DYING	0x80000000ULL
#define HOLDER_THREAD	8

/**
 * struct check_life - an incarnation of a worker
 * @pid: its process
 * @killed: written before it is; never cleared
 * @closes: a handle of it has been closed with something held, or asked for
 */
struct check_life {
	atomic_int pid;
	atomic_bool killed;
	atomic_bool closes;
};

/**
 * struct check_thread - what a thread of a worker is in
 * @kind: enum stress_kind plus 1, or 0
 * @forgets: the key that it makes the memo forget, or 0
 * @crosses: the mutex that it holds while it asks for the other one, plus 1, or 0
 * @closed: mutexes of which it has closed a handle, as bits: a forked child may have it, and what
 *	that holds is still the thread's to the detection of deadlocks
 */
struct check_thread {
	atomic_uint kind;
	atomic_uint forgets;
	atomic_uint crosses;
	atomic_uint closed;
};

struct check_mutex {
	atomic_ullong holder;
	atomic_ullong token;		/* of the last grant */
	atomic_uint crossed;		/* how often anybody began to, as said above */
};

struct check_slot {
	atomic_ullong holder;
	atomic_ullong stamp;		/* what the last holder wrote there */
};

/**
 * struct check_key - a key of a memo
 * @leader: with the generation in the upper half
 * @generation: how often it was to be forgotten
 * @floor: the last computation that was kept, for whoever asks from now on
 */
struct check_key {
	atomic_ullong leader;
	atomic_uint generation;
	atomic_ullong floor;
};

struct check {
	atomic_bool stop;
	atomic_uint lives;
	atomic_uint heirs;
	atomic_bool heirs_go;		/* no worker is left */
	atomic_ullong computations;
	atomic_ullong counts[STRESS_KINDS][COUNTS];
	atomic_ullong longest_ns[STRESS_KINDS];
	struct check_mutex mutex[MUTEXES];
	struct check_slot slot[SLOTS_MAX];
	struct check_key key[MEMOS][KEYS];
	atomic_ullong fulfilled[VALUES];	/* number and key of those that may be got */
	struct check_thread thread[PROCESSES_MAX][THREADS_MAX];
	atomic_uint complaints;
	char complaint[COMPLAINTS][COMPLAINT_LEN];
	struct check_life life[LIVES_MAX];
	struct history history;
};

extern const char *const stress_names[STRESS_KINDS];

/* Shared with all that this process forks; or it exits. */
struct check *check_new(void);

static inline __u64 check_holder(unsigned int life, unsigned int thread)
{
	return (__u64)life << HOLDER_THREAD | (thread + 1);
}

static inline void check_count(struct check *check, enum stress_kind kind, enum stress_count what)
{
	atomic_fetch_add_explicit(&check->counts[kind][what], 1, memory_order_relaxed);
}

/* Which incarnation it is. */
unsigned int check_life_of(__u64 holder);
void check_waited(struct check *check, enum stress_kind kind, __u64 ns);

/* A violation; the first ones are kept to be told of. */
void __attribute__((format(printf, 3, 4)))
check_fail(struct check *check, enum stress_kind kind, const char *format, ...);

/* It may hold no longer: it was killed, or has said that it closes the handle. */
bool check_is_gone(struct check *check, __u64 holder);
/*
 * Then a forked child may have what the process has closed, and what that holds, until it exits, is
 * still the process's to the detection of deadlocks.
 */
bool check_closes(struct check *check, __u64 holder);
/* There was such a process, and something of it may have died. */
bool check_may_have_died(struct check *check, pid_t pid);

/*
 * @holder has been granted @word. Whoever had it before has left, or is dead: true, and then @told
 * says whether the device knows that.
 */
bool check_enter(struct check *check, enum stress_kind kind, atomic_ullong *word, __u64 holder,
		 bool told);
/* Still alone there; nobody is there then. */
void check_leave(struct check *check, enum stress_kind kind, atomic_ullong *word, __u64 holder);
/* The handle is about to be closed. */
void check_dies(struct check *check, atomic_ullong *word, __u64 holder);

#endif /* STRESS_CHECK_H */
