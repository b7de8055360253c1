// SPDX-License-Identifier: GPL-2.0-only
/* All named tables: a row of debugfs each, and two histograms. */
#include <linux/mm.h>
#include <linux/seq_file.h>

#include <quartet/debugfs.h>

#include "../base/histogram.h"
#include "body.h"
#include "list.h"

static DEFINE_MUTEX(memos_mutex);	/* protects memos */
static LIST_HEAD(memos);

struct quartet_live quartet_memos_live = { .name = "memos" };

static const char *const engine_names[] = {
	[QUARTET_MEMO_RCU] = "rcu",
	[QUARTET_MEMO_LOCK] = "lock",
	[QUARTET_MEMO_MONITOR] = "monitor",
};

static bool is_taken(const char *name)
{
	const struct quartet_memo_body *other;

	list_for_each_entry(other, &memos, listed)
		if (!strcmp(other->name, name))
			return true;
	return false;
}

static void free_histograms(struct quartet_memo_body *body)
{
	kvfree(body->waits);
	kvfree(body->computes);
	body->waits = NULL;
	body->computes = NULL;
}

/* -EEXIST if another table has the name. */
static int list_name(struct quartet_memo_body *body)
{
	int err = 0;

	body->waits = kvcalloc(QUARTET_HIST_BUCKETS, sizeof(u64), body->params.gfp);
	body->computes = kvcalloc(QUARTET_HIST_BUCKETS, sizeof(u64), body->params.gfp);
	mutex_lock(&memos_mutex);
	if (!body->waits || !body->computes)
		err = -ENOMEM;
	else if (is_taken(body->name))
		err = -EEXIST;
	else
		list_add_tail(&body->listed, &memos);
	mutex_unlock(&memos_mutex);
	if (err)
		free_histograms(body);
	return err;
}

/* A table without a name is counted, and no more; -EEXIST if another has its name. */
int memo_list_add(struct quartet_memo_body *body)
{
	int err = body->params.name ? list_name(body) : 0;

	if (!err)
		atomic_inc(&quartet_memos_live.count);
	return err;
}

/* It is whole. */
void memo_list_show(struct quartet_memo_body *body)
{
	mutex_lock(&memos_mutex);
	body->shown = true;
	mutex_unlock(&memos_mutex);
}

/* Nobody counts in its histograms any more. */
void memo_list_remove(struct quartet_memo_body *body)
{
	atomic_dec(&quartet_memos_live.count);
	if (!body->params.name)
		return;
	mutex_lock(&memos_mutex);
	list_del(&body->listed);
	mutex_unlock(&memos_mutex);
	free_histograms(body);
}

static void show_row(struct seq_file *m, struct quartet_memo_body *body)
{
	struct quartet_memo_state state;

	memo_read_body(body, &state);
	seq_printf(m, "%s %s %lu %llu %llu %llu", body->name, engine_names[body->params.engine],
		   body->params.capacity, state.entries, state.bytes, state.waiting);
#define QUARTET_MEMO_STAT(name) seq_printf(m, " %llu", state.stats.name);
	QUARTET_MEMO_STATS(QUARTET_MEMO_STAT)
#undef QUARTET_MEMO_STAT
	seq_putc(m, '\n');
}

int quartet_memos_show(struct seq_file *m, void *unused)
{
	struct quartet_memo_body *body;

	seq_puts(m, "name engine capacity entries bytes waiting");
#define QUARTET_MEMO_STAT(name) seq_puts(m, " " #name);
	QUARTET_MEMO_STATS(QUARTET_MEMO_STAT)
#undef QUARTET_MEMO_STAT
	seq_putc(m, '\n');
	mutex_lock(&memos_mutex);
	list_for_each_entry(body, &memos, listed)
		if (body->shown)
			show_row(m, body);
	mutex_unlock(&memos_mutex);
	return 0;
}

static void show_histogram(struct seq_file *m, const char *name, const u64 *buckets)
{
	int i;

	for (i = 0; i < QUARTET_HIST_BUCKETS; i++)
		if (READ_ONCE(buckets[i]))
			seq_printf(m, "%s %llu %llu\n", name, quartet_hist_floor(i),
				   READ_ONCE(buckets[i]));
}

/* One line a bucket that counted something. */
int quartet_memo_waits_show(struct seq_file *m, void *unused)
{
	struct quartet_memo_body *body;

	seq_puts(m, "name wait-ns-from count\n");
	mutex_lock(&memos_mutex);
	list_for_each_entry(body, &memos, listed)
		show_histogram(m, body->name, body->waits);
	mutex_unlock(&memos_mutex);
	return 0;
}

int quartet_memo_computes_show(struct seq_file *m, void *unused)
{
	struct quartet_memo_body *body;

	seq_puts(m, "name compute-ns-from count\n");
	mutex_lock(&memos_mutex);
	list_for_each_entry(body, &memos, listed)
		show_histogram(m, body->name, body->computes);
	mutex_unlock(&memos_mutex);
	return 0;
}
