/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers of tasks that outlive them: here the task itself, and of a process its leader. */
#ifndef SIM_PID_H
#define SIM_PID_H

#include <linux/sched.h>

struct pid { char unused; };

#define task_pid(task)		((struct pid *)(task))
#define task_tgid(task)		((struct pid *)(task)->leader)
#define get_pid(pid)		(pid)
#define put_pid(pid)		((void)(pid))

static inline pid_t pid_vnr(struct pid *pid)
{
	return pid ? ((struct task_struct *)pid)->pid : 0;
}

#endif /* SIM_PID_H */
