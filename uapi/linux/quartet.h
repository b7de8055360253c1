/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * /dev/quartet: mutexes, pools and memo tables that processes share, and that survive the
 * death of any of them.
 *
 * Open /dev/quartet for the commands of the device: INFO, CREATE, OPEN, UNLINK, LIST. CREATE and
 * OPEN return a *handle*, a descriptor for one object, which is closed on exec. The handle is the
 * owner of what it is granted, whichever thread or process uses it: take one for each thread.
 *
 * Each struct starts with its size. A kernel that knows more fields takes those that are not
 * there as 0; one that knows fewer gives -E2BIG if they are not 0. Unknown flags, and fields
 * that must be 0 and are not, are -EINVAL. What is marked "out" need not be set. A command that
 * is not for this kind of descriptor is -ENOTTY. Pointers are __u64, times are in nanoseconds.
 *
 * Documentation/uapi.rst has what each command returns, and an example of each.
 */
#ifndef _LINUX_QUARTET_H
#define _LINUX_QUARTET_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define QUARTET_MAGIC			0xFB

#define QUARTET_NAME_LEN		31	/* bytes of a name, at most */
#define QUARTET_COMM_LEN		16	/* of a task's name, with the zero */

/* What an object is. 0 stands for any, where that makes sense. */
enum quartet_object_kind {
	QUARTET_KIND_ANY,
	QUARTET_KIND_MUTEX,
	QUARTET_KIND_POOL,
	QUARTET_KIND_MEMO,
};

/* struct quartet_info.features: what this module can do. */
#define QUARTET_FEATURE_MUTEX		(1U << 0)
#define QUARTET_FEATURE_POOL		(1U << 1)
#define QUARTET_FEATURE_MEMO		(1U << 2)
#define QUARTET_FEATURE_BY_HANDLE	(1U << 3)	/* the flag of that name */

/**
 * struct quartet_info - what the module is, and what it allows (QUARTET_INFO)
 * @size: in: of this struct
 * @flags: in: 0
 * @version: out: major << 16 | minor << 8 | patch
 * @features: out: QUARTET_FEATURE_*
 * @name_max: out: bytes of a name
 * @key_max: out: bytes of a memo's key
 * @value_max: out: bytes of a memo's value
 * @slot_max: out: bytes of a pool's slot
 * @user_objects: out: how many a user may have created
 * @user_handles: out: how many a user may have
 * @user_bytes: out: that a user's pools and memos may take
 * @used_bytes: out: of these, by the caller's user in its network namespace
 * @used_objects: out: created by it there
 * @used_handles: out: opened by it there
 */
struct quartet_info {
	__u32 size;
	__u32 flags;
	__u32 version;
	__u32 features;
	__u32 name_max;
	__u32 key_max;
	__u32 value_max;
	__u32 slot_max;
	__u32 user_objects;
	__u32 user_handles;
	__u64 user_bytes;
	__u64 used_bytes;
	__u32 used_objects;
	__u32 used_handles;
};

/*
 * struct quartet_create.flags
 *
 * NO_DETECT: waits for this object are not looked at for deadlocks. For threads that pass
 * handles to each other: what one has locked and another will unlock looks like a deadlock if the
 * first one waits for something that the other has.
 */
#define QUARTET_NO_DETECT		(1U << 0)

/* struct quartet_create.engine: how a memo finds entries. */
enum quartet_engine {
	QUARTET_ENGINE_RCU,
	QUARTET_ENGINE_LOCK,
	QUARTET_ENGINE_MONITOR,
};

/* struct quartet_create.starve_ns, apart from a time */
#define QUARTET_STARVE_MS		0ULL			/* one millisecond */
#define QUARTET_STARVE_FIFO		1ULL			/* strictly in order */
#define QUARTET_STARVE_OFF		0xffffffffffffffffULL	/* never handed over */

/* struct quartet_create.ttl_ns, err_ttl_ns: not until it is forgotten or evicted */
#define QUARTET_FOR_EVER		0xffffffffffffffffULL

