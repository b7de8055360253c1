/* SPDX-License-Identifier: GPL-2.0-only */
/* Tracepoints quartet:*, all of them off the uncontended fast paths. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM quartet

#if !defined(QUARTET_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define QUARTET_TRACE_H

#include <linux/tracepoint.h>

DECLARE_EVENT_CLASS(quartet_spin,
	TP_PROTO(const void *lock),
	TP_ARGS(lock),
	TP_STRUCT__entry(
		__field(const void *, lock)
	),
	TP_fast_assign(
		__entry->lock = lock;
	),
	TP_printk("lock=%p", __entry->lock)
);

/* The first try failed; the caller starts to wait. */
DEFINE_EVENT(quartet_spin, spin_contended,
	TP_PROTO(const void *lock),
	TP_ARGS(lock)
);

/* A caller that had to wait has the lock. */
DEFINE_EVENT(quartet_spin, spin_acquired,
	TP_PROTO(const void *lock),
	TP_ARGS(lock)
);

#endif /* QUARTET_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH kmod/base
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
