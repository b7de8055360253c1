/* SPDX-License-Identifier: GPL-2.0-only */
/* Hits and misses of memo tables and of their peer, for count.c. */
#ifndef QUARTET_TORTURE_MEMO_PATH_H
#define QUARTET_TORTURE_MEMO_PATH_H

#include <quartet/memo.h>

#include "memo_peer.h"

/**
 * struct memo_path - while these are counted
 * @memos: by engine
 * @peer: the bare table
 * @there: a key that all have
 * @absent: one that was asked for last, and not before
 * @value: what was got last
 */
struct memo_path {
	struct quartet_memo memos[QUARTET_MEMO_ENGINES];
	struct memo_peer peer;
	struct memo_torture_key there;
	struct memo_torture_key absent;
	struct memo_torture_value value;
};

extern struct memo_path memo_path;

int memo_path_init(void);
void memo_path_exit(void);

/* In a function of its own, as the others are. */
void memo_path_peer_hit(void);
void memo_path_peer_miss(void);

static inline void memo_path_get(enum quartet_memo_engine engine,
				 const struct memo_torture_key *key)
{
	quartet_memo_get(&memo_path.memos[engine], key, sizeof(*key), &memo_path.value,
			 sizeof(memo_path.value), NULL);
}

static inline void memo_path_hit(enum quartet_memo_engine engine)
{
	memo_path_get(engine, &memo_path.there);
}

static inline void memo_path_miss(void)
{
	memo_path.absent.id++;
	memo_path_get(QUARTET_MEMO_RCU, &memo_path.absent);
}

#endif /* QUARTET_TORTURE_MEMO_PATH_H */
