// SPDX-License-Identifier: GPL-2.0-only
/* A table's beginning and end, and what is done to it as a whole. */
#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/rcupdate.h>

#include "body.h"

#define SHARDS_A_CPU	4
#define SHARDS_MOST	64UL
#define SHARD_LEAST	64UL	/* results in a shard, or there are fewer shards */

static const struct memo_engine *const engines[] = {
	[QUARTET_MEMO_RCU] = &memo_rcu_engine,
	[QUARTET_MEMO_LOCK] = &memo_lock_engine,
	[QUARTET_MEMO_MONITOR] = &memo_monitor_engine,
};

static int check_refresh(const struct quartet_memo_params *params)
{
	if (!params->refresh_percent)
		return 0;
	if (params->engine != QUARTET_MEMO_RCU || params->refresh_percent > 99)
		return -EINVAL;
	return params->ttl && params->ttl != QUARTET_MEMO_FOR_EVER ? 0 : -EINVAL;
}

static int check_params(const struct quartet_memo_params *params)
{
	if (params->name && !quartet_is_name(params->name))
		return -EINVAL;
	if ((unsigned int)params->engine >= QUARTET_MEMO_ENGINES)
		return -EINVAL;
	if (params->flags & ~(QUARTET_MEMO_BUSTED | QUARTET_MEMO_NO_DETECT))
		return -EINVAL;
	if (params->func && params->func_name)
		return -EINVAL;
	if (!params->key_max || params->key_max > QUARTET_MEMO_MAX_KEY)
		return -EINVAL;
	if (params->value_max > QUARTET_MEMO_MAX_VALUE)
		return -EINVAL;
	if (!params->capacity || params->capacity > LONG_MAX || !params->bytes)
		return -EINVAL;
	if (params->gfp && !gfpflags_allow_blocking(params->gfp))
		return -EINVAL;
	return check_refresh(params);
}

/* Some a CPU, but not so many that each has next to nothing. */
static int init_shards(struct quartet_memo_body *body)
{
	unsigned long most = min(SHARDS_MOST, (unsigned long)SHARDS_A_CPU * num_possible_cpus());
	unsigned long n = clamp(body->params.capacity / SHARD_LEAST, 1UL, most);
	unsigned int i;

	body->shard_shift = 63 - ilog2(n);
	body->shards = kvcalloc(memo_shards(body), sizeof(*body->shards), body->params.gfp);
	if (!body->shards)
		return -ENOMEM;
	for (i = 0; i < memo_shards(body); i++) {
		raw_spin_lock_init(&body->shards[i].lock);
		INIT_LIST_HEAD(&body->shards[i].kept);
		INIT_LIST_HEAD(&body->shards[i].waited);
	}
	return 0;
}

static int find_function(struct quartet_memo_body *body)
{
	if (!body->params.func_name)
		return 0;
	body->function = memo_function_get(body->params.func_name);
	body->params.func_name = NULL;
	if (!body->function)
		return -ENOENT;
	body->params.func = body->function->func;
	body->params.data = body->function->data;
	return 0;
}

static struct quartet_memo_body *alloc_body(const struct quartet_memo_params *params)
{
	gfp_t gfp = params->gfp ?: GFP_KERNEL;
	struct quartet_memo_body *body = kzalloc(sizeof(*body), gfp);

	if (!body)
		return NULL;
	body->params = *params;
	if (params->name) {
		strscpy(body->name, params->name, sizeof(body->name));
		body->params.name = body->name;
	}
	body->params.gfp = gfp;
	body->engine = engines[params->engine];
	body->is_rcu = params->engine == QUARTET_MEMO_RCU;
	get_random_bytes(&body->secret, sizeof(body->secret));
	raw_spin_lock_init(&body->leads_lock);
	mutex_init(&body->sweeping);
	init_completion(&body->left);
	return body;
}

/* The last call is out. */
static void release_inside(struct percpu_ref *ref)
{
	complete(&container_of(ref, struct quartet_memo_body, inside)->left);
}

static int init_parts(struct quartet_memo_body *body)
{
	body->stats = alloc_percpu_gfp(struct quartet_memo_stats, body->params.gfp);
	if (!body->stats)
		return -ENOMEM;
	if (percpu_ref_init(&body->inside, release_inside, 0, body->params.gfp))
		goto no_ref;
	if (init_shards(body))
		goto no_shards;
	if (body->engine->init(body))
		goto no_engine;
	if (memo_shrinker_init(body))
		goto no_shrinker;
	return 0;

no_shrinker:
	body->engine->exit(body);
no_engine:
	kvfree(body->shards);
no_shards:
	percpu_ref_exit(&body->inside);
no_ref:
	free_percpu(body->stats);
	return -ENOMEM;
}

