// SPDX-License-Identifier: GPL-2.0-only
/* Tokens of leads: who leads a key later has the larger one, in each engine. */
#include "cases.h"
#include "memo_case.h"

#define KEY	1
#define TTL	(1000 * MS)

static u64 newest;	/* of who leads, or has led last; nobody forgets what is computed */

static void start_with(struct quartet_memo_params params)
{
	params.flags = QUARTET_MEMO_NO_DETECT;
	memo_case_start(params);
	newest = 0;
}

static void start_rcu(void)
{
	start_with((struct quartet_memo_params){ .engine = QUARTET_MEMO_RCU });
}

static void start_lock(void)
{
	start_with((struct quartet_memo_params){ .engine = QUARTET_MEMO_LOCK });
}

static void start_monitor(void)
{
	sim_want_kthread(2);
	start_with((struct quartet_memo_params){ .engine = QUARTET_MEMO_MONITOR });
}

/* A value that is about to expire: one is to compute it anew. */
static void start_old(void)
{
	start_with((struct quartet_memo_params){ .ttl = TTL, .refresh_percent = 99 });
	memo_case_lead(KEY);
	newest = memo_case.lead.token;
	memo_case_fulfil(&memo_case.lead);
	sim_clock_advance(TTL / 2);
}

static void compare(const struct quartet_memo_lead *lead)
{
	if (lead->token <= newest)
		sim_fail("assertion: a later lead has the smaller token");
	newest = lead->token;
}

/* Leads in the end, whoever does before. */
static void lead_and_abandon(void)
{
	struct quartet_memo_how how = { };

	if (memo_case_get(KEY, &how) != -ENODATA || how.what != QUARTET_MEMO_LEAD)
		sim_fail("assertion: who waits for those who abandon does not lead");
	compare(&how.lead);
	quartet_memo_abandon(&memo_case.memo, &how.lead);
}

/* If nobody else does. */
static void try_to_lead(void)
{
	struct quartet_memo_how how = { .flags = QUARTET_MEMO_NOWAIT };

	memo_case_get(KEY, &how);
	if (how.what == QUARTET_MEMO_LEAD) {
		compare(&how.lead);
		quartet_memo_abandon(&memo_case.memo, &how.lead);
	}
	memo_case_last(2);
}

/* Has a value, or leads; then the key is computed anew. */
static void lead_and_forget(void)
{
	struct quartet_memo_how how = { };
	u8 key = KEY;

	memo_case_get(KEY, &how);
	if (how.what != QUARTET_MEMO_LEAD)
		return;
	compare(&how.lead);
	memo_case_fulfil(&how.lead);
	quartet_memo_forget(&memo_case.memo, &key, sizeof(key));
}

/* Abandoned, the old value is there for the others, and one of them computes it anew. */
static void refresh(void)
{
	struct quartet_memo_how how = { };

	memo_case_get(KEY, &how);
	if (how.what != QUARTET_MEMO_LEAD)
		return;
	compare(&how.lead);
	quartet_memo_abandon(&memo_case.memo, &how.lead);
}

const struct sim_case memo_token = {
	.name = "memo-token",
	.what = "three lead a key and abandon it, one after the other",
	.start = start_rcu,
	.threads = { lead_and_abandon, lead_and_abandon, lead_and_abandon },
	.end = memo_case_end,
};

const struct sim_case memo_token_lock = {
	.name = "memo-token-lock",
	.what = "two, in a table under a mutex",
	.start = start_lock,
	.threads = { lead_and_abandon, lead_and_abandon },
	.end = memo_case_end,
};

const struct sim_case memo_token_monitor = {
	.name = "memo-token-monitor",
	.what = "two try to, in a table that a thread owns",
	.preemptions = 1,
	.start = start_monitor,
	.threads = { try_to_lead, try_to_lead, sim_kthread },
	.end = memo_case_end,
};

const struct sim_case memo_token_forget = {
	.name = "memo-token-forget",
	.what = "who leads fulfils and forgets, so that the next one leads a new entry",
	.start = start_rcu,
	.threads = { lead_and_forget, lead_and_forget, lead_and_forget },
	.end = memo_case_end,
};

const struct sim_case memo_token_refresh = {
	.name = "memo-token-refresh",
	.what = "who leads while the old value is good abandons, and the next one does",
	.start = start_old,
	.threads = { refresh, refresh, refresh },
	.end = memo_case_end,
};

/* Nobody has led before: there is nothing to forget until this thread leads. */
static void lead_once(void)
{
	struct quartet_memo_how how = { };

	memo_case_get(KEY, &how);
	if (how.what != QUARTET_MEMO_LEAD)
		sim_fail("assertion: the only one does not lead");
	memo_case_fulfil(&how.lead);
}

static void forget_nothing(void)
{
	u8 key = KEY;
	int err = quartet_memo_forget(&memo_case.memo, &key, sizeof(key));
	struct quartet_memo_state state;

	quartet_memo_read(&memo_case.memo, &state);
	/* Before the miss is counted, nobody has led. */
	if (!err && !state.stats.misses)
		sim_fail("assertion: what nobody computes is forgotten");
}

const struct sim_case memo_forget_empty = {
	.name = "memo-forget-empty",
	.what = "one leads, another forgets: an entry without a leader is nothing",
	/* It reads counters of another CPU, which may be torn. */
	.explored_only = true,
	.start = start_rcu,
	.threads = { lead_once, forget_nothing },
	.end = memo_case_end,
};
