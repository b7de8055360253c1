// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way of a get: hit, or lead, or wait.
 *
 * A value comes to a get as a pointer with a reference, and is copied without locks; but for a
 * hit in the rcu engine, which copies in its read section, and has neither.
 */
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/sched.h>

#include <quartet/race.h>

#include "rcu.h"

#define KNOWN_FLAGS	(QUARTET_MEMO_PEEK | QUARTET_MEMO_STALE | QUARTET_MEMO_KILLABLE)

#define INLINE_COPY	64

enum next {
	ANSWER,		/* a value with a reference, or an error pointer */
	LEAD,		/* the caller leads the entry */
	AGAIN,		/* the entry was gone */
	SLEEP,		/* the caller is queued, and is to sleep */
	QUEUED,		/* the request's waiter is; who decides has the entry's reference */
};

static struct quartet_memo_value *refer(struct memo_request *req, struct quartet_memo_value *value,
					enum quartet_memo_what what)
{
	req->what = what;
	refcount_inc(&value->refs);
	return value;
}

/*
 * Under the shard's lock: what is there, if this request may have it. A value that is about to
 * expire is for all but one, who is not to be told so.
 */
static struct quartet_memo_value *usable(struct memo_shard *shard, struct memo_entry *entry,
					 struct memo_request *req)
{
	struct quartet_memo_value *value = memo_value_of(shard, entry);

	if (!value)
		return NULL;
	if (IS_ERR(value)) {
		if (!memo_is_before(entry->err_expires))
			return NULL;
		req->what = QUARTET_MEMO_FAILED;
		return value;
	}
	if (memo_is_before(value->fresh))
		return refer(req, value, QUARTET_MEMO_HIT);
	if (memo_is_before(value->expires)) {
		bool spared = entry->token || req->flags & QUARTET_MEMO_NOLEAD ||
			      atomic_read_acquire(&entry->edges);

		return spared ? refer(req, value, QUARTET_MEMO_HIT) : NULL;
	}
	return req->flags & QUARTET_MEMO_STALE ? refer(req, value, QUARTET_MEMO_OLD) : NULL;
}

/*
 * Under the shard's lock: the entry has no leader, and nothing good. Here and in promotions tokens
 * are drawn: who leads a key later has the larger one, as a key's entries are of one shard.
 */
static enum next lead_again(struct quartet_memo_body *body, struct memo_shard *shard,
			    struct memo_entry *entry, struct memo_request *req,
			    struct quartet_memo_value **answer)
{
	struct quartet_memo_value *value = memo_value_of(shard, entry);

	if (req->flags & QUARTET_MEMO_NOLEAD) {
		*answer = ERR_PTR(-ENOENT);
		return ANSWER;
	}
	if (value && (IS_ERR(value) || !memo_is_before(value->expires)))
		memo_count(body, expiries);
	else if (value)
		memo_count(body, refreshes);
	/* Edges of waiters that have not come round to remove them: see remove_edge(). */
	if (atomic_read_acquire(&entry->edges)) {
		memo_make_gone(body, shard, entry);
		return AGAIN;
	}
	memo_count(body, misses);
	memo_lead_begin(body, entry, req);
	memo_lead_add(body, entry);
	return LEAD;
}

/* Under the shard's lock: somebody leads. */
static enum next join(struct quartet_memo_body *body, struct memo_shard *shard,
		      struct memo_entry *entry, struct memo_request *req,
		      struct memo_sleep *sleep, struct quartet_memo_value **answer)
{
	int err = -EAGAIN;

	if (req->flags & QUARTET_MEMO_NOWAIT)
		goto refused;
	if (req->waiter) {
		memo_queue(body, shard, entry, req->waiter);
		return QUEUED;
	}
	sleep->waiter.task = current;
	sleep->waiter.owner = req->owner;
	err = memo_sleep_begin(body, shard, entry, sleep);
	if (!err)
		return SLEEP;
refused:
	*answer = ERR_PTR(err);
	return ANSWER;
}

