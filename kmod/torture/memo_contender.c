// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a contender for the values of a memo table does, and what it computes.
 *
 * The table's function runs in the context of a contender's get, so that it finds its contender as
 * its thread's data.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/sched/signal.h>

#include "memo.h"
#include "work.h"

#define TURN		16	/* gets in a turn, where nothing else is done */
#define SLEEP_US	50U	/* the least that a slow computation does */
#define ID_SHIFT	40	/* of made-up keys: the thread's number is above */

static struct memo_run *run_of(const struct memo_contender *c)
{
	return memo_run_of(c->base.run);
}

static bool is_checked(const struct memo_contender *c)
{
	return torture_checks(c->base.run) && c->plan->keys;
}

static void expect(struct memo_contender *c, u64 *what, bool good)
{
	if (good)
		return;
	++*what;
	WRITE_ONCE(c->base.violations, c->base.violations + 1);
}

static u32 draw(struct memo_contender *c, u32 below)
{
	return prandom_u32_state(&c->base.random) % below;
}

/* 0, or -EINTR, or a result that is an error. */
static int work(struct memo_contender *c)
{
	u64 hold_ns = c->base.run->request.hold_ns;

	if (c->plan->slow) {
		u32 us = SLEEP_US + div_u64(hold_ns, NSEC_PER_USEC);

		usleep_range(us, us + us / 4);
	} else if (hold_ns) {
		work_for(hold_ns);
	}
	/* Others may come while we compute. */
	if (is_checked(c))
		schedule();
	if (fatal_signal_pending(current))
		return -EINTR;
	return torture_permille(&c->base) < c->plan->error_permille ? -EIO : 0;
}

static int begin_compute(struct memo_contender *c)
{
	c->computed++;
	if (is_checked(c))
		expect(c, &c->twice, memo_view_compute(&run_of(c)->records, &c->view));
	return work(c);
}

static void end_compute(struct memo_contender *c, bool result)
{
	if (is_checked(c))
		expect(c, &c->again, memo_view_computed(&run_of(c)->records, &c->view, result));
}

/* The table's function. */
int memo_torture_compute(struct quartet_memo_call *call, const void *key, size_t key_len,
			 void *data)
{
	struct memo_contender *c = kthread_data(current);
	struct memo_torture_value *value;
	int err = begin_compute(c);

	expect(c, &c->wrong, key_len == sizeof(c->key) && !memcmp(key, &c->key, key_len));
	value = err ? ERR_PTR(err) : quartet_memo_room(call, sizeof(*value));
	if (!IS_ERR(value))
		memo_torture_value_fill(value, c->id, c->view.serial);
	end_compute(c, !IS_ERR(value));
	return PTR_ERR_OR_ZERO(value);
}

/* What a get may return instead of a value. */
static bool is_expected(const struct memo_contender *c, const struct quartet_memo_how *how,
			ssize_t err)
{
	switch (err) {
	case -ENOMEM:
		return true;
	case -EINTR:
		/* Who stops a kernel thread interrupts its sleep, too. */
		return run_of(c)->args.signal_us || kthread_should_stop() ||
		       c->base.run->result.ended;
	case -ETIMEDOUT:
		return how->deadline;
	case -EAGAIN:
	case -ENOENT:
		return how->flags & QUARTET_MEMO_PEEK;
	case -EIO:
		return c->plan->error_permille;
	}
	return false;
}

static void check_value(struct memo_contender *c, const struct memo_torture_value *value,
			ssize_t len, const struct quartet_memo_how *how)
{
	u32 kind = c->base.run->request.kind, work = run_of(c)->args.work;

	if (work == QUARTET_MEMO_WORK_NONE)
		expect(c, &c->wrong, len == sizeof(*value) && memo_torture_value_is(value, c->id));
	else if (work == QUARTET_MEMO_WORK_IO)
		expect(c, &c->wrong, len == sizeof(c->key) && !memcmp(value, &c->key, len));
	if (!is_checked(c))
		expect(c, &c->wrong, how->what == QUARTET_MEMO_COMPUTED);
	else if (kind != QUARTET_MEMO_KIND_RHASHTABLE)
		expect(c, &c->wrong,
		       memo_view_check(&run_of(c)->records, &c->view, value->serial));
}

static void granted(struct memo_contender *c, u64 asked)
{
	torture_waited(&c->base, torture_clock(c->base.run) - asked);
	WRITE_ONCE(c->base.stats.grants, c->base.stats.grants + 1);
}

