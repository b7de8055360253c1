// SPDX-License-Identifier: GPL-2.0-only
/* Gets when nobody else is there, of memo tables and of the bare hash table. */
#include <linux/quartet_torture.h>

#include "memo_path.h"

struct memo_path memo_path;

static int compute(struct quartet_memo_call *call, const void *key, size_t key_len, void *data)
{
	struct memo_torture_value *value = quartet_memo_room(call, sizeof(*value));

	if (IS_ERR(value))
		return PTR_ERR(value);
	memset(value, 0, sizeof(*value));
	return 0;
}

void memo_path_peer_hit(void)
{
	memo_peer_get(&memo_path.peer, &memo_path.there, &memo_path.value);
}

void memo_path_peer_miss(void)
{
	memo_path.absent.id++;
	memo_peer_compute(&memo_path.peer, &memo_path.absent, &memo_path.value);
}

static int init_peer(void)
{
	int err = memo_peer_init(&memo_path.peer);

	if (err)
		return err;
	err = memo_peer_add(&memo_path.peer, 1);
	if (err)
		memo_peer_exit(&memo_path.peer);
	return err;
}

/* Room for all that is asked for: a miss evicts nothing. */
static int init_memo(enum quartet_memo_engine engine)
{
	const struct quartet_memo_params params = {
		.engine = engine,
		.func = compute,
		.key_max = sizeof(memo_path.there),
		.value_max = sizeof(memo_path.value),
		.capacity = 2 * QUARTET_COUNT_FEW * QUARTET_COUNT_MAX_ROUNDS,
		.bytes = SIZE_MAX,
		.ttl = QUARTET_MEMO_FOR_EVER,
	};

	return quartet_memo_init(&memo_path.memos[engine], &params);
}

static void destroy_memos(void)
{
	int engine;

	for (engine = 0; engine < QUARTET_MEMO_ENGINES; engine++)
		quartet_memo_destroy(&memo_path.memos[engine]);
}

int memo_path_init(void)
{
	int engine, err = 0;

	memo_torture_key_fill(&memo_path.there, 1);
	memo_torture_key_fill(&memo_path.absent, 1);
	for (engine = 0; engine < QUARTET_MEMO_ENGINES && !err; engine++) {
		err = init_memo(engine);
		if (!err)
			memo_path_hit(engine);
	}
	if (!err)
		err = init_peer();
	if (err)
		destroy_memos();
	return err;
}

void memo_path_exit(void)
{
	destroy_memos();
	memo_peer_exit(&memo_path.peer);
}
