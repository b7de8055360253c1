// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memo tables with many callers: who waits, who leads, who leaves and who is promoted; cycles;
 * and the end of a table that is in use. In every engine, one step at a time.
 */
#include <linux/delay.h>
#include <linux/sched/signal.h>

#include "memo.h"

#define ASKERS	8
#define SOON_MS	20

static struct quartet_memo memo, other;
static struct memo_asker askers[ASKERS];

/* A fresh table; the askers forget what they had. */
static int begin(struct quartet_memo_params params)
{
	memset(askers, 0, sizeof(askers));
	return quartet_memo_init(&memo, &params);
}

/* So many, that wait one behind the other for what somebody computes. */
static void queue(unsigned int n, const char *key, const struct quartet_memo_how *how)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		memo_ask(&askers[i], &memo, key, how);
		memo_wait_for(&memo, i + 1);
	}
}

/* A function's leader, which is in it when this returns; then so many who wait. */
static void hold_up(unsigned int n)
{
	memo_plan.held = true;
	memo_ask(&askers[ASKERS - 1], &memo, "key", NULL);
	wait_for_completion(&memo_plan.started);
	queue(n, "key", NULL);
}

MEMO_CASE(stampede)
{
	unsigned int i;

	EXPECT(!begin(memo_params()));
	hold_up(ASKERS - 1);
	complete_all(&memo_plan.go);
	for (i = 0; i < ASKERS; i++) {
		EXPECT(memo_answer(&askers[i]) == 3 && !memcmp(askers[i].value, "key", 3));
		EXPECT(askers[i].how.what == (i == ASKERS - 1 ? QUARTET_MEMO_COMPUTED :
								QUARTET_MEMO_JOINED));
	}
	EXPECT(memo_calls() == 1 && memo_is_exact(&memo, 1));
	EXPECT(memo_state(&memo).stats.joined == ASKERS - 1);
	quartet_memo_destroy(&memo);
	return NULL;
}

/* Nobody waits for another key. */
MEMO_CASE(in_parallel)
{
	EXPECT(!begin(memo_params()));
	memo_plan.held = true;
	memo_ask(&askers[0], &memo, "one", NULL);
	memo_ask(&askers[1], &memo, "two", NULL);
	wait_for_completion(&memo_plan.started);
	wait_for_completion(&memo_plan.started);
	complete_all(&memo_plan.go);
	EXPECT(memo_answer(&askers[0]) == 3 && memo_answer(&askers[1]) == 3);
	EXPECT(memo_is_exact(&memo, 2));
	quartet_memo_destroy(&memo);
	return NULL;
}

MEMO_CASE(errors_reach_all)
{
	unsigned int i;

	EXPECT(!begin(memo_params()));
	memo_plan.err = -EIO;
	hold_up(3);
	complete_all(&memo_plan.go);
	for (i = 0; i < 3; i++)
		EXPECT(memo_answer(&askers[i]) == -EIO &&
		       askers[i].how.what == QUARTET_MEMO_JOINED);
	EXPECT(memo_answer(&askers[ASKERS - 1]) == -EIO);
	EXPECT(memo_state(&memo).stats.errors == 4 && memo_is_exact(&memo, 1));
	quartet_memo_destroy(&memo);
	return NULL;
}

/* By a signal, by a deadline, from the head, the middle and the tail. */
MEMO_CASE(waiters_leave)
{
	ktime_t soon = ktime_add_ms(ktime_get(), SOON_MS);
	struct quartet_memo_how hurried = { .deadline = &soon };
	struct quartet_memo_how killable = { .flags = QUARTET_MEMO_KILLABLE };

	EXPECT(!begin(memo_params()));
	hold_up(4);
	memo_ask(&askers[4], &memo, "key", &hurried);
	EXPECT(memo_answer(&askers[4]) == -ETIMEDOUT && ktime_get() >= soon);
	memo_wait_for(&memo, 4);
	memo_ask(&askers[5], &memo, "key", &killable);
	memo_wait_for(&memo, 5);
	send_sig(SIGINT, askers[5].task, 1);
	send_sig(SIGINT, askers[0].task, 1);
	send_sig(SIGINT, askers[2].task, 1);
	EXPECT(memo_answer(&askers[0]) == -EINTR && memo_answer(&askers[2]) == -EINTR);
	EXPECT(askers[0].how.what == QUARTET_MEMO_NOTHING);
	memo_wait_for(&memo, 3);
	complete_all(&memo_plan.go);
	EXPECT(memo_answer(&askers[1]) == 3 && memo_answer(&askers[3]) == 3);
	EXPECT(memo_answer(&askers[5]) == 3 && memo_answer(&askers[ASKERS - 1]) == 3);
	EXPECT(memo_state(&memo).stats.left == 3 && memo_is_exact(&memo, 1));
	/* Waiting is over as it begins, but what is there needs none. */
	EXPECT(memo_get(&memo, "key", &hurried) == 3);
	quartet_memo_destroy(&memo);
	return NULL;
}

