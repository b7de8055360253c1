// SPDX-License-Identifier: GPL-2.0-only
/*
 * A process that has asked for something, and its end.
 *
 * The end is noticed in the exit of its last thread, when that is told to be the last one:
 *
 *	do_exit()
 *		sched_process_exit	the probe marks the record, and queues the work
 *		exit_files()		last closes are queued, too
 *		exit_task_work()	closes, then our work: may sleep, ends what was asked for
 *		exit_notify()		from here on the process can be reaped
 *
 * So who has waited for a process finds that all it had has ended. Of several threads that are told
 * to be the last, the first to mark the record queues the work: no process is reaped before all its
 * threads have been through exit_notify(), whichever of them that is. A thread that exits asks for
 * nothing any more, and the last one has seen the others begin to: nobody asks for a process whose
 * record is marked.
 *
 * Kernels from 6.1 to 7.3 export what this takes: for_each_kernel_tracepoint() and the registration
 * of probes, task_work_add(), and RCU for tasks. The flush of a file would come too early or not at
 * all: it is of a descriptor, and the process may have closed that, or share it.
 *
 * In the work, what the task had of files, memory and namespaces is gone; nothing in it uses these.
 */
#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/hash.h>
#include <linux/list.h>
#include <linux/pid.h>
#include <linux/poll.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/task_work.h>
#include <linux/wait_bit.h>

#include "../base/exit.h"
#include "handle.h"
#include "limits.h"
#include "process.h"

#define PROCESS_BITS	8

/**
 * struct process - one that has asked, while anything may come of that
 * @node: in its bucket, under the bucket's lock
 * @pid: of its thread group, with a reference
 * @refs: ties, and a work that is queued; under the bucket's lock
 * @ended: its last thread exits: set once, by who queues @end
 * @end: ends what it has asked for; preallocated, as the probe cannot
 * @lock: protects @ties; taken in task context, innermost
 * @ties: to handles, but for the one that is being ended
 */
struct process {
	struct hlist_node node;
	struct pid *pid;
	unsigned int refs;
	atomic_t ended;
	struct callback_head end;
	spinlock_t lock;		/* of ties */
	struct list_head ties;
};

/**
 * struct tie - a process has asked by a handle
 * @of_process: in its list, under its lock; empty once the end of the process has taken it
 * @of_handle: in its list, under its lock
 * @process: with a reference
 * @handle: closes only after it has untied this, or who has taken it has
 */
struct tie {
	struct list_head of_process;
	struct list_head of_handle;
	struct process *process;
	struct dev_handle *handle;
};

struct bucket {
	raw_spinlock_t lock;		/* the probe takes it */
	struct hlist_head processes;
};

static struct bucket buckets[1 << PROCESS_BITS];
static atomic_t works = ATOMIC_INIT(0);		/* queued, or under way */

static struct bucket *process_bucket(const struct pid *pid)
{
	return &buckets[hash_long((unsigned long)pid, PROCESS_BITS)];
}

/* With a reference; NULL if it has not asked. */
static struct process *process_find(struct bucket *bucket, const struct pid *pid)
{
	struct process *process;

	lockdep_assert_held(&bucket->lock);
	hlist_for_each_entry(process, &bucket->processes, node) {
		if (process->pid == pid) {
			process->refs++;
			return process;
		}
	}
	return NULL;
}

static void process_free(struct process *process)
{
	put_pid(process->pid);
	kfree(process);
}

static void process_put(struct process *process)
{
	struct bucket *bucket = process_bucket(process->pid);
	bool last;

	raw_spin_lock(&bucket->lock);
	last = !--process->refs;
	if (last)
		hlist_del(&process->node);
	raw_spin_unlock(&bucket->lock);
	if (last)
		process_free(process);
}

static void process_untie(struct tie *tie)
{
	process_put(tie->process);
	kfree(tie);
}

/* The process is at its end, and has taken the tie; the close of the handle waits for it. */
static void process_end_tie(struct process *process, struct tie *tie)
{
	struct dev_handle *handle = tie->handle;

	handle_withdraw(handle, process);
	handle->object->kind->die(handle, process);
	spin_lock(&handle->lock);
	list_del(&tie->of_handle);
	/* Under the lock: without it, the handle may end before the queue is done. */
	wake_up_all(&handle->wait);
	spin_unlock(&handle->lock);
	process_untie(tie);
}

static struct tie *process_take_tie(struct process *process)
{
	struct tie *tie;

	spin_lock(&process->lock);
	tie = list_first_entry_or_null(&process->ties, struct tie, of_process);
	if (tie)
		list_del_init(&tie->of_process);
	spin_unlock(&process->lock);
	return tie;
}

static void process_end(struct callback_head *end)
{
	struct process *process = container_of(end, struct process, end);
	struct tie *tie;

	while ((tie = process_take_tie(process)))
		process_end_tie(process, tie);
	process_put(process);
	if (atomic_dec_and_test(&works))
		wake_up_var(&works);
}

/* The caller exits, and runs the work before it can be reaped. */
static void process_queue_end(struct process *process)
{
	atomic_inc(&works);
	if (WARN_ON_ONCE(task_work_add(current, &process->end, TWA_NONE)))
		atomic_dec(&works);
}

