// SPDX-License-Identifier: GPL-2.0-only
/* quartet torture spin: spinlocks. */
#include <err.h>

#include "matrix.h"
#include "quartet.h"
#include "run.h"

static const char *const kinds[QUARTET_SPIN_KINDS] = {
	[QUARTET_SPIN_QUEUED] = "queued",
	[QUARTET_SPIN_CAS] = "cas",
	[QUARTET_SPIN_YIELD] = "yield",
	[QUARTET_SPIN_CAS_PREEMPTIBLE] = "cas-preemptible",
	[QUARTET_SPIN_TICKET] = "ticket",
	[QUARTET_SPIN_RAW] = "raw",
	[QUARTET_SPIN_BUSTED] = "busted",
};

static const char *const transitions[QUARTET_TRANSITIONS] = {
	[QUARTET_TRANSITION_PENDING] = "pending",
	[QUARTET_TRANSITION_QUEUED] = "queued",
	[QUARTET_TRANSITION_DEPTH3] = "depth3",
	[QUARTET_TRANSITION_HANDOFF] = "handoff",
	[QUARTET_TRANSITION_EMPTIED] = "emptied",
	[QUARTET_TRANSITION_NESTED] = "nested",
	[QUARTET_TRANSITION_FALLBACK] = "fallback",
	[QUARTET_TRANSITION_RETRY] = "retry",
	[QUARTET_TRANSITION_YIELD] = "yield",
};

enum option_key { SOFTIRQ = MATRIX_OPTIONS, HARDIRQ, NEST, EXHAUST };

static const struct argp_option options[] = {
	{ "softirq", SOFTIRQ, NULL, 0, "Take the lock from a softirq timer a CPU too", 2 },
	{ "hardirq", HARDIRQ, NULL, 0, "Take the lock from a hardirq timer a CPU too", 2 },
	{ "nest", NEST, NULL, 0,
	  "Give these timers a lock of their own, so that they interrupt waiters", 2 },
	{ "exhaust", EXHAUST, NULL, 0,
	  "Leave the first CPU no queue node; queued only, think >= threads x hold", 2 },
	{ 0 }
};

static const char doc[] =
	"Put spinlocks under load inside the kernel, through /dev/quartet_torture, and judge them.\n"
	"\vLIST is one value or several, separated by commas.\n"
	"A TIME has a unit: ns, us, ms or s; --hold and --think are in ns without one.\n"
	"\n"
	"Locks:\n"
	"  queued           quartet's spinlock: FIFO, each waiter on its own cache line\n"
	"  cas              a compare-and-swap loop, preemption off\n"
	"  yield            the same, but gives up the CPU after each failed try\n"
	"  cas-preemptible  the same with preemption left on: may hang the machine\n"
	"  ticket           peer: a ticket lock, FIFO\n"
	"  raw              peer: the kernel's raw_spinlock_t\n"
	"  busted           tests, then sets: does not exclude, and must be flagged\n"
	"\n"
	"Columns:\n"
	"  grants/s         times the lock was taken, a second, by all contenders\n"
	"  jain             Jain's fairness index of the threads' grants: 1 is even\n"
	"  p50 ... max      waits for the lock\n"
	"  violated         two contenders were inside at once, or an update was lost\n"
	"  inverted         grants that overtook a queued waiter / waiters watched\n"
	"  try-fail         trylock attempts that failed, with --trylock\n"
	"  verdict          see below\n"
	"\n"
	"Events (\"never:\" below a row names those it could see and did not):\n"
	"  pending          queued: waited on the pending bit, without a node\n"
	"  queued           queued: waited on a node\n"
	"  depth3           queued: three or more waited on nodes at once\n"
	"  handoff          queued: passed the head of the queue on\n"
	"  emptied          queued: took the lock as the last one queued\n"
	"  nested           queued, with --nest: waited where a waiter was interrupted\n"
	"  fallback         queued, with --exhaust: had no node, spun on trylock\n"
	"  retry            cas: a try failed\n"
	"  yield            yield: gave up the CPU\n"
	"\n"
	"Verdicts:\n"
	"  ok, flagged      good; flagged is the one that busted must get\n"
	"  VIOLATED         there were violations\n"
	"  OVERTOOK         there were inversions\n"
	"  NO GRANTS        nobody ever got the lock\n"
	"  NOT FLAGGED      busted went unnoticed: the checks are broken\n"
	SUBJECT_DOC_STATUS
	"  quartet torture spin --impl queued,raw --threads 1,2,4,8 --hold 0,1us,10us\n"
	"  quartet torture spin --impl queued --threads 8 --hardirq --require depth3\n"
	"  quartet torture spin --impl busted --threads 4\n";