MEMO_CASE(nowait)
{
	struct quartet_memo_how how = { .flags = QUARTET_MEMO_NOWAIT };
	struct quartet_memo_how peek = { .flags = QUARTET_MEMO_PEEK };

	EXPECT(!begin(memo_params()));
	hold_up(0);
	EXPECT(memo_get(&memo, "key", &how) == -EAGAIN && how.what == QUARTET_MEMO_NOTHING);
	EXPECT(memo_get(&memo, "key", &peek) == -EAGAIN);
	complete_all(&memo_plan.go);
	EXPECT(memo_answer(&askers[ASKERS - 1]) == 3);
	EXPECT(memo_get(&memo, "key", &how) == 3 && how.what == QUARTET_MEMO_HIT);
	quartet_memo_destroy(&memo);
	return NULL;
}

/* Each leader abandons, the next in the queue leads; the last takes the key along. */
MEMO_CASE(promotion)
{
	struct quartet_memo_how how = { };
	unsigned int i;

	EXPECT(!begin(memo_external()));
	EXPECT(memo_get(&memo, "key", &how) == -ENODATA);
	queue(3, "key", NULL);
	EXPECT(!quartet_memo_abandon(&memo, &how.lead));
	for (i = 0; i < 3; i++) {
		EXPECT(memo_answer(&askers[i]) == -ENODATA);
		EXPECT(askers[i].how.what == QUARTET_MEMO_LEAD);
		EXPECT(askers[i].how.lead.attempt == i + 2);
		EXPECT(askers[i].how.lead.owner == askers[i].task);
		EXPECT(askers[i].how.lead.token > how.lead.token);
		EXPECT(memo_state(&memo).waiting == 2 - i);
		EXPECT(quartet_memo_fulfil(&memo, &how.lead, "x", 1) == -ESTALE);
		how.lead = askers[i].how.lead;
		EXPECT(!quartet_memo_abandon(&memo, &how.lead));
	}
	EXPECT(memo_is_exact(&memo, 0) && memo_state(&memo).stats.promotions == 3);
	how = (struct quartet_memo_how){ .flags = QUARTET_MEMO_PEEK };
	EXPECT(memo_get(&memo, "key", &how) == -ENOENT);
	quartet_memo_destroy(&memo);
	return NULL;
}

/* The promoted one fulfils for those behind it. */
MEMO_CASE(promoted_fulfils)
{
	struct quartet_memo_how how = { .owner = &how };

	EXPECT(!begin(memo_external()));
	EXPECT(memo_get(&memo, "key", &how) == -ENODATA);
	queue(3, "key", NULL);
	EXPECT(quartet_memo_abandon_all(&memo, &how) == 1);
	EXPECT(memo_state(&memo).stats.promotions == 1 && memo_state(&memo).waiting == 2);
	EXPECT(memo_answer(&askers[0]) == -ENODATA);
	EXPECT(!quartet_memo_fulfil(&memo, &askers[0].how.lead, "key", 3));
	EXPECT(memo_answer(&askers[1]) == 3 && memo_answer(&askers[2]) == 3);
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_HIT) && memo_is_exact(&memo, 1));
	quartet_memo_destroy(&memo);
	return NULL;
}

