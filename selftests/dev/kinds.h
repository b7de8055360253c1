/* SPDX-License-Identifier: GPL-2.0-only */
/* What a handle of any kind can be granted, in one shape: a lock, a slot, a lead. */
#ifndef SELFTESTS_KINDS_H
#define SELFTESTS_KINDS_H

#include <sched.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "device.h"

/**
 * struct kind - a kind of object
 * @args: of an object that can be granted once
 * @ask: 0 if granted, or -1 with errno
 * @holds: this handle has it
 * @is_free: nobody has it
 * @after_death: by a handle that asks now: granted, and told of a death as the kind tells it
 */
struct kind {
	struct quartet_create (*args)(void);
	int (*ask)(int handle, __u32 flags);
	bool (*holds)(int handle);
	bool (*is_free)(int handle);
	bool (*after_death)(int handle);
};

static inline int kind_lock(int handle, __u32 flags)
{
	return mutex_lock(handle, flags, NULL);
}

static inline bool kind_locked(int handle)
{
	return mutex_state(handle).state & QUARTET_MUTEX_MINE;
}

static inline bool kind_unlocked(int handle)
{
	return !(mutex_state(handle).state & QUARTET_MUTEX_HELD);
}

static inline bool kind_lock_after_death(int handle)
{
	struct quartet_lock args;

	return !mutex_lock(handle, QUARTET_TRY, &args) && args.result == QUARTET_OWNER_DIED &&
	       args.dead_pid > 0;
}

static inline struct quartet_create kind_slot_args(void)
{
	return pool_args(1);
}

static inline struct quartet_pool_info kind_pool(int handle)
{
	struct quartet_pool_info info = { .size = sizeof(info) };

	if (ioctl(handle, QUARTET_POOL_STATE, &info))
		memset(&info, 0xff, sizeof(info));
	return info;
}

static inline char *kind_map(int handle)
{
	return mmap(NULL, kind_pool(handle).map_len, PROT_READ | PROT_WRITE, MAP_SHARED, handle, 0);
}

/* And writes to it, if it has it at once. */
static inline int kind_slot(int handle, __u32 flags)
{
	struct quartet_pool_get args = { .size = sizeof(args), .flags = flags };
	char *slots;

	if (ioctl(handle, QUARTET_POOL_GET, &args))
		return -1;
	slots = kind_map(handle);
	if (slots == MAP_FAILED)
		return -1;
	slots[0] = 'x';
	munmap(slots, kind_pool(handle).map_len);
	return 0;
}

static inline bool kind_has_slot(int handle)
{
	return kind_pool(handle).mine == 1;
}

static inline bool kind_slot_free(int handle)
{
	return kind_pool(handle).free == 1;
}

static inline bool kind_slot_after_death(int handle)
{
	struct quartet_pool_get args = { .size = sizeof(args), .flags = QUARTET_TRY };
	char *slots;
	bool zeroed;

	if (ioctl(handle, QUARTET_POOL_GET, &args))
		return false;
	slots = kind_map(handle);
	zeroed = slots != MAP_FAILED && !slots[0];
	munmap(slots, kind_pool(handle).map_len);
	return zeroed;
}

static inline struct quartet_memo_get kind_query(__u32 flags)
{
	return (struct quartet_memo_get){
		.size = sizeof(struct quartet_memo_get), .flags = flags,
		.key = address("key"), .key_len = 3,
	};
}

static inline int kind_get(int handle, __u32 flags)
{
	struct quartet_memo_get args = kind_query(flags);

	if (ioctl(handle, QUARTET_MEMO_GET, &args))
		return -1;
	return args.what == QUARTET_ANSWER_LEAD ? 0 : -1;
}

static inline bool kind_leads(int handle)
{
	struct quartet_memo_info info = { .size = sizeof(info) };

	return !ioctl(handle, QUARTET_MEMO_STATE, &info) && info.leads == 1;
}

/* Who asks without leading is told that nobody computes, or that it would wait. */
static inline bool kind_nobody_leads(int handle)
{
	struct quartet_memo_get args = kind_query(QUARTET_TRY | QUARTET_NO_LEAD);

	return WAS_REFUSED(ENOENT, ioctl(handle, QUARTET_MEMO_GET, &args));
}

static inline bool kind_leads_after_death(int handle)
{
	return !kind_get(handle, QUARTET_TRY);
}

static const struct kind kind_of_mutex = {
	mutex_args, kind_lock, kind_locked, kind_unlocked, kind_lock_after_death,
};

static const struct kind kind_of_pool = {
	kind_slot_args, kind_slot, kind_has_slot, kind_slot_free, kind_slot_after_death,
};

static const struct kind kind_of_memo = {
	memo_args, kind_get, kind_leads, kind_nobody_leads, kind_leads_after_death,
};

/* Sends a descriptor; false if that fails. */
static inline bool send_descriptor(int socket, int fd)
{
	char byte = 0, space[CMSG_SPACE(sizeof(fd))] = "";
	struct iovec data = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &data, .msg_iovlen = 1,
		.msg_control = space, .msg_controllen = sizeof(space),
	};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	return sendmsg(socket, &message, 0) == 1;
}

static inline int receive_descriptor(int socket)
{
	char byte, space[CMSG_SPACE(sizeof(int))];
	struct iovec data = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &data, .msg_iovlen = 1,
		.msg_control = space, .msg_controllen = sizeof(space),
	};
	int fd = -1;

	if (recvmsg(socket, &message, 0) == 1 && CMSG_FIRSTHDR(&message))
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
	return fd;
}

#endif /* SELFTESTS_KINDS_H */
