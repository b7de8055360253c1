// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"

#define NSEC_PER_SEC	1000000000ULL

struct quartet_mutex {
	int fd;
	__u32 flags;	/* of each lock */
};

static int keep(struct quartet_mutex **mutex, int fd)
{
	if (fd < 0)
		return fd;
	*mutex = malloc(sizeof(**mutex));
	if (!*mutex)
		return -ENOMEM;
	(*mutex)->fd = fd;
	(*mutex)->flags = 0;
	return 0;
}

static int keep_or_close(struct quartet_mutex **mutex, int fd)
{
	int err = keep(mutex, fd);

	if (err && fd >= 0)
		close(fd);
	return err;
}

int quartet_mutex_create(struct quartet_mutex **mutex, struct quartet_device *device,
			 const struct quartet_mutex_params *params)
{
	static const struct quartet_mutex_params defaults;
	struct quartet_create args = { .kind = QUARTET_KIND_MUTEX };

	params = params ?: &defaults;
	args.flags = params->flags;
	args.starve_ns = params->starve_ns;
	return keep_or_close(mutex, libquartet_create(device, &args, params->name, params->mode));
}

int quartet_mutex_open(struct quartet_mutex **mutex, struct quartet_device *device,
		       const char *name)
{
	return keep_or_close(mutex, libquartet_open(device, QUARTET_KIND_MUTEX, name));
}

int quartet_mutex_clone(struct quartet_mutex **clone, const struct quartet_mutex *mutex)
{
	return keep_or_close(clone, libquartet_command(mutex->fd, QUARTET_CLONE, NULL));
}

int quartet_mutex_import(struct quartet_mutex **mutex, int fd)
{
	struct quartet_mutex_info info = { .size = sizeof(info) };
	int err = libquartet_command(fd, QUARTET_MUTEX_STATE, &info);

	return err ?: keep(mutex, fd);
}

void quartet_mutex_close(struct quartet_mutex *mutex)
{
	if (!mutex)
		return;
	close(mutex->fd);
	free(mutex);
}

int quartet_mutex_fd(const struct quartet_mutex *mutex)
{
	return mutex->fd;
}

int quartet_mutex_set_flags(struct quartet_mutex *mutex, unsigned int flags)
{
	if (flags & ~QUARTET_BY_HANDLE)
		return -EINVAL;
	mutex->flags = flags;
	return 0;
}

static void tell(struct quartet_mutex_grant *grant, const struct quartet_lock *args)
{
	*grant = (struct quartet_mutex_grant){
		.token = args->token,
		.died.tv_sec = args->dead_ns / NSEC_PER_SEC,
		.died.tv_nsec = args->dead_ns % NSEC_PER_SEC,
		.dead_pid = args->dead_pid,
	};
	memcpy(grant->dead_comm, args->dead_comm, sizeof(grant->dead_comm));
}

static int lock(struct quartet_mutex *mutex, __u32 flags, clockid_t clock,
		const struct timespec *deadline, struct quartet_mutex_grant *grant)
{
	struct quartet_lock args = { .size = sizeof(args), .flags = flags | mutex->flags };
	int err = libquartet_deadline(clock, deadline, &args.flags, &args.deadline_ns,
				      &args.clock);

	if (!err)
		err = libquartet_command(mutex->fd, QUARTET_LOCK, &args);
	if (err)
		return err;
	if (grant)
		tell(grant, &args);
	return args.result & QUARTET_OWNER_DIED;
}

int quartet_mutex_lock(struct quartet_mutex *mutex, struct quartet_mutex_grant *grant)
{
	return lock(mutex, 0, 0, NULL, grant);
}

int quartet_mutex_trylock(struct quartet_mutex *mutex, struct quartet_mutex_grant *grant)
{
	return lock(mutex, QUARTET_TRY, 0, NULL, grant);
}

int quartet_mutex_timedlock(struct quartet_mutex *mutex, clockid_t clock,
			    const struct timespec *deadline, struct quartet_mutex_grant *grant)
{
	return lock(mutex, 0, clock, deadline, grant);
}

int quartet_mutex_lock_async(struct quartet_mutex *mutex, clockid_t clock,
			     const struct timespec *deadline, struct quartet_mutex_grant *grant)
{
	return lock(mutex, QUARTET_ASYNC, clock, deadline, grant);
}

static int grant_command(struct quartet_mutex *mutex, unsigned long command, __u64 token)
{
	struct quartet_grant args = { .size = sizeof(args), .token = token };

	return libquartet_command(mutex->fd, command, &args);
}

int quartet_mutex_unlock(struct quartet_mutex *mutex, __u64 token)
{
	return grant_command(mutex, QUARTET_UNLOCK, token);
}

int quartet_mutex_consistent(struct quartet_mutex *mutex, __u64 token)
{
	return grant_command(mutex, QUARTET_CONSISTENT, token);
}

int quartet_mutex_state(const struct quartet_mutex *mutex, struct quartet_mutex_info *info)
{
	*info = (struct quartet_mutex_info){ .size = sizeof(*info) };
	return libquartet_command(mutex->fd, QUARTET_MUTEX_STATE, info);
}