/**
 * struct quartet_create - a new object, and a handle for it (QUARTET_CREATE)
 * @size: in: of this struct
 * @flags: in: QUARTET_NO_DETECT
 * @kind: in: enum quartet_object_kind, not 0
 * @mode: in: of the name, as of a file: who may OPEN it needs to read and write; 0 stands for 0600;
 *	without a name 0
 * @name: in: pointer to the name, or 0: then the object ends with its last handle
 * @name_len: in: 1 to QUARTET_NAME_LEN printable characters, without spaces and '/'; or 0
 * @slots: in: of a pool
 * @slot_size: in: bytes of each
 * @engine: in: of a memo: enum quartet_engine
 * @starve_ns: in: of a mutex: QUARTET_STARVE_*, or how long the first waiter waits before it is
 *	handed the lock
 * @capacity: in: of a memo: results that it keeps
 * @bytes: in: that these take, with keys
 * @ttl_ns: in: how long values are kept; 0: only calls at the same time share one
 * @err_ttl_ns: in: the same for errors
 * @func: in: pointer to the name of a function that a module has registered, or 0: callers lead
 * @func_len: in: its length
 * @key_max: in: bytes of a key
 * @value_max: in: bytes of a value
 * @refresh_percent: in: in the last so many per cent of @ttl_ns one GET leads, while others still
 *	get the old value; 0 to 99
 *
 * Fields of another kind are 0.
 */
struct quartet_create {
	__u32 size;
	__u32 flags;
	__u32 kind;
	__u32 mode;
	__u64 name;
	__u32 name_len;
	__u32 slots;
	__u32 slot_size;
	__u32 engine;
	__u64 starve_ns;
	__u64 capacity;
	__u64 bytes;
	__u64 ttl_ns;
	__u64 err_ttl_ns;
	__u64 func;
	__u32 func_len;
	__u32 key_max;
	__u32 value_max;
	__u32 refresh_percent;
};

/**
 * struct quartet_open - another handle for an object that has a name (QUARTET_OPEN)
 * @size: in: of this struct
 * @flags: in: 0
 * @name: in: pointer to it
 * @name_len: in: its length
 * @kind: in: what it has to be, or QUARTET_KIND_ANY
 */
struct quartet_open {
	__u32 size;
	__u32 flags;
	__u64 name;
	__u32 name_len;
	__u32 kind;
};

/**
 * struct quartet_unlink - takes away a name (QUARTET_UNLINK)
 * @size: in: of this struct
 * @flags: in: 0
 * @name: in: pointer to it
 * @name_len: in: its length
 * @reserved: in: 0
 */
struct quartet_unlink {
	__u32 size;
	__u32 flags;
	__u64 name;
	__u32 name_len;
	__u32 reserved;
};

/**
 * struct quartet_entry - a name, as LIST tells
 * @name: with a zero at its end
 * @kind: enum quartet_object_kind
 * @mode: as it was created
 * @uid: of who created it, in the caller's user namespace
 * @handles: that are open
 */
struct quartet_entry {
	char name[QUARTET_NAME_LEN + 1];
	__u32 kind;
	__u32 mode;
	__u32 uid;
	__u32 handles;
};

/**
 * struct quartet_list - the names that the caller may open (QUARTET_LIST)
 * @size: in: of this struct
 * @flags: in: 0
 * @entries: in: pointer to an array of struct quartet_entry
 * @room: in: how many fit there
 * @count: out: how many there are; up to @room of them are in @entries, in no order
 */
struct quartet_list {
	__u32 size;
	__u32 flags;
	__u64 entries;
	__u32 room;
	__u32 count;
};

/*
 * Flags of QUARTET_LOCK, QUARTET_POOL_GET and QUARTET_MEMO_GET
 *
 * TRY: do not wait: -EAGAIN.
 * ASYNC: do not wait, but be told: -EINPROGRESS if it would have, and then the handle is readable
 * when there is a struct quartet_event. One at a time.
 * DEADLINE: wait no longer than @deadline_ns of @clock: -ETIMEDOUT. Without it these two are 0.
 * One in the past waits for nothing, and takes what is free.
 * BY_HANDLE: what is granted, and a request for it, ends with the last close of the handle, and
 * with no process. For daemons that lock and then fork.
 */
#define QUARTET_TRY			(1U << 0)
#define QUARTET_ASYNC			(1U << 1)
#define QUARTET_DEADLINE		(1U << 2)
#define QUARTET_BY_HANDLE		(1U << 5)

/* Of QUARTET_MEMO_GET alone. */
#define QUARTET_NO_LEAD			(1U << 3)	/* what nobody computes is -ENOENT */
#define QUARTET_STALE			(1U << 4)	/* a value that has expired will do */

/*
 * Clocks for @clock: those of clock_gettime(), MONOTONIC as the caller's time namespace has it. A
 * step of REALTIME moves no wait under way.
 */
