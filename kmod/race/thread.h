/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who does something: a task, or what a CPU does in hardirqs, or in softirqs.
 *
 * A thread has a slot from its first access until it is found dead, when another one needs a slot;
 * what it did has then happened before the new one, which may be wrong and can only hide a race.
 * Those that get none share slot 0: what they do is not checked, and what they release is taken to
 * be all that anybody has done.
 */
#ifndef QUARTET_RACE_THREAD_H
#define QUARTET_RACE_THREAD_H

#include <linux/sched.h>
#include <linux/types.h>

#include "clock.h"

#define RACE_HELD_MAX	8
#define RACE_INTERRUPTS	(-1)	/* in place of a pid */

/**
 * struct race_event - a synchronisation
 * @what: the function, or NULL if there was none
 * @addr: of what
 * @context: where
 */
struct race_event {
	const char *what;
	unsigned long addr;
	u32 context;
};

/**
 * struct race_name - a thread, for reports
 * @comm: of the task, or which interrupts
 * @pid: or RACE_INTERRUPTS
 * @context: where it was created; 0 if that was not seen
 * @parent: who created it; only with @context
 * @parent_pid: its
 */
struct race_name {
	char comm[TASK_COMM_LEN];
	pid_t pid;
	u32 context;
	char parent[TASK_COMM_LEN];
	pid_t parent_pid;
};

/**
 * struct race_thread - one slot; all is its own, but for what reports read
 * @slot: its index
 * @busy: in the detector, which must not look at itself
 * @lost: calls that are not in @context, as there was no room
 * @ignore: nesting of data_race() and the like
 * @atomic: nesting of regions whose accesses are as marked ones
 * @atomic_next: so many accesses are, too
 * @modules: race_modules, when it last came from outside
 * @context: where it is
 * @first: the epoch it began with: cells of earlier ones are another thread's
 * @pending: an atomic access that may have acquired, once it is done
 * @fenced: @fence is of use
 * @clock: what has happened before
 * @fence: @clock at its last barrier, which the next atomic write releases
 * @held: locks, the first ones
 * @nheld: how many of these
 * @last: synchronisation
 * @name: who it is
 * @task: its task, not counted, or NULL
 * @since: when that was started, as another one may come to have its address
 */
struct race_thread {
	u32 slot;
	bool busy;
	bool fenced;
	unsigned int lost;
	unsigned int ignore;
	unsigned int atomic;
	unsigned int atomic_next;
	unsigned int modules;
	u32 context;
	u32 first;
	unsigned long pending;
	struct race_clock clock;
	struct race_clock fence;
	unsigned long held[RACE_HELD_MAX];
	unsigned int nheld;
	struct race_event last;
	struct race_name name;
	struct task_struct *task;
	u64 since;
};

/* Modules that have been loaded: their init has happened before who comes in later. */
extern unsigned int race_modules;
extern struct race_thread race_threads[RACE_SLOTS];

/* The caller, busy from here on, or slot 0; NULL if it is to be ignored. Any context. */
struct race_thread *race_thread_enter(void);
void race_thread_leave(struct race_thread *thread);
/* A new epoch, if the thread has one left. */
void race_thread_advance(struct race_thread *thread);
/* The caller comes after all that anybody has done. */
void race_after_all(void);
/* The creator of a task that has not yet run: what he did has happened before it. */
void race_thread_create(struct race_thread *creator, struct task_struct *task, u32 context);

static inline u32 race_thread_epoch(const struct race_thread *thread)
{
	return thread->clock.of[thread->slot];
}

int race_thread_init(void);

#endif /* QUARTET_RACE_THREAD_H */
