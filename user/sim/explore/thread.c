// SPDX-License-Identifier: GPL-2.0-only
/*
 * Threads as coroutines on one real thread. Before each operation the one that
 * runs asks the search who goes next, and gives way to it; so of two
 * operations one is always first, and a schedule can be run again.
 */
#include <linux/hrtimer.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include "../world/world.h"
#include "explore.h"

#define STACK_BYTES	(64 * 1024)
#define MOST_STEPS	20000
#define TICK_NS		1000000		/* for those who spin and look at the clock */

struct thread threads[SIM_THREADS];
unsigned int nthreads;
struct thread *running;
u64 sim_clock;
const char sim_inside;

static struct task_struct main_task;
struct task_struct *sim_current = &main_task;

static char stacks[SIM_THREADS][STACK_BYTES] __aligned(64);
static const struct sim_case *test;
static jmp_buf outside;		/* where start_threads() or explore_run() waits */
static jmp_buf unwound;		/* where a failure outside of the threads leads */
static char verdict[2000];
static bool abandoned, starting;
static unsigned int steps;

struct task_struct *sim_task(unsigned int n)
{
	return &threads[n].task;
}

const char *explore_verdict(void)
{
	return verdict[0] ? verdict : NULL;
}

static void __noreturn leave_threads(void)
{
	bool inside = running;

	running = NULL;
	sim_current = &main_task;
	if (inside)
		_longjmp(outside, 1);
	longjmp(unwound, 1);
}

/* The search has seen this state. */
void explore_abandon(void)
{
	abandoned = true;
	leave_threads();
}

void sim_fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(verdict, sizeof(verdict), format, arguments);
	va_end(arguments);
	leave_threads();
}

static bool wakes_up(const struct thread *thread)
{
	const struct task_struct *task = &thread->task;
	unsigned int state = task->__state;

	return state == TASK_RUNNING || thread->deadline <= (s64)sim_clock ||
	       sim_signal_ends(task->signal, state);
}

static bool can_go_on(const struct thread *thread)
{
	switch (thread->waiting) {
	case READY:
		return true;
	case FOR_LOCK:
		return !thread->nstores && !*thread->lock;
	case FOR_CHANGE:
		return memory_seen_changed(thread);
	case FOR_WAKEUP:
		return wakes_up(thread);
	case FOR_DRAIN:
		return !thread->nstores;
	case ENDED:
		return false;
	}
	return false;
}

static bool all_ended(void)
{
	unsigned int i;

	for (i = 0; i < nthreads; i++)
		if (threads[i].waiting != ENDED || threads[i].nstores)
			return false;
	return true;
}

static bool all_spin(void)
{
	unsigned int i;

	for (i = 0; i < nthreads; i++)
		if (threads[i].waiting != ENDED && threads[i].waiting != FOR_CHANGE)
			return false;
	return true;
}

static void stuck(void)
{
	const char *kind = all_spin() ? "livelock" : "deadlock", *lost;
	char who[1000];

	report_waiting(who, sizeof(who));
	running = NULL;
	sim_current = &main_task;
	lost = test->stuck ? test->stuck() : NULL;
	/* stuck() looks from outside, but we are on a thread's stack. */
	running = &threads[0];
	if (lost)
		kind = "lost wake-up";
	sim_fail("%s%s%s%s%s", kind, lost ? ": " : "", lost ?: "", "\n", who);
}

static bool watches_clock(const struct thread *thread)
{
	unsigned int i;

	for (i = 0; i < thread->nseen; i++)
		if (thread->seen[i].p == &sim_clock)
			return thread->waiting == FOR_CHANGE;
	return false;
}

/* Nobody can go on; does somebody once time has passed? */
static bool pass_time(void)
{
	s64 until = KTIME_MAX;
	unsigned int i;

	for (i = 0; i < nthreads; i++) {
		if (threads[i].waiting == FOR_WAKEUP && threads[i].deadline < until)
			until = threads[i].deadline;
		if (watches_clock(&threads[i]) && (s64)sim_clock + TICK_NS < until)
			until = sim_clock + TICK_NS;
	}
	if (until == KTIME_MAX)
		return false;
	sim_clock = until;
	history_time(sim_clock);
	return true;
}

/* Who could go next: first the one that runs; to leave it while it can go on is a preemption. */
static unsigned int list_options(struct turn *options)
{
	bool goes_on = running && can_go_on(running);
	unsigned int i, n = 0;

	if (goes_on)
		options[n++] = (struct turn){ running->id, 0, 0 };
	for (i = 0; i < nthreads; i++)
		if (&threads[i] != running && can_go_on(&threads[i]))
			options[n++] = (struct turn){ i, goes_on, 0 };
	for (i = 0; i < nthreads; i++)
		if (threads[i].nstores)
			options[n++] = (struct turn){ BUFFER(i), goes_on, 0 };
	return n;
}

/* A thread that goes next, once stores that go before it have; or NULL if all have ended. */
static struct thread *next_thread(void)
{
	struct turn options[ENTITIES];
	unsigned int n, entity;

