// SPDX-License-Identifier: GPL-2.0-only
/* A kernel thread: a thread of the case that calls sim_kthread() runs its function. */
#include <linux/kthread.h>
#include <linux/kernel.h>
#include <sim/case.h>

static struct {
	int (*function)(void *data);
	void *data;
	unsigned int thread;
	u32 stopping, ended;
} kthread;

void sim_want_kthread(unsigned int thread)
{
	kthread.thread = thread;
}

struct task_struct *sim_kthread_run(int (*function)(void *data), void *data)
{
	kthread.function = function;
	kthread.data = data;
	kthread.stopping = 0;
	kthread.ended = 0;
	return sim_task(kthread.thread);
}

bool kthread_should_stop(void)
{
	return SIM_LOAD(&kthread.stopping, __ATOMIC_ACQUIRE, "kthread_should_stop", "stopping");
}

void sim_end_kthread(void)
{
	(void)SIM_XCHG(&kthread.stopping, 1, __ATOMIC_SEQ_CST, "kthread_stop", "stopping");
	wake_up_process(sim_task(kthread.thread));
}

int kthread_stop(struct task_struct *task)
{
	might_sleep();
	(void)task;
	sim_end_kthread();
	(void)smp_cond_load_acquire(&kthread.ended, VAL);
	return 0;
}

void sim_kthread(void)
{
	kthread.function(kthread.data);
	/* Pairs with kthread_stop(). */
	smp_store_release(&kthread.ended, 1);
}
