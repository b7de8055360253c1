/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A memo table: a function's results by key, each computed once.
 *
 * Who asks for a key that nobody has asked for *leads*: it computes, in its own context,
 * and all who ask meanwhile wait for that one computation. Then the result is
 * kept: a value for ttl, an error for err_ttl, unless there is no room.
 *
 *	absent ---------> computing ------> ready ------------> absent
 *	  a get leads       | ^  fulfil       |  forget, clear, evicted, swept
 *	                    | |               |
 *	            abandon | | one waiter    | expired, or about to (refresh-ahead):
 *	                    v | is promoted   | a get leads, in the same entry
 *	                  (leaderless) <------+
 *
 * The leader is the caller of quartet_memo_get(), if the table has a function, or
 * whoever that caller is: it is told that it leads, by a token, with which it says
 * quartet_memo_fulfil() or quartet_memo_abandon(). A leader that abandons, or whose function
 * is ended by a signal, promotes the first waiter, at once. Nobody polls, and every waiter may
 * leave, by a signal or a deadline, without harm to others.
 *
 * A computation may get other keys, of any table, and take mutexes: where that closes a cycle,
 * the last one gets -EDEADLK (see &struct quartet_memo_how for who waits and who holds).
 *
 * Three engines find entries; all else is the same:
 *
 *	rcu	hits take no lock and no reference; for everything but comparisons
 *	lock	a hash table under a mutex, Go's first design
 *	monitor	a thread owns the table and is asked, Go's second
 *
 * Keys and values are bytes. Ordering: what the leader did before the fulfil of a result, or
 * its function before it returned, happens before the return of a get with that result.
 */
#ifndef QUARTET_MEMO_H
#define QUARTET_MEMO_H

#include <linux/bits.h>
#include <linux/gfp.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/types.h>

#define QUARTET_MEMO_MAX_KEY	4096UL
#define QUARTET_MEMO_MAX_VALUE	(4UL << 20)

/* Errors that are results are -1 to minus this: what is below is the kernel's own. */
#define QUARTET_MEMO_MAX_ERROR	511

/* For ttl and err_ttl. */
#define QUARTET_MEMO_FOR_EVER	U64_MAX

/* What happened. Counted on the CPU where it happened, and an increment may be lost. */
#define QUARTET_MEMO_STATS(X) \
	X(hits)		/* gets of a value that was there */ \
	X(misses)	/* gets that had to lead */ \
	X(joined)	/* gets that waited for another's computation */ \
	X(computations)	/* ended, by a result */ \
	X(refreshes)	/* of the misses: led while the old value was still good */ \
	X(promotions)	/* waiters made leaders */ \
	X(abandoned)	/* leaders that gave up */ \
	X(errors)	/* gets that returned the function's error, cached or not */ \
	X(left)		/* waiters that left: signal, deadline */ \
	X(deadlocks)	/* gets refused, as they would close a cycle */ \
	X(evictions)	/* entries that made room, or memory */ \
	X(expiries)	/* entries found expired, by a get or the sweep */ \
	X(forgotten)	/* entries taken out by forget and clear */

struct quartet_memo_stats {
#define QUARTET_MEMO_STAT(name) u64 name;
	QUARTET_MEMO_STATS(QUARTET_MEMO_STAT)
#undef QUARTET_MEMO_STAT
};

struct quartet_memo_body;
struct quartet_memo_call;
struct memo_entry;
struct module;
struct task_struct;

/**
 * struct quartet_memo - a table
 * @body: all of it, or NULL before it is made and once it is destroyed; read under RCU
 *
 * Calls on a table that is destroyed, or being, return -ESHUTDOWN, as long as this is there.
 */
struct quartet_memo {
	struct quartet_memo_body __rcu *body;
};

/**
 * struct quartet_memo_value - a value, which never changes while anyone may look
 * @rcu: for its end
 * @refs: the entry's, those of waiters that are about to copy it, and quartet_memo_get_ref()'s
 * @fresh: ns of quartet's clock; until then nothing else need be looked at
 * @expires: ns, at or after @fresh
 * @len: of @data
 * @data: the bytes
 */
struct quartet_memo_value {
	struct rcu_head rcu;
	refcount_t refs;
	u64 fresh;
	u64 expires;
	size_t len;
	u8 data[] __aligned(8);
};

