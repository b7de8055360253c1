/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a memo table is made of, for the files of this folder.
 *
 * Locks, outer ones first: the engine's (of lock, a mutex; of rcu, a bucket's), or a shard's;
 * within a shard's the leads' or the wait graph's. Never an engine's and a shard's together: an
 * entry is first made gone, under its shard's lock, and then removed from the engine. Who
 * finds one that is gone helps to remove it.
 *
 * References to an entry: one is the table's, from the insertion until it is gone and removed;
 * one the leader's; one each waiter's; and one of whoever has found it, for as long as it looks.
 */
#ifndef QUARTET_MEMO_BODY_H
#define QUARTET_MEMO_BODY_H

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/percpu-refcount.h>
#include <linux/rhashtable.h>
#include <linux/shrinker.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>

#include <quartet/memo.h>

#include "../base/name.h"
#include "../lock/wait_graph.h"

#define MEMO_LEAD_BITS	6

/* A key as it is asked for. */
struct memo_key {
	const void *bytes;
	size_t len;
	u64 hash;
};

/**
 * struct memo_entry - what is known of a key
 * @sieve: in the shard's list of what is kept; shard's lock
 * @waited: in the shard's list of what is waited for; shard's lock
 * @waiters: in the order they came; shard's lock
 * @nwaiters: how many; shard's lock
 * @edges: of the wait graph that lead here; may be those of waiters of a round before
 * @lead_node: in the table's leads; their lock
 * @round: computations that have ended; shard's lock
 * @token: the leader's, or 0; written under the shard's lock, hits look
 * @owner: who leads, or NULL; a handle abandons before it closes, and a task that exits as leader
 *	is its caller's bug; written under the shard's lock, the wait graph looks
 * @attempt: of the leader; shard's lock
 * @epoch: clears of the table before this entry was made
 * @refs: see above
 * @gone: nobody may find it any more; shard's lock
 * @kept: it is in @sieve and charged; shard's lock
 * @charge: bytes; shard's lock
 * @last: @value as it was, once it is gone; shard's lock
 * @rcu: for its end, when @last is not needed any more
 * @value: a value, an error pointer, or NULL, as when it is gone; written under the shard's lock
 * @err_expires: ns, if @value is an error; the same
 * @hash: of @key
 * @node: the rcu engine's
 * @link: the others'
 * @key_len: of @key
 * @visited: hit since the hand came by; written by anyone, and races are harmless
 * @key: last, beside all that a hit looks at
 */
struct memo_entry {
	struct list_head sieve;
	struct list_head waited;
	struct list_head waiters;
	unsigned int nwaiters;
	atomic_t edges;
	struct hlist_node lead_node;
	u64 round;
	u64 token;
	const void *owner;
	u32 attempt;
	u32 epoch;
	refcount_t refs;
	bool gone;
	bool kept;
	size_t charge;
	union {
		struct quartet_memo_value *last;
		struct rcu_head rcu;
	};
	struct quartet_memo_value __rcu *value;
	u64 err_expires;
	u64 hash;
	union {
		struct rhash_head node;
		struct hlist_node link;
	};
	u32 key_len;
	bool visited;
	u8 key[];
};

/**
 * struct memo_shard - a part of the entries, by their hash
 * @lock: protects all of it, and of its entries what says so; task context only
 * @kept: entries with a result, the newest first
 * @waited: entries that somebody waits for
 * @hand: SIEVE's, or NULL to begin at the oldest
 * @broom: where a sweep goes on, or NULL
 * @nkept: entries in @kept
 * @nwaiting: waiters; written under @lock, whoever reads the table's state looks
 */
struct memo_shard {
	raw_spinlock_t lock;	/* see above */
	struct list_head kept;
	struct list_head waited;
	struct memo_entry *hand;
	struct memo_entry *broom;
	unsigned long nkept;
	unsigned long nwaiting;
} ____cacheline_aligned_in_smp;

struct quartet_memo_body;

/**
 * struct memo_engine - finds entries, and has its own locks
 * @init: 0 or -ENOMEM
 * @exit: drops the table's reference of each entry that is left; nobody is inside
 * @find: with a reference, or NULL
 * @insert: NULL, with the entry in the table; or another of that key, with a reference; or an
 *	error pointer
 * @remove: takes out exactly this entry, if it is still there
 */
struct memo_engine {
	int (*init)(struct quartet_memo_body *body);
	void (*exit)(struct quartet_memo_body *body);
	struct memo_entry *(*find)(struct quartet_memo_body *body, const struct memo_key *key);
	struct memo_entry *(*insert)(struct quartet_memo_body *body, struct memo_entry *entry);
	void (*remove)(struct quartet_memo_body *body, struct memo_entry *entry);
};