static void exit_parts(struct quartet_memo_body *body)
{
	body->engine->exit(body);
	kvfree(body->shards);
	percpu_ref_exit(&body->inside);
	free_percpu(body->stats);
}

static int init_body(struct quartet_memo_body *body)
{
	int err = find_function(body);

	if (err)
		return err;
	err = memo_list_add(body);
	if (err)
		goto no_name;
	err = init_parts(body);
	if (err)
		goto no_parts;
	return 0;

no_parts:
	memo_list_remove(body);
no_name:
	if (body->function)
		memo_function_put(body->function);
	return err;
}

/**
 * quartet_memo_init() - make a table
 * @memo: memory that no one else uses yet
 * @params: what of; copied
 *
 * Context: task, may sleep.
 * Return: 0; -EINVAL for a parameter that is out of its range, -EEXIST for a name that another
 * table has, -ENOENT for a function that nobody has registered, -ENOMEM. On failure nothing is
 * left behind, and @memo is as after quartet_memo_destroy().
 */
int quartet_memo_init(struct quartet_memo *memo, const struct quartet_memo_params *params)
{
	struct quartet_memo_body *body;
	int err = check_params(params);

	RCU_INIT_POINTER(memo->body, NULL);
	if (err)
		return err;
	body = alloc_body(params);
	if (!body)
		return -ENOMEM;
	err = init_body(body);
	if (err) {
		kfree(body);
		return err;
	}
	memo_list_show(body);
	memo_sweep_start(body);
	rcu_assign_pointer(memo->body, body);
	return 0;
}
EXPORT_SYMBOL_GPL(quartet_memo_init);

/* Each at its own moment: without their locks, which gets need. */
static u64 count_waiting(struct quartet_memo_body *body)
{
	struct memo_shard *shard;
	u64 waiting = 0;

	for (shard = body->shards; shard < body->shards + memo_shards(body); shard++)
		waiting += READ_ONCE(shard->nwaiting);
	return waiting;
}

/* However full the table is, this costs the same: anybody may ask, as often as he likes. */
void memo_read_body(struct quartet_memo_body *body, struct quartet_memo_state *state)
{
	unsigned int cpu;

	*state = (struct quartet_memo_state){ };
	for_each_possible_cpu(cpu) {
		struct quartet_memo_stats *stats = per_cpu_ptr(body->stats, cpu);

		/* data_race(): counters are each CPU's own, and may be torn for all we care. */
#define QUARTET_MEMO_STAT(name) state->stats.name += data_race(READ_ONCE(stats->name));
		QUARTET_MEMO_STATS(QUARTET_MEMO_STAT)
#undef QUARTET_MEMO_STAT
	}
	state->entries = atomic_long_read(&body->entries);
	state->bytes = atomic_long_read(&body->bytes);
	state->waiting = count_waiting(body);
}

static void wait_until_empty(struct quartet_memo_body *body)
{
	percpu_ref_kill(&body->inside);
	wait_for_completion(&body->left);
	/* And for hits, which do not count as inside. */
	synchronize_rcu();
}

/**
 * quartet_memo_destroy() - the end of a table
 * @memo: a table; one that was destroyed is left alone
 *
 * Who waits gets -ESHUTDOWN, at once, and so do leaders, when they have computed; this waits
 * for those, so that it must not be called from the table's own function. References to values
 * stay good. Calls that come later find nothing, as long as @memo is there.
 *
 * Context: task, may sleep.
 */
void quartet_memo_destroy(struct quartet_memo *memo)
{
	struct quartet_memo_body *body = unrcu_pointer(xchg(&memo->body, NULL));
	u64 charged, kept;

	if (!body)
		return;
	memo_close_queues(body);
	wait_until_empty(body);
	memo_sweep_stop(body);
	memo_shrinker_exit(body);
	memo_leads_exit(body);
	charged = atomic_long_read(&body->bytes);
	kept = memo_count_bytes(body);
	WARN(charged != kept, "quartet: memo %s: %llu bytes charged, %llu kept\n", body->name,
	     charged, kept);
	memo_list_remove(body);
	exit_parts(body);
	if (body->function)
		memo_function_put(body->function);
	kfree(body);
}
EXPORT_SYMBOL_GPL(quartet_memo_destroy);

/* NULL if it is destroyed, or never was; else memo_leave(). */
struct quartet_memo_body *memo_enter(struct quartet_memo *memo)
{
	struct quartet_memo_body *body;

	rcu_read_lock();
	body = rcu_dereference(memo->body);
	if (body && !percpu_ref_tryget_live(&body->inside))
		body = NULL;
	rcu_read_unlock();
	return body;
}

/**
 * quartet_memo_read() - what a table has done and holds
 * @memo: a table
 * @state: filled; each number is of its own moment, unless nobody uses the table
 *
 * Context: task.
 */
