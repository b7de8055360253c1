/* SPDX-License-Identifier: GPL-2.0-only */
/* Tracepoints quartet:*, all of them off the fast paths: no uncontended lock, no hit. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM quartet

#if !defined(QUARTET_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define QUARTET_TRACE_H

#include <linux/tracepoint.h>

#include "name.h"

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

DECLARE_EVENT_CLASS(quartet_mutex,
	TP_PROTO(const void *mutex),
	TP_ARGS(mutex),
	TP_STRUCT__entry(
		__field(const void *, mutex)
	),
	TP_fast_assign(
		__entry->mutex = mutex;
	),
	TP_printk("mutex=%p", __entry->mutex)
);

/* The first try failed; the caller starts to spin or sleep. */
DEFINE_EVENT(quartet_mutex, mutex_contended,
	TP_PROTO(const void *mutex),
	TP_ARGS(mutex)
);

/* The head has waited for too long: starvation mode. */
DEFINE_EVENT(quartet_mutex, mutex_starving,
	TP_PROTO(const void *mutex),
	TP_ARGS(mutex)
);

/* A waiter gave up. */
DEFINE_EVENT(quartet_mutex, mutex_cancelled,
	TP_PROTO(const void *mutex),
	TP_ARGS(mutex)
);

/* A caller that had to wait has the mutex, or has failed. */
TRACE_EVENT(mutex_acquired,
	TP_PROTO(const void *mutex, int err),
	TP_ARGS(mutex, err),
	TP_STRUCT__entry(
		__field(const void *, mutex)
		__field(int, err)
	),
	TP_fast_assign(
		__entry->mutex = mutex;
		__entry->err = err;
	),
	TP_printk("mutex=%p err=%d", __entry->mutex, __entry->err)
);

/* The head of the queue owns the mutex after having waited. */
TRACE_EVENT(mutex_handoff,
	TP_PROTO(const void *mutex, u64 waited_ns),
	TP_ARGS(mutex, waited_ns),
	TP_STRUCT__entry(
		__field(const void *, mutex)
		__field(u64, waited_ns)
	),
	TP_fast_assign(
		__entry->mutex = mutex;
		__entry->waited_ns = waited_ns;
	),
	TP_printk("mutex=%p waited_ns=%llu", __entry->mutex, __entry->waited_ns)
);

/* A lead: @hash stands for the key, and @name is empty for a table without one. */
DECLARE_EVENT_CLASS(quartet_memo_lead,
	TP_PROTO(const void *memo, const char *name, u64 hash, u32 attempt),
	TP_ARGS(memo, name, hash, attempt),
	TP_STRUCT__entry(
		__field(const void *, memo)
		__array(char, name, QUARTET_NAME_CHARS)
		__field(u64, hash)
		__field(u32, attempt)
	),
	TP_fast_assign(
		__entry->memo = memo;
		strscpy(__entry->name, name, QUARTET_NAME_CHARS);
		__entry->hash = hash;
		__entry->attempt = attempt;
	),
	TP_printk("memo=%p name=%s hash=%016llx attempt=%u", __entry->memo, __entry->name,
		  __entry->hash, __entry->attempt)
);

/* A get leads: nobody does, and there is nothing good. */
DEFINE_EVENT(quartet_memo_lead, memo_compute,
	TP_PROTO(const void *memo, const char *name, u64 hash, u32 attempt),
	TP_ARGS(memo, name, hash, attempt)
);

/* The lead of this attempt has ended without a result. */
DEFINE_EVENT(quartet_memo_lead, memo_abandon,
	TP_PROTO(const void *memo, const char *name, u64 hash, u32 attempt),
	TP_ARGS(memo, name, hash, attempt)
);

/* A waiter leads now, with this attempt. */
DEFINE_EVENT(quartet_memo_lead, memo_promote,
	TP_PROTO(const void *memo, const char *name, u64 hash, u32 attempt),
	TP_ARGS(memo, name, hash, attempt)
);

/* A lead has a result: a value, or an error. */
TRACE_EVENT(memo_done,
	TP_PROTO(const void *memo, const char *name, u64 hash, int err),
	TP_ARGS(memo, name, hash, err),
	TP_STRUCT__entry(
		__field(const void *, memo)
		__array(char, name, QUARTET_NAME_CHARS)
		__field(u64, hash)
		__field(int, err)
	),
	TP_fast_assign(
		__entry->memo = memo;
		strscpy(__entry->name, name, QUARTET_NAME_CHARS);
		__entry->hash = hash;
		__entry->err = err;
	),
	TP_printk("memo=%p name=%s hash=%016llx err=%d", __entry->memo, __entry->name,
		  __entry->hash, __entry->err)
);

/* A result went, for room or for memory's sake. */
TRACE_EVENT(memo_evict,
	TP_PROTO(const void *memo, const char *name, u64 hash),
	TP_ARGS(memo, name, hash),
	TP_STRUCT__entry(
		__field(const void *, memo)
		__array(char, name, QUARTET_NAME_CHARS)
		__field(u64, hash)
	),
	TP_fast_assign(
		__entry->memo = memo;
		strscpy(__entry->name, name, QUARTET_NAME_CHARS);
		__entry->hash = hash;
	),
	TP_printk("memo=%p name=%s hash=%016llx", __entry->memo, __entry->name, __entry->hash)
);

#endif /* QUARTET_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH kmod/base
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