/* In a table with a function, who is promoted computes. */
MEMO_CASE(interrupted_leader)
{
	EXPECT(!begin(memo_params()));
	hold_up(3);
	memo_plan.held = false;
	send_sig(SIGINT, askers[ASKERS - 1].task, 1);
	EXPECT(memo_answer(&askers[ASKERS - 1]) == -EINTR);
	EXPECT(memo_answer(&askers[0]) == 3 && askers[0].how.what == QUARTET_MEMO_COMPUTED);
	EXPECT(memo_answer(&askers[1]) == 3 && askers[1].how.what == QUARTET_MEMO_JOINED);
	EXPECT(memo_answer(&askers[2]) == 3 && memo_calls() == 2);
	EXPECT(memo_is_exact(&memo, 1) && memo_state(&memo).stats.promotions == 1);
	quartet_memo_destroy(&memo);
	return NULL;
}

/* All leave, and then the leader: nothing stays. */
MEMO_CASE(last_one_out)
{
	EXPECT(!begin(memo_params()));
	hold_up(2);
	send_sig(SIGINT, askers[0].task, 1);
	send_sig(SIGINT, askers[1].task, 1);
	EXPECT(memo_answer(&askers[0]) == -EINTR && memo_answer(&askers[1]) == -EINTR);
	send_sig(SIGINT, askers[ASKERS - 1].task, 1);
	EXPECT(memo_answer(&askers[ASKERS - 1]) == -EINTR && memo_is_exact(&memo, 0));
	memo_plan.held = false;
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_COMPUTED));
	quartet_memo_destroy(&memo);
	return NULL;
}

/* One computes "a", which needs "b"; the other "b", which needs "a". */
MEMO_CASE(cycle_of_computations)
{
	struct quartet_memo_params params = memo_params();
	struct memo_plan plan;
	ssize_t one, two;

	memo_plan_reset(&plan);
	EXPECT(!begin(params));
	params.name = "kapi2";
	params.data = &plan;
	EXPECT(!quartet_memo_init(&other, &params));
	memo_plan.held = true;
	memo_plan.nested = &other;
	memo_plan.nested_key = "b";
	plan.held = true;
	plan.nested = &memo;
	plan.nested_key = "a";
	memo_ask(&askers[0], &memo, "a", NULL);
	memo_ask(&askers[1], &other, "b", NULL);
	wait_for_completion(&memo_plan.started);
	wait_for_completion(&plan.started);
	complete_all(&memo_plan.go);
	complete_all(&plan.go);
	one = memo_answer(&askers[0]);
	two = memo_answer(&askers[1]);
	/* Who closes it fails, and so does who needs that. */
	EXPECT(one == -EDEADLK && two == -EDEADLK);
	EXPECT(memo_state(&memo).stats.deadlocks + memo_state(&other).stats.deadlocks == 1);
	EXPECT(memo_is_exact(&memo, 0) && memo_is_exact(&other, 0));
	quartet_memo_destroy(&other);
	quartet_memo_destroy(&memo);
	return NULL;
}

/* Who leads may be no task, and be asked for by any. */
MEMO_CASE(cycle_of_owners)
{
	struct quartet_memo_how one = { .owner = &one }, two = { .owner = &two };
	ktime_t soon;

	EXPECT(!begin(memo_external()));
	EXPECT(memo_get(&memo, "a", &one) == -ENODATA);
	EXPECT(memo_get(&memo, "b", &two) == -ENODATA);
	queue(1, "b", &one);
	soon = ktime_add_ms(ktime_get(), SOON_MS);
	two.deadline = &soon;
	EXPECT(memo_get(&memo, "a", &two) == -EDEADLK);
	EXPECT(!quartet_memo_fulfil(&memo, &two.lead, "b", 1));
	EXPECT(memo_answer(&askers[0]) == 1);
	/* It is none any more. */
	soon = ktime_add_ms(ktime_get(), SOON_MS);
	EXPECT(memo_get(&memo, "a", &two) == -ETIMEDOUT);
	EXPECT(!quartet_memo_fulfil(&memo, &one.lead, "a", 1) && memo_is_exact(&memo, 2));
	EXPECT(memo_state(&memo).stats.deadlocks == 1);
	quartet_memo_destroy(&memo);
	return NULL;
}

