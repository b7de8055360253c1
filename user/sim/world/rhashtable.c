// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's hash table: lists that are read under RCU, and written under one lock. */
#include <linux/err.h>
#include <linux/rhashtable.h>

static struct rhash_head **bucket_of(struct rhashtable *ht, u32 hash)
{
	return &ht->buckets[hash % SIM_RHT_BUCKETS];
}

static void *object_of(struct rhash_head *head, const struct rhashtable_params *params)
{
	return (char *)head - params->head_offset;
}

static bool matches(struct rhashtable *ht, const void *key, void *object,
		    const struct rhashtable_params *params)
{
	struct rhashtable_compare_arg arg = { ht, key };

	return !params->obj_cmpfn(&arg, object);
}

int rhashtable_init(struct rhashtable *ht, const struct rhashtable_params *params)
{
	memset(ht, 0, sizeof(*ht));
	ht->head_offset = params->head_offset;
	return 0;
}

void *sim_rht_lookup(struct rhashtable *ht, const void *key,
		     const struct rhashtable_params *params)
{
	struct rhash_head *head = rcu_dereference(*bucket_of(ht, params->hashfn(key, 0, 0)));

	for (; head; head = rcu_dereference(head->next))
		if (matches(ht, key, object_of(head, params), params))
			return object_of(head, params);
	return NULL;
}

static int refusal;
static unsigned int refusals;

unsigned int sim_rht_refuse(int err, unsigned int times)
{
	unsigned int left = refusals;

	refusal = err;
	refusals = times;
	return left;
}

void *sim_rht_insert(struct rhashtable *ht, const void *key, struct rhash_head *head,
		     const struct rhashtable_params *params)
{
	struct rhash_head **bucket, *other;
	void *found = NULL;

	if (refusals) {
		refusals--;
		return ERR_PTR(refusal);
	}
	bucket = bucket_of(ht, params->obj_hashfn(object_of(head, params), 0, 0));
	raw_spin_lock(&ht->lock);
	for (other = *bucket; key && other && !found; other = other->next)
		if (matches(ht, key, object_of(other, params), params))
			found = object_of(other, params);
	if (!found) {
		head->next = *bucket;
		rcu_assign_pointer(*bucket, head);
	}
	raw_spin_unlock(&ht->lock);
	return found;
}

int sim_rht_remove(struct rhashtable *ht, struct rhash_head *head,
		   const struct rhashtable_params *params)
{
	struct rhash_head **at = bucket_of(ht, params->obj_hashfn(object_of(head, params), 0, 0));
	bool found;

	raw_spin_lock(&ht->lock);
	while (*at && *at != head)
		at = &(*at)->next;
	found = *at;
	/* Readers that are at it go on from there. */
	if (found)
		rcu_assign_pointer(*at, head->next);
	raw_spin_unlock(&ht->lock);
	return found ? 0 : -ENOENT;
}

/* Alone. */
void sim_rht_free(struct rhashtable *ht, void (*end)(void *object, void *data), void *data)
{
	struct rhash_head *head, *next;
	int i;

	for (i = 0; i < SIM_RHT_BUCKETS; i++) {
		for (head = ht->buckets[i]; head; head = next) {
			next = head->next;
			end((char *)head - ht->head_offset, data);
		}
	}
}
