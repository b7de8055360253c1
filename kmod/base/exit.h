/* SPDX-License-Identifier: GPL-2.0-only */
/* Tasks that exit: who wants to know of them is told, by the kernel's own tracepoint. */
#ifndef QUARTET_EXIT_H
#define QUARTET_EXIT_H

#include <linux/types.h>

struct task_struct;

/**
 * struct quartet_exit_watch - somebody who wants to know
 * @exits: @task, which is the caller, is about to close its files; @last: no thread of its process
 *	is left that runs user code. Several threads of a process may be told to be the last. It
 *	is called with preemption off, so that it may take raw locks and no others.
 */
struct quartet_exit_watch {
	void (*exits)(struct task_struct *task, bool last);
};

int quartet_exit_watch(struct quartet_exit_watch *watch);
void quartet_exit_unwatch(struct quartet_exit_watch *watch);

#endif /* QUARTET_EXIT_H */
