// SPDX-License-Identifier: GPL-2.0-only
/* The engine of Go's first design: a hash table under a mutex, which is held for no more. */
#include <quartet/mutex.h>

#include "table.h"

struct locked_table {
	struct quartet_mutex mutex;
	struct memo_table table;
};

static int lock_init(struct quartet_memo_body *body)
{
	struct locked_table *locked = kzalloc(sizeof(*locked), body->params.gfp);
	int err;

	if (!locked)
		return -ENOMEM;
	quartet_mutex_init(&locked->mutex, QUARTET_STARVE_DEFAULT);
	err = memo_table_init(&locked->table, body->params.capacity, body->params.gfp);
	if (err) {
		kfree(locked);
		return err;
	}
	body->engine_data = locked;
	return 0;
}

static void lock_exit(struct quartet_memo_body *body)
{
	struct locked_table *locked = body->engine_data;

	memo_table_exit(&locked->table);
	kfree(locked);
}

static struct memo_entry *lock_find(struct quartet_memo_body *body, const struct memo_key *key)
{
	struct locked_table *locked = body->engine_data;
	struct memo_entry *entry;

	quartet_mutex_lock(&locked->mutex);
	entry = memo_table_find(&locked->table, key);
	quartet_mutex_unlock(&locked->mutex);
	return entry;
}

static struct memo_entry *lock_insert(struct quartet_memo_body *body, struct memo_entry *entry)
{
	struct locked_table *locked = body->engine_data;
	struct memo_entry *other;

	quartet_mutex_lock(&locked->mutex);
	other = memo_table_insert(&locked->table, entry,
				  body->params.flags & QUARTET_MEMO_BUSTED);
	quartet_mutex_unlock(&locked->mutex);
	return other;
}

static void lock_remove(struct quartet_memo_body *body, struct memo_entry *entry)
{
	struct locked_table *locked = body->engine_data;

	quartet_mutex_lock(&locked->mutex);
	memo_table_remove(&locked->table, entry);
	quartet_mutex_unlock(&locked->mutex);
}

const struct memo_engine memo_lock_engine = {
	.init = lock_init,
	.exit = lock_exit,
	.find = lock_find,
	.insert = lock_insert,
	.remove = lock_remove,
};
