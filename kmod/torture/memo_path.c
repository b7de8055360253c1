// SPDX-License-Identifier: GPL-2.0-only
/* A hit when nobody else is there, of a memo table and of the bare hash table. */
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

int memo_path_init(void)
{
	const struct quartet_memo_params params = {
		.name = "torture_count",
		.engine = QUARTET_MEMO_RCU,
		.func = compute,
		.key_max = sizeof(memo_path.there),
		.value_max = sizeof(memo_path.value),
		.capacity = 1024,
		.bytes = SIZE_MAX,
		.ttl = QUARTET_MEMO_FOR_EVER,
	};
	int err = init_peer();

	if (err)
		return err;
	memo_torture_key_fill(&memo_path.there, 1);
	err = quartet_memo_init(&memo_path.memo, &params);
	if (err) {
		memo_peer_exit(&memo_path.peer);
		return err;
	}
	memo_path_hit();
	return 0;
}

void memo_path_exit(void)
{
	if (!rcu_access_pointer(memo_path.memo.body))
		return;
	quartet_memo_destroy(&memo_path.memo);
	memo_peer_exit(&memo_path.peer);
}