void quartet_memo_read(struct quartet_memo *memo, struct quartet_memo_state *state)
{
	struct quartet_memo_body *body = memo_enter(memo);

	*state = (struct quartet_memo_state){ };
	if (!body)
		return;
	memo_read_body(body, state);
	memo_leave(body);
}
EXPORT_SYMBOL_GPL(quartet_memo_read);

/**
 * quartet_memo_count_bytes() - what is kept, added up: for tests, as it looks at all results
 * @memo: a table
 *
 * Context: task, may sleep.
 * Return: bytes; if nobody uses the table, what quartet_memo_read() says.
 */
u64 quartet_memo_count_bytes(struct quartet_memo *memo)
{
	struct quartet_memo_body *body = memo_enter(memo);
	u64 bytes;

	if (!body)
		return 0;
	bytes = memo_count_bytes(body);
	memo_leave(body);
	return bytes;
}
EXPORT_SYMBOL_GPL(quartet_memo_count_bytes);

static bool forget(struct quartet_memo_body *body, struct memo_entry *entry)
{
	struct memo_shard *shard = memo_shard_of(body, entry);
	bool was_there, made_gone;

	raw_spin_lock(&shard->lock);
	/* Who has inserted it may be about to lead: then there is nothing to forget. */
	made_gone = !entry->gone && (entry->token || memo_value_of(shard, entry));
	was_there = made_gone && entry->epoch == READ_ONCE(body->epoch);
	if (made_gone)
		memo_make_gone(body, shard, entry);
	raw_spin_unlock(&shard->lock);
	if (made_gone)
		memo_remove(body, entry);
	return was_there;
}

/**
 * quartet_memo_forget() - the result of a key is not to be had any more
 * @memo: a table
 * @key: @key_len bytes
 * @key_len: 1 to the table's key_max
 *
 * A computation under way goes on for those who wait for it, but its result is not kept; a get
 * after this computes anew, at the same time if need be.
 *
 * Context: task, may sleep.
 * Return: 0; -ENOENT if there was neither a result nor a computation, -EINVAL for a
 * key's length, -ESHUTDOWN.
 */
int quartet_memo_forget(struct quartet_memo *memo, const void *key, size_t key_len)
{
	struct memo_key wanted = { .bytes = key, .len = key_len };
	struct quartet_memo_body *body = memo_enter(memo);
	struct memo_entry *entry;
	int err = -ENOENT;

	if (!body)
		return -ESHUTDOWN;
	if (!key_len || key_len > body->params.key_max) {
		memo_leave(body);
		return -EINVAL;
	}
	wanted.hash = siphash(key, key_len, &body->secret);
	entry = body->engine->find(body, &wanted);
	if (entry) {
		if (forget(body, entry)) {
			memo_count(body, forgotten);
			err = 0;
		}
		memo_entry_put(entry);
	}
	memo_leave(body);
	return err;
}
EXPORT_SYMBOL_GPL(quartet_memo_forget);

/**
 * quartet_memo_clear() - quartet_memo_forget() all keys
 * @memo: a table
 *
 * Context: task, may sleep.
 * Return: how many results there were, without computations under way, which will not be kept.
 */
unsigned long quartet_memo_clear(struct quartet_memo *memo)
{
	struct quartet_memo_body *body = memo_enter(memo);
	unsigned long n;

	if (!body)
		return 0;
	/* What is kept from here on has begun after this, and may go nevertheless. */
	mutex_lock(&body->sweeping);
	WRITE_ONCE(body->epoch, body->epoch + 1);
	mutex_unlock(&body->sweeping);
	/* What comes to a shard after this has seen the epoch (litmus: memo-epoch). */
	n = memo_sweep_all(body);
	raw_cpu_add(body->stats->forgotten, n);
	memo_leave(body);
	return n;
}
EXPORT_SYMBOL_GPL(quartet_memo_clear);

/**
 * quartet_memo_sweep() - take out what has expired, which happens now and then anyway
 * @memo: a table
 *
 * Context: task, may sleep.
 * Return: how many results.
 */
unsigned long quartet_memo_sweep(struct quartet_memo *memo)
{
	struct quartet_memo_body *body = memo_enter(memo);
	unsigned long n;

	if (!body)
		return 0;
	n = memo_sweep_expired(body);
	memo_leave(body);
	return n;
}
EXPORT_SYMBOL_GPL(quartet_memo_sweep);

/**
 * quartet_memo_evict() - make room, as the shrinker does
 * @memo: a table
 * @number: of results
 *
 * Context: task, may sleep.
 * Return: how many have gone.
 */
unsigned long quartet_memo_evict(struct quartet_memo *memo, unsigned long number)
{
	struct quartet_memo_body *body = memo_enter(memo);
	unsigned long n;

	if (!body)
		return 0;
	n = memo_evict_some(body, number);
	memo_leave(body);
	return n;
}
EXPORT_SYMBOL_GPL(quartet_memo_evict);