/* With a lead: to a result of some kind, or to none. */
static void lead(struct memo_contender *c, const struct quartet_memo_lead *lead, u64 asked)
{
	struct quartet_memo *memo = &run_of(c)->memo;
	struct memo_torture_value value;
	u32 outcome = draw(c, 8);
	int err = begin_compute(c);

	end_compute(c, !err && outcome < 4);
	memo_torture_value_fill(&value, c->id, c->view.serial);
	if (err || outcome == 4) {
		/* It dies. */
		err = quartet_memo_abandon_all(memo, current) == 1 ? 0 : -ESTALE;
	} else if (outcome < 4) {
		err = quartet_memo_fulfil(memo, lead, &value, sizeof(value));
		granted(c, asked);
	} else if (outcome == 5) {
		err = quartet_memo_fail(memo, lead, -EIO);
	} else {
		err = quartet_memo_abandon(memo, lead);
	}
	expect(c, &c->wrong, !err || err == -ENOMEM);
	expect(c, &c->wrong, quartet_memo_abandon(memo, lead) == -ESTALE);
}

static ssize_t get_copy(struct memo_contender *c, struct memo_torture_value *value,
			struct quartet_memo_how *how)
{
	return quartet_memo_get(&run_of(c)->memo, &c->key, sizeof(c->key), value, sizeof(*value),
				how);
}

static ssize_t get_ref(struct memo_contender *c, struct memo_torture_value *value,
		       struct quartet_memo_how *how)
{
	const struct quartet_memo_value *found =
		quartet_memo_get_ref(&run_of(c)->memo, &c->key, sizeof(c->key), how);
	ssize_t len;

	if (IS_ERR(found))
		return PTR_ERR(found);
	len = found->len;
	memcpy(value, found->data, min(found->len, sizeof(*value)));
	quartet_memo_put_ref(found);
	return len;
}

static void choose(struct memo_contender *c, u64 id)
{
	c->id = id;
	memo_torture_key_fill(&c->key, id);
}

static void get_by(struct memo_contender *c, u64 id, struct quartet_memo_how *how,
		   ssize_t (*get)(struct memo_contender *c, struct memo_torture_value *value,
				  struct quartet_memo_how *how))
{
	struct memo_torture_value value;
	u64 asked;
	ssize_t len;

	choose(c, id);
	if (is_checked(c))
		memo_view_begin(&run_of(c)->records, &c->view, id);
	asked = torture_clock(c->base.run);
	len = get(c, &value, how);
	if (len == -ENODATA && how->what == QUARTET_MEMO_LEAD) {
		lead(c, &how->lead, asked);
		return;
	}
	if (len < 0) {
		expect(c, &c->wrong, is_expected(c, how, len));
		return;
	}
	granted(c, asked);
	if (torture_checks(c->base.run))
		check_value(c, &value, len, how);
}

static void get(struct memo_contender *c, u64 id)
{
	struct quartet_memo_how how = { };

	get_by(c, id, &how, get_copy);
}

static void forget(struct memo_contender *c, u64 id)
{
	struct memo_run *run = run_of(c);

	choose(c, id);
	memo_forget_begin(&run->records, id);
	quartet_memo_forget(&run->memo, &c->key, sizeof(c->key));
	memo_forget_end(&run->records, id);
}

static ssize_t get_from_peer(struct memo_contender *c, struct memo_torture_value *value,
			     struct quartet_memo_how *how)
{
	return memo_peer_get(&run_of(c)->peer, &c->key, value) ? sizeof(*value) : -ENOENT;
}

static void turn_hits(struct memo_contender *c)
{
	bool peer = c->base.run->request.kind == QUARTET_MEMO_KIND_RHASHTABLE;
	struct quartet_memo_how how = { };
	int i;

	for (i = 0; i < TURN; i++)
		get_by(c, draw(c, c->plan->keys), &how, peer ? get_from_peer : get_copy);
}

/* The first to have it begins the next one. */
static void stampede(struct memo_contender *c, struct quartet_memo_how *how)
{
	struct memo_run *run = run_of(c);
	u64 round = READ_ONCE(run->round);
	u64 grants = c->base.stats.grants;

	get_by(c, round % c->plan->keys, how, get_copy);
	if (c->base.stats.grants != grants && cmpxchg(&run->round, round, round + 1) == round)
		forget(c, round % c->plan->keys);
}

