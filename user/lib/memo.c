// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"

struct quartet_memo {
	int fd;
};

static int keep(struct quartet_memo **memo, int fd)
{
	if (fd < 0)
		return fd;
	*memo = malloc(sizeof(**memo));
	if (!*memo)
		return -ENOMEM;
	(*memo)->fd = fd;
	return 0;
}

static int keep_or_close(struct quartet_memo **memo, int fd)
{
	int err = keep(memo, fd);

	if (err && fd >= 0)
		close(fd);
	return err;
}

int quartet_memo_create(struct quartet_memo **memo, struct quartet_device *device,
			const struct quartet_memo_params *params)
{
	struct quartet_create args = {
		.kind = QUARTET_KIND_MEMO,
		.flags = params->flags,
		.engine = params->engine,
		.capacity = params->capacity,
		.bytes = params->bytes,
		.ttl_ns = params->ttl_ns,
		.err_ttl_ns = params->err_ttl_ns,
		.func = libquartet_address(params->func),
		.func_len = params->func ? libquartet_clamp(strlen(params->func)) : 0,
		.key_max = params->key_max,
		.value_max = params->value_max,
		.refresh_percent = params->refresh_percent,
	};

	return keep_or_close(memo, libquartet_create(device, &args, params->name, params->mode));
}

int quartet_memo_open(struct quartet_memo **memo, struct quartet_device *device, const char *name)
{
	return keep_or_close(memo, libquartet_open(device, QUARTET_KIND_MEMO, name));
}

int quartet_memo_clone(struct quartet_memo **clone, const struct quartet_memo *memo)
{
	return keep_or_close(clone, libquartet_command(memo->fd, QUARTET_CLONE, NULL));
}

int quartet_memo_import(struct quartet_memo **memo, int fd)
{
	struct quartet_memo_info info = { .size = sizeof(info) };
	int err = libquartet_command(fd, QUARTET_MEMO_STATE, &info);

	return err ?: keep(memo, fd);
}

void quartet_memo_close(struct quartet_memo *memo)
{
	if (!memo)
		return;
	close(memo->fd);
	free(memo);
}

int quartet_memo_fd(const struct quartet_memo *memo)
{
	return memo->fd;
}

/* What was not answered is 0. */
static void tell(struct quartet_memo_query *query, const struct quartet_memo_get *args)
{
	query->what = args->what;
	query->error = args->error;
	query->len = args->value_len;
	query->token = args->token;
	query->attempt = args->attempt;
}

static int get(struct quartet_memo *memo, __u32 flags, clockid_t clock,
	       const struct timespec *deadline, struct quartet_memo_query *query)
{
	struct quartet_memo_get args = {
		.size = sizeof(args),
		.flags = flags | query->flags,
		.key = libquartet_address(query->key),
		.key_len = libquartet_clamp(query->key_len),
		.value = libquartet_address(query->value),
		.value_size = libquartet_clamp(query->size),
	};
	int err = libquartet_deadline(clock, deadline, &args.flags, &args.deadline_ns,
				      &args.clock);

	if (query->flags & ~(QUARTET_NO_LEAD | QUARTET_STALE | QUARTET_BY_HANDLE))
		err = -EINVAL;
	if (!err)
		err = libquartet_command(memo->fd, QUARTET_MEMO_GET, &args);
	tell(query, &args);
	return err;
}

int quartet_memo_get(struct quartet_memo *memo, struct quartet_memo_query *query)
{
	return get(memo, 0, 0, NULL, query);
}

int quartet_memo_tryget(struct quartet_memo *memo, struct quartet_memo_query *query)
{
	return get(memo, QUARTET_TRY, 0, NULL, query);
}

int quartet_memo_timedget(struct quartet_memo *memo, clockid_t clock,
			  const struct timespec *deadline, struct quartet_memo_query *query)
{
	return get(memo, 0, clock, deadline, query);
}

int quartet_memo_get_async(struct quartet_memo *memo, clockid_t clock,
			   const struct timespec *deadline, struct quartet_memo_query *query)
{
	return get(memo, QUARTET_ASYNC, clock, deadline, query);
}

int quartet_memo_fulfil(struct quartet_memo *memo, __u64 token, const void *value, size_t len)
{
	struct quartet_memo_fulfil args = {
		.size = sizeof(args), .token = token, .value = libquartet_address(value),
		.value_len = libquartet_clamp(len),
	};

	return libquartet_command(memo->fd, QUARTET_MEMO_FULFIL, &args);
}

int quartet_memo_fail(struct quartet_memo *memo, __u64 token, int error)
{
	struct quartet_memo_fulfil args = {
		.size = sizeof(args), .token = token, .error = error,
	};

	/* 0 would be an empty value. */
	return error ? libquartet_command(memo->fd, QUARTET_MEMO_FULFIL, &args) : -EINVAL;
}

int quartet_memo_abandon(struct quartet_memo *memo, __u64 token)
{
	struct quartet_grant args = { .size = sizeof(args), .token = token };

	return libquartet_command(memo->fd, QUARTET_MEMO_ABANDON, &args);
}

int quartet_memo_forget(struct quartet_memo *memo, const void *key, size_t key_len)
{
	struct quartet_memo_forget args = {
		.size = sizeof(args), .key = libquartet_address(key),
		.key_len = libquartet_clamp(key_len),
	};

	return libquartet_command(memo->fd, QUARTET_MEMO_FORGET, &args);
}

long long quartet_memo_clear(struct quartet_memo *memo)
{
	struct quartet_memo_clear args = { .size = sizeof(args) };
	int err = libquartet_command(memo->fd, QUARTET_MEMO_CLEAR, &args);

	return err ?: (long long)args.cleared;
}

int quartet_memo_state(const struct quartet_memo *memo, struct quartet_memo_info *info)
{
	*info = (struct quartet_memo_info){ .size = sizeof(*info) };
	return libquartet_command(memo->fd, QUARTET_MEMO_STATE, info);
}
