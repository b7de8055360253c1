// SPDX-License-Identifier: GPL-2.0-only
/*
 * The engine whose hits take no lock and no reference: the kernel's resizable hash table, but for
 * the lookup, which is in rcu.h.
 */
#include <linux/delay.h>
#include <linux/kcsan-checks.h>

#include "rcu.h"

#define PATIENCE	20	/* tries of an insert while the table is being resized */

/* NULL without one: it is out of the table, and nobody else's. */
static struct memo_entry *take_reference(struct memo_entry *entry)
{
	return entry && refcount_inc_not_zero(&entry->refs) ? entry : NULL;
}

static struct memo_entry *rht_find(struct quartet_memo_body *body, const struct memo_key *key)
{
	struct memo_entry *entry;

	rcu_read_lock();
	entry = take_reference(memo_rcu_peek(body, key));
	rcu_read_unlock();
	return entry;
}

/*
 * Around a change of the table. A bucket's lock is a bit of its pointer: who has it reads the
 * pointer plainly, while others try the bit, which KCSAN takes for a race. The kernel's own worker
 * does the same, so it is not enough that what is done here counts as marked.
 */
static void change_begin(void)
	__acquires(RCU)
{
	rcu_read_lock();
	kcsan_disable_current();
}

static void change_end(void)
	__releases(RCU)
{
	kcsan_enable_current();
	rcu_read_unlock();
}

static struct memo_entry *insert_blindly(struct quartet_memo_body *body, struct memo_entry *entry)
{
	int err;

	change_begin();
	err = rhashtable_insert_fast(&body->rht, &entry->node, memo_rht_params);
	change_end();
	return ERR_PTR(err);
}

/* True if it is decided, in @found. */
static bool try_insert(struct quartet_memo_body *body, struct memo_entry *entry,
		       struct memo_entry **found)
{
	struct memo_key key = { entry->key, entry->key_len, entry->hash };
	struct memo_entry *other;
	bool decided = true;

	change_begin();
	other = rhashtable_lookup_get_insert_key(&body->rht, &key, &entry->node, memo_rht_params);
	if (IS_ERR_OR_NULL(other)) {
		*found = other;
	} else {
		*found = take_reference(other);
		decided = *found;
	}
	change_end();
	return decided;
}

/* While the table grows, it may be too full for a moment. */
static struct memo_entry *rht_insert(struct quartet_memo_body *body, struct memo_entry *entry)
{
	struct memo_entry *found;
	int tries = 0;

	if (body->params.flags & QUARTET_MEMO_BUSTED)
		return insert_blindly(body, entry);
	for (;;) {
		if (!try_insert(body, entry, &found))
			continue;
		if (found != ERR_PTR(-EBUSY) || tries++ == PATIENCE)
			break;
		usleep_range(100, 1000);
	}
	/* Of whatever kind: there is no memory to be had for a larger table. */
	return IS_ERR(found) ? ERR_PTR(-ENOMEM) : found;
}

static void rht_remove(struct quartet_memo_body *body, struct memo_entry *entry)
{
	change_begin();
	rhashtable_remove_fast(&body->rht, &entry->node, memo_rht_params);
	change_end();
}

static int rht_init(struct quartet_memo_body *body)
{
	struct rhashtable_params params = memo_rht_params;

	params.nelem_hint = min_t(unsigned long, body->params.capacity, U16_MAX);
	return rhashtable_init(&body->rht, &params);
}

static void drop(void *object, void *unused)
{
	memo_entry_put(object);
}

static void rht_exit(struct quartet_memo_body *body)
{
	rhashtable_free_and_destroy(&body->rht, drop, NULL);
}

const struct memo_engine memo_rcu_engine = {
	.init = rht_init,
	.exit = rht_exit,
	.find = rht_find,
	.insert = rht_insert,
	.remove = rht_remove,
};
