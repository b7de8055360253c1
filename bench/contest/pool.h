/* SPDX-License-Identifier: GPL-2.0-only */
/* The bodies of work for pools: those of the benchmarks of Go's sync.Pool. An operation is a pair. */
#ifndef CONTEST_POOL_H
#define CONTEST_POOL_H

#include "contest.h"

#define OBJECT_BYTES	256
#define BURST		100	/* objects */

typedef void *contest_get(void *pool);
typedef void contest_put(void *pool, void *object);

contest_inline unsigned long contest_pair(struct worker *worker, contest_get *get,
					  contest_put *put)
{
	unsigned long n;
	void *object;

	for (n = 0; !contest_over(); n++) {
		object = get(worker->subject);
		contest_keep(object);
		put(worker->subject, object);
	}
	return n;
}

contest_inline unsigned long contest_burst(struct worker *worker, contest_get *get,
					   contest_put *put)
{
	void *objects[BURST];
	unsigned long n;
	int i;

	for (n = 0; !contest_over(); n += BURST) {
		for (i = 0; i < BURST; i++)
			objects[i] = get(worker->subject);
		contest_keep(objects);
		for (i = 0; i < BURST; i++)
			put(worker->subject, objects[i]);
	}
	return n;
}

/* Defines the contestant @id with the functions id_init, id_get and id_put. */
#define POOL(id, shown, prepares, joins) \
static unsigned long id##_pair(struct worker *worker) \
{ return contest_pair(worker, id##_get, id##_put); } \
static unsigned long id##_burst(struct worker *worker) \
{ return contest_burst(worker, id##_get, id##_put); } \
static const struct contestant id = { \
	.name = shown, .prepare = prepares, .join = joins, .init = id##_init, \
	.run = { [BODY_PAIR] = id##_pair, [BODY_BURST] = id##_burst }, \
}

#endif /* CONTEST_POOL_H */
