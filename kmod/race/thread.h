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

#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/types.h>

#include "clock.h"
#include "context.h"

#define RACE_HELD_MAX	8
#define RACE_SEEN	64
#define RACE_INTERRUPTS	(-1)	/* in place of a pid */

/**
 * struct race_event - a synchronisation
 * @what: the function, or NULL if there was none
 * @addr: of what
 * @place: where
 */
struct race_event {
	const char *what;
	unsigned long addr;
	race_place place;
};

struct race_sync;

/**
 * struct race_seen - what a thread and the clock of an address have told each other
 * @addr: which
 * @sync: the clock
 * @version: the thread has acquired it as of then
 * @joins: and released there what it had itself acquired as of then,
 * @epoch: and had done
 * @born: see race_born()
 */
struct race_seen {
	unsigned long addr;
	struct race_sync *sync;
	u64 version;
	u64 joins;
	u32 epoch;
	u32 born;
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
 * @task: its task, not counted, or NULL
 * @since: when that was started, as another one may come to have its address
 * @slot: its index
 * @self: slot and epoch as in what is remembered of its accesses
 * @slow: not 0: one of the next six, so that an access is not what it is mostly
 * @busy: in the detector, which must not look at itself
 * @ignoring: @ignore is not 0
 * @late: @pending is to be acquired
 * @exhausted: it has used up its epochs
 * @marking: @atomic or @atomic_next is not 0
 * @releasing: the next atomic write releases all that is before it
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
 * @joins: counts what others have added to @clock
 * @overflow: what was forgotten of clocks has been acquired as of then
 * @fence: @clock at its last barrier, which the next atomic write releases
 * @fence_joins: the same of @joins
 * @seen: by the address
 * @held: locks, the first ones
 * @nheld: how many of these
 * @last: synchronisation
 * @name: who it is
 */
struct race_thread {
	struct task_struct *task;
	u64 since;
	u32 slot;
	u32 self;
	union {
		u64 slow;
		struct {
			bool busy, ignoring, late, exhausted, marking, releasing;
		};
	};
	bool fenced;
	unsigned int lost;
	unsigned int ignore;
	unsigned int atomic;
	unsigned int atomic_next;
	unsigned int modules;
	u32 context;
	u32 first;
	unsigned long pending;
	u64 joins;
	u64 fence_joins;
	u64 overflow;
	struct race_clock clock;
	struct race_clock fence;
	struct race_seen seen[RACE_SEEN];
	unsigned long held[RACE_HELD_MAX];
	unsigned int nheld;
	struct race_event last;
	struct race_name name;
};

/* Modules that have been loaded: their init has happened before who comes in later. */
extern unsigned int race_modules;
extern struct race_thread race_threads[RACE_SLOTS];
/* The task that was looked up last on the CPU, or slot 0. */
DECLARE_PER_CPU(struct race_thread *, race_last);

/* The caller, busy from here on, or slot 0; NULL if it is to be ignored. Any context. */
struct race_thread *race_thread_enter(void);
void race_thread_leave(struct race_thread *thread);
/* Others have added to its clock. */
static inline void race_thread_joined(struct race_thread *thread)
{
	thread->joins++;
}

/* Its last epoch has ended. */
void race_thread_exhaust(struct race_thread *thread);
/* All that anybody has done by now. */
void race_thread_join_all(struct race_clock *clock);
/* One that is entered, or the caller, comes after all that anybody has done. */
void race_thread_after_all(struct race_thread *thread);
void race_after_all(void);
/* The creator of a task that has not yet run: what he did has happened before it. */
void race_thread_create(struct race_thread *creator, struct task_struct *task, u32 context);

static inline u32 race_thread_epoch(const struct race_thread *thread)
{
	return thread->clock.of[thread->slot];
}

/* A new epoch, if the thread has one left. */
static inline void race_thread_advance(struct race_thread *thread)
{
	u32 epoch = race_thread_epoch(thread) + 1;

	if (unlikely(epoch >= RACE_EPOCH_MAX)) {
		race_thread_exhaust(thread);
		return;
	}
	thread->self++;
	thread->clock.of[thread->slot] = epoch;
}

static inline bool race_thread_is(const struct race_thread *thread,
				  const struct task_struct *task)
{
	return READ_ONCE(thread->task) == task && thread->since == task->start_time;
}

/* NMIs included. One read, where that is enough. */
static inline bool race_in_interrupt(void)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		return in_nmi() || in_hardirq() || in_serving_softirq();
	return preempt_count() & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_OFFSET);
}

/* Text that is about to go: where threads have synchronised last is kept. */
void race_thread_forget(unsigned long start, unsigned long size);

int race_thread_init(void);

#endif /* QUARTET_RACE_THREAD_H */