/* One computes, and takes the mutex; the other holds that, and gets what is computed. */
MEMO_CASE(cycle_through_a_mutex)
{
	static DEFINE_QUARTET_MUTEX(mutex);
	struct quartet_memo_state state;
	ssize_t one, two;

	quartet_mutex_detect(&mutex);
	EXPECT(!begin(memo_params()));
	memo_plan.mutex = &mutex;
	hold_up(0);
	askers[0].mutex = &mutex;
	memo_ask(&askers[0], &memo, "key", NULL);
	memo_wait_for(&memo, 1);
	complete_all(&memo_plan.go);
	one = memo_answer(&askers[ASKERS - 1]);
	two = memo_answer(&askers[0]);
	/* The function's lock closed it; its error is what the other waited for. */
	EXPECT(one == -EDEADLK && two == -EDEADLK);
	state = memo_state(&memo);
	EXPECT(!state.stats.deadlocks && memo_is_exact(&memo, 0));
	/* The other way round: the get closes it. */
	quartet_memo_destroy(&memo);
	memo_plan_reset(&memo_plan);
	memo_plan.mutex = &mutex;
	EXPECT(!begin(memo_params()));
	hold_up(0);
	quartet_mutex_lock(&mutex);
	complete_all(&memo_plan.go);
	while (!(atomic_read(&mutex.core.state) & QUARTET_MUTEX_WAITERS))
		usleep_range(200, 500);
	one = memo_get(&memo, "key", NULL);
	quartet_mutex_unlock(&mutex);
	EXPECT(one == -EDEADLK && memo_answer(&askers[ASKERS - 1]) == 3);
	EXPECT(memo_state(&memo).stats.deadlocks == 1 && memo_is_exact(&memo, 1));
	quartet_memo_destroy(&memo);
	return NULL;
}

/* Who waits does not wait for who has been answered: no cycle is reported that is none. */
MEMO_CASE(no_cycle)
{
	struct quartet_memo_how how = { };
	int round;

	EXPECT(!begin(memo_external()));
	for (round = 0; round < 50; round++) {
		EXPECT(memo_get(&memo, "key", &how) == -ENODATA);
		queue(1, "key", NULL);
		EXPECT(!quartet_memo_fulfil(&memo, &how.lead, "v", 1));
		EXPECT(memo_answer(&askers[0]) == 1);
		EXPECT(!quartet_memo_forget(&memo, "key", 3));
	}
	EXPECT(!memo_state(&memo).stats.deadlocks && memo_is_exact(&memo, 0));
	quartet_memo_destroy(&memo);
	return NULL;
}

/* Who waits is told at once; the leader has until it has computed, and destroy waits for it. */
MEMO_CASE(destroy_while_computing)
{
	struct quartet_memo_params params = memo_params();
	unsigned int i;

	EXPECT(!begin(params));
	hold_up(3);
	complete_all(&memo_plan.go);
	quartet_memo_destroy(&memo);
	for (i = 0; i < 3; i++) {
		ssize_t ret = memo_answer(&askers[i]);

		EXPECT(ret == -ESHUTDOWN || ret == 3);
	}
	EXPECT(memo_answer(&askers[ASKERS - 1]) == 3 || askers[ASKERS - 1].ret == -ESHUTDOWN);
	EXPECT(!quartet_memo_init(&memo, &params));
	quartet_memo_destroy(&memo);
	return NULL;
}

MEMO_CASE(destroy_while_leading)
{
	struct quartet_memo_how how = { };
	unsigned int i;

	EXPECT(!begin(memo_external()));
	EXPECT(memo_get(&memo, "key", &how) == -ENODATA);
	queue(3, "key", NULL);
	quartet_memo_destroy(&memo);
	for (i = 0; i < 3; i++) {
		EXPECT(memo_answer(&askers[i]) == -ESHUTDOWN);
		EXPECT(askers[i].how.what == QUARTET_MEMO_NOTHING);
	}
	EXPECT(quartet_memo_fulfil(&memo, &how.lead, "x", 1) == -ESHUTDOWN);
	return NULL;
}

