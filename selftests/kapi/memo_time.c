// SPDX-License-Identifier: GPL-2.0-only
/* How long values and errors are kept, as one caller sees it. */
#include <linux/delay.h>

#include "memo.h"

#define SHORT_NS	(20 * NSEC_PER_MSEC)
#define LONG_MS		60

static struct quartet_memo memo;

MEMO_CASE(errors_expire)
{
	struct quartet_memo_params params = memo_params();
	struct quartet_memo_how how = { };

	params.err_ttl = 0;
	EXPECT(!quartet_memo_init(&memo, &params));
	memo_plan.err = -EIO;
	EXPECT(memo_get(&memo, "key", NULL) == -EIO && memo_is_exact(&memo, 0));
	EXPECT(memo_get(&memo, "key", &how) == -EIO && how.what == QUARTET_MEMO_COMPUTED);
	quartet_memo_destroy(&memo);
	params.err_ttl = SHORT_NS;
	EXPECT(!quartet_memo_init(&memo, &params));
	EXPECT(memo_get(&memo, "key", NULL) == -EIO && memo_is_exact(&memo, 1));
	msleep(LONG_MS);
	memo_plan.err = 0;
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_COMPUTED));
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_HIT) && memo_is_exact(&memo, 1));
	EXPECT(memo_state(&memo).stats.expiries == 1);
	memo_plan.err = -EIO;
	EXPECT(memo_get(&memo, "swept", NULL) == -EIO && quartet_memo_sweep(&memo) == 0);
	msleep(LONG_MS);
	EXPECT(quartet_memo_sweep(&memo) == 1 && memo_is_exact(&memo, 1));
	quartet_memo_destroy(&memo);
	return NULL;
}

MEMO_CASE(values_expire)
{
	struct quartet_memo_params params = memo_params();
	struct quartet_memo_how stale = { .flags = QUARTET_MEMO_STALE };
	struct quartet_memo_how peek = { .flags = QUARTET_MEMO_PEEK };

	params.ttl = SHORT_NS;
	EXPECT(!quartet_memo_init(&memo, &params));
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_COMPUTED));
	msleep(LONG_MS);
	EXPECT(memo_get(&memo, "key", &peek) == -ENOENT);
	EXPECT(memo_get(&memo, "key", &stale) == 3 && stale.what == QUARTET_MEMO_OLD);
	EXPECT(memo_calls() == 1);
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_COMPUTED) && memo_is_exact(&memo, 1));
	msleep(LONG_MS);
	memo_plan.err = -EIO;
	EXPECT(memo_get(&memo, "key", NULL) == -EIO);
	EXPECT(memo_get(&memo, "key", &stale) == -EIO && stale.what == QUARTET_MEMO_FAILED);
	memo_plan.err = 0;
	EXPECT(memo_gives(&memo, "swept", QUARTET_MEMO_COMPUTED));
	EXPECT(quartet_memo_sweep(&memo) == 0);
	msleep(LONG_MS);
	EXPECT(quartet_memo_sweep(&memo) == 1 && memo_is_exact(&memo, 1));
	EXPECT(memo_get(&memo, "swept", &peek) == -ENOENT);
	quartet_memo_destroy(&memo);
	return NULL;
}

MEMO_CASE(ttl_bounds)
{
	struct quartet_memo_params params = memo_params();

	params.ttl = U64_MAX - 1;
	params.err_ttl = U64_MAX - 1;
	EXPECT(!quartet_memo_init(&memo, &params));
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_COMPUTED));
	memo_plan.err = -EIO;
	EXPECT(memo_get(&memo, "err", NULL) == -EIO);
	EXPECT(!quartet_memo_sweep(&memo));
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_HIT));
	EXPECT(memo_get(&memo, "err", NULL) == -EIO && memo_calls() == 2);
	quartet_memo_destroy(&memo);
	memo_plan.err = 0;
	params.ttl = 0;
	EXPECT(!quartet_memo_init(&memo, &params));
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_COMPUTED) && memo_is_exact(&memo, 0));
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_COMPUTED));
	quartet_memo_destroy(&memo);
	return NULL;
}

/* Only of the rcu engine. The first half of the time is fresh. */
static const char *refresh(void)
{
	struct quartet_memo_params params = memo_params();
	struct quartet_memo_how peek = { .flags = QUARTET_MEMO_PEEK };

	memo_plan_reset(&memo_plan);
	params.ttl = 400 * NSEC_PER_MSEC;
	params.refresh_percent = 90;
	EXPECT(!quartet_memo_init(&memo, &params));
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_COMPUTED));
	msleep(100);
	EXPECT(memo_get(&memo, "key", &peek) == 3 && memo_calls() == 1);
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_COMPUTED) && memo_calls() == 2);
	EXPECT(memo_state(&memo).stats.refreshes == 1 && memo_is_exact(&memo, 1));
	msleep(100);
	/* The old value stays, and nobody tries again before it has expired. */
	memo_plan.err = -EIO;
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_HIT) && memo_calls() == 3);
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_HIT) && memo_calls() == 3);
	msleep(400);
	EXPECT(memo_get(&memo, "key", NULL) == -EIO && memo_calls() == 4);
	EXPECT(memo_is_exact(&memo, 1));
	quartet_memo_destroy(&memo);
	return NULL;
}

#define CASE(function)	KAPI_CASE(memo, function)

struct kapi_case kapi_memo_time_cases[] = {
	CASE(errors_expire),
	CASE(values_expire),
	CASE(ttl_bounds),
	CASE(refresh),
};

const int kapi_memo_time_number = ARRAY_SIZE(kapi_memo_time_cases);