static void set_defaults(struct matrix *matrix)
{
	list_parse_names(&matrix->kinds, kinds, QUARTET_SPIN_KINDS, "--impl",
			 "queued,cas,yield,ticket,raw");
}

static bool parse(struct matrix *matrix, int key, const char *text)
{
	static const __u32 bits[] = {
		[SOFTIRQ - SOFTIRQ] = QUARTET_TORTURE_SOFTIRQ,
		[HARDIRQ - SOFTIRQ] = QUARTET_TORTURE_HARDIRQ,
		[NEST - SOFTIRQ] = QUARTET_TORTURE_NEST,
		[EXHAUST - SOFTIRQ] = QUARTET_TORTURE_EXHAUST,
	};

	(void)text;
	if (key < SOFTIRQ || key > EXHAUST)
		return false;
	matrix->common.request.flags |= bits[key - SOFTIRQ];
	return true;
}

static void check(const struct matrix *matrix)
{
	__u32 flags = matrix->common.request.flags;

	if (flags & QUARTET_TORTURE_NEST &&
	    !(flags & (QUARTET_TORTURE_SOFTIRQ | QUARTET_TORTURE_HARDIRQ)))
		errx(EXIT_USAGE, "--nest: give --softirq or --hardirq too");
}

static __u32 reachable(const struct args *args)
{
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
	const struct quartet_torture_request *request = &args->request;
	__u32 i, mask = 0;

	for (i = 0; i < QUARTET_TRANSITIONS; i++)
		if (needs[i].kind == request->kind && !(needs[i].flags & ~request->flags) &&
		    request->threads >= needs[i].threads)
			mask |= 1U << i;
	return mask;
}

static enum flaw flaw(__u32 kind)
{
	return kind == QUARTET_SPIN_BUSTED ? FLAW_EXCLUSION : FLAW_NONE;
}

static const struct flag flags[] = {
	{ "softirq", QUARTET_TORTURE_SOFTIRQ },
	{ "hardirq", QUARTET_TORTURE_HARDIRQ },
	{ "nest", QUARTET_TORTURE_NEST },
	{ "exhaust", QUARTET_TORTURE_EXHAUST },
	{ "unchecked", QUARTET_TORTURE_UNCHECKED },
	{ "untimed", QUARTET_TORTURE_UNTIMED },
	{ NULL, 0 },
};

static const struct field none[] = { { NULL, 0, 0 } };

const struct subject spin_subject = {
	.name = "spin",
	.kinds = kinds,
	.kinds_len = QUARTET_SPIN_KINDS,
	.events = transitions,
	.events_len = QUARTET_TRANSITIONS,
	.events_key = "transitions",
	.flags = flags,
	.asked = none,
	.got = none,
	.overtaken = "inverted",
	.doc = doc,
	.options = options,
	.set_defaults = set_defaults,
	.parse = parse,
	.check = check,
	/* A flat struct: its members are those of request and result, in their order. */
	SUBJECT_IOCTL(QUARTET_TORTURE_SPIN, struct quartet_torture_spin, elapsed_ns, transitions),
	.perform = run_ioctl,
	.reachable = reachable,
	.flaw = flaw,
};