/**
 * struct quartet_memo_body - all of a table
 * @engine: see there
 * @is_rcu: hits need no call of it
 * @secret: of the hash
 * @stats: per CPU
 * @params: as given; @name, @func and @data are our own
 * @name: params.name
 * @rht: the rcu engine's table
 * @engine_data: the others'
 * @shards: so many as @shard_shift says
 * @shard_shift: of a hash, to the right, for its shard
 * @entries: kept
 * @bytes: charged
 * @epoch: clears
 * @closing: set once, before destroy takes each shard's lock
 * @inside: calls that are
 * @left: the last of them
 * @leads: of tables whose callers lead, by token
 * @leads_lock: protects @leads; within a shard's lock
 * @sweeping: one sweep, clear or count at a time
 * @sweep: every now and then
 * @evict_next: the shard where the next eviction for memory's sake begins
 * @looker: 1: in a busted table, one has found nothing, and waits for another who does
 * @shrinker: under memory pressure
 * @function: registered by name, or NULL
 * @waits: histogram, or NULL; increments may be lost
 * @computes: the same
 * @listed: in the list of named tables, under its mutex
 * @shown: there; the same
 */
struct quartet_memo_body {
	const struct memo_engine *engine;
	bool is_rcu;
	siphash_key_t secret;
	struct quartet_memo_stats __percpu *stats;
	struct quartet_memo_params params;
	char name[QUARTET_NAME_CHARS];
	struct rhashtable rht;
	void *engine_data;
	struct memo_shard *shards;
	unsigned int shard_shift;
	atomic_long_t entries;
	atomic_long_t bytes;
	u32 epoch;
	bool closing;
	struct percpu_ref inside;
	struct completion left;
	struct hlist_head leads[1 << MEMO_LEAD_BITS];
	raw_spinlock_t leads_lock;	/* see above */
	struct mutex sweeping;		/* see above */
	struct delayed_work sweep;
	unsigned int evict_next;
	atomic_t looker;
	struct shrinker *shrinker;
	struct quartet_memo_function *function;
	u64 *waits;
	u64 *computes;
	struct list_head listed;
	bool shown;
};

/**
 * struct memo_request - a get
 * @key: of what
 * @absent: the engine has just been asked, and has nothing
 * @flags: QUARTET_MEMO_NOWAIT and so on
 * @deadline: for waiting, or NULL
 * @stop: the same
 * @owner: who waits and leads
 * @waiter: to be queued instead of sleeping, or NULL
 * @what: comes of it
 * @lead: if the caller leads
 */
struct memo_request {
	struct memo_key key;
	bool absent;
	unsigned int flags;
	const ktime_t *deadline;
	const bool *stop;
	const void *owner;
	struct quartet_memo_waiter *waiter;
	enum quartet_memo_what what;
	struct quartet_memo_lead lead;
};

/* A computation by the table's function, on its leader's stack. */
struct quartet_memo_call {
	struct quartet_memo_body *body;
	struct quartet_memo_lead lead;
	struct quartet_memo_value *value;
};

extern const struct memo_engine memo_rcu_engine;
extern const struct memo_engine memo_lock_engine;
extern const struct memo_engine memo_monitor_engine;

/* entry.c */
struct memo_entry *memo_entry_new(struct quartet_memo_body *body, const struct memo_key *key,
				  u32 epoch);
void memo_entry_put(struct memo_entry *entry);
void memo_entry_free(struct memo_entry *entry);
struct quartet_memo_value *memo_value_new(struct quartet_memo_body *body, size_t len);
void memo_value_put(struct quartet_memo_value *value);
void memo_make_gone(struct quartet_memo_body *body, struct memo_shard *shard,
		    struct memo_entry *entry);
void memo_remove(struct quartet_memo_body *body, struct memo_entry *entry);
void memo_remove_all(struct quartet_memo_body *body, struct list_head *gone);

/* get.c */
struct quartet_memo_value *memo_get_slow(struct quartet_memo *memo, struct memo_request *req,
					 struct quartet_memo_how *how);
void memo_tell(struct quartet_memo_how *how, const struct memo_request *req,
	       const struct quartet_memo_value *value);
ssize_t memo_copy(struct quartet_memo_value *value, void *to, size_t size);

/* lead.c */
void memo_lead_begin(struct quartet_memo_body *body, struct memo_entry *entry,
		     struct memo_request *req);
void memo_lead_add(struct quartet_memo_body *body, struct memo_entry *entry);
void memo_lead_pass(struct quartet_memo_body *body, struct memo_entry *entry,
		    struct quartet_memo_waiter *waiter);
void memo_lead_end(struct quartet_memo_body *body, struct memo_entry *entry);
void memo_leads_exit(struct quartet_memo_body *body);

/* result.c */
int memo_publish(struct quartet_memo_body *body, struct memo_entry *entry,
		 const struct quartet_memo_lead *lead, struct quartet_memo_value *result);
