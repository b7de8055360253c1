// SPDX-License-Identifier: GPL-2.0-only
/* Tasks that exit: the kernel's tracepoint, and what a task does last. */
#include <linux/task_work.h>
#include <linux/tracepoint.h>
#include <sim/case.h>

static struct tracepoint points[] = {
	{ .name = "sched_switch" },
	{ .name = "sched_process_exit" },
};

static bool hidden;

void sim_hide_tracepoints(bool wanted)
{
	hidden = wanted;
}

void for_each_kernel_tracepoint(void (*function)(struct tracepoint *tracepoint, void *data),
				void *data)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(points) && !hidden; i++)
		function(&points[i], data);
}

int tracepoint_probe_register(struct tracepoint *tracepoint, void *probe, void *data)
{
	if (tracepoint->probe)
		return -EEXIST;
	*(void **)&tracepoint->probe = probe;
	tracepoint->data = data;
	return 0;
}

int tracepoint_probe_unregister(struct tracepoint *tracepoint, void *probe, void *data)
{
	(void)data;
	if (*(void **)&tracepoint->probe != probe)
		return -ENOENT;
	WRITE_ONCE(tracepoint->probe, NULL);
	return 0;
}

/* A probe that is taken back meanwhile is called until a grace period later. */
static void probe_exit(struct task_struct *task, bool last)
{
	void (*probe)(void *data, struct task_struct *task, bool last);
	unsigned int i;

	rcu_read_lock();
	for (i = 0; i < ARRAY_SIZE(points); i++) {
		if (strcmp(points[i].name, "sched_process_exit"))
			continue;
		probe = READ_ONCE(points[i].probe);
		if (probe)
			probe(points[i].data, task, last);
	}
	rcu_read_unlock();
}

static bool gone;

void sim_unload(bool wanted)
{
	WRITE_ONCE(gone, wanted);
}

void sim_exit_task(struct task_struct *task)
{
	probe_exit(task, true);
}

int task_work_add(struct task_struct *task, struct callback_head *work,
		  enum task_work_notify_mode notify)
{
	(void)notify;
	if (SIM_XCHG(&work->next, task->works, __ATOMIC_RELAXED, "task_work_add", "work->next") !=
	    SIM_UNQUEUED)
		sim_fail("assertion: a work is queued twice");
	task->works = work;
	return 0;
}

/* The look at who is left is a step of its own, as before Linux 6.16. */
void sim_exit(void (*files)(void))
{
	struct callback_head *work;

	current->flags |= PF_EXITING;
	atomic_dec(&current->leader->live);
	probe_exit(current, !atomic_read(&current->leader->live));
	sim_point();
	if (files)
		files();
	while ((work = current->works)) {
		current->works = work->next;
		work->next = SIM_UNQUEUED;
		if (READ_ONCE(gone))
			sim_fail("assertion: a work runs in code that is gone");
		work->func(work);
	}
}

void sim_join(struct task_struct *task, struct task_struct *leader)
{
	task->leader = leader;
	atomic_inc(&leader->live);
}
