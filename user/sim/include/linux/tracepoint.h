/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Our own tracepoints are nothing here. Of the kernel's there is one,
 * sched_process_exit, which a case fires with sim_exit_task() and sim_exit().
 */
#ifndef SIM_TRACEPOINT_H
#define SIM_TRACEPOINT_H

#include <linux/rcupdate.h>
#include <linux/sched.h>

struct tracepoint {
	const char *name;
	void (*probe)(void *data, struct task_struct *task, bool last);
	void *data;
};

void for_each_kernel_tracepoint(void (*function)(struct tracepoint *tracepoint, void *data),
				void *data);
int tracepoint_probe_register(struct tracepoint *tracepoint, void *probe, void *data);
int tracepoint_probe_unregister(struct tracepoint *tracepoint, void *probe, void *data);
#define tracepoint_synchronize_unregister()	synchronize_rcu()

#define TP_PROTO(...)	__VA_ARGS__
#define TP_ARGS(...)
#define TP_STRUCT__entry(...)
#define TP_fast_assign(...)
#define TP_printk(...)
#define DECLARE_EVENT_CLASS(name, proto, args, fields, assign, print)
#define SIM_EVENT(name, ...)	static inline void trace_##name(__VA_ARGS__) { }
#define DEFINE_EVENT(class, name, proto, args)			SIM_EVENT(name, proto)
#define TRACE_EVENT(name, proto, args, fields, assign, print)	SIM_EVENT(name, proto)

#endif /* SIM_TRACEPOINT_H */