/* The probe. A record that is marked already is let go by its work, which this cannot do. */
static void process_exits(struct task_struct *task, bool last)
{
	struct bucket *bucket = process_bucket(task_tgid(task));
	struct process *process;

	if (!last)
		return;
	raw_spin_lock(&bucket->lock);
	process = process_find(bucket, task_tgid(task));
	if (process && atomic_cmpxchg(&process->ended, 0, 1)) {
		process->refs--;
		process = NULL;
	}
	raw_spin_unlock(&bucket->lock);
	if (process)
		process_queue_end(process);
}

static struct process *process_alloc(struct pid *pid)
{
	struct process *process = kzalloc(sizeof(*process), LIMITS_GFP);

	if (!process)
		return NULL;
	process->pid = get_pid(pid);
	process->refs = 1;
	spin_lock_init(&process->lock);
	INIT_LIST_HEAD(&process->ties);
	init_task_work(&process->end, process_end);
	return process;
}

/* The caller's, with a reference; NULL without memory. */
static struct process *process_get(void)
{
	struct pid *pid = task_tgid(current);
	struct bucket *bucket = process_bucket(pid);
	struct process *fresh = process_alloc(pid), *process;

	if (!fresh)
		return NULL;
	raw_spin_lock(&bucket->lock);
	process = process_find(bucket, pid);
	if (!process)
		hlist_add_head(&fresh->node, &bucket->processes);
	raw_spin_unlock(&bucket->lock);
	if (process)
		process_free(fresh);
	return process ?: fresh;
}

/* The caller's process, if it has a tie to the handle. */
static struct process *process_of_tie(struct dev_handle *handle)
{
	struct pid *pid = task_tgid(current);
	struct tie *tie;

	lockdep_assert_held(&handle->lock);
	list_for_each_entry(tie, &handle->ties, of_handle)
		if (tie->process->pid == pid)
			return tie->process;
	return NULL;
}

/* Another thread of the process may have tied them meanwhile. */
static struct process *process_tie(struct dev_handle *handle, struct tie *tie)
{
	struct process *process;

	spin_lock(&handle->lock);
	process = process_of_tie(handle);
	if (!process) {
		tie->handle = handle;
		list_add(&tie->of_handle, &handle->ties);
		spin_lock(&tie->process->lock);
		list_add(&tie->of_process, &tie->process->ties);
		spin_unlock(&tie->process->lock);
	}
	spin_unlock(&handle->lock);
	return process;
}

static struct process *process_ask_first(struct dev_handle *handle)
{
	struct tie *tie = kmalloc(sizeof(*tie), LIMITS_GFP);
	struct process *process, *tied;

	if (!tie)
		return ERR_PTR(-ENOMEM);
	process = process_get();
	if (!process) {
		kfree(tie);
		return ERR_PTR(-ENOMEM);
	}
	tie->process = process;
	tied = process_tie(handle, tie);
	if (tied)
		process_untie(tie);
	return process;
}

/**
 * process_ask() - the caller's process is about to ask for something
 * @handle: by which; it does not close meanwhile
 *
 * Context: task, may sleep.
 * Return: its record, which stays until the handle is closed or the process has ended; -ENOMEM;
 * -ESRCH for a task that exits, whose end may be over.
 */
struct process *process_ask(struct dev_handle *handle)
{
	struct process *process;

	if (current->flags & PF_EXITING)
		return ERR_PTR(-ESRCH);
	spin_lock(&handle->lock);
	process = process_of_tie(handle);
	spin_unlock(&handle->lock);
	return process ?: process_ask_first(handle);
}

/* False if the process is at its end, and has taken the tie. */
static bool process_leaves_tie(struct tie *tie)
{
	bool left;

	spin_lock(&tie->process->lock);
	left = !list_empty(&tie->of_process);
	list_del_init(&tie->of_process);
	spin_unlock(&tie->process->lock);
	return left;
}

static bool process_is_tied(struct dev_handle *handle)
{
	bool tied;

	spin_lock(&handle->lock);
	tied = !list_empty(&handle->ties);
	spin_unlock(&handle->lock);
	return tied;
}

/**
 * process_forget() - a handle is closed
 * @handle: by which nobody asks any more; all that was asked for by it has ended
 *
 * Context: task, may sleep, until who ends a process is done with the handle.
 */
void process_forget(struct dev_handle *handle)
{
	struct tie *tie, *next;
	LIST_HEAD(left);

	spin_lock(&handle->lock);
	list_for_each_entry_safe(tie, next, &handle->ties, of_handle)
		if (process_leaves_tie(tie))
			list_move(&tie->of_handle, &left);
	spin_unlock(&handle->lock);
	list_for_each_entry_safe(tie, next, &left, of_handle)
		process_untie(tie);
	wait_event(handle->wait, !process_is_tied(handle));
}

static struct quartet_exit_watch process_watch = { .exits = process_exits };

/* 0; -EOPNOTSUPP without tracepoints; -ENOMEM. */
int process_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(buckets); i++)
		raw_spin_lock_init(&buckets[i].lock);
	return quartet_exit_watch(&process_watch);
}

/*
 * No handle is open. A work may still be queued, or at its very end: without ties, but in our code.
 * Where a kernel preempts its own code and has tracers, RCU for tasks waits until it has left that;
 * elsewhere the name stands for a grace period, which suffices as a work is not preempted there.
 */
void process_exit(void)
{
	quartet_exit_unwatch(&process_watch);
	wait_var_event(&works, !atomic_read(&works));
	synchronize_rcu_tasks();
}
