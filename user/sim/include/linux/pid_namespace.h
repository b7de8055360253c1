/* SPDX-License-Identifier: GPL-2.0-only */
/* One namespace, of the tasks that a case says are there. */
#ifndef SIM_PID_NAMESPACE_H
#define SIM_PID_NAMESPACE_H

#include <linux/pid.h>
#include <linux/rcupdate.h>

struct pid_namespace { char unused; };

extern struct pid_namespace init_pid_ns;
enum pid_type { PIDTYPE_PID };

/* The case's. */
struct pid *find_pid_ns(int nr, struct pid_namespace *ns);
#define pid_task(pid, type)	((struct task_struct *)(pid))

#endif /* SIM_PID_NAMESPACE_H */