/**
 * typedef quartet_memo_func - computes the value of a key
 * @call: the computation: for quartet_memo_room(), and to be named by gets inside
 * @key: its bytes
 * @key_len: how many
 * @data: as given with the function
 *
 * Runs in the context of a get, in whatever task that is, without locks. It writes its value
 * to quartet_memo_room(); without a call of that, the value has no bytes.
 *
 * Return: 0; or a negative errno, which all who wait get, and which is cached for err_ttl, but
 * for -ENOMEM and -EDEADLK, which are of the moment. -EINTR and the kernel's restart codes
 * (-ERESTARTSYS, -ERESTARTNOINTR, -ERESTARTNOHAND, -ERESTART_RESTARTBLOCK) are no result: they say
 * that this leader was interrupted, and the next one computes. Any other value that is not from
 * -QUARTET_MEMO_MAX_ERROR to 0 becomes -EIO, with one warning in the log.
 */
typedef int quartet_memo_func(struct quartet_memo_call *call, const void *key, size_t key_len,
			      void *data);

enum quartet_memo_engine {
	QUARTET_MEMO_RCU,
	QUARTET_MEMO_LOCK,
	QUARTET_MEMO_MONITOR,
	QUARTET_MEMO_ENGINES,
};

/*
 * struct quartet_memo_params.flags
 *
 * BUSTED is for the torture alone: the engine looks, and then inserts without looking again, so
 * that one key may be computed twice at a time.
 * NO_DETECT leaves waits on this table out of the wait graph: they cost less, and cycles hang.
 */
#define QUARTET_MEMO_BUSTED	BIT(0)
#define QUARTET_MEMO_NO_DETECT	BIT(1)

/**
 * struct quartet_memo_params - what a table is made of
 * @name: 1 to 31 printable characters without spaces, that no other table has; it is copied.
 *	Or NULL: not shown in debugfs, and without histograms
 * @engine: which
 * @flags: QUARTET_MEMO_BUSTED, QUARTET_MEMO_NO_DETECT
 * @func: computes; or NULL
 * @data: for @func
 * @func_name: of a function that a module has registered, if @func is NULL; or NULL. Without
 *	either, callers lead
 * @key_max: bytes of a key, 1 to QUARTET_MEMO_MAX_KEY
 * @value_max: bytes of a value, 0 to QUARTET_MEMO_MAX_VALUE
 * @capacity: results kept at most, not 0; computations under way do not count. Misses that run at
 *	the same time may be beyond it, for a moment, by one a CPU
 * @bytes: that they take at most, with keys and what belongs to an entry; not 0, SIZE_MAX for
 *	no limit. What alone is larger is given to those who wait for it, and not kept
 * @ttl: ns that a value is kept; 0 for not at all: calls at the same time share one computation;
 *	QUARTET_MEMO_FOR_EVER, and so is any time beyond the end of the clock. Measured in ticks
 * @err_ttl: the same for errors
 * @refresh_percent: in the last so many per cent of @ttl, one get computes the value anew, while
 *	others still get the old one; up to 99, or 0 for never. Only of the rcu engine
 * @gfp: what the table and all in it is allocated with, which may sleep; or 0 for GFP_KERNEL.
 *	The buckets of QUARTET_MEMO_RCU are the kernel's, which allocates them as it likes
 */
struct quartet_memo_params {
	const char *name;
	enum quartet_memo_engine engine;
	unsigned int flags;
	quartet_memo_func *func;
	void *data;
	const char *func_name;
	size_t key_max;
	size_t value_max;
	unsigned long capacity;
	size_t bytes;
	u64 ttl;
	u64 err_ttl;
	unsigned int refresh_percent;
	gfp_t gfp;
};

/* struct quartet_memo_how.flags */
#define QUARTET_MEMO_NOWAIT	BIT(0)	/* not for another's computation: -EAGAIN */
#define QUARTET_MEMO_NOLEAD	BIT(1)	/* what nobody computes is -ENOENT */
#define QUARTET_MEMO_STALE	BIT(2)	/* a value that has expired will do, if it is still there */
#define QUARTET_MEMO_KILLABLE	BIT(3)	/* only fatal signals end the wait */

