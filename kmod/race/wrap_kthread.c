// SPDX-License-Identifier: GPL-2.0-only
/* Kernel threads: creation, stop and end. */
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/sched/task.h>

#include "callbacks.h"
#include "context.h"
#include "thread.h"
#include "wait.h"
#include "wrap.h"

/* In the thread: who woke it for the first time may have done so long after its creation. */
static unsigned long run(const struct race_call *call)
{
	unsigned long result;

	race_acquire(race_wakes_of(current), "start of the thread", _THIS_IP_);
	result = race_call(call);
	race_release(current, "end of the thread", _THIS_IP_);
	return result;
}

static void tell_creator(struct task_struct *task, unsigned long pc)
{
	struct race_thread *thread = race_thread_enter();

	if (!thread)
		return;
	race_thread_create(thread, task, race_context_child(thread->context, pc));
	race_thread_leave(thread);
}

__printf(4, 5)
RACE_WRAP(struct task_struct *, kthread_create_on_node, int (*function)(void *data), void *data,
	  int node, const char format[], ...)
{
	struct va_format name = { .fmt = format };
	struct task_struct *task;
	va_list args;

	va_start(args, format);
	name.va = &args;
	task = kthread_create_on_node(race_callback(function, run), data, node, "%pV", &name);
	va_end(args);
	if (!IS_ERR(task))
		tell_creator(task, _RET_IP_);
	return task;
}

RACE_WRAP(int, kthread_stop, struct task_struct *task)
{
	int result;

	get_task_struct(task);
	race_release((char *)task + 1, "kthread_stop", _RET_IP_);
	result = kthread_stop(task);
	race_acquire(task, "kthread_stop", _RET_IP_);
	put_task_struct(task);
	return result;
}

RACE_WRAP(bool, kthread_should_stop, void)
{
	bool stop = kthread_should_stop();

	if (stop)
		race_acquire((char *)current + 1, "kthread_should_stop", _RET_IP_);
	return stop;
}

/* What who parks a thread has done before that, or before it goes on. */
static const void *orders_of(const struct task_struct *task)
{
	return (const char *)task + 3;
}

/* What it did until then. */
static const void *parked(const struct task_struct *task)
{
	return (const char *)task + 4;
}

RACE_WRAP(int, kthread_park, struct task_struct *task)
{
	int err;

	race_release(orders_of(task), "kthread_park", _RET_IP_);
	err = kthread_park(task);
	if (!err)
		race_acquire(parked(task), "kthread_park", _RET_IP_);
	return err;
}

RACE_WRAP(void, kthread_unpark, struct task_struct *task)
{
	race_release(orders_of(task), "kthread_unpark", _RET_IP_);
	kthread_unpark(task);
}

RACE_WRAP(bool, kthread_should_park, void)
{
	bool park = kthread_should_park();

	if (park)
		race_acquire(orders_of(current), "kthread_should_park", _RET_IP_);
	return park;
}

RACE_WRAP(void, kthread_parkme, void)
{
	race_release(parked(current), "kthread_parkme", _RET_IP_);
	kthread_parkme();
	race_acquire(orders_of(current), "kthread_parkme", _RET_IP_);
}
