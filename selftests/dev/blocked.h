/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands that wait, of all kinds: one handle has what another waits for. */
#ifndef SELFTESTS_BLOCKED_H
#define SELFTESTS_BLOCKED_H

#include <stdio.h>
#include <sys/syscall.h>

#include "device.h"

enum blocked_in { IN_LOCK, IN_GET_SLOT, IN_GET_VALUE, IN_READ };

/**
 * struct deadline - of a command; with no clock set there is none
 * @flags: QUARTET_DEADLINE or 0
 * @clock: QUARTET_CLOCK_*
 * @ns: absolute
 */
struct deadline {
	__u32 flags;
	__u32 clock;
	__u64 ns;
};

static const struct deadline no_deadline;

static inline struct deadline until(__u32 clock, __u64 ns)
{
	return (struct deadline){ .flags = QUARTET_DEADLINE, .clock = clock, .ns = ns };
}

static inline int blocked_create(int device, enum blocked_in kind)
{
	switch (kind) {
	case IN_GET_SLOT:
		return create(device, pool_args(1));
	case IN_GET_VALUE:
		return create(device, memo_args());
	default:
		return create(device, mutex_args());
	}
}

static inline int lock_until(int handle, __u32 flags, struct deadline deadline)
{
	struct quartet_lock args = {
		.size = sizeof(args), .flags = flags | deadline.flags,
		.deadline_ns = deadline.ns, .clock = deadline.clock,
	};

	return ioctl(handle, QUARTET_LOCK, &args);
}

static inline int get_slot_until(int handle, __u32 flags, struct deadline deadline)
{
	struct quartet_pool_get args = {
		.size = sizeof(args), .flags = flags | deadline.flags,
		.deadline_ns = deadline.ns, .clock = deadline.clock,
	};

	return ioctl(handle, QUARTET_POOL_GET, &args);
}

static inline int get_value_until(int handle, __u32 flags, struct deadline deadline, __u64 *token)
{
	char value[64];
	struct quartet_memo_get args = {
		.size = sizeof(args), .flags = flags | deadline.flags,
		.deadline_ns = deadline.ns, .clock = deadline.clock,
		.key = address("key"), .key_len = 3,
		.value = address(value), .value_size = sizeof(value),
	};
	int err = ioctl(handle, QUARTET_MEMO_GET, &args);

	if (!err && token)
		*token = args.token;
	return err;
}

/* Asks for the only one that there is. */
static inline int ask(int handle, enum blocked_in kind, __u32 flags, struct deadline deadline,
		      __u64 *token)
{
	switch (kind) {
	case IN_GET_SLOT:
		return get_slot_until(handle, flags, deadline);
	case IN_GET_VALUE:
		return get_value_until(handle, flags, deadline, token);
	default:
		return lock_until(handle, flags, deadline);
	}
}

/* Waits until it is granted: 0, or an errno. */
static inline int wait_for_grant(int handle, enum blocked_in kind, struct deadline deadline)
{
	struct quartet_event event;

	if (kind != IN_READ)
		return ask(handle, kind, 0, deadline, NULL) ? errno : 0;
	if (!WAS_REFUSED(EINPROGRESS, ask(handle, kind, QUARTET_ASYNC, deadline, NULL)))
		return -1;
	if (read(handle, &event, sizeof(event)) < (ssize_t)sizeof(event))
		return errno;
	return -event.error;
}

/* The first in the line gets it. @token is what the holder got. */
static inline int give_up(int handle, enum blocked_in kind, __u64 token)
{
	struct quartet_pool_put slot = { .size = sizeof(slot) };

	switch (kind) {
	case IN_GET_SLOT:
		return ioctl(handle, QUARTET_POOL_PUT, &slot);
	case IN_GET_VALUE:
		return grant_command(handle, QUARTET_MEMO_ABANDON, token);
	default:
		return mutex_unlock(handle);
	}
}

static inline unsigned int waiters_of(int handle, enum blocked_in kind)
{
	struct quartet_pool_info pool = { .size = sizeof(pool) };
	struct quartet_memo_info memo = { .size = sizeof(memo) };

	switch (kind) {
	case IN_GET_SLOT:
		return ioctl(handle, QUARTET_POOL_STATE, &pool) ? ~0U : pool.waiters;
	case IN_GET_VALUE:
		return ioctl(handle, QUARTET_MEMO_STATE, &memo) ? ~0U : memo.waiters;
	default:
		return mutex_state(handle).waiters;
	}
}

/* What /proc says of a thread: S sleeps, T is stopped, t is traced, ... */
static inline char task_state(pid_t process, pid_t thread)
{
	char path[64], text[512];
	const char *end;
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", process, thread);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	len = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (len <= 0)
		return 0;
	text[len] = 0;
	end = strrchr(text, ')');
	return end ? end[2] : 0;
}

/* Until @n wait, and the thread sleeps; or for ten seconds. */
static inline bool awaits(int handle, enum blocked_in kind, unsigned int n, pid_t process,
			  pid_t thread)
{
	int i;

	for (i = 0; i < 10000; i++) {
		if (waiters_of(handle, kind) == n && task_state(process, thread) == 'S')
			return true;
		usleep(1000);
	}
	return false;
}

#endif /* SELFTESTS_BLOCKED_H */