/* Those who wait get the old computation's, others a new one, and what is kept is the new. */
static const char *take_out(bool clear)
{
	struct quartet_memo_how old = { }, new = { }, peek = { .flags = QUARTET_MEMO_PEEK };

	EXPECT(!begin(memo_external()));
	EXPECT(memo_get(&memo, "key", &old) == -ENODATA);
	queue(2, "key", NULL);
	if (clear)
		EXPECT(quartet_memo_clear(&memo) == 0);
	else
		EXPECT(!quartet_memo_forget(&memo, "key", 3));
	EXPECT(memo_get(&memo, "key", &new) == -ENODATA && new.lead.attempt == 1);
	EXPECT(!quartet_memo_fulfil(&memo, &new.lead, "new", 3));
	EXPECT(memo_state(&memo).waiting == 2);
	EXPECT(!quartet_memo_fulfil(&memo, &old.lead, "old!", 4));
	EXPECT(memo_answer(&askers[0]) == 4 && memo_answer(&askers[1]) == 4);
	EXPECT(!memcmp(askers[0].value, "old!", 4));
	EXPECT(memo_get(&memo, "key", &new) == 3 && memo_is_exact(&memo, 1));
	/* One that is abandoned after it was forgotten, and nobody waits. */
	EXPECT(memo_get(&memo, "two", &old) == -ENODATA);
	EXPECT(!quartet_memo_forget(&memo, "two", 3));
	EXPECT(quartet_memo_forget(&memo, "two", 3) == -ENOENT);
	EXPECT(!quartet_memo_abandon(&memo, &old.lead) && memo_is_exact(&memo, 1));
	/* One that is fulfilled, and nobody has asked again. */
	EXPECT(memo_get(&memo, "two", &old) == -ENODATA);
	if (clear)
		EXPECT(quartet_memo_clear(&memo) == 1);
	else
		EXPECT(!quartet_memo_forget(&memo, "two", 3));
	EXPECT(!quartet_memo_fulfil(&memo, &old.lead, "two", 3));
	EXPECT(memo_is_exact(&memo, clear ? 0 : 1) && memo_get(&memo, "two", &peek) == -ENOENT);
	quartet_memo_destroy(&memo);
	return NULL;
}

MEMO_CASE(forget_while_computing)
{
	return take_out(false);
}

MEMO_CASE(clear_while_computing)
{
	return take_out(true);
}

static void count_call(struct quartet_memo_waiter *waiter)
{
	atomic_inc((atomic_t *)waiter->owner);
}

/* Queued, decided, and collected. */
MEMO_CASE(called_back)
{
	struct quartet_memo_waiter one = { .wake = count_call }, two = one;
	atomic_t called = ATOMIC_INIT(0);
	struct quartet_memo_how how = { .owner = &called }, lead = { };
	char value[8];

	EXPECT(!begin(memo_external()));
	EXPECT(memo_get(&memo, "key", &lead) == -ENODATA);
#define ENQUEUE(waiter)	quartet_memo_enqueue(&memo, "key", 3, value, sizeof(value), &how, waiter)
#define QUEUES(waiter)	(ENQUEUE(waiter) == -EINPROGRESS && how.what == QUARTET_MEMO_QUEUED)
	EXPECT(QUEUES(&one) && memo_state(&memo).waiting == 1);
	EXPECT(QUEUES(&two) && memo_state(&memo).waiting == 2);
	EXPECT(quartet_memo_cancel(&memo, &one) && memo_state(&memo).waiting == 1);
	EXPECT(QUEUES(&one));
	EXPECT(!quartet_memo_abandon(&memo, &lead.lead));
	EXPECT(atomic_read(&called) == 1 && !quartet_memo_cancel(&memo, &two));
	EXPECT(quartet_memo_collect(&two, value, sizeof(value), &lead) == -ENODATA);
	EXPECT(lead.what == QUARTET_MEMO_LEAD && lead.lead.attempt == 2);
	EXPECT(lead.lead.owner == &called);
	EXPECT(!quartet_memo_fulfil(&memo, &lead.lead, "value", 5));
	EXPECT(atomic_read(&called) == 2 && !quartet_memo_cancel(&memo, &one));
	EXPECT(quartet_memo_collect(&one, value, sizeof(value), &how) == 5);
	EXPECT(how.what == QUARTET_MEMO_JOINED && !memcmp(value, "value", 5));
	how.owner = &called;
	EXPECT(ENQUEUE(&one) == 5 && how.what == QUARTET_MEMO_HIT);
	EXPECT(!quartet_memo_forget(&memo, "key", 3));
	EXPECT(ENQUEUE(&one) == -ENODATA && how.what == QUARTET_MEMO_LEAD);
	EXPECT(QUEUES(&one));
	quartet_memo_destroy(&memo);
	EXPECT(atomic_read(&called) == 3 && !quartet_memo_cancel(&memo, &one));
	EXPECT(quartet_memo_collect(&one, value, sizeof(value), &how) == -ESHUTDOWN);
	EXPECT(how.what == QUARTET_MEMO_NOTHING);
	EXPECT(!begin(memo_params()));
	EXPECT(ENQUEUE(&one) == -EOPNOTSUPP);
#undef QUEUES
#undef ENQUEUE
	quartet_memo_destroy(&memo);
	return NULL;
}

