/* SPDX-License-Identifier: GPL-2.0-only */
/* quartet stress: processes that share objects of /dev/quartet, and are killed. */
#ifndef STRESS_H
#define STRESS_H

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <time.h>
#include <linux/types.h>

#include <quartet.h>

#include "stress_check.h"

#define VERDICT_LEN	4096

/**
 * struct stress - a run
 * @kinds: which are stressed
 * @busted: workers cheat
 * @caught: the signal that ended it, or 0
 * @history: the name of the file that gets it, or NULL
 * @lines: of it
 * @verdict: the checker's on it, or empty
 * @refused: it is a bad one
 */
struct stress {
	bool kinds[STRESS_KINDS];
	unsigned int processes, threads;
	__u64 time_ns, kill_ns, stop_ns;
	__u64 seed;
	bool busted, json, progress;
	int caught;
	const char *history;
	FILE *history_file;
	unsigned int lines;
	char verdict[VERDICT_LEN];
	bool refused;
	__u64 elapsed_ns;
	struct check *check;
	struct quartet_mutex *mutex[MUTEXES];
	struct quartet_pool *pool;
	struct quartet_memo *memo[MEMOS];
};

/* Interrupts what a thread of a worker waits in. */
#define STRESS_SIGNAL	SIGUSR1

/**
 * struct stress_thread - a thread of a worker, with handles of its own
 * @holder: as the checks know it
 * @state: of its pseudo-random numbers
 * @asks: the handle by which it asks, for who wants to disturb it; or -1
 * @spare: of the pool, to which it gives what it has
 */
struct stress_thread {
	struct stress *stress;
	struct check *check;
	struct check_thread *shared;
	pthread_t thread;
	__u64 holder;
	__u64 state;
	atomic_int asks;
	struct quartet_mutex *mutex[MUTEXES];
	struct quartet_pool *pool, *spare;
	struct quartet_memo *memo[MEMOS];
};

/* What is done with objects of a kind. */
struct stress_subject {
	int (*create)(struct stress *stress);
	int (*open)(struct stress_thread *thread);	/* its handles, cloned */
	void (*step)(struct stress_thread *thread);
	void (*finish)(struct stress *stress);		/* when all are dead */
};

extern const struct stress_subject stress_mutex, stress_pool, stress_memo;
extern const struct stress_subject *const stress_subjects[STRESS_KINDS];

/* Forms of asking. */
enum stress_form { FORM_PLAIN, FORM_TRY, FORM_TIMED, FORM_ASYNC };

/* From 0 to below @n. */
unsigned int stress_random(__u64 *state, unsigned int n);
__u64 stress_seed(__u64 seed, unsigned int worker, unsigned int incarnation, unsigned int thread);
__u64 stress_now(void);

static inline bool stress_one_in(struct stress_thread *thread, unsigned int n)
{
	return !stress_random(&thread->state, n);
}

enum stress_form stress_choose_form(struct stress_thread *thread);
/* In the next two milliseconds, of the clock that is returned. */
clockid_t stress_deadline(struct stress_thread *thread, struct timespec *deadline);
/* Holds what it has, for a while. */
void stress_dally(struct stress_thread *thread);

/* The event of a request, perhaps cancelled. False: the handle is to be closed instead. */
bool stress_await(struct stress_thread *thread, int fd, struct quartet_event *event, void *value,
		  size_t size);
/* Counts why nothing was granted; what cannot be is a violation. */
void stress_refused(struct stress_thread *thread, enum stress_kind kind, int error);
/* What a command returned that must not fail. */
void stress_expect(struct stress_thread *thread, enum stress_kind kind, const char *what,
		   int result);
/* A clone that fails ends the worker. */
void stress_cloned(int error);

/* What a thread is about to ask by @handle, for the history. */
struct history_record stress_call(const struct stress_thread *thread, enum history_op op,
				  enum stress_kind kind, unsigned int index, int handle);
struct history_record stress_invoke(const struct stress_thread *thread, enum history_op op,
				    enum stress_kind kind, unsigned int index, int handle,
				    __u64 token);
/* The answer, to what must not fail. */
void stress_done(struct stress_thread *thread, struct history_record *call, const char *what,
		 int result);

/* In the main thread of a worker, of which @holder is a thread. */
void stress_close_in_wait(struct stress *stress, enum stress_kind kind, __u64 holder,
			  unsigned int us);

/* Is it time for a worker to die by itself, with something held? */
bool stress_may_die(struct stress_thread *thread);
/* Its end, and what becomes of the handle: closed, inherited, sent away, kept over exec. */
void stress_die(struct stress_thread *thread, int fd);

/* A worker's life; returns when the stress ends. */
void stress_work(struct stress *stress, unsigned int index, unsigned int incarnation,
		 unsigned int life);

/* Until time is over, or a signal came. */
void stress_run(struct stress *stress);
void stress_report(const struct stress *stress);

/* The history is to be recorded, if it has a file. */
void stress_record(struct stress *stress);
/* It is written, and judged by the tree's checker if there is one. */
void stress_judge(struct stress *stress);

#endif /* STRESS_H */
