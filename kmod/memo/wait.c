// SPDX-License-Identifier: GPL-2.0-only
/*
 * Those who wait for a computation.
 *
 * A waiter is decided upon once, under the shard's lock, by being taken out of the queue: alone,
 * as the one that leads next; or with all others, when there is a result. The queue of a whole
 * stampede is moved in one step, and its round is over: so a waiter that wants to leave
 * sees, by its round, that it is not in the queue any more, though it is linked.
 *
 * Whoever decides then wakes, without locks, each waiter after it has written to it the
 * last time. A waiter that comes too late to leave waits for that.
 */
#include <linux/export.h>
#include <linux/hrtimer.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include <quartet/race.h>

#include "../base/histogram.h"
#include "body.h"

/* Under the shard's lock; the caller's reference to the entry becomes the waiter's. */
void memo_queue(struct quartet_memo_body *body, struct memo_shard *shard,
		struct memo_entry *entry, struct quartet_memo_waiter *waiter)
{
	lockdep_assert_held(&shard->lock);
	waiter->entry = entry;
	waiter->round = entry->round;
	waiter->since = ktime_get_ns();
	waiter->result = NULL;
	waiter->promoted = false;
	waiter->closed = false;
	waiter->done = false;
	list_add_tail(&waiter->list, &entry->waiters);
	if (!entry->nwaiters++)
		list_add_tail(&entry->waited, &shard->waited);
	WRITE_ONCE(shard->nwaiting, shard->nwaiting + 1);
	memo_count(body, joined);
}

static void forget_waiters(struct memo_shard *shard, struct memo_entry *entry, unsigned int n)
{
	entry->nwaiters -= n;
	WRITE_ONCE(shard->nwaiting, shard->nwaiting - n);
	if (!entry->nwaiters)
		list_del(&entry->waited);
}

static void dequeue(struct memo_shard *shard, struct memo_entry *entry,
		    struct quartet_memo_waiter *waiter)
{
	list_del(&waiter->list);
	forget_waiters(shard, entry, 1);
}

/* NULL if nobody waits. */
struct quartet_memo_waiter *memo_dequeue_first(struct memo_shard *shard, struct memo_entry *entry)
{
	struct quartet_memo_waiter *first;

	lockdep_assert_held(&shard->lock);
	first = list_first_entry_or_null(&entry->waiters, struct quartet_memo_waiter, list);
	if (first)
		dequeue(shard, entry, first);
	return first;
}

/* The round is over. */
unsigned int memo_dequeue_all(struct memo_shard *shard, struct memo_entry *entry,
			      struct list_head *waiters)
{
	unsigned int n = entry->nwaiters;

	lockdep_assert_held(&shard->lock);
	entry->round++;
	if (!n)
		return 0;
	list_splice_tail_init(&entry->waiters, waiters);
	forget_waiters(shard, entry, n);
	return n;
}

/* The last that is done with a waiter: it may be gone then. */
void memo_wake(struct quartet_memo_waiter *waiter)
{
	struct task_struct *task = waiter->task;

	quartet_race_release(waiter);
	if (!task) {
		waiter->wake(waiter);
		return;
	}
	get_task_struct(task);
	/*
	 * B: matches the acquires of is_done(); the task may return then, and end
	 * (litmus: memo-result, memo-waiter-gone)
	 */
	smp_store_release(&waiter->done, true);
	wake_up_process(task);
	put_task_struct(task);
}

/* A value comes with a reference for each of them; @closed, and @result is no result. */
void memo_wake_all(struct list_head *waiters, struct quartet_memo_value *result, bool closed)
{
	struct quartet_memo_waiter *waiter, *next;

	list_for_each_entry_safe(waiter, next, waiters, list) {
		waiter->result = result;
		waiter->closed = closed;
		memo_wake(waiter);
	}
}

/* True if nobody has decided on it, and nobody will. */
bool memo_leave_queue(struct quartet_memo_body *body, struct quartet_memo_waiter *waiter)
{
	struct memo_entry *entry = waiter->entry;
	struct memo_shard *shard = memo_shard_of(body, entry);
	bool queued;

	raw_spin_lock(&shard->lock);
	queued = waiter->round == entry->round && !waiter->promoted;
	if (queued)
		dequeue(shard, entry, waiter);
	raw_spin_unlock(&shard->lock);
	if (queued)
		memo_count(body, left);
	return queued;
}

/* For a table that closes: whoever comes to a shard after this sees that (litmus: memo-closing). */
void memo_close_queues(struct quartet_memo_body *body)
{
	struct memo_entry *entry, *next;
	struct memo_shard *shard;
	LIST_HEAD(waiters);

	WRITE_ONCE(body->closing, true);
	for (shard = body->shards; shard < body->shards + memo_shards(body); shard++) {
		raw_spin_lock(&shard->lock);
		list_for_each_entry_safe(entry, next, &shard->waited, waited)
			memo_dequeue_all(shard, entry, &waiters);
		raw_spin_unlock(&shard->lock);
	}
	memo_wake_all(&waiters, ERR_PTR(-ESHUTDOWN), true);
}

