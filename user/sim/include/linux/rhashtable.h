/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's hash table, which we use and do not test: one lock, a size that never changes. */
#ifndef SIM_RHASHTABLE_H
#define SIM_RHASHTABLE_H

#include <linux/rcupdate.h>
#include <linux/spinlock.h>

#ifndef SIM_RHT_BUCKETS
#define SIM_RHT_BUCKETS	64
#endif

struct rhash_head { struct rhash_head *next; };

struct rhashtable {
	raw_spinlock_t lock;
	size_t head_offset;
	struct rhash_head *buckets[SIM_RHT_BUCKETS];
};

struct rhashtable_compare_arg {
	struct rhashtable *ht;
	const void *key;
};

struct rhashtable_params {
	u16 head_offset, nelem_hint;
	bool automatic_shrinking;
	u32 (*hashfn)(const void *key, u32 len, u32 seed);
	u32 (*obj_hashfn)(const void *object, u32 len, u32 seed);
	int (*obj_cmpfn)(struct rhashtable_compare_arg *arg, const void *object);
};

int rhashtable_init(struct rhashtable *ht, const struct rhashtable_params *params);
/* Under rcu_read_lock(). */
void *sim_rht_lookup(struct rhashtable *ht, const void *key,
		     const struct rhashtable_params *params);
/*
 * The next insertions, so many, are refused so, as by a table that is being resized or cannot grow.
 * Returns how many refusals are left of the call before.
 */
unsigned int sim_rht_refuse(int err, unsigned int times);
/*
 * NULL, and it is in; or the object that is there; or an error. Without a key nobody
 * looks.
 */
void *sim_rht_insert(struct rhashtable *ht, const void *key, struct rhash_head *head,
		     const struct rhashtable_params *params);
int sim_rht_remove(struct rhashtable *ht, struct rhash_head *head,
		   const struct rhashtable_params *params);
void sim_rht_free(struct rhashtable *ht, void (*end)(void *object, void *data), void *data);

#define rhashtable_lookup(ht, key, params)	sim_rht_lookup(ht, key, &(params))
#define rhashtable_lookup_get_insert_key(ht, key, head, params) \
	sim_rht_insert(ht, key, head, &(params))
#define rhashtable_insert_fast(ht, head, params) \
	((int)(long)sim_rht_insert(ht, NULL, head, &(params)))
#define rhashtable_remove_fast(ht, head, params)	sim_rht_remove(ht, head, &(params))
#define rhashtable_free_and_destroy(ht, end, data)	sim_rht_free(ht, end, data)

#endif /* SIM_RHASHTABLE_H */
