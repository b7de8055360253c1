/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libquartet: mutexes, pools and memo tables that processes share, through /dev/quartet.
 *
 * Functions return 0, or what they were asked for, or a negative errno; errno itself they leave
 * undefined. Times are absolute, of CLOCK_REALTIME or CLOCK_MONOTONIC; NULL is for ever. Where a
 * struct quartet_device is wanted, NULL stands for /dev/quartet, opened for that one call.
 *
 * A struct quartet_mutex, _pool or _memo is a handle, and the handle is the owner of what it is
 * granted: clone one for each thread. Any thread may call any function with any handle, but must
 * not close one that another still uses. A forked child has its parent's handles, and they are
 * still the same owners.
 *
 * Each function has a page in section 3 of the manual; quartet(7) is where to begin.
 */
#ifndef LIBQUARTET_H
#define LIBQUARTET_H

#include <stddef.h>
#include <sys/types.h>
#include <time.h>

#include <linux/quartet.h>

#ifdef __cplusplus
extern "C" {
#endif

struct quartet_device;
struct quartet_mutex;
struct quartet_pool;
struct quartet_memo;

/* The device. */

/* @path may be NULL: /dev/quartet. */
int quartet_device_open(struct quartet_device **device, const char *path);
void quartet_device_close(struct quartet_device *device);
int quartet_device_info(struct quartet_device *device, struct quartet_info *info);
int quartet_device_unlink(struct quartet_device *device, const char *name);
/* Returns how many names there are, of which up to @room are in @entries. */
int quartet_device_list(struct quartet_device *device, struct quartet_entry *entries, size_t room);

/* Events of handles: a descriptor of one is readable when there is an event. */

/* The value of a memo's event goes to @value, as far as there is room: @size may be 0. */
int quartet_event_read(int fd, struct quartet_event *event, void *value, size_t size);
int quartet_cancel(int fd);

/* Mutexes. */

/**
 * struct quartet_mutex_params - a new mutex
 * @name: by which others can open it, or NULL
 * @mode: of the name, as of a file; 0 stands for 0600
 * @flags: QUARTET_NO_DETECT
 * @starve_ns: how long the first waiter waits before it is handed the lock, or QUARTET_STARVE_*
 */
struct quartet_mutex_params {
	const char *name;
	mode_t mode;
	unsigned int flags;
	__u64 starve_ns;
};

/**
 * struct quartet_mutex_grant - what a lock was granted with
 * @token: larger than that of any grant before
 * @died: when the last owner died, of CLOCK_REALTIME; this and what follows is 0 if none did
 * @dead_pid: its process, as the caller sees it, or 0
 * @dead_comm: its name
 */
struct quartet_mutex_grant {
	__u64 token;
	struct timespec died;
	pid_t dead_pid;
	char dead_comm[QUARTET_COMM_LEN];
};

/* @params may be NULL: without a name, with a millisecond. */
int quartet_mutex_create(struct quartet_mutex **mutex, struct quartet_device *device,
			 const struct quartet_mutex_params *params);
int quartet_mutex_open(struct quartet_mutex **mutex, struct quartet_device *device,
		       const char *name);
int quartet_mutex_clone(struct quartet_mutex **clone, const struct quartet_mutex *mutex);
/* From a descriptor that another process has passed; it is the handle's from then on. */
int quartet_mutex_import(struct quartet_mutex **mutex, int fd);
void quartet_mutex_close(struct quartet_mutex *mutex);
int quartet_mutex_fd(const struct quartet_mutex *mutex);
/* Of each lock by this handle from now on: QUARTET_BY_HANDLE, or 0. */
int quartet_mutex_set_flags(struct quartet_mutex *mutex, unsigned int flags);

/*
 * 0; or QUARTET_OWNER_DIED, which is 1: the lock is held too, and what it protects may be halfway.
 * @grant may be NULL.
 */
int quartet_mutex_lock(struct quartet_mutex *mutex, struct quartet_mutex_grant *grant);
int quartet_mutex_trylock(struct quartet_mutex *mutex, struct quartet_mutex_grant *grant);
int quartet_mutex_timedlock(struct quartet_mutex *mutex, clockid_t clock,
			    const struct timespec *deadline, struct quartet_mutex_grant *grant);
/* Also -EINPROGRESS: an event will tell. */
int quartet_mutex_lock_async(struct quartet_mutex *mutex, clockid_t clock,
			     const struct timespec *deadline, struct quartet_mutex_grant *grant);
/* @token 0 is whichever grant the handle has. */
int quartet_mutex_unlock(struct quartet_mutex *mutex, __u64 token);
int quartet_mutex_consistent(struct quartet_mutex *mutex, __u64 token);
int quartet_mutex_state(const struct quartet_mutex *mutex, struct quartet_mutex_info *info);

/* Pools. */

/**
 * struct quartet_pool_params - a new pool
 * @name: by which others can open it, or NULL
 * @mode: of the name, as of a file; 0 stands for 0600
 * @slots: how many
 * @slot_size: bytes of each
 */
struct quartet_pool_params {
	const char *name;
	mode_t mode;
	unsigned int slots;
	unsigned int slot_size;
};

int quartet_pool_create(struct quartet_pool **pool, struct quartet_device *device,
			const struct quartet_pool_params *params);
int quartet_pool_open(struct quartet_pool **pool, struct quartet_device *device, const char *name);
int quartet_pool_clone(struct quartet_pool **clone, const struct quartet_pool *pool);
int quartet_pool_import(struct quartet_pool **pool, int fd);
void quartet_pool_close(struct quartet_pool *pool);
int quartet_pool_fd(const struct quartet_pool *pool);
/* Of each get by this handle from now on: QUARTET_BY_HANDLE, or 0. */
int quartet_pool_set_flags(struct quartet_pool *pool, unsigned int flags);

/* The slot's number. */
int quartet_pool_get(struct quartet_pool *pool);
int quartet_pool_tryget(struct quartet_pool *pool);
int quartet_pool_timedget(struct quartet_pool *pool, clockid_t clock,
			  const struct timespec *deadline);
/* Also -EINPROGRESS: an event will tell. */
int quartet_pool_get_async(struct quartet_pool *pool, clockid_t clock,
			   const struct timespec *deadline);
int quartet_pool_put(struct quartet_pool *pool, unsigned int slot);
/* @to, another handle of the same pool, gets an event. */
int quartet_pool_give(struct quartet_pool *pool, unsigned int slot, const struct quartet_pool *to);
/* Its memory; the same address in a forked child. NULL if there is no such slot. */
void *quartet_pool_slot(const struct quartet_pool *pool, unsigned int slot);
int quartet_pool_state(const struct quartet_pool *pool, struct quartet_pool_info *info);

/* Memo tables. */

/**
 * struct quartet_memo_params - a new memo table
 * @name: by which others can open it, or NULL
 * @mode: of the name, as of a file; 0 stands for 0600
 * @flags: QUARTET_NO_DETECT
 * @engine: how it finds entries
 * @func: the name of a function that a module has registered, or NULL: callers compute
 * @capacity: results that it keeps
 * @bytes: that these take, with keys
 * @ttl_ns: how long values are kept, or QUARTET_FOR_EVER; 0: only calls at the same time share one
 * @err_ttl_ns: the same for errors
 * @key_max: bytes of a key
 * @value_max: bytes of a value
 * @refresh_percent: in the last so many per cent of @ttl_ns one caller leads, while others still
 *	get the old value
 */
struct quartet_memo_params {
	const char *name;
	mode_t mode;
	unsigned int flags;
	enum quartet_engine engine;
	const char *func;
	__u64 capacity;
	__u64 bytes;
	__u64 ttl_ns;
	__u64 err_ttl_ns;
	unsigned int key_max;
	unsigned int value_max;
	unsigned int refresh_percent;
};

/**
 * struct quartet_memo_query - a key, and its answer
 * @key: its bytes
 * @key_len: how many
 * @value: where the value goes
 * @size: room there
 * @flags: QUARTET_NO_LEAD, QUARTET_STALE, QUARTET_BY_HANDLE
 * @what: out: which answer it is
 * @error: out: the negative errno that is the answer, or 0
 * @len: out: bytes of the value; with -ENOBUFS, of the one that @size has no room for
 * @token: out, of a lead: names it
 * @attempt: out, of a lead: 1, or how many have led this computation, with this one
 */
struct quartet_memo_query {
	const void *key;
	size_t key_len;
	void *value;
	size_t size;
	unsigned int flags;
	enum quartet_answer what;
	int error;
	size_t len;
	__u64 token;
	unsigned int attempt;
};

int quartet_memo_create(struct quartet_memo **memo, struct quartet_device *device,
			const struct quartet_memo_params *params);
int quartet_memo_open(struct quartet_memo **memo, struct quartet_device *device, const char *name);
int quartet_memo_clone(struct quartet_memo **clone, const struct quartet_memo *memo);
int quartet_memo_import(struct quartet_memo **memo, int fd);
void quartet_memo_close(struct quartet_memo *memo);
int quartet_memo_fd(const struct quartet_memo *memo);

/* 0 with whatever answer, errors among them: those returned are of the asking. */
int quartet_memo_get(struct quartet_memo *memo, struct quartet_memo_query *query);
int quartet_memo_tryget(struct quartet_memo *memo, struct quartet_memo_query *query);
int quartet_memo_timedget(struct quartet_memo *memo, clockid_t clock,
			  const struct timespec *deadline, struct quartet_memo_query *query);
/* Also -EINPROGRESS: an event will tell. */
int quartet_memo_get_async(struct quartet_memo *memo, clockid_t clock,
			   const struct timespec *deadline, struct quartet_memo_query *query);
int quartet_memo_fulfil(struct quartet_memo *memo, __u64 token, const void *value, size_t len);
int quartet_memo_fail(struct quartet_memo *memo, __u64 token, int error);
int quartet_memo_abandon(struct quartet_memo *memo, __u64 token);

/*
 * The key's value, by @compute if this call leads: that puts it where @query says and returns its
 * length, or a negative errno down to -511, which is the result then. Returns the value's length,
 * or the error.
 */
ssize_t quartet_memo_compute(struct quartet_memo *memo, struct quartet_memo_query *query,
			     ssize_t (*compute)(const struct quartet_memo_query *query, void *arg),
			     void *arg);

int quartet_memo_forget(struct quartet_memo *memo, const void *key, size_t key_len);
/* How many results there were. */
long long quartet_memo_clear(struct quartet_memo *memo);
int quartet_memo_state(const struct quartet_memo *memo, struct quartet_memo_info *info);

#ifdef __cplusplus
}
#endif

#endif /* LIBQUARTET_H */
