// SPDX-License-Identifier: GPL-2.0-only
/* What a run on a spinlock proves. */
#include "verdict.h"

/* With two threads a node is used only by luck: one waits, and it is pending. */
static const struct {
	__u32 kind, flags, threads;
} needs[QUARTET_TRANSITIONS] = {
	[QUARTET_TRANSITION_PENDING]  = { QUARTET_SPIN_QUEUED, 0, 2 },
	[QUARTET_TRANSITION_QUEUED]   = { QUARTET_SPIN_QUEUED, 0, 3 },
	[QUARTET_TRANSITION_DEPTH3]   = { QUARTET_SPIN_QUEUED, 0, 4 },
	[QUARTET_TRANSITION_HANDOFF]  = { QUARTET_SPIN_QUEUED, 0, 3 },
	[QUARTET_TRANSITION_EMPTIED]  = { QUARTET_SPIN_QUEUED, 0, 3 },
	[QUARTET_TRANSITION_NESTED]   = { QUARTET_SPIN_QUEUED, QUARTET_TORTURE_NEST, 3 },
	[QUARTET_TRANSITION_FALLBACK] = { QUARTET_SPIN_QUEUED, QUARTET_TORTURE_EXHAUST, 3 },
	[QUARTET_TRANSITION_RETRY]    = { QUARTET_SPIN_CAS, 0, 2 },
	[QUARTET_TRANSITION_YIELD]    = { QUARTET_SPIN_YIELD, 0, 2 },
};

__u32 verdict_reachable(__u32 kind, __u32 flags, __u32 threads)
{
	__u32 i, mask = 0;

	for (i = 0; i < QUARTET_TRANSITIONS; i++)
		if (needs[i].kind == kind && !(needs[i].flags & ~flags) &&
		    threads >= needs[i].threads)
			mask |= 1U << i;
	return mask;
}

/* The broken lock proves the checks: it must be seen to fail, if anyone can be in its way. */
static const char *word_for_busted(const struct quartet_torture_spin *run, bool *good)
{
	*good = run->violations || run->contenders_total < 2;
	if (run->violations)
		return "flagged";
	return *good ? "ok" : "NOT FLAGGED";
}

static const char *word_for(const struct quartet_torture_spin *run, __u32 missing, bool *good)
{
	*good = false;
	if (run->kind != QUARTET_SPIN_BUSTED && run->violations)
		return "VIOLATED";
	if (run->kind != QUARTET_SPIN_BUSTED && run->inversions)
		return "OVERTOOK";
	if (run->ended != QUARTET_ENDED_BY_TIME)
		return "cut short";
	if (!run->grants)
		return "NO GRANTS";
	if (missing)
		return "never";
	if (run->kind == QUARTET_SPIN_BUSTED)
		return word_for_busted(run, good);
	*good = true;
	return "ok";
}

struct verdict verdict_of(const struct quartet_torture_spin *run, __u32 required)
{
	struct verdict verdict = {
		.never = verdict_reachable(run->kind, run->flags, run->threads),
	};
	int i;

	for (i = 0; i < QUARTET_TRANSITIONS; i++)
		if (run->transitions[i])
			verdict.never &= ~(1U << i);
	verdict.missing = verdict.never & required;
	verdict.word = word_for(run, verdict.missing, &verdict.good);
	return verdict;
}
