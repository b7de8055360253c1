// SPDX-License-Identifier: LGPL-2.1-or-later
/* A lead from its beginning to its end, whichever that is. */
#include <errno.h>
#include <limits.h>
#include <pthread.h>

#include "quartet.h"

struct lead {
	struct quartet_memo *memo;
	__u64 token;
};

static void abandon(void *data)
{
	const struct lead *lead = data;

	quartet_memo_abandon(lead->memo, lead->token);
}

/* What lacks only this caller's room is no result: another may have it. */
static int lacks_room(struct quartet_memo *memo, struct quartet_memo_query *query, size_t len)
{
	int err = quartet_memo_abandon(memo, query->token);

	query->len = len;
	return err ?: -ENOBUFS;
}

static int fail(struct quartet_memo *memo, struct quartet_memo_query *query, ssize_t error)
{
	int err = error < INT_MIN ? -EINVAL : quartet_memo_fail(memo, query->token, error);

	/* It is none that may be a result. */
	if (err == -EINVAL)
		quartet_memo_abandon(memo, query->token);
	if (err)
		return err;
	query->what = QUARTET_ANSWER_COMPUTED;
	query->error = error;
	return error;
}

static int fulfil(struct quartet_memo *memo, struct quartet_memo_query *query, size_t len)
{
	int err = quartet_memo_fulfil(memo, query->token, query->value, len);

	if (err)
		return err;
	query->what = QUARTET_ANSWER_COMPUTED;
	query->len = len;
	return len;
}

static int finish(struct quartet_memo *memo, struct quartet_memo_query *query, ssize_t len)
{
	query->what = QUARTET_ANSWER_NONE;
	if (len == -ENOBUFS)
		return lacks_room(memo, query, 0);
	if (len < 0)
		return fail(memo, query, len);
	if ((size_t)len > query->size)
		return lacks_room(memo, query, len);
	return fulfil(memo, query, len);
}

ssize_t quartet_memo_compute(struct quartet_memo *memo, struct quartet_memo_query *query,
			     ssize_t (*compute)(const struct quartet_memo_query *query, void *arg),
			     void *arg)
{
	struct lead lead = { .memo = memo };
	int err = quartet_memo_get(memo, query);
	ssize_t len;

	if (err)
		return err;
	if (query->what != QUARTET_ANSWER_LEAD)
		return query->error ?: (ssize_t)query->len;
	/* A thread that is cancelled, or a C++ exception, leaves by here too. */
	lead.token = query->token;
	pthread_cleanup_push(abandon, &lead);
	len = compute(query, arg);
	pthread_cleanup_pop(0);
	return finish(memo, query, len);
}
