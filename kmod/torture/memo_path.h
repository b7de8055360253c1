/* SPDX-License-Identifier: GPL-2.0-only */
/* Hits of a memo table and of its peer, for count.c. */
#ifndef QUARTET_TORTURE_MEMO_PATH_H
#define QUARTET_TORTURE_MEMO_PATH_H

#include <quartet/memo.h>

#include "memo_peer.h"

/**
 * struct memo_path - while these are counted
 * @memo: of the rcu engine
 * @peer: the bare table
 * @there: a key that both have
 * @value: what was got last
 */
struct memo_path {
	struct quartet_memo memo;
	struct memo_peer peer;
	struct memo_torture_key there;
	struct memo_torture_value value;
};

extern struct memo_path memo_path;

int memo_path_init(void);
/* Also after an init that failed, or none. */
void memo_path_exit(void);

/* In a function of its own, as the other is. */
void memo_path_peer_hit(void);

static inline void memo_path_hit(void)
{
	quartet_memo_get(&memo_path.memo, &memo_path.there, sizeof(memo_path.there),
			 &memo_path.value, sizeof(memo_path.value), NULL);
}

#endif /* QUARTET_TORTURE_MEMO_PATH_H */
