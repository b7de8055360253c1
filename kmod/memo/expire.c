// SPDX-License-Identifier: GPL-2.0-only
/*
 * What has expired goes when a get finds it, or else when the broom comes: slowly, as nobody waits
 * for that but memory. A clear goes the same way.
 */
#include <linux/sched.h>

#include "../base/compat.h"
#include "body.h"

/* Of the broom, while a lock is held. The simulation has fewer, so that others come in between. */
#ifndef MEMO_BROOM_STEPS
#define MEMO_BROOM_STEPS	32
#endif
#define OFTEN_NS	NSEC_PER_SEC
#define SELDOM_NS	(60 * NSEC_PER_SEC)

static bool has_expired(struct memo_shard *shard, const struct memo_entry *entry)
{
	const struct quartet_memo_value *value = memo_value_of(shard, entry);
	u64 expires = IS_ERR(value) ? entry->err_expires : value->expires;

	return !memo_is_before(expires) && memo_is_evictable(entry);
}

static bool is_any(struct memo_shard *shard, const struct memo_entry *entry)
{
	return true;
}

/* From the oldest to the newest; NULL after that. Under the shard's lock. */
static void broom_begin(struct memo_shard *shard)
{
	shard->broom = list_empty(&shard->kept) ? NULL :
		       list_last_entry(&shard->kept, struct memo_entry, sieve);
}

static struct memo_entry *broom_step(struct memo_shard *shard)
{
	struct memo_entry *entry = shard->broom;

	shard->broom = entry->sieve.prev == &shard->kept ? NULL : list_prev_entry(entry, sieve);
	return entry;
}

/* Some steps; false at the end of the list. */
static bool step(struct quartet_memo_body *body, struct memo_shard *shard,
		 bool (*goes)(struct memo_shard *shard, const struct memo_entry *entry),
		 struct list_head *gone)
{
	struct memo_entry *entry;
	int i;

	for (i = 0; i < MEMO_BROOM_STEPS && shard->broom; i++) {
		entry = broom_step(shard);
		if (goes(shard, entry)) {
			memo_make_gone(body, shard, entry);
			list_add(&entry->sieve, gone);
		}
	}
	return shard->broom;
}

static unsigned long sweep_shard(struct quartet_memo_body *body, struct memo_shard *shard,
				 bool (*goes)(struct memo_shard *shard,
					      const struct memo_entry *entry))
{
	unsigned long before, n = 0;
	bool more, begun = false;
	LIST_HEAD(gone);

	do {
		raw_spin_lock(&shard->lock);
		if (!begun)
			broom_begin(shard);
		begun = true;
		before = shard->nkept;
		more = step(body, shard, goes, &gone);
		n += before - shard->nkept;
		raw_spin_unlock(&shard->lock);
		memo_remove_all(body, &gone);
		INIT_LIST_HEAD(&gone);
		cond_resched();
	} while (more);
	return n;
}

static unsigned long sweep(struct quartet_memo_body *body,
			   bool (*goes)(struct memo_shard *shard, const struct memo_entry *entry))
{
	unsigned long n = 0;
	unsigned int i;

	mutex_lock(&body->sweeping);
	for (i = 0; i < memo_shards(body); i++)
		n += sweep_shard(body, &body->shards[i], goes);
	mutex_unlock(&body->sweeping);
	return n;
}

unsigned long memo_sweep_expired(struct quartet_memo_body *body)
{
	unsigned long n = sweep(body, has_expired);

	raw_cpu_add(body->stats->expiries, n);
	return n;
}

unsigned long memo_sweep_all(struct quartet_memo_body *body)
{
	return sweep(body, is_any);
}

static u64 count_shard(struct memo_shard *shard)
{
	bool more, begun = false;
	u64 bytes = 0;
	int i;

	do {
		raw_spin_lock(&shard->lock);
		if (!begun)
			broom_begin(shard);
		begun = true;
		for (i = 0; i < MEMO_BROOM_STEPS && shard->broom; i++)
			bytes += broom_step(shard)->charge;
		more = shard->broom;
		raw_spin_unlock(&shard->lock);
		cond_resched();
	} while (more);
	return bytes;
}

/* What the shards hold, added up: at rest, exactly what was charged. */
u64 memo_count_bytes(struct quartet_memo_body *body)
{
	unsigned int i;
	u64 bytes = 0;

	mutex_lock(&body->sweeping);
	for (i = 0; i < memo_shards(body); i++)
		bytes += count_shard(&body->shards[i]);
	mutex_unlock(&body->sweeping);
	return bytes;
}

/* Half of the shorter time; 0 if nothing ever expires. */
static u64 period(const struct quartet_memo_params *params)
{
	u64 ttl = params->ttl ?: QUARTET_MEMO_FOR_EVER;
	u64 err_ttl = params->err_ttl ?: QUARTET_MEMO_FOR_EVER;
	u64 shorter = min(ttl, err_ttl);

	return shorter == QUARTET_MEMO_FOR_EVER ? 0 : clamp(shorter / 2, OFTEN_NS, SELDOM_NS);
}

static void schedule_sweep(struct quartet_memo_body *body)
{
	u64 ns = period(&body->params);

	if (ns)
		queue_delayed_work(system_dfl_wq, &body->sweep, nsecs_to_jiffies(ns));
}

static void sweep_work(struct work_struct *work)
{
	struct quartet_memo_body *body = container_of(to_delayed_work(work),
						      struct quartet_memo_body, sweep);

	memo_sweep_expired(body);
	schedule_sweep(body);
}

void memo_sweep_start(struct quartet_memo_body *body)
{
	INIT_DELAYED_WORK(&body->sweep, sweep_work);
	schedule_sweep(body);
}

void memo_sweep_stop(struct quartet_memo_body *body)
{
	cancel_delayed_work_sync(&body->sweep);
}