int memo_abandon(struct quartet_memo_body *body, struct memo_entry *entry,
		 const struct quartet_memo_lead *lead);

/* compute.c */
struct quartet_memo_value *memo_compute(struct quartet_memo_body *body, struct memo_entry *entry,
					struct memo_request *req);

/**
 * struct memo_sleep - a get that sleeps
 * @waiter: its place in the queue
 * @edge: in the wait graph, unless the table is not in it
 */
struct memo_sleep {
	struct quartet_memo_waiter waiter;
	struct wait_edge edge;
};

/* wait.c */
int memo_sleep_begin(struct quartet_memo_body *body, struct memo_shard *shard,
		     struct memo_entry *entry, struct memo_sleep *sleep);
bool memo_sleep(struct quartet_memo_body *body, struct memo_request *req,
		struct memo_sleep *sleep, struct quartet_memo_value **answer);
void memo_queue(struct quartet_memo_body *body, struct memo_shard *shard,
		struct memo_entry *entry, struct quartet_memo_waiter *waiter);
struct quartet_memo_waiter *memo_dequeue_first(struct memo_shard *shard,
					       struct memo_entry *entry);
unsigned int memo_dequeue_all(struct memo_shard *shard, struct memo_entry *entry,
			      struct list_head *waiters);
void memo_wake(struct quartet_memo_waiter *waiter);
void memo_wake_all(struct list_head *waiters, struct quartet_memo_value *result, bool closed);
bool memo_leave_queue(struct quartet_memo_body *body, struct quartet_memo_waiter *waiter);
void memo_close_queues(struct quartet_memo_body *body);

/* evict.c */
void memo_keep(struct quartet_memo_body *body, struct memo_shard *shard, struct memo_entry *entry,
	       size_t charge);
void memo_unkeep(struct quartet_memo_body *body, struct memo_shard *shard,
		 struct memo_entry *entry);
bool memo_is_evictable(const struct memo_entry *entry);
void memo_make_room(struct quartet_memo_body *body, struct memo_entry *entry);
unsigned long memo_evict_some(struct quartet_memo_body *body, unsigned long number);
int memo_shrinker_init(struct quartet_memo_body *body);
void memo_shrinker_exit(struct quartet_memo_body *body);

/* expire.c */
void memo_sweep_start(struct quartet_memo_body *body);
void memo_sweep_stop(struct quartet_memo_body *body);
unsigned long memo_sweep_expired(struct quartet_memo_body *body);
unsigned long memo_sweep_all(struct quartet_memo_body *body);
u64 memo_count_bytes(struct quartet_memo_body *body);

/* funcs.c */
struct quartet_memo_function *memo_function_get(const char *name);
void memo_function_put(struct quartet_memo_function *function);

/* create.c */
struct quartet_memo_body *memo_enter(struct quartet_memo *memo);
void memo_read_body(struct quartet_memo_body *body, struct quartet_memo_state *state);

static inline void memo_leave(struct quartet_memo_body *body)
{
	percpu_ref_put(&body->inside);
}

/* list.c */
int memo_list_add(struct quartet_memo_body *body);
void memo_list_show(struct quartet_memo_body *body);
void memo_list_remove(struct quartet_memo_body *body);

static inline struct memo_shard *memo_shard_of(struct quartet_memo_body *body,
					       const struct memo_entry *entry)
{
	/* In two steps, as there may be only one shard. */
	return &body->shards[entry->hash >> 1 >> body->shard_shift];
}

static inline unsigned int memo_shards(const struct quartet_memo_body *body)
{
	return 1U << (63 - body->shard_shift);
}

/* Callers lead? */
static inline bool memo_is_external(const struct quartet_memo_body *body)
{
	return !body->params.func;
}

/* Coarse: what expires is looked at in every hit. */
static inline u64 memo_now(void)
{
	return ktime_get_coarse_ns();
}

static inline u64 memo_after(u64 now, u64 ns)
{
	return now + ns < now ? QUARTET_MEMO_FOR_EVER : now + ns;
}

/* Without a look at the clock for what is good for ever. */
static __always_inline bool memo_is_before(u64 end)
{
	return end == QUARTET_MEMO_FOR_EVER || memo_now() < end;
}

static inline bool memo_is_key(const struct memo_entry *entry, const struct memo_key *key)
{
	return entry->hash == key->hash && entry->key_len == key->len &&
	       !memcmp(entry->key, key->bytes, key->len);
}

/* Under the shard's lock. */
static inline struct quartet_memo_value *memo_value_of(struct memo_shard *shard,
						       const struct memo_entry *entry)
{
	return rcu_dereference_protected(entry->value, lockdep_is_held(&shard->lock));
}

/* On any CPU, with preemption on: an increment may be lost, see the list. */
#define memo_count(body, name)	raw_cpu_inc((body)->stats->name)

#endif /* QUARTET_MEMO_BODY_H */
