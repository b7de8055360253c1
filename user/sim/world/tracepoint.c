// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's tracepoints: the one that a task exits. */
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
	tracepoint->probe = NULL;
	return 0;
}

void sim_exit_task(struct task_struct *task)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(points); i++)
		if (points[i].probe && !strcmp(points[i].name, "sched_process_exit"))
			points[i].probe(points[i].data, task);
}