/* Look, and neither compute nor wait. */
#define QUARTET_MEMO_PEEK	(QUARTET_MEMO_NOWAIT | QUARTET_MEMO_NOLEAD)

/* Where what a get returned is from. */
enum quartet_memo_what {
	QUARTET_MEMO_NOTHING,	/* no result: the errno is the get's own */
	QUARTET_MEMO_HIT,	/* a value that was there */
	QUARTET_MEMO_OLD,	/* the same, but expired */
	QUARTET_MEMO_JOINED,	/* a value, or an error, that another computed meanwhile */
	QUARTET_MEMO_COMPUTED,	/* a value, or an error, that this call computed */
	QUARTET_MEMO_FAILED,	/* an error that was cached */
	QUARTET_MEMO_LEAD,	/* the caller leads; returned with -ENODATA */
	QUARTET_MEMO_QUEUED,	/* the waiter will be called; returned with -EINPROGRESS */
};

/**
 * struct quartet_memo_lead - what a leader has
 * @token: of one counter for all tables, so that no two leads ever have the same; not 0
 * @attempt: 1, or how many have led this computation, with this one
 * @owner: who leads
 */
struct quartet_memo_lead {
	u64 token;
	u32 attempt;
	const void *owner;
};

/**
 * struct quartet_memo_how - how to get, and what came of it
 * @flags: in: QUARTET_MEMO_NOWAIT and so on
 * @deadline: in: absolute, CLOCK_MONOTONIC, for waiting, not for computing; or NULL
 * @stop: in: ends the wait with -ECANCELED once it is true, if the task is then woken; or NULL
 * @owner: in: who waits and leads, for the wait graph; or NULL for that of @call, or current
 * @call: in: the computation that this get is a part of; or NULL
 * @what: out: see there
 * @len: out: the length of the value, also if there was not enough room for it
 * @lead: out, if @what is QUARTET_MEMO_LEAD
 *
 * A wait is of one owner for another: the leader of the key, the owner of a mutex. A task that
 * computes is its own owner, as it is that of the mutexes that it takes; so for
 * cycles to be found, @call matters only to a function that gets from another task than its own.
 */
struct quartet_memo_how {
	unsigned int flags;
	const ktime_t *deadline;
	const bool *stop;
	const void *owner;
	struct quartet_memo_call *call;
	enum quartet_memo_what what;
	size_t len;
	struct quartet_memo_lead lead;
};

/**
 * struct quartet_memo_waiter - a place among those who wait for a computation
 * @list: under the lock of the entry's shard
 * @task: sleeps; or NULL
 * @wake: called instead, without locks, in the context of whoever has decided
 * @owner: becomes the leader, if promoted
 * @entry: waited for; the waiter has a reference
 * @round: the computation, among the entry's
 * @since: ns, when it queued
 * @result: a value, with a reference; an error pointer; or NULL, if @lead is given
 * @lead: what a promoted waiter has
 * @promoted: it is
 * @closed: there is no result, as the table has ended
 * @done: @result and @lead are decided, and nobody else will touch this
 */
struct quartet_memo_waiter {
	struct list_head list;
	struct task_struct *task;
	void (*wake)(struct quartet_memo_waiter *waiter);
	const void *owner;
	struct memo_entry *entry;
	u64 round;
	u64 since;
	struct quartet_memo_value *result;
	struct quartet_memo_lead lead;
	bool promoted;
	bool closed;
	bool done;
};

/**
 * struct quartet_memo_state - a table as it was, exact if nobody used it meanwhile
 * @stats: sums over all CPUs
 * @entries: results that are kept
 * @bytes: that they take, as the table counts
 * @waiting: who wait for a computation
 */
struct quartet_memo_state {
	struct quartet_memo_stats stats;
	u64 entries;
	u64 bytes;
	u64 waiting;
};

/* Kernel-doc of each, with all that it returns, is where it is defined: kmod/memo/. */

/* 0, -EINVAL, -EEXIST, -ENOENT for @func_name, -ENOMEM. */
int quartet_memo_init(struct quartet_memo *memo, const struct quartet_memo_params *params);
/* Waiters and leaders get -ESHUTDOWN; returns when nobody is inside; may be called twice. */
void quartet_memo_destroy(struct quartet_memo *memo);

