// SPDX-License-Identifier: GPL-2.0-only
/* Who leads, by what right, and how that ends; with one caller, in every engine. */
#include "memo.h"

static struct quartet_memo memo, other;

MEMO_CASE(lead)
{
	struct quartet_memo_params params = memo_external();
	struct quartet_memo_lead lead;
	struct quartet_memo_how how = { };

	EXPECT(!quartet_memo_init(&memo, &params));
	EXPECT(memo_get(&memo, "key", &how) == -ENODATA && how.what == QUARTET_MEMO_LEAD);
	EXPECT(how.lead.token && how.lead.attempt == 1 && how.lead.owner == current);
	lead = how.lead;
	/* It would wait for itself. */
	EXPECT(memo_get(&memo, "key", &how) == -EDEADLK && how.what == QUARTET_MEMO_NOTHING);
	lead.owner = NULL;
	EXPECT(!quartet_memo_fulfil(&memo, &lead, "key", 3));
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_HIT) && memo_is_exact(&memo, 1));
	EXPECT(memo_get(&memo, "err", &how) == -ENODATA && how.lead.token > lead.token);
	EXPECT(!quartet_memo_fail(&memo, &how.lead, -EIO));
	EXPECT(memo_get(&memo, "err", &how) == -EIO && how.what == QUARTET_MEMO_FAILED);
	EXPECT(memo_get(&memo, "long", &how) == -ENODATA);
	EXPECT(quartet_memo_fulfil(&memo, &how.lead, "", MEMO_VALUE_MAX + 1) == -EMSGSIZE);
	EXPECT(memo_get(&memo, "long", &how) == -EMSGSIZE && how.what == QUARTET_MEMO_FAILED);
	EXPECT(memo_get(&memo, "key", &how) == 3 && memo_is_exact(&memo, 3));
	quartet_memo_destroy(&memo);
	return NULL;
}

MEMO_CASE(tokens)
{
	struct quartet_memo_params params = memo_external();
	struct quartet_memo_how how = { .owner = &params }, foreign = { .owner = &params };
	struct quartet_memo_lead wrong;

	EXPECT(!quartet_memo_init(&memo, &params));
	params.name = "kapi2";
	EXPECT(!quartet_memo_init(&other, &params));
	EXPECT(memo_get(&memo, "key", &how) == -ENODATA);
	EXPECT(memo_get(&other, "key", &foreign) == -ENODATA);
	wrong = how.lead;
	wrong.token += 1000;
	EXPECT(quartet_memo_fulfil(&memo, &wrong, "x", 1) == -ESTALE);
	EXPECT(quartet_memo_abandon(&memo, &wrong) == -ESTALE);
	wrong.token = 0;
	EXPECT(quartet_memo_fail(&memo, &wrong, -EIO) == -ESTALE);
	EXPECT(quartet_memo_fulfil(&memo, &foreign.lead, "x", 1) == -ESTALE);
	wrong = how.lead;
	wrong.owner = &how;
	EXPECT(quartet_memo_fulfil(&memo, &wrong, "x", 1) == -EPERM);
	EXPECT(quartet_memo_fail(&memo, &wrong, -EIO) == -EPERM);
	EXPECT(quartet_memo_abandon(&memo, &wrong) == -EPERM);
	EXPECT(quartet_memo_fail(&memo, &how.lead, 0) == -EINVAL);
	EXPECT(quartet_memo_fail(&memo, &how.lead, 5) == -EINVAL);
	EXPECT(quartet_memo_fail(&memo, &how.lead, -QUARTET_MEMO_MAX_ERROR - 1) == -EINVAL);
	EXPECT(quartet_memo_fail(&memo, &how.lead, -EIOCBQUEUED) == -EINVAL);
	EXPECT(quartet_memo_fail(&memo, &how.lead, -MAX_ERRNO) == -EINVAL);
	EXPECT(quartet_memo_fail(&memo, &how.lead, INT_MIN) == -EINVAL);
	EXPECT(!quartet_memo_fulfil(&memo, &how.lead, "key", 3));
	EXPECT(quartet_memo_fulfil(&memo, &how.lead, "x", 1) == -ESTALE);
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_HIT));
	EXPECT(!quartet_memo_fulfil(&other, &foreign.lead, "key", 3));
	quartet_memo_destroy(&other);
	quartet_memo_destroy(&memo);
	return NULL;
}

