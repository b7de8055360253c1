// SPDX-License-Identifier: GPL-2.0-only
/* Tasks: who sleeps, who is woken, what a signal does to either. */
#include <linux/hrtimer.h>
#include <linux/sched.h>
#include <sim/case.h>
#include <stdio.h>

#include "world.h"

void sim_task_reset(struct task_struct *task, int cpu)
{
	memset(task, 0, sizeof(*task));
	task->on_cpu = 1;
	task->prio = SIM_NORMAL_PRIO;
	task->normal_prio = SIM_NORMAL_PRIO;
	task->cpu = cpu;
	task->pid = cpu + 1;
	task->leader = task;
	atomic_set(&task->live, 1);
	snprintf(task->comm, sizeof(task->comm), "T%d", cpu);
}

/* A full barrier before it looks at the state, as in the kernel. */
int wake_up_process(struct task_struct *task)
{
	unsigned int state = SIM_XCHG(&task->__state, TASK_RUNNING, __ATOMIC_SEQ_CST,
				      "wake_up_process", "task->__state");

	if (state != TASK_RUNNING)
		sim_kick(task);
	return state != TASK_RUNNING;
}

bool signal_pending_state(unsigned int state, struct task_struct *task)
{
	return sim_signal_ends(READ_ONCE(task->signal), state);
}

void sim_signal(struct task_struct *task, bool fatal)
{
	(void)SIM_XCHG(&task->signal, fatal ? 2 : 1, __ATOMIC_SEQ_CST, "signal", "task->signal");
	sim_kick(task);
}

void sim_may_schedule(const char *file, int line)
{
	if (sim_current->preempt_count)
		sim_fail("assertion: %s:%d: may sleep, with preemption off", file, line);
}

/* In a task that has said that it sleeps, whatever sleeps meanwhile would end that. */
void sim_might_sleep(const char *file, int line)
{
	sim_may_schedule(file, line);
	if (__atomic_load_n(&sim_current->__state, __ATOMIC_RELAXED) != TASK_RUNNING)
		sim_fail("assertion: %s:%d: may sleep, in a task that has said so already", file,
			 line);
}

void schedule(void)
{
	sim_sleep(KTIME_MAX);
}

int schedule_hrtimeout(ktime_t *until, enum hrtimer_mode mode)
{
	(void)mode;
	sim_sleep(*until);
	return ktime_compare(ktime_get(), *until) >= 0 ? 0 : -EINTR;
}

/* Tasks live as long as their case; the count is there to be balanced. */
struct task_struct *get_task_struct(struct task_struct *task)
{
	__atomic_fetch_add(&task->usage, 1, __ATOMIC_RELAXED);
	return task;
}

void put_task_struct(struct task_struct *task)
{
	__atomic_fetch_sub(&task->usage, 1, __ATOMIC_RELAXED);
}

static int offline = -1;

void sim_cpu_offline(int cpu)
{
	offline = cpu;
}

int smp_call_function_single(int cpu, void (*function)(void *data), void *data, int wait)
{
	int own = sim_current->cpu;

	(void)wait;
	if (cpu < 0 || cpu >= NR_CPUS || cpu == offline)
		return -ENXIO;
	sim_current->cpu = cpu;
	function(data);
	sim_current->cpu = own;
	return 0;
}
