// SPDX-License-Identifier: GPL-2.0-only
/* What a run proves. */
#include "verdict.h"

/*
 * A lock that is broken on purpose proves the checks: it must be seen to fail. Alone
 * it cannot, nor can two overtake each other.
 */
static bool is_caught(const struct quartet_torture_result *result, enum flaw flaw)
{
	switch (flaw) {
	case FLAW_EXCLUSION:
		return result->violations;
	case FLAW_ORDER:
		return result->inversions;
	case FLAW_WAKEUP:
		return result->ended == QUARTET_ENDED_STUCK;
	case FLAW_NONE:
		break;
	}
	return false;
}

static const char *word_for_broken(const struct quartet_torture_result *result, enum flaw flaw,
				   bool *good)
{
	bool caught = is_caught(result, flaw);

	*good = caught || result->contenders_total < (flaw == FLAW_ORDER ? 3 : 2);
	if (caught)
		return "flagged";
	return *good ? "ok" : "NOT FLAGGED";
}

static const char *word_for(const struct quartet_torture_result *result, enum flaw flaw,
			    __u32 missing, bool *good)
{
	*good = false;
	if (flaw == FLAW_NONE && result->violations)
		return "VIOLATED";
	if (flaw != FLAW_WAKEUP && result->ended == QUARTET_ENDED_STUCK)
		return "STUCK";
	if (flaw == FLAW_NONE && result->inversions)
		return "OVERTOOK";
	if (result->ended == QUARTET_ENDED_BY_SIGNAL)
		return "cut short";
	if (!result->grants)
		return "NO GRANTS";
	if (missing)
		return "never";
	if (flaw != FLAW_NONE)
		return word_for_broken(result, flaw, good);
	*good = true;
	return "ok";
}

struct verdict verdict_of(const struct run *run, __u32 required)
{
	const struct subject *subject = run->subject;
	struct verdict verdict = { .never = subject->reachable(&run->args) };
	__u32 i;

	for (i = 0; i < subject->events_len; i++)
		if (run->events[i])
			verdict.never &= ~(1U << i);
	verdict.missing = verdict.never & required;
	verdict.word = word_for(&run->args.result, subject->flaw(run->args.request.kind),
				verdict.missing, &verdict.good);
	return verdict;
}
