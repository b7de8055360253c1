/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A case: a few threads that use a primitive, and what must hold. The explorer
 * runs it in every order, the native world as fast as it can.
 */
#ifndef SIM_CASE_H
#define SIM_CASE_H

#include <linux/kernel.h>
#include <linux/sched.h>

#define SIM_THREADS	8

/**
 * struct sim_case - one of cases/
 * @name: for the command line
 * @what: a line for people
 * @preemptions: the explorer's bound that every run exhausts; 0: 2
 * @delays: how many stores it may delay in one schedule
 * @native_only: what an exploration could not exhaust, or cannot see
 * @explored_only: what a real processor would stumble over
 * @fails: how the verdict begins that the explorer must find: a seeded mistake, never run natively
 * @start: before the threads, alone
 * @threads: each on a CPU of its own; the last is followed by NULL
 * @end: after the threads, alone: nothing may be left behind
 * @stuck: what it means that nobody can go on, or NULL for a deadlock
 */
struct sim_case {
	const char *name, *what;
	unsigned int preemptions, delays;
	bool native_only, explored_only;
	const char *fails;
	void (*start)(void);
	void (*threads[SIM_THREADS])(void);
	void (*end)(void);
	const char *(*stuck)(void);
};

#define SIM_MOST_CASES	256
extern const struct sim_case *const sim_cases[];	/* ends with NULL */

/* Cases to run: those of a command line, or else all that are fit for the program. */
struct sim_choice {
	unsigned int n;
	const struct sim_case *cases[SIM_MOST_CASES];
};

/* False if there is no case @name, or too many were named. */
bool sim_choose(struct sim_choice *choice, const char *name);
void sim_choose_all(struct sim_choice *choice, bool (*fits)(const struct sim_case *test));

/* The task of thread @n of the case. */
struct task_struct *sim_task(unsigned int n);
/* Sends @task a signal; a fatal one ends killable waits too. */
void sim_signal(struct task_struct *task, bool fatal);
/* Lets @ns pass. */
void sim_clock_advance(u64 ns);
/* From now on time passes by sim_clock_advance() only; a deadline comes when it is waited for. */
void sim_clock_freeze(void);
/* A place where others may run, and in the native world do. */
#ifdef SIM_EXPLORE
#define sim_point()	((void)SIM_LOAD(&sim_inside, __ATOMIC_RELAXED, "inside", ""))
extern const char sim_inside;
#else
void sim_point(void);
#endif
/* The next kernel thread is the case's thread @thread, which calls sim_kthread(). */
void sim_want_kthread(unsigned int thread);
void sim_kthread(void);
/* Before kthread_stop(), if that is called when no thread runs any more. */
void sim_end_kthread(void);
/* What sched_process_exit tells of @task. */
void sim_exit_task(struct task_struct *task);
/* @task is a thread of @leader's process. Before the threads. */
void sim_join(struct task_struct *task, struct task_struct *leader);
/* The caller exits, as the last thread if it is; @files is what its last closes do, or NULL. */
void sim_exit(void (*files)(void));
/* There is no CPU @cpu to be called; negative: all are there. */
void sim_cpu_offline(int cpu);
/* As on a kernel without tracepoints. */
void sim_hide_tracepoints(bool hidden);
/* The module's code is gone, or back: an exiting task's works are to be over. */
void sim_unload(bool gone);
/* How many warnings there were, from now on none of them a failure. */
unsigned int sim_expect_warnings(void);

#endif /* SIM_CASE_H */
