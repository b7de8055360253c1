// SPDX-License-Identifier: GPL-2.0-only
/* Kernel threads: creation, stop and end. */
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "context.h"
#include "thread.h"
#include "wrap.h"

/**
 * struct start - from who creates a thread to the thread, which frees it
 * @function: of the module
 * @data: for it
 * @creator: who creates it
 * @context: and where
 */
struct start {
	int (*function)(void *data);
	void *data;
	struct race_name creator;
	u32 context;
};

static void remember_creator(struct start *start, unsigned long pc)
{
	struct race_thread *thread = race_thread_enter();

	if (!thread)
		return;
	if (thread->slot) {
		start->creator = thread->name;
		start->context = race_context_child(thread->context, pc);
	}
	race_thread_leave(thread);
}

static void name_creator(const struct start *start)
{
	struct race_thread *thread = race_thread_enter();

	if (!thread)
		return;
	if (thread->slot)
		race_thread_created(thread, &start->creator, start->context);
	race_thread_leave(thread);
}

static int run(void *data)
{
	struct start *start = data;
	struct start here = *start;
	int result;

	race_acquire(start, "start of the thread", _THIS_IP_);
	name_creator(start);
	kfree(start);
	result = here.function(here.data);
	race_release(current, "end of the thread", _THIS_IP_);
	return result;
}

__printf(3, 0)
static struct task_struct *create(struct start *start, int node, const char *format, va_list args)
{
	char name[64];

	vsnprintf(name, sizeof(name), format, args);
	return kthread_create_on_node(run, start, node, "%s", name);
}

__printf(4, 5)
RACE_WRAP(struct task_struct *, kthread_create_on_node, int (*function)(void *data), void *data,
	  int node, const char format[], ...)
{
	struct start *start = kmalloc(sizeof(*start), GFP_KERNEL);
	struct task_struct *task;
	va_list args;

	if (!start)
		return ERR_PTR(-ENOMEM);
	*start = (struct start){ .function = function, .data = data };
	remember_creator(start, _RET_IP_);
	race_release(start, "kthread_create", _RET_IP_);
	va_start(args, format);
	task = create(start, node, format, args);
	va_end(args);
	if (IS_ERR(task))
		kfree(start);
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
