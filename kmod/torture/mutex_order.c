// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bound of a fair mutex, as the order of its grants: once the head of the
 * queue has waited for more than starve_ns, nobody is granted before it.
 *
 * Judged from outside: nothing needs to be taken from the mutex but who stands at the
 * head of its queue, so that a mutex whose clock or queue is wrong is found out.
 *
 *   1. A holder sees contender H at the head of the queue, in H's attempt a, and
 *      notes the time, after the look. H queued before that, so its wait is at
 *      least as long as the time since. A head stays the head until it is granted or gives up.
 *   2. A later holder, number n, finds that this was more than starve_ns ago and
 *      that H is in attempt a still. H has starved, and the lock is held: whoever
 *      unlocks it must hand it to H. The holder marks H: (a, n). So it does too
 *      if the mutex itself says, when asked, that the head has starved.
 *   3. H, once granted in attempt a, is number n + 1, or it was overtaken, by as
 *      many as came between. H itself judges it.
 *
 * No false alarm: if H gives up, it is granted in another attempt, or never, and the
 * mark means nothing. H may give up and come back between the look at the queue and
 * the look at its attempt, so the queue is looked at again: an attempt read
 * between two sights of H is no later than the one in which it was seen the second
 * time; if it is that one, H was at the head in it; if it is an earlier
 * one, it is over. The clock is CLOCK_MONOTONIC, as the mutex's is; only that
 * "more than starve_ns ago" is true matters, not how much more.
 *
 * What is not seen is not judged: result.order_checks says how many heads were marked.
 *
 * All here runs with the lock held, so its data is as safe as the lock; a lock that does
 * not exclude is found out by that.
 */
#include <linux/kthread.h>
#include <linux/ktime.h>

#include "mutex.h"

#define LONG_HOLD_NS	(10 * NSEC_PER_USEC)
#define SHORT_HOLDS	8	/* of these, one in so many looks: a look costs as much as a hold */

/* Its thread lives as long as the run. */
static struct mutex_contender *contender_of(const struct task_struct *task)
{
	return task ? mutex_contender_of(kthread_data((struct task_struct *)task)) : NULL;
}

static void mark(struct mutex_run *run, struct mutex_contender *head, u64 attempt)
{
	if (head->watched_attempt == attempt)
		return;
	head->watched_attempt = attempt;
	head->watched_turn = run->arena.turn;
	run->base.result.order_checks++;
}

/* Step 1, and the mutex's own word. */
static void look_for_head(struct mutex_run *run)
{
	const struct mutex_ops *ops = run->ops;
	struct mutex_arena *arena = &run->arena;
	struct mutex_contender *head = contender_of(ops->head(&arena->lock));
	u64 attempt;

	if (!head)
		return;
	attempt = READ_ONCE(head->attempt);
	if (contender_of(ops->starved(&arena->lock)) == head) {
		mark(run, head, attempt);
	} else if (contender_of(ops->head(&arena->lock)) == head) {
		arena->head = head;
		arena->head_attempt = attempt;
		arena->head_seen = ktime_get_ns();
	}
}

/* By the holder, while it holds the lock; the later, the more there is to see. */
void mutex_watch_order(struct mutex_run *run)
{
	struct mutex_arena *arena = &run->arena;

	if (!run->ops->head)
		return;
	if (arena->head && READ_ONCE(arena->head->attempt) == arena->head_attempt) {
		if (ktime_get_ns() - arena->head_seen > run->args.starve_ns)
			mark(run, arena->head, arena->head_attempt);	/* step 2 */
		return;
	}
	arena->head = NULL;
	if (run->args.request.hold_ns >= LONG_HOLD_NS || !(arena->turn % SHORT_HOLDS))
		look_for_head(run);
}

/* Step 3: by the holder @c, as soon as it holds the lock and its turn is counted. */
void mutex_judge_order(struct mutex_run *run, const struct mutex_contender *c)
{
	if (c == run->arena.head)
		run->arena.head = NULL;
	if (c->watched_attempt == c->attempt)
		run->base.result.inversions += run->arena.turn - c->watched_turn - 1;
}
