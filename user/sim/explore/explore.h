/* SPDX-License-Identifier: GPL-2.0-only */
/* The explored world: who its parts are and what they ask of each other. */
#ifndef SIM_EXPLORE_H
#define SIM_EXPLORE_H

#include <linux/ktime.h>
#include <linux/sched.h>
#include <setjmp.h>
#include <sim/case.h>
#include <ucontext.h>

#define SEEN		24	/* places that a spinner watches */
#define STORES		8	/* that a CPU's buffer holds */
#define BUFFER(t)	(SIM_THREADS + (t))	/* thread @t's store buffer, which may move too */
#define ENTITIES	(2 * SIM_THREADS)

/* What a thread's next operation waits for. */
enum waiting {
	READY,
	FOR_LOCK,		/* until the word is zero */
	FOR_CHANGE,		/* until what it has seen since it last relaxed has changed */
	FOR_WAKEUP,		/* until it is woken, signalled, or its time has come */
	FOR_DRAIN,		/* until its store buffer is empty */
	ENDED,
};

struct seen {
	const volatile void *p;
	size_t size;
	u64 value;
};

struct store {
	const struct sim_site *site;
	volatile void *p;
	size_t size;
	u64 value;
	u64 history;
};

/**
 * struct thread - a coroutine
 * @next: the operation that it is about to do
 * @history: hash of all that it has seen and done, see history.c
 * @drained: the same of its store buffer
 */
struct thread {
	unsigned int id;
	ucontext_t context;	/* where it starts */
	jmp_buf jump;		/* where it goes on */
	struct task_struct task;
	enum waiting waiting;
	const u32 *lock;
	s64 deadline;
	const struct sim_site *next;
	struct seen seen[SEEN];
	unsigned int nseen;
	const struct sim_site *relaxed_at;	/* since when @seen was seen */
	bool seen_twice;	/* a place, with two values */
	struct store stores[STORES];
	unsigned int nstores;
	u64 history, drained;
};

/* thread.c: coroutines, and which of them can go on */
extern struct thread threads[SIM_THREADS];
extern unsigned int nthreads;
extern struct thread *running;		/* NULL outside of the threads */
extern u64 sim_clock;
void explore_point(const struct sim_site *site, enum waiting waiting);
bool explore_run(const struct sim_case *test);
void __noreturn explore_abandon(void);
const char *explore_verdict(void);

/* memory.c: accesses, store buffers */
u64 memory_view(const struct thread *thread, const volatile void *p, size_t size);
void memory_drain(struct thread *thread);
bool memory_seen_changed(const struct thread *thread);

/* history.c: hashes of what happened before what, and of the states reached */
void history_reset(void);
void history_start(struct thread *thread);
void history_step(struct thread *thread);
void history_read(struct thread *thread, const volatile void *p);
void history_write(struct thread *thread, const volatile void *p);
void history_delay(struct thread *thread, struct store *store);
void history_drain(struct thread *thread, const struct store *store);
void history_time(u64 now);
bool history_reached(unsigned int preemptions, unsigned int delays);
void history_forget(void);
u64 history_states(void);

/* search.c: which schedule next */
struct turn {
	u8 entity, preemptions, delays;
};

enum mode { DFS, RANDOM, PCT, REPLAY };

/**
 * struct search - what to explore, and how
 * @runs: schedules to try (RANDOM, PCT)
 * @uncut: go on in a state that was reached before, to check that it makes no difference (DFS)
 * @schedule: what to do otherwise than by default (REPLAY)
 */
struct search {
	enum mode mode;
	unsigned int preemptions, delays;
	u64 seed;
	unsigned long runs;
	bool uncut;
	const char *schedule;
};

bool search_begin(const struct search *search);
bool search_next(void);
void search_rewind(void);
unsigned int search_choose(const struct turn *options, unsigned int n);
void search_schedule(char *text, size_t size);

/* report.c: what happened, for people */
extern bool report_steps;
void report_step(const struct sim_site *site, const struct thread *thread, u64 before, u64 after,
		 const char *how);
void report_switch(const struct thread *to);
void report_waiting(char *text, size_t size);

/* arena.c: memory and data that are as at the start again */
void arena_keep(void);
void arena_reset(void);
/* A failure if @p is in memory that has been freed. */
void arena_check(const struct sim_site *site, const volatile void *p);

#endif /* SIM_EXPLORE_H */
