// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tasks that exit, by a probe on sched_process_exit. Any kernel with tracepoints has it, and none
 * exports it by name.
 */
#include <linux/errno.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "compat.h"
#include "exit.h"

static struct tracepoint *exit_tracepoint;

static void exit_find(struct tracepoint *tracepoint, void *unused)
{
	if (!strcmp(tracepoint->name, "sched_process_exit"))
		exit_tracepoint = tracepoint;
}

static void exit_probe(QUARTET_EXIT_PROBE(void *data, struct task_struct *task))
{
	const struct quartet_exit_watch *watch = data;

	watch->exits(task, QUARTET_EXIT_LAST(task));
}

static bool exit_is_found(void)
{
	exit_tracepoint = NULL;
	/* Without tracing, a kernel has none of these functions. */
	if (IS_ENABLED(CONFIG_TRACEPOINTS))
		for_each_kernel_tracepoint(exit_find, NULL);
	return IS_ENABLED(CONFIG_TRACEPOINTS) && exit_tracepoint;
}

/**
 * quartet_exit_watch() - be told of tasks that exit
 * @watch: who; it stays until it is taken back
 *
 * Context: task, may sleep.
 * Return: 0; -EOPNOTSUPP, which the log explains, without tracepoints; -ENOMEM.
 */
int quartet_exit_watch(struct quartet_exit_watch *watch)
{
	if (!exit_is_found()) {
		pr_err("quartet: refuses to load: without tracepoints a kernel tells nobody who exits\n");
		return -EOPNOTSUPP;
	}
	return tracepoint_probe_register(exit_tracepoint, (void *)exit_probe, watch);
}

/**
 * quartet_exit_unwatch() - be told no more
 * @watch: who; when this returns, nobody is in what it calls
 *
 * Context: task, may sleep.
 */
void quartet_exit_unwatch(struct quartet_exit_watch *watch)
{
	if (!IS_ENABLED(CONFIG_TRACEPOINTS))
		return;
	tracepoint_probe_unregister(exit_tracepoint, (void *)exit_probe, watch);
	tracepoint_synchronize_unregister();
}