/* Nobody may find it any more, and it is for this caller to make that so. */
static bool outdate(struct quartet_memo_body *body, struct memo_shard *shard,
		    struct memo_entry *entry)
{
	if (entry->gone || entry->epoch == READ_ONCE(body->epoch))
		return false;
	memo_make_gone(body, shard, entry);
	return true;
}

/*
 * With a reference to an entry, which becomes the leader's if it leads, or a waiter's.
 *
 * Only the shard's lock is held in here, so that all that is decided is of one moment.
 */
static enum next meet(struct quartet_memo_body *body, struct memo_request *req,
		      struct memo_entry *entry, struct quartet_memo_value **answer)
{
	struct memo_shard *shard = memo_shard_of(body, entry);
	enum next next = ANSWER;
	struct memo_sleep sleep;
	bool made_gone;

	raw_spin_lock(&shard->lock);
	made_gone = outdate(body, shard, entry);
	if (READ_ONCE(body->closing)) {
		*answer = ERR_PTR(-ESHUTDOWN);
	} else if (entry->gone) {
		next = AGAIN;
	} else {
		*answer = usable(shard, entry, req);
		if (!*answer && entry->token) {
			next = join(body, shard, entry, req, &sleep, answer);
		} else if (!*answer) {
			next = lead_again(body, shard, entry, req, answer);
			made_gone = next == AGAIN;
		}
	}
	/*
	 * Not by its first leader. Once the lock is dropped, an async waiter's reference may be
	 * gone.
	 */
	if (next != LEAD || memo_value_of(shard, entry))
		memo_visit(entry);
	raw_spin_unlock(&shard->lock);
	if (made_gone)
		memo_remove(body, entry);
	else if (next == AGAIN)
		body->engine->remove(body, entry);
	if (next == SLEEP)
		return memo_sleep(body, req, &sleep, answer) ? LEAD : ANSWER;
	if (next == ANSWER || next == AGAIN)
		memo_entry_put(entry);
	return next;
}

/*
 * For tests: who has found nothing waits until another one has, too, but not for long. Then the
 * two go on at the same time, however loaded the machine is.
 */
static void busted_pause(struct quartet_memo_body *body)
{
	int tries;

	if (atomic_cmpxchg(&body->looker, 1, 0) || atomic_cmpxchg(&body->looker, 0, 1))
		return;
	for (tries = 0; tries < 100 && atomic_read(&body->looker); tries++)
		usleep_range(50, 100);
	atomic_set(&body->looker, 0);
}

/*
 * Nobody has the key, or had it when we looked: begins a computation, or meets another's.
 *
 * In a table with a function, who inserts leads. Where callers lead, the entry that is inserted has
 * no leader yet, and the first to have its shard's lock leads.
 */
static enum next begin(struct quartet_memo_body *body, struct memo_request *req,
		       struct memo_entry **entry, struct quartet_memo_value **answer)
{
	struct memo_entry *other;

	*entry = memo_entry_new(body, &req->key, READ_ONCE(body->epoch));
	if (!*entry) {
		*answer = ERR_PTR(-ENOMEM);
		return ANSWER;
	}
	/* The leader's; from the insertion on the other is the table's. */
	refcount_set(&(*entry)->refs, 2);
	if (!memo_is_external(body))
		memo_lead_begin(body, *entry, req);
	if (body->params.flags & QUARTET_MEMO_BUSTED)
		busted_pause(body);
	other = body->engine->insert(body, *entry);
	if (!other && memo_is_external(body))
		return meet(body, req, *entry, answer);
	if (!other) {
		memo_count(body, misses);
		memo_lead_add(body, *entry);
		return LEAD;
	}
	memo_entry_free(*entry);
	*entry = other;
	if (!IS_ERR(other))
		return meet(body, req, other, answer);
	*answer = ERR_CAST(other);
	return ANSWER;
}