#define QUARTET_CLOCK_REALTIME		0
#define QUARTET_CLOCK_MONOTONIC		1

/* struct quartet_lock.result: the last owner died, and nobody has said CONSISTENT since. */
#define QUARTET_OWNER_DIED		(1U << 0)

/**
 * struct quartet_lock - takes a mutex (QUARTET_LOCK)
 * @size: in: of this struct
 * @flags: in: QUARTET_TRY, _ASYNC, _DEADLINE, _BY_HANDLE
 * @deadline_ns: in: absolute, up to 2^63 - 1
 * @clock: in: QUARTET_CLOCK_*
 * @result: out: QUARTET_OWNER_DIED: what the mutex protects may be halfway; the lock is held
 * @token: out: fencing token: larger than that of any grant before, of any object
 * @dead_ns: out: when the owner died, CLOCK_REALTIME; 0 unless @result says that it did
 * @dead_pid: out: its process, as the caller sees it, or 0
 * @reserved: in: 0
 * @dead_comm: out: its name
 */
struct quartet_lock {
	__u32 size;
	__u32 flags;
	__u64 deadline_ns;
	__u32 clock;
	__u32 result;
	__u64 token;
	__u64 dead_ns;
	__s32 dead_pid;
	__u32 reserved;
	char dead_comm[QUARTET_COMM_LEN];
};

/**
 * struct quartet_grant - what was granted: for QUARTET_UNLOCK, _CONSISTENT and _MEMO_ABANDON
 * @size: in: of this struct
 * @flags: in: 0
 * @token: in: of the grant; of a mutex also 0, for whichever the handle has
 */
struct quartet_grant {
	__u32 size;
	__u32 flags;
	__u64 token;
};

/* struct quartet_mutex_state.state */
#define QUARTET_MUTEX_HELD		(1U << 0)
#define QUARTET_MUTEX_MINE		(1U << 1)	/* by this handle */
#define QUARTET_MUTEX_INCONSISTENT	(1U << 2)	/* an owner has died */
#define QUARTET_MUTEX_UNRECOVERABLE	(1U << 3)	/* and the next gave up: of no use now */

/**
 * struct quartet_mutex_info - a mutex as it was (QUARTET_MUTEX_STATE)
 * @size: in: of this struct
 * @flags: in: 0
 * @state: out: QUARTET_MUTEX_*
 * @waiters: out: how many wait
 * @token: out: of the last grant, or 0
 * @dead_ns: out: when an owner died last, CLOCK_REALTIME, or 0
 * @owner_pid: out: of the process that has it, as the caller sees it, or 0
 * @dead_pid: out: of the owner that died last, or 0
 * @owner_comm: out: its name
 * @dead_comm: out: its name
 * @handles: out: that are open
 * @reserved: in: 0
 */
struct quartet_mutex_info {
	__u32 size;
	__u32 flags;
	__u32 state;
	__u32 waiters;
	__u64 token;
	__u64 dead_ns;
	__s32 owner_pid;
	__s32 dead_pid;
	char owner_comm[QUARTET_COMM_LEN];
	char dead_comm[QUARTET_COMM_LEN];
	__u32 handles;
	__u32 reserved;
};

/**
 * struct quartet_pool_get - takes a slot (QUARTET_POOL_GET)
 * @size: in: of this struct
 * @flags: in: QUARTET_TRY, _ASYNC, _DEADLINE, _BY_HANDLE
 * @deadline_ns: in: absolute, up to 2^63 - 1
 * @clock: in: QUARTET_CLOCK_*
 * @slot: out: its number; it is at number x stride of the mapping
 */
struct quartet_pool_get {
	__u32 size;
	__u32 flags;
	__u64 deadline_ns;
	__u32 clock;
	__u32 slot;
};

/**
 * struct quartet_pool_put - gives a slot back, or to another handle (QUARTET_POOL_PUT, _GIVE)
 * @size: in: of this struct
 * @flags: in: 0
 * @slot: in: one that this handle has
 * @fd: in: for GIVE: another handle of the same pool, which gets an event; for PUT: 0
 */
struct quartet_pool_put {
	__u32 size;
	__u32 flags;
	__u32 slot;
	__s32 fd;
};