	for (;;) {
		if (++steps > MOST_STEPS)
			sim_fail("livelock: no end after %d steps", MOST_STEPS);
		n = list_options(options);
		if (!n) {
			if (all_ended())
				return NULL;
			if (!pass_time())
				stuck();
			continue;
		}
		entity = options[search_choose(options, n)].entity;
		if (entity < SIM_THREADS)
			return &threads[entity];
		memory_drain(&threads[entity - SIM_THREADS]);
	}
}

static void run_thread(struct thread *thread)
{
	running = thread;
	sim_current = &thread->task;
	report_switch(thread);
}

/* Not by swapcontext(), which asks the kernel for the signal mask each time. */
static void switch_to(struct thread *me, struct thread *next)
{
	if (_setjmp(me->jump))
		return;
	if (!next)
		_longjmp(outside, 1);
	run_thread(next);
	_longjmp(next->jump, 1);
}

/* The caller waits for what it says, and for its turn. */
void explore_point(const struct sim_site *site, enum waiting waiting)
{
	struct thread *me = running, *next;

	me->next = site;
	me->waiting = waiting;
	next = starting ? NULL : next_thread();
	if (next != me)
		switch_to(me, next);
	me->waiting = READY;
	history_step(me);
}

static void body(void)
{
	struct thread *me = running;

	test->threads[me->id]();
	me->waiting = ENDED;
	switch_to(me, starting ? NULL : next_thread());
}

/* The switch itself is a full barrier, so what is buffered goes first. */
void sim_sleep(s64 deadline)
{
	unsigned int state = SIM_LOAD(&current->__state, __ATOMIC_RELAXED, "schedule",
				      "current->__state");

	if (state == TASK_RUNNING)
		return;
	sim_may_schedule(__FILE__, __LINE__);
	(void)SIM_XCHG(&current->on_cpu, 0, __ATOMIC_SEQ_CST, "schedule", "current->on_cpu");
	running->deadline = deadline;
	explore_point(SIM_SITE("sleep", ""), FOR_WAKEUP);
	history_read(running, &current->signal);
	history_read(running, &sim_clock);
	history_write(running, &current->__state);
	current->__state = TASK_RUNNING;
	history_write(running, &current->on_cpu);
	current->on_cpu = 1;
}

void sim_kick(struct task_struct *task)
{
	(void)task;
}

u64 ktime_get_ns(void)
{
	return SIM_LOAD(&sim_clock, __ATOMIC_RELAXED, "ktime_get", "clock");
}

void sim_clock_advance(u64 ns)
{
	(void)SIM_FETCH_ADD(&sim_clock, ns, __ATOMIC_SEQ_CST, "pass", "clock");
}

void sim_clock_freeze(void)
{
}

static void reset_thread(struct thread *thread)
{
	static ucontext_t here;

	if (!here.uc_stack.ss_size) {
		getcontext(&here);
		here.uc_stack.ss_size = STACK_BYTES;
	}
	thread->waiting = READY;
	thread->next = NULL;
	thread->nseen = 0;
	thread->seen_twice = false;
	thread->relaxed_at = NULL;
	thread->nstores = 0;
	history_start(thread);
	thread->context = here;
	thread->context.uc_stack.ss_sp = stacks[thread->id];
	makecontext(&thread->context, body, 0);
}

/* All tasks, as a case may look at those that it does not use. */
static void reset_threads(void)
{
	static struct task_struct fresh[SIM_THREADS];	/* made once, as schedules are many */
	unsigned int i;

	for (i = 0; i < SIM_THREADS; i++) {
		if (!fresh[i].pid)
			sim_task_reset(&fresh[i], i);
		threads[i].id = i;
		threads[i].task = fresh[i];
		threads[i].task.leader = &threads[i].task;
	}
	for (nthreads = 0; nthreads < SIM_THREADS && test->threads[nthreads]; nthreads++)
		reset_thread(&threads[nthreads]);
}

static void reset(void)
{
	verdict[0] = '\0';
	abandoned = false;
	steps = 0;
	sim_clock = 1000;
	sim_task_reset(&main_task, NR_CPUS - 1);
	arena_reset();
	sim_percpu_reset();
	history_reset();
	reset_threads();
}

/* Each up to its first operation, so that to start is no step of its own. */
static void start_threads(void)
{
	volatile unsigned int i;

	starting = true;
	for (i = 0; i < nthreads; i++) {
		run_thread(&threads[i]);
		if (!_setjmp(outside))
			setcontext(&threads[i].context);
	}
	starting = false;
	running = NULL;
}

/* Runs one schedule; false if the search has cut it short. */
bool explore_run(const struct sim_case *chosen)
{
	struct thread *first;

	test = chosen;
	reset();
	if (setjmp(unwound))
		return !abandoned;
	if (test->start)
		test->start();
	start_threads();
	first = next_thread();
	if (first && !_setjmp(outside)) {
		run_thread(first);
		_longjmp(first->jump, 1);
	}
	running = NULL;
	sim_current = &main_task;
	if (!verdict[0] && !abandoned && test->end)
		test->end();
	return !abandoned;
}