static enum next look(struct quartet_memo_body *body, struct memo_request *req,
		      struct memo_entry **entry, struct quartet_memo_value **answer)
{
	*entry = req->absent ? NULL : body->engine->find(body, &req->key);
	req->absent = false;
	if (*entry)
		return meet(body, req, *entry, answer);
	if (req->flags & QUARTET_MEMO_NOLEAD) {
		*answer = ERR_PTR(-ENOENT);
		return ANSWER;
	}
	return begin(body, req, entry, answer);
}

/* A value with a reference, or an error pointer; what it is, is in @req. */
static struct quartet_memo_value *obtain(struct quartet_memo_body *body, struct memo_request *req)
{
	struct quartet_memo_value *answer = NULL;
	struct memo_entry *entry;
	enum next next;

	do {
		next = look(body, req, &entry, &answer);
	} while (next == AGAIN);
	if (next == QUEUED) {
		req->what = QUARTET_MEMO_QUEUED;
		return ERR_PTR(-EINPROGRESS);
	}
	if (next == LEAD && memo_is_external(body)) {
		req->what = QUARTET_MEMO_LEAD;
		return ERR_PTR(-ENODATA);
	}
	if (next == LEAD)
		answer = memo_compute(body, entry, req);
	if (req->what == QUARTET_MEMO_HIT || req->what == QUARTET_MEMO_OLD)
		memo_count(body, hits);
	else if (IS_ERR(answer) && req->what != QUARTET_MEMO_NOTHING)
		memo_count(body, errors);
	return answer;
}

static const void *owner_of(const struct quartet_memo_how *how)
{
	if (how && how->owner)
		return how->owner;
	return how && how->call ? how->call->lead.owner : current;
}

/* 0, or what is wrong with the request. */
static int check_request(struct quartet_memo_body *body, const struct quartet_memo_how *how,
			 size_t key_len)
{
	if (!key_len || key_len > body->params.key_max)
		return -EINVAL;
	if (memo_is_external(body) && !how)
		return -EINVAL;
	return how && how->flags & ~KNOWN_FLAGS ? -EINVAL : 0;
}

void memo_tell(struct quartet_memo_how *how, const struct memo_request *req,
	       const struct quartet_memo_value *value)
{
	if (!how)
		return;
	how->what = req->what;
	how->len = IS_ERR(value) ? 0 : value->len;
	if (req->what == QUARTET_MEMO_LEAD)
		how->lead = req->lead;
}

static struct quartet_memo_value *get_inside(struct quartet_memo_body *body,
					     struct memo_request *req,
					     const struct quartet_memo_how *how)
{
	int err = check_request(body, how, req->key.len);

	if (err)
		return ERR_PTR(err);
	if (req->waiter && !memo_is_external(body))
		return ERR_PTR(-EOPNOTSUPP);
	if (!req->absent)
		req->key.hash = siphash(req->key.bytes, req->key.len, &body->secret);
	req->flags = how ? how->flags : 0;
	req->deadline = how ? how->deadline : NULL;
	req->stop = how ? how->stop : NULL;
	req->owner = owner_of(how);
	return obtain(body, req);
}

/* The get that did not hit; its key is hashed if @req says that it is absent. */
struct quartet_memo_value *memo_get_slow(struct quartet_memo *memo, struct memo_request *req,
					 struct quartet_memo_how *how)
{
	struct quartet_memo_body *body = memo_enter(memo);
	struct quartet_memo_value *value = ERR_PTR(-ESHUTDOWN);

	if (body) {
		value = get_inside(body, req, how);
		memo_leave(body);
	}
	memo_tell(how, req, value);
	return value;
}

/* Consumes the reference. */
ssize_t memo_copy(struct quartet_memo_value *value, void *to, size_t size)
{
	ssize_t len = value->len;

	quartet_race_acquire(value);
	if (len > size)
		len = -ENOBUFS;
	else
		memcpy(to, value->data, len);
	memo_value_put(value);
	return len;
}