/*
 * Under the shard's lock: queues, unless that closes a cycle. The edge leads to whoever leads
 * at the time.
 */
int memo_sleep_begin(struct quartet_memo_body *body, struct memo_shard *shard,
		     struct memo_entry *entry, struct memo_sleep *sleep)
{
	bool detect = !(body->params.flags & QUARTET_MEMO_NO_DETECT);

	sleep->edge.waiter = sleep->waiter.owner;
	sleep->edge.holder = &entry->owner;
	if (detect ? !wait_graph_add(&sleep->edge) : entry->owner == sleep->waiter.owner) {
		memo_count(body, deadlocks);
		return -EDEADLK;
	}
	if (detect)
		atomic_inc(&entry->edges);
	memo_queue(body, shard, entry, &sleep->waiter);
	return 0;
}

/*
 * A waiter that has its result may be slow to come here, and its edge is still there: until then
 * nobody leads in this entry anew, or the edge would be taken for a wait for that one. The lock of
 * the graph orders its removal before the count (litmus: memo-edges).
 */
static void remove_edge(struct quartet_memo_body *body, struct memo_sleep *sleep)
{
	if (body->params.flags & QUARTET_MEMO_NO_DETECT)
		return;
	wait_graph_remove(&sleep->edge);
	atomic_dec(&sleep->waiter.entry->edges);
}

static bool is_done(struct quartet_memo_waiter *waiter)
{
	/* B: whatever was decided is there */
	return smp_load_acquire(&waiter->done);
}

static void sleep_until(const ktime_t *deadline)
{
	ktime_t until;

	if (!deadline) {
		schedule();
		return;
	}
	until = *deadline;
	schedule_hrtimeout(&until, HRTIMER_MODE_ABS);
}

/* 0 if it is decided; without a request, it is about to be. */
static int sleep_in(unsigned int state, struct quartet_memo_waiter *waiter,
		    const struct memo_request *req)
{
	const ktime_t *deadline = req ? req->deadline : NULL;
	int err = 0;

	for (;;) {
		set_current_state(state);
		if (is_done(waiter))
			break;
		if (signal_pending_state(state, current))
			err = -EINTR;
		else if (req && req->stop && READ_ONCE(*req->stop))
			err = -ECANCELED;
		else if (deadline && ktime_compare(ktime_get(), *deadline) >= 0)
			err = -ETIMEDOUT;
		if (err)
			break;
		sleep_until(deadline);
	}
	__set_current_state(TASK_RUNNING);
	return err;
}

static void record_wait(struct quartet_memo_body *body, u64 since)
{
	u64 *bucket;

	if (!body->waits)
		return;
	bucket = &body->waits[quartet_hist_index(ktime_get_ns() - since)];
	WRITE_ONCE(*bucket, READ_ONCE(*bucket) + 1);
}

/* True if the caller leads, which it does if @err is 0; else it passes that on. */
static bool take_lead(struct quartet_memo_body *body, struct memo_request *req,
		      struct quartet_memo_waiter *waiter, int err,
		      struct quartet_memo_value **answer)
{
	req->lead = waiter->lead;
	if (!err)
		return true;
	memo_abandon(body, waiter->entry, &waiter->lead);
	*answer = ERR_PTR(err);
	return false;
}

static struct quartet_memo_value *take_result(struct memo_request *req,
					      struct quartet_memo_waiter *waiter)
{
	if (!waiter->closed)
		req->what = QUARTET_MEMO_JOINED;
	return waiter->result;
}

/*
 * A result that crosses the wish to leave is a result; a lead that does passes to the next.
 * True means that the caller leads; else there is an answer.
 */
bool memo_sleep(struct quartet_memo_body *body, struct memo_request *req,
		struct memo_sleep *sleep, struct quartet_memo_value **answer)
{
	struct quartet_memo_waiter *waiter = &sleep->waiter;
	unsigned int state = req->flags & QUARTET_MEMO_KILLABLE ? TASK_KILLABLE :
								  TASK_INTERRUPTIBLE;
	int err = sleep_in(state, waiter, req);
	bool left = err && memo_leave_queue(body, waiter);
	bool leads = false;

	if (err && !left)
		sleep_in(TASK_UNINTERRUPTIBLE, waiter, NULL);
	remove_edge(body, sleep);
	record_wait(body, waiter->since);
	quartet_race_acquire(waiter);
	if (left)
		*answer = ERR_PTR(err);
	else if (waiter->promoted)
		leads = take_lead(body, req, waiter, err, answer);
	else
		*answer = take_result(req, waiter);
	memo_entry_put(waiter->entry);
	return leads;
}