/* What has expired is computed anew while others may have the old. */
MEMO_CASE(stale_while_computing)
{
	struct quartet_memo_how stale = { .flags = QUARTET_MEMO_STALE };
	struct quartet_memo_params params = memo_params();

	params.ttl = SOON_MS * NSEC_PER_MSEC;
	EXPECT(!begin(params));
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_COMPUTED));
	msleep(3 * SOON_MS);
	hold_up(1);
	EXPECT(memo_get(&memo, "key", &stale) == 3 && stale.what == QUARTET_MEMO_OLD);
	EXPECT(memo_state(&memo).waiting == 1);
	EXPECT(quartet_memo_sweep(&memo) == 0 && quartet_memo_evict(&memo, 1) == 0);
	complete_all(&memo_plan.go);
	EXPECT(memo_answer(&askers[0]) == 3 && memo_answer(&askers[ASKERS - 1]) == 3);
	EXPECT(memo_calls() == 2 && memo_is_exact(&memo, 1));
	quartet_memo_destroy(&memo);
	return NULL;
}

/* One leads, the others have the old value, and do not wait. */
static const char *refresh_while_asked(void)
{
	struct quartet_memo_params params = memo_params();
	struct quartet_memo_how nowait = { .flags = QUARTET_MEMO_NOWAIT };

	memo_plan_reset(&memo_plan);
	params.ttl = 10 * NSEC_PER_SEC;
	params.refresh_percent = 99;
	EXPECT(!begin(params));
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_COMPUTED));
	msleep(150);
	hold_up(0);
	EXPECT(memo_get(&memo, "key", &nowait) == 3 && nowait.what == QUARTET_MEMO_HIT);
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_HIT));
	EXPECT(memo_calls() == 2 && !memo_state(&memo).waiting);
	complete_all(&memo_plan.go);
	EXPECT(memo_answer(&askers[ASKERS - 1]) == 3);
	EXPECT(askers[ASKERS - 1].how.what == QUARTET_MEMO_COMPUTED);
	EXPECT(memo_state(&memo).stats.refreshes == 1 && memo_is_exact(&memo, 1));
	quartet_memo_destroy(&memo);
	return NULL;
}

/* Without the graph, only what waits for itself is noticed. */
MEMO_CASE(without_detection)
{
	struct quartet_memo_params params = memo_external();
	ktime_t soon = ktime_add_ms(ktime_get(), SOON_MS);
	struct quartet_memo_lead lead;
	struct quartet_memo_how how = { };

	params.flags = QUARTET_MEMO_NO_DETECT;
	EXPECT(!begin(params));
	EXPECT(memo_get(&memo, "key", &how) == -ENODATA);
	lead = how.lead;
	how.deadline = &soon;
	EXPECT(memo_get(&memo, "key", &how) == -EDEADLK);
	queue(2, "key", NULL);
	EXPECT(!quartet_memo_fulfil(&memo, &lead, "x", 1));
	EXPECT(memo_answer(&askers[0]) == 1 && memo_answer(&askers[1]) == 1);
	quartet_memo_destroy(&memo);
	return NULL;
}

#define CASE(function)	KAPI_CASE(memo, function)

struct kapi_case kapi_memo_cases[] = {
	CASE(stampede),
	CASE(in_parallel),
	CASE(errors_reach_all),
	CASE(waiters_leave),
	CASE(nowait),
	CASE(promotion),
	CASE(promoted_fulfils),
	CASE(interrupted_leader),
	CASE(last_one_out),
	CASE(cycle_of_computations),
	CASE(cycle_of_owners),
	CASE(cycle_through_a_mutex),
	CASE(no_cycle),
	CASE(destroy_while_computing),
	CASE(destroy_while_leading),
	CASE(forget_while_computing),
	CASE(clear_while_computing),
	CASE(called_back),
	CASE(stale_while_computing),
	CASE(refresh_while_asked),
	CASE(without_detection),
};

const int kapi_memo_number = ARRAY_SIZE(kapi_memo_cases);