/* Apart, for the sake of the stack that a hit need not set up. */
static noinline ssize_t get_missed(struct quartet_memo *memo, const struct memo_key *key,
				   bool absent, void *value, size_t size,
				   struct quartet_memo_how *how)
{
	struct memo_request req = { .key = *key, .absent = absent };
	struct quartet_memo_value *found = memo_get_slow(memo, &req, how);

	return IS_ERR(found) ? PTR_ERR(found) : memo_copy(found, value, size);
}

/* In words, as long as that is less than a call and its way to the best copy. */
static __always_inline void copy_bytes(u8 *to, const u8 *from, size_t len)
{
	if (len > INLINE_COPY) {
		memcpy(to, from, len);
		return;
	}
	for (; len >= 2 * sizeof(u64); len -= 2 * sizeof(u64)) {
		memcpy(to, from, 2 * sizeof(u64));
		from += 2 * sizeof(u64);
		to += 2 * sizeof(u64);
	}
	while (len--)
		*to++ = *from++;
}

/* A value or an error that was there, copied. */
static __always_inline ssize_t copy_hit(const struct quartet_memo_value *found, void *value,
					size_t size, struct quartet_memo_how *how)
{
	ssize_t len;

	if (IS_ERR(found)) {
		if (how) {
			how->what = QUARTET_MEMO_FAILED;
			how->len = 0;
		}
		return PTR_ERR(found);
	}
	len = found->len;
	if (how) {
		how->what = QUARTET_MEMO_HIT;
		how->len = len;
	}
	if (unlikely(len > size))
		return -ENOBUFS;
	quartet_race_acquire(found);
	copy_bytes(value, found->data, len);
	return len;
}

/**
 * quartet_memo_get() - the value of a key, computed if nobody has
 * @memo: a table
 * @key: @key_len bytes
 * @key_len: 1 to the table's key_max
 * @value: where it is copied to
 * @size: room there
 * @how: see &struct quartet_memo_how; or NULL, in a table with a function, to wait
 *	interruptibly and compute
 *
 * What the table's function needs, it must be possible to do where this is called: without
 * locks that it takes, too, and not in reclaim, if it allocates.
 *
 * Context: task, may sleep. In the rcu engine with QUARTET_MEMO_PEEK it does not, but for the
 * removal of what has been forgotten.
 * Return: the length of the value; or what &enum quartet_memo_what says:
 *
 * * the function's error, or that of quartet_memo_fail(), and @how says FAILED, JOINED or COMPUTED
 * * -ENODATA, and LEAD: the caller leads, with how->lead
 * * else the errno is the get's own, and NOTHING: -EAGAIN and -ENOENT as the flags say; -EINTR, by
 *   a signal, or as the function says so; -ETIMEDOUT; -EDEADLK: the one who leads waits, by however
 *   many others, for the owner of this get; -ESHUTDOWN; -ENOMEM; -EINVAL for a
 *   key's length, for unknown flags, or for @how without which nobody could lead
 * * -ENOBUFS if there is a value, but @size is less than how->len
 *
 * Ordering: acquire, for what the leader did before its result.
 */
ssize_t quartet_memo_get(struct quartet_memo *memo, const void *key, size_t key_len,
			 void *value, size_t size, struct quartet_memo_how *how)
{
	struct memo_key wanted = { .bytes = key, .len = key_len };
	struct quartet_memo_value *found;
	bool absent;
	ssize_t len;

	rcu_read_lock();
	found = memo_hit(memo, &wanted, &absent);
	if (likely(found)) {
		len = copy_hit(found, value, size, how);
		rcu_read_unlock();
		return len;
	}
	rcu_read_unlock();
	return get_missed(memo, &wanted, absent, value, size, how);
}
EXPORT_SYMBOL_GPL(quartet_memo_get);
