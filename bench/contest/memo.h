/* SPDX-License-Identifier: GPL-2.0-only */
/* The bodies of work for memo tables: hits, each of which copies a value of 64 bytes. */
#ifndef CONTEST_MEMO_H
#define CONTEST_MEMO_H

#include "contest.h"

#define KEYS	1024

struct contest_key {
	uint64_t id, rest[3];
};

struct contest_value {
	uint64_t words[8];
};

typedef void contest_hit(void *memo, const struct contest_key *key, struct contest_value *value);

/* All keys, or one, in no order. */
contest_inline unsigned long contest_hits(struct worker *worker, contest_hit *hit,
					  unsigned int keys)
{
	uint64_t random = worker->number;
	struct contest_key key = { 0 };
	struct contest_value value;
	unsigned long n;

	for (n = 0; !contest_over(); n++) {
		random = random * 6364136223846793005 + 1442695040888963407;
		key.id = (random >> 32) % keys;
		hit(worker->subject, &key, &value);
		contest_keep(&value);
	}
	return n;
}

/* Defines the contestant @id with the functions id_init, which fills it, and id_hit. */
#define MEMO(id, shown, prepares, joins) \
static unsigned long id##_hits(struct worker *worker) \
{ return contest_hits(worker, id##_hit, KEYS); } \
static unsigned long id##_hot(struct worker *worker) \
{ return contest_hits(worker, id##_hit, 1); } \
static const struct contestant id = { \
	.name = shown, .prepare = prepares, .join = joins, .init = id##_init, \
	.run = { [BODY_HITS] = id##_hits, [BODY_HOT] = id##_hot }, \
}

#endif /* CONTEST_MEMO_H */