/**
 * struct quartet_pool_info - a pool as it was (QUARTET_POOL_STATE)
 * @size: in: of this struct
 * @flags: in: 0
 * @slots: out: how many there are
 * @slot_size: out: bytes of each
 * @stride: out: bytes from one to the next
 * @free: out: how many nobody has
 * @mine: out: how many this handle has
 * @waiters: out: how many wait for one
 * @handles: out: that are open
 * @reserved: in: 0
 * @map_len: out: bytes to map, at offset 0, of a handle
 */
struct quartet_pool_info {
	__u32 size;
	__u32 flags;
	__u32 slots;
	__u32 slot_size;
	__u32 stride;
	__u32 free;
	__u32 mine;
	__u32 waiters;
	__u32 handles;
	__u32 reserved;
	__u64 map_len;
};

/* struct quartet_memo_get.what */
enum quartet_answer {
	QUARTET_ANSWER_NONE,	/* the command failed */
	QUARTET_ANSWER_VALUE,	/* was there */
	QUARTET_ANSWER_OLD,	/* was there, and has expired */
	QUARTET_ANSWER_JOINED,	/* a value, or an error, that another computed meanwhile */
	QUARTET_ANSWER_COMPUTED,/* a value, or an error, that the table's function computed now */
	QUARTET_ANSWER_ERROR,	/* an error that was kept */
	QUARTET_ANSWER_LEAD,	/* compute it, and say FULFIL or ABANDON with the token */
};

/**
 * struct quartet_memo_get - the value of a key (QUARTET_MEMO_GET)
 * @size: in: of this struct
 * @flags: in: QUARTET_TRY, _ASYNC, _DEADLINE, _BY_HANDLE, _NO_LEAD, _STALE
 * @deadline_ns: in: absolute, up to 2^63 - 1, for waiting
 * @clock: in: QUARTET_CLOCK_*
 * @key_len: in: 1 to the table's key_max
 * @key: in: pointer to its bytes
 * @value: in: pointer to where the value goes
 * @value_size: in: room there; if it is too small: -ENOBUFS, with @value_len
 * @value_len: out: bytes of the value
 * @what: out: enum quartet_answer
 * @error: out: the negative errno that is the answer, or 0
 * @attempt: out, of a lead: 1, or how many have led this computation, with this one
 * @reserved: in: 0
 * @token: out, of a lead: names it; larger than that of any grant before, of any object
 */
struct quartet_memo_get {
	__u32 size;
	__u32 flags;
	__u64 deadline_ns;
	__u32 clock;
	__u32 key_len;
	__u64 key;
	__u64 value;
	__u32 value_size;
	__u32 value_len;
	__u32 what;
	__s32 error;
	__u32 attempt;
	__u32 reserved;
	__u64 token;
};

/**
 * struct quartet_memo_fulfil - the result of a lead (QUARTET_MEMO_FULFIL)
 * @size: in: of this struct
 * @flags: in: 0
 * @token: in: of the lead
 * @value: in: pointer to the value, or 0 if @error is not
 * @value_len: in: its bytes
 * @error: in: -1 to -511, a negative errno which is the result then; or 0
 */
struct quartet_memo_fulfil {
	__u32 size;
	__u32 flags;
	__u64 token;
	__u64 value;
	__u32 value_len;
	__s32 error;
};

/**
 * struct quartet_memo_forget - the key is to be computed anew (QUARTET_MEMO_FORGET)
 * @size: in: of this struct
 * @flags: in: 0
 * @key: in: pointer to its bytes
 * @key_len: in: how many
 * @reserved: in: 0
 */
struct quartet_memo_forget {
	__u32 size;
	__u32 flags;
	__u64 key;
	__u32 key_len;
	__u32 reserved;
};

/**
 * struct quartet_memo_clear - all keys are (QUARTET_MEMO_CLEAR)
 * @size: in: of this struct
 * @flags: in: 0
 * @cleared: out: results that were there
 */
struct quartet_memo_clear {
	__u32 size;
	__u32 flags;
	__u64 cleared;
};

/**
 * struct quartet_memo_info - a memo as it was (QUARTET_MEMO_STATE)
 * @size: in: of this struct
 * @flags: in: 0
 * @entries: out: results that are kept
 * @bytes: out: that they take
 * @capacity: out: results that are kept at most
 * @bytes_max: out: that they take at most
 * @hits: out: values that were there
 * @misses: out: GETs that led
 * @joined: out: GETs that waited for another's computation
 * @computations: out: that ended
 * @promotions: out: waiters that became leaders
 * @evictions: out: results that made room
 * @leads: out: that this handle has
 * @waiters: out: how many wait
 * @handles: out: that are open
 * @key_max: out: bytes of a key
 * @value_max: out: bytes of a value
 * @engine: out: enum quartet_engine
 */