/*
 * The length of the value, or: the function's error; -ENODATA: the caller leads; -EAGAIN, -ENOENT:
 * see the flags; -EINTR; -ECANCELED; -ETIMEDOUT; -EDEADLK; -ESHUTDOWN; -EINVAL for a key's length;
 * -ENOBUFS with how->len set, if @size is too small; -ENOMEM.
 */
ssize_t quartet_memo_get(struct quartet_memo *memo, const void *key, size_t key_len,
			 void *value, size_t size, struct quartet_memo_how *how);
/* The same without a copy: for large values. */
const struct quartet_memo_value *quartet_memo_get_ref(struct quartet_memo *memo, const void *key,
						      size_t key_len,
						      struct quartet_memo_how *how);
void quartet_memo_put_ref(const struct quartet_memo_value *value);

/*
 * Without sleeping for another's computation, for tables whose callers lead (else -EOPNOTSUPP).
 * As get; or how->what is QUEUED: waiter->wake(), once, and then collect, which returns as get; or
 * cancel, which is true if wake will never be called.
 */
ssize_t quartet_memo_enqueue(struct quartet_memo *memo, const void *key, size_t key_len,
			     void *value, size_t size, struct quartet_memo_how *how,
			     struct quartet_memo_waiter *waiter);
bool quartet_memo_cancel(struct quartet_memo *memo, struct quartet_memo_waiter *waiter);
ssize_t quartet_memo_collect(struct quartet_memo_waiter *waiter, void *value, size_t size,
			     struct quartet_memo_how *how);
const struct quartet_memo_value *quartet_memo_collect_ref(struct quartet_memo_waiter *waiter,
							  struct quartet_memo_how *how);

/*
 * 0; -ESTALE for a token that is wrong, used up or of another table; -EPERM for another owner's;
 * -ESHUTDOWN. fulfil: -EMSGSIZE and -ENOMEM, which are then the result. fail: -EINVAL, and
 * nothing changed, for what is not -1 to -QUARTET_MEMO_MAX_ERROR.
 */
int quartet_memo_fulfil(struct quartet_memo *memo, const struct quartet_memo_lead *lead,
			const void *value, size_t len);
int quartet_memo_fail(struct quartet_memo *memo, const struct quartet_memo_lead *lead, int err);
int quartet_memo_abandon(struct quartet_memo *memo, const struct quartet_memo_lead *lead);
/* All that @owner leads, as it is dead: how many. */
unsigned int quartet_memo_abandon_all(struct quartet_memo *memo, const void *owner);

/* In a function: where its value goes; or ERR_PTR(-EMSGSIZE), ERR_PTR(-ENOMEM): return that. */
void *quartet_memo_room(struct quartet_memo_call *call, size_t len);
/* 1, or more if leaders before this one have abandoned. */
u32 quartet_memo_attempt(const struct quartet_memo_call *call);

/*
 * 0, or -ENOENT. A computation under way goes on for those who wait; its result is not kept, and
 * a get from now on computes anew.
 */
int quartet_memo_forget(struct quartet_memo *memo, const void *key, size_t key_len);
/* Forgets all. These return how many; the last two are for tests, and what time and memory do. */
unsigned long quartet_memo_clear(struct quartet_memo *memo);
unsigned long quartet_memo_sweep(struct quartet_memo *memo);
unsigned long quartet_memo_evict(struct quartet_memo *memo, unsigned long number);
void quartet_memo_read(struct quartet_memo *memo, struct quartet_memo_state *state);
/* For tests: the bytes again, but added up. */
u64 quartet_memo_count_bytes(struct quartet_memo *memo);

/**
 * struct quartet_memo_function - a function that tables may name
 * @name: 1 to 31 printable characters without spaces, that no other function has
 * @func: it
 * @data: for @func
 * @owner: the module that it is in, which stays while a table uses it
 * @list: for funcs.c, under its lock
 * @users: tables; under the same
 */
struct quartet_memo_function {
	const char *name;
	quartet_memo_func *func;
	void *data;
	struct module *owner;
	struct list_head list;
	unsigned int users;
};

/* 0, -EINVAL, -EEXIST; unregister: 0, or -EBUSY while tables use it, which an @owner prevents. */
int quartet_memo_register_func(struct quartet_memo_function *function);
int quartet_memo_unregister_func(struct quartet_memo_function *function);

#endif /* QUARTET_MEMO_H */