MEMO_CASE(abandon)
{
	struct quartet_memo_params params = memo_external();
	struct quartet_memo_how how = { }, peek = { .flags = QUARTET_MEMO_PEEK };
	int owner;

	EXPECT(!quartet_memo_init(&memo, &params));
	EXPECT(memo_get(&memo, "key", &how) == -ENODATA);
	EXPECT(!quartet_memo_abandon(&memo, &how.lead) && memo_is_exact(&memo, 0));
	EXPECT(quartet_memo_abandon(&memo, &how.lead) == -ESTALE);
	EXPECT(memo_get(&memo, "key", &peek) == -ENOENT);
	EXPECT(quartet_memo_forget(&memo, "key", 3) == -ENOENT);
	how.owner = &owner;
	EXPECT(memo_get(&memo, "key", &how) == -ENODATA && how.lead.attempt == 1);
	EXPECT(memo_get(&memo, "two", &how) == -ENODATA);
	how.owner = NULL;
	EXPECT(memo_get(&memo, "mine", &how) == -ENODATA);
	EXPECT(quartet_memo_abandon_all(&memo, &owner) == 2);
	EXPECT(quartet_memo_abandon_all(&memo, &owner) == 0);
	EXPECT(!quartet_memo_fulfil(&memo, &how.lead, "mine", 4) && memo_is_exact(&memo, 1));
	EXPECT(memo_state(&memo).stats.abandoned == 3);
	quartet_memo_destroy(&memo);
	return NULL;
}

/* What was cleared while somebody leads is not there any more, and is forgotten no second time. */
MEMO_CASE(cleared_lead)
{
	struct quartet_memo_params params = memo_external();
	struct quartet_memo_how how = { }, peek = { .flags = QUARTET_MEMO_PEEK };
	u64 forgotten;

	EXPECT(!quartet_memo_init(&memo, &params));
	EXPECT(memo_get(&memo, "key", &how) == -ENODATA);
	quartet_memo_clear(&memo);
	forgotten = memo_state(&memo).stats.forgotten;
	EXPECT(quartet_memo_forget(&memo, "key", 3) == -ENOENT);
	EXPECT(memo_state(&memo).stats.forgotten == forgotten);
	EXPECT(memo_get(&memo, "key", &peek) == -ENOENT);
	EXPECT(!quartet_memo_fulfil(&memo, &how.lead, "key", 3));
	EXPECT(memo_get(&memo, "key", &peek) == -ENOENT && memo_is_exact(&memo, 0));
	quartet_memo_destroy(&memo);
	return NULL;
}

/* A function that is interrupted has no result, and nobody else is there. */
MEMO_CASE(interrupted)
{
	struct quartet_memo_params params = memo_params();
	struct quartet_memo_how how = { };

	EXPECT(!quartet_memo_init(&memo, &params));
	atomic_set(&memo_plan.interrupted, 1);
	EXPECT(memo_get(&memo, "key", &how) == -EINTR && how.what == QUARTET_MEMO_NOTHING);
	EXPECT(memo_is_exact(&memo, 0));
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_COMPUTED));
	quartet_memo_destroy(&memo);
	return NULL;
}

MEMO_CASE(nested)
{
	struct quartet_memo_params params = memo_params();
	struct memo_plan inner;
	struct quartet_memo_how how = { };

	memo_plan_reset(&inner);
	EXPECT(!quartet_memo_init(&memo, &params));
	params.name = "kapi2";
	params.data = &inner;
	EXPECT(!quartet_memo_init(&other, &params));
	memo_plan.nested = &other;
	memo_plan.nested_key = "inner";
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_COMPUTED));
	EXPECT(memo_gives(&other, "inner", QUARTET_MEMO_HIT));
	/* Its own key, directly and by way of the other table. The errors are of the moment. */
	memo_plan.nested = &memo;
	memo_plan.nested_key = "self";
	EXPECT(memo_get(&memo, "self", &how) == -EDEADLK && how.what == QUARTET_MEMO_COMPUTED);
	memo_plan.nested = &other;
	memo_plan.nested_key = "round";
	inner.nested = &memo;
	inner.nested_key = "about";
	EXPECT(memo_get(&memo, "about", NULL) == -EDEADLK);
	EXPECT(memo_is_exact(&memo, 1) && memo_is_exact(&other, 1));
	EXPECT(memo_state(&memo).stats.deadlocks == 2);
	quartet_memo_destroy(&other);
	quartet_memo_destroy(&memo);
	return NULL;
}

#define CASE(function)	KAPI_CASE(memo, function)

struct kapi_case kapi_memo_lead_cases[] = {
	CASE(lead),
	CASE(tokens),
	CASE(abandon),
	CASE(cleared_lead),
	CASE(interrupted),
	CASE(nested),
};

const int kapi_memo_lead_number = ARRAY_SIZE(kapi_memo_lead_cases);