struct quartet_memo_info {
	__u32 size;
	__u32 flags;
	__u64 entries;
	__u64 bytes;
	__u64 capacity;
	__u64 bytes_max;
	__u64 hits;
	__u64 misses;
	__u64 joined;
	__u64 computations;
	__u64 promotions;
	__u64 evictions;
	__u32 leads;
	__u32 waiters;
	__u32 handles;
	__u32 key_max;
	__u32 value_max;
	__u32 engine;
};

/* struct quartet_event.what */
enum quartet_event_kind {
	QUARTET_EVENT_LOCK = 1,	/* of QUARTET_LOCK */
	QUARTET_EVENT_SLOT,	/* of QUARTET_POOL_GET */
	QUARTET_EVENT_GIVEN,	/* another handle's QUARTET_POOL_GIVE */
	QUARTET_EVENT_MEMO,	/* of QUARTET_MEMO_GET */
};

/**
 * struct quartet_event - what read() of a handle returns
 * @what: enum quartet_event_kind
 * @error: 0 if it was granted, or a negative errno: -ETIMEDOUT, -ECANCELED, -ENOTRECOVERABLE
 *	and, of a memo, the answer
 * @attempt: of a lead, else 0
 * @result: of a mutex: QUARTET_OWNER_DIED or 0. Of a memo, unless it is a lead: bytes of the
 *	value, which follow this struct as far as there is room for them. With @error:
 *	QUARTET_ANSWER_JOINED if that is the answer, QUARTET_ANSWER_NONE if the request has failed
 * @token: of a mutex and a lead; of a pool: the slot's number
 *
 * read() with less room than this is -EINVAL; it waits for an event, or with O_NONBLOCK is -EAGAIN.
 * QUARTET_CANCEL ends that wait, with -ECANCELED if there is no event.
 */
struct quartet_event {
	__u32 what;
	__s32 error;
	__u32 attempt;
	__u32 result;
	__u64 token;
};

/* Of /dev/quartet. CREATE and OPEN return the handle. */
#define QUARTET_INFO			_IO(QUARTET_MAGIC, 0x00)
#define QUARTET_CREATE			_IO(QUARTET_MAGIC, 0x01)
#define QUARTET_OPEN			_IO(QUARTET_MAGIC, 0x02)
#define QUARTET_UNLINK			_IO(QUARTET_MAGIC, 0x03)
#define QUARTET_LIST			_IO(QUARTET_MAGIC, 0x04)

/* Of any handle; the argument is 0. CLONE returns another handle for the object. */
#define QUARTET_CLONE			_IO(QUARTET_MAGIC, 0x10)
#define QUARTET_CANCEL			_IO(QUARTET_MAGIC, 0x11)

/* Of a mutex. */
#define QUARTET_LOCK			_IO(QUARTET_MAGIC, 0x20)
#define QUARTET_UNLOCK			_IO(QUARTET_MAGIC, 0x21)
#define QUARTET_CONSISTENT		_IO(QUARTET_MAGIC, 0x22)
#define QUARTET_MUTEX_STATE		_IO(QUARTET_MAGIC, 0x23)

/* Of a pool. */
#define QUARTET_POOL_GET		_IO(QUARTET_MAGIC, 0x30)
#define QUARTET_POOL_PUT		_IO(QUARTET_MAGIC, 0x31)
#define QUARTET_POOL_GIVE		_IO(QUARTET_MAGIC, 0x32)
#define QUARTET_POOL_STATE		_IO(QUARTET_MAGIC, 0x33)

/* Of a memo. */
#define QUARTET_MEMO_GET		_IO(QUARTET_MAGIC, 0x40)
#define QUARTET_MEMO_FULFIL		_IO(QUARTET_MAGIC, 0x41)
#define QUARTET_MEMO_ABANDON		_IO(QUARTET_MAGIC, 0x42)
#define QUARTET_MEMO_FORGET		_IO(QUARTET_MAGIC, 0x43)
#define QUARTET_MEMO_CLEAR		_IO(QUARTET_MAGIC, 0x44)
#define QUARTET_MEMO_STATE		_IO(QUARTET_MAGIC, 0x45)

#endif /* _LINUX_QUARTET_H */