static void turn_stampede(struct memo_contender *c)
{
	struct quartet_memo_how how = { };

	stampede(c, &how);
}

static void turn_leaving(struct memo_contender *c)
{
	ktime_t deadline = ktime_add_ns(ktime_get(),
					torture_spread(&c->base, run_of(c)->args.timeout_ns));
	struct quartet_memo_how how = { .deadline = &deadline };

	stampede(c, &how);
}

static void turn_zipf(struct memo_contender *c)
{
	int i;

	for (i = 0; i < TURN; i++)
		get(c, zipf_draw(&run_of(c)->zipf, prandom_u32_state(&c->base.random)));
}

static void turn_misses(struct memo_contender *c)
{
	get(c, ++c->misses);
}

static void clear(struct memo_contender *c)
{
	struct memo_run *run = run_of(c);

	memo_clear_begin(&run->records);
	quartet_memo_clear(&run->memo);
	memo_clear_end(&run->records);
}

static void get_somehow(struct memo_contender *c, u64 id)
{
	static const unsigned int flags[] = {
		0, 0, 0, QUARTET_MEMO_PEEK, QUARTET_MEMO_NOWAIT, QUARTET_MEMO_NOLEAD,
		QUARTET_MEMO_STALE, QUARTET_MEMO_KILLABLE,
	};
	struct quartet_memo_how how = { .flags = flags[draw(c, ARRAY_SIZE(flags))] };

	get_by(c, id, &how, draw(c, 8) ? get_copy : get_ref);
}

static void turn_mixed(struct memo_contender *c)
{
	u64 id = draw(c, c->plan->keys);
	u32 what = draw(c, 4096);

	if (!what)
		clear(c);
	else if (what < 64)
		forget(c, id);
	else
		get_somehow(c, id);
}

static const struct memo_plan plans[QUARTET_MEMO_PATTERNS] = {
	[QUARTET_MEMO_PATTERN_HITS] = {
		.turn = turn_hits, .keys = 1024, .capacity = 2048, .permanent = true,
	},
	[QUARTET_MEMO_PATTERN_STAMPEDE] = {
		.turn = turn_stampede, .keys = 64, .capacity = 128, .permanent = true,
		.slow = true,
	},
	[QUARTET_MEMO_PATTERN_ZIPF] = {
		.turn = turn_zipf, .keys = 100000, .capacity = 200000, .permanent = true,
		.zipf = true,
	},
	[QUARTET_MEMO_PATTERN_MISSES] = {
		.turn = turn_misses, .capacity = 1024,
	},
	[QUARTET_MEMO_PATTERN_MIXED] = {
		.turn = turn_mixed, .keys = 256, .capacity = 192, .ttl = 20 * NSEC_PER_MSEC,
		.err_ttl = 10 * NSEC_PER_MSEC, .refresh_percent = 50, .error_permille = 50,
	},
	[QUARTET_MEMO_PATTERN_DYING] = {
		.turn = turn_stampede, .keys = 64, .capacity = 128, .external = true,
		.slow = true, .error_permille = 1,
	},
	[QUARTET_MEMO_PATTERN_LEAVING] = {
		.turn = turn_leaving, .keys = 64, .capacity = 128, .permanent = true,
		.slow = true,
	},
	[QUARTET_MEMO_PATTERN_PRESSURE] = {
		.turn = turn_zipf, .keys = 100000, .capacity = 64, .zipf = true, .bytes = 16384,
	},
};

const struct memo_plan *memo_plan_of(u32 pattern)
{
	return &plans[pattern];
}

int memo_create(struct torture_run *run)
{
	unsigned int i;

	for (i = 0; i < run->total; i++) {
		struct memo_contender *c = memo_contender_of(run->contenders[i]);

		c->plan = memo_run_of(run)->plan;
		c->misses = (u64)(i + 1) << ID_SHIFT;
	}
	return 0;
}

/* In the thread. */
void memo_enter(struct torture_contender *c)
{
	allow_signal(SIGINT);
	allow_signal(SIGKILL);
}

void memo_turn(struct torture_contender *base)
{
	struct memo_contender *c = memo_contender_of(base);

	c->plan->turn(c);
	WRITE_ONCE(c->turns, c->turns + 1);
	if (base->run->request.think_ns)
		work_for(torture_spread(base, base->run->request.think_ns));
	if (signal_pending(current))
		flush_signals(current);
}
