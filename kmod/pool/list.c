// SPDX-License-Identifier: GPL-2.0-only
/* All pools, by name: a row of debugfs each. */
#include <linux/seq_file.h>

#include <quartet/debugfs.h>

#include "body.h"
#include "list.h"

static DEFINE_MUTEX(pools_mutex);	/* protects pools */
static LIST_HEAD(pools);

struct quartet_live quartet_pools_live = { .name = "pools" };

static bool is_taken(const char *name)
{
	const struct quartet_pool_body *other;

	list_for_each_entry(other, &pools, listed)
		if (!strcmp(other->name, name))
			return true;
	return false;
}

/* -EEXIST if another pool has the name. */
int pool_list_add(struct quartet_pool_body *body)
{
	int err = 0;

	mutex_lock(&pools_mutex);
	if (is_taken(body->name))
		err = -EEXIST;
	else
		list_add_tail(&body->listed, &pools);
	mutex_unlock(&pools_mutex);
	if (!err)
		atomic_inc(&quartet_pools_live.count);
	return err;
}

/* The name stays taken until it is removed. */
void pool_list_hide(struct quartet_pool_body *body)
{
	mutex_lock(&pools_mutex);
	WRITE_ONCE(body->pool->body, NULL);
	mutex_unlock(&pools_mutex);
}

void pool_list_remove(struct quartet_pool_body *body)
{
	mutex_lock(&pools_mutex);
	list_del(&body->listed);
	mutex_unlock(&pools_mutex);
	atomic_dec(&quartet_pools_live.count);
}

static void show_row(struct seq_file *m, struct quartet_pool_body *body)
{
	struct quartet_pool_state state;

	quartet_pool_read(body->pool, &state);
	seq_printf(m, "%s %zu %llu %llu %llu", body->name, body->params.size, state.allocated,
		   state.freed, state.cached);
#define QUARTET_POOL_STAT(name) seq_printf(m, " %llu", state.stats.name);
	QUARTET_POOL_STATS(QUARTET_POOL_STAT)
#undef QUARTET_POOL_STAT
	seq_putc(m, '\n');
}

int quartet_pools_show(struct seq_file *m, void *unused)
{
	struct quartet_pool_body *body;

	seq_puts(m, "name size allocated freed cached");
#define QUARTET_POOL_STAT(name) seq_puts(m, " " #name);
	QUARTET_POOL_STATS(QUARTET_POOL_STAT)
#undef QUARTET_POOL_STAT
	seq_putc(m, '\n');
	mutex_lock(&pools_mutex);
	list_for_each_entry(body, &pools, listed)
		if (READ_ONCE(body->pool->body))
			show_row(m, body);
	mutex_unlock(&pools_mutex);
	return 0;
}
