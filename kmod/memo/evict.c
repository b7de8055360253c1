// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is kept, what it takes, and what goes when that is too much: SIEVE, in shards.
 *
 * A shard's list is in the order in which results came, and a hit changes nothing but a bit. The
 * hand goes from the oldest to the newest, clears that bit where it is set, and takes the first
 * entry where it is not; it goes on from there the next time. So what was hit once and never
 * again goes soon, which LRU would keep for a whole turn.
 *
 * An entry may go that has a result and nobody who computes, waits or looks, and whose value
 * nobody has a reference to.
 */
#include "../base/compat.h"
#include "../base/trace.h"
#include "body.h"

#define STEPS	32	/* of the hand, while a lock is held */

static struct memo_entry *oldest(struct memo_shard *shard)
{
	return list_empty(&shard->kept) ? NULL :
	       list_last_entry(&shard->kept, struct memo_entry, sieve);
}

/* The next newer, or NULL. */
static struct memo_entry *newer(struct memo_shard *shard, struct memo_entry *entry)
{
	return entry->sieve.prev == &shard->kept ? NULL : list_prev_entry(entry, sieve);
}

/* Under the shard's lock: its result is charged so many bytes from now on. */
void memo_keep(struct quartet_memo_body *body, struct memo_shard *shard, struct memo_entry *entry,
	       size_t charge)
{
	lockdep_assert_held(&shard->lock);
	if (!entry->kept) {
		entry->kept = true;
		list_add(&entry->sieve, &shard->kept);
		shard->nkept++;
		atomic_long_inc(&body->entries);
	}
	atomic_long_add((long)charge - (long)entry->charge, &body->bytes);
	entry->charge = charge;
}

/* Under the shard's lock; no hand stays behind. */
void memo_unkeep(struct quartet_memo_body *body, struct memo_shard *shard,
		 struct memo_entry *entry)
{
	lockdep_assert_held(&shard->lock);
	if (shard->hand == entry)
		shard->hand = newer(shard, entry);
	if (shard->broom == entry)
		shard->broom = newer(shard, entry);
	list_del(&entry->sieve);
	entry->kept = false;
	shard->nkept--;
	atomic_long_dec(&body->entries);
	atomic_long_sub(entry->charge, &body->bytes);
	entry->charge = 0;
}

/*
 * Under the shard's lock. Whoever takes a reference after this finds that it is gone
 * (litmus: memo-gone).
 */
bool memo_is_evictable(const struct memo_entry *entry)
{
	const struct quartet_memo_value *value = rcu_dereference_protected(entry->value, true);

	if (entry->token || refcount_read(&entry->refs) > 1)
		return false;
	return IS_ERR(value) || refcount_read(&value->refs) == 1;
}

/* Some steps of the hand, and fewer are left. */
static struct memo_entry *find_victim(struct memo_shard *shard, unsigned long *steps)
{
	struct memo_entry *entry;
	int i;

	/* The first time, two turns. */
	*steps = min(*steps, 2 * shard->nkept);
	for (i = 0; i < STEPS && *steps; i++, --*steps) {
		entry = shard->hand ?: oldest(shard);
		shard->hand = newer(shard, entry);
		if (READ_ONCE(entry->visited))
			WRITE_ONCE(entry->visited, false);
		else if (memo_is_evictable(entry))
			return entry;
	}
	return NULL;
}

/* After memo_make_gone(). */
static void evicted(struct quartet_memo_body *body, struct memo_entry *entry)
{
	memo_count(body, evictions);
	trace_memo_evict(body, body->name, entry->hash);
	memo_remove(body, entry);
}

/* False if, in two turns of the hand, there is nothing that may go. */
static bool evict_one(struct quartet_memo_body *body, struct memo_shard *shard)
{
	struct memo_entry *victim;
	unsigned long steps = ULONG_MAX;

	do {
		raw_spin_lock(&shard->lock);
		victim = find_victim(shard, &steps);
		if (victim)
			memo_make_gone(body, shard, victim);
		raw_spin_unlock(&shard->lock);
	} while (!victim && steps);
	if (!victim)
		return false;
	evicted(body, victim);
	return true;
}

static bool is_full(struct quartet_memo_body *body)
{
	return atomic_long_read(&body->entries) > body->params.capacity ||
	       (size_t)atomic_long_read(&body->bytes) > body->params.bytes;
}

/* It is the last that may be given up. */
static void give_up(struct quartet_memo_body *body, struct memo_shard *shard,
		    struct memo_entry *entry)
{
	bool kept;

	raw_spin_lock(&shard->lock);
	kept = entry->kept && !entry->token;
	if (kept)
		memo_make_gone(body, shard, entry);
	raw_spin_unlock(&shard->lock);
	if (kept)
		evicted(body, entry);
}

/* For an entry that has just come: first in its own shard, then in the others. */
void memo_make_room(struct quartet_memo_body *body, struct memo_entry *entry)
{
	struct memo_shard *own = memo_shard_of(body, entry);
	unsigned int i = 0, mask = memo_shards(body) - 1;

	while (unlikely(is_full(body)) && i <= mask) {
		if (!evict_one(body, &body->shards[(own - body->shards + i) & mask]))
			i++;
	}
	if (unlikely(i > mask))
		give_up(body, own, entry);
}

/* For memory's sake: from all shards in turn. */
unsigned long memo_evict_some(struct quartet_memo_body *body, unsigned long number)
{
	unsigned int empty = 0, mask = memo_shards(body) - 1, next = READ_ONCE(body->evict_next);
	unsigned long done = 0;

	while (done < number && empty <= mask) {
		if (evict_one(body, &body->shards[next++ & mask])) {
			done++;
			empty = 0;
		} else {
			empty++;
		}
	}
	WRITE_ONCE(body->evict_next, next);
	return done;
}

static unsigned long count_objects(struct shrinker *shrinker, struct shrink_control *control)
{
	struct quartet_memo_body *body = quartet_shrinker_data(shrinker);

	return atomic_long_read(&body->entries) ?: SHRINK_EMPTY;
}

static unsigned long scan_objects(struct shrinker *shrinker, struct shrink_control *control)
{
	struct quartet_memo_body *body = quartet_shrinker_data(shrinker);

	return memo_evict_some(body, control->nr_to_scan) ?: SHRINK_STOP;
}

int memo_shrinker_init(struct quartet_memo_body *body)
{
	const char *name = body->params.name ?: "quartet-memo";

	body->shrinker = quartet_shrinker_alloc(name, body);
	if (!body->shrinker)
		return -ENOMEM;
	body->shrinker->count_objects = count_objects;
	body->shrinker->scan_objects = scan_objects;
	body->shrinker->seeks = DEFAULT_SEEKS;
	return quartet_shrinker_register(body->shrinker, name) ? 0 : -ENOMEM;
}

void memo_shrinker_exit(struct quartet_memo_body *body)
{
	quartet_shrinker_free(body->shrinker);
}
