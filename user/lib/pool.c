// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "command.h"
#include "pool.h"

static int state(int fd, struct quartet_pool_info *info)
{
	*info = (struct quartet_pool_info){ .size = sizeof(*info) };
	return libquartet_command(fd, QUARTET_POOL_STATE, info);
}

static struct quartet_pool *new_pool(int fd, const struct quartet_pool_info *info)
{
	struct quartet_pool *pool = malloc(sizeof(*pool));

	if (pool)
		*pool = (struct quartet_pool){
			.fd = fd, .slots = info->slots, .stride = info->stride,
			.len = info->map_len,
		};
	return pool;
}

int quartet_pool_import(struct quartet_pool **pool, int fd)
{
	struct quartet_pool_info info;
	struct quartet_pool *imported;
	int err = state(fd, &info);

	if (err)
		return err;
	imported = new_pool(fd, &info);
	if (!imported)
		return -ENOMEM;
	err = libquartet_map(imported);
	if (err)
		free(imported);
	else
		*pool = imported;
	return err;
}

static int import_or_close(struct quartet_pool **pool, int fd)
{
	int err = fd < 0 ? fd : quartet_pool_import(pool, fd);

	if (err && fd >= 0)
		close(fd);
	return err;
}

int quartet_pool_create(struct quartet_pool **pool, struct quartet_device *device,
			const struct quartet_pool_params *params)
{
	struct quartet_create args = {
		.kind = QUARTET_KIND_POOL, .slots = params->slots, .slot_size = params->slot_size,
	};

	return import_or_close(pool, libquartet_create(device, &args, params->name, params->mode));
}

int quartet_pool_open(struct quartet_pool **pool, struct quartet_device *device, const char *name)
{
	return import_or_close(pool, libquartet_open(device, QUARTET_KIND_POOL, name));
}

int quartet_pool_clone(struct quartet_pool **clone, const struct quartet_pool *pool)
{
	return import_or_close(clone, libquartet_command(pool->fd, QUARTET_CLONE, NULL));
}

void quartet_pool_close(struct quartet_pool *pool)
{
	if (!pool)
		return;
	libquartet_unmap(pool);
	close(pool->fd);
	free(pool);
}

int quartet_pool_fd(const struct quartet_pool *pool)
{
	return pool->fd;
}

int quartet_pool_set_flags(struct quartet_pool *pool, unsigned int flags)
{
	if (flags & ~QUARTET_BY_HANDLE)
		return -EINVAL;
	pool->flags = flags;
	return 0;
}

static int get(struct quartet_pool *pool, __u32 flags, clockid_t clock,
	       const struct timespec *deadline)
{
	struct quartet_pool_get args = { .size = sizeof(args), .flags = flags | pool->flags };
	int err = libquartet_deadline(clock, deadline, &args.flags, &args.deadline_ns,
				      &args.clock);

	if (!err)
		err = libquartet_command(pool->fd, QUARTET_POOL_GET, &args);
	return err ?: (int)args.slot;
}

int quartet_pool_get(struct quartet_pool *pool)
{
	return get(pool, 0, 0, NULL);
}

int quartet_pool_tryget(struct quartet_pool *pool)
{
	return get(pool, QUARTET_TRY, 0, NULL);
}

int quartet_pool_timedget(struct quartet_pool *pool, clockid_t clock,
			  const struct timespec *deadline)
{
	return get(pool, 0, clock, deadline);
}

int quartet_pool_get_async(struct quartet_pool *pool, clockid_t clock,
			   const struct timespec *deadline)
{
	return get(pool, QUARTET_ASYNC, clock, deadline);
}

static int put(struct quartet_pool *pool, unsigned long command, unsigned int slot, int fd)
{
	struct quartet_pool_put args = { .size = sizeof(args), .slot = slot, .fd = fd };

	return libquartet_command(pool->fd, command, &args);
}

int quartet_pool_put(struct quartet_pool *pool, unsigned int slot)
{
	return put(pool, QUARTET_POOL_PUT, slot, 0);
}

int quartet_pool_give(struct quartet_pool *pool, unsigned int slot, const struct quartet_pool *to)
{
	return put(pool, QUARTET_POOL_GIVE, slot, to->fd);
}

void *quartet_pool_slot(const struct quartet_pool *pool, unsigned int slot)
{
	if (!pool->memory || slot >= pool->slots)
		return NULL;
	return pool->memory + slot * pool->stride;
}

int quartet_pool_state(const struct quartet_pool *pool, struct quartet_pool_info *info)
{
	return state(pool->fd, info);
}
