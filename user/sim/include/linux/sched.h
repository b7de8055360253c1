/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tasks. Each thread of the program is one, on a CPU of its own, so it is on
 * its CPU until it sleeps.
 */
#ifndef SIM_SCHED_H
#define SIM_SCHED_H

#include <linux/atomic.h>
#include <linux/kernel.h>

#define TASK_RUNNING		0x00
#define TASK_INTERRUPTIBLE	0x01
#define TASK_UNINTERRUPTIBLE	0x02
#define TASK_WAKEKILL		0x100
#define TASK_NOLOAD		0x400
#define TASK_IDLE		(TASK_UNINTERRUPTIBLE | TASK_NOLOAD)
#define TASK_KILLABLE		(TASK_WAKEKILL | TASK_UNINTERRUPTIBLE)
#define TASK_COMM_LEN		16
#define MAX_RT_PRIO		100
#define SIM_NORMAL_PRIO		120
#define PF_EXITING		0x00000004

struct callback_head;

/**
 * struct task_struct - what of it we use
 * @__state: what it sleeps in; set by itself, cleared by who wakes it
 * @on_cpu: it does not sleep
 * @signal: 1 for any, 2 for a fatal one
 * @kicks: how often it has been told to look at all of these again; native only
 * @resched: what need_resched() says
 * @preempt_count: its own
 * @cpu: the index of its per-CPU data; its own
 * @flags: PF_EXITING, once it exits
 * @leader: stands for its process; a case may join several (sim_join())
 * @live: of a leader: threads of the process that have not begun to exit
 * @works: that it does before its exit ends; its own
 */
struct task_struct {
	unsigned int __state;
	int on_cpu;
	int signal;
	unsigned int kicks;
	int resched;
	int usage;
	int preempt_count;
	int cpu;
	int prio, normal_prio;
	pid_t pid;
	u64 start_time;
	char comm[TASK_COMM_LEN];
	unsigned int flags;
	struct task_struct *leader;
	atomic_t live;
	struct callback_head *works;
};

#ifdef SIM_EXPLORE
extern struct task_struct *sim_current;
#else
extern __thread struct task_struct *sim_current;
#endif
#define current sim_current

#define smp_processor_id()		(current->cpu)
#define raw_smp_processor_id()		smp_processor_id()
#define set_current_state(state)	smp_store_mb(current->__state, state)
#define __set_current_state(state)	WRITE_ONCE(current->__state, state)
#define need_resched()			(READ_ONCE(current->resched) != 0)
#define owner_on_cpu(owner)		(READ_ONCE((owner)->on_cpu) != 0)
#define get_task_comm(to, task)		memcpy(to, (task)->comm, TASK_COMM_LEN)
#define task_cpu(task)			((task)->cpu)
#define rcu_preempt_depth()		0
#define yield()				sim_yield()
#define cond_resched()			sim_yield()
#define yield_to(task, preempt)		((void)(task), sim_yield())

void schedule(void);
int wake_up_process(struct task_struct *task);
void sim_yield(void);
bool signal_pending_state(unsigned int state, struct task_struct *task);
#define signal_pending(task)		(READ_ONCE((task)->signal) != 0)
#define fatal_signal_pending(task)	(READ_ONCE((task)->signal) > 1)
struct task_struct *get_task_struct(struct task_struct *task);
void put_task_struct(struct task_struct *task);

#endif /* SIM_SCHED_H */
