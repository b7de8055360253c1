// SPDX-License-Identifier: GPL-2.0-only
/* Fuzz target: CPUs at a spinlock of each kind, and some of them without a queue node. */
#include <linux/kernel.h>
#include <linux/quartet_torture.h>
#include <linux/sched/prio.h>
#include <quartet/spinlock.h>
#include <sim/case.h>

#include "fiber.h"
#include "fuzz.h"

#define CPUS	FIBERS
#define NOBODY	(-1)
#define MOST_ROUNDS	200	/* until all is given back at the end */

/* In the order in which a CPU may wait for one while it has others. */
enum kind { YIELD, QUEUED, CAS, KINDS };
static const char *const kinds[KINDS] = { "yield", "queued", "cas" };

static struct quartet_yieldlock yielding;
static struct quartet_spinlock queued;
static struct quartet_caslock cas;
static enum kind chosen[CPUS];		/* by a CPU, for its body */
static bool taken[CPUS];
static u64 transitions_before[QUARTET_TRANSITIONS];

/* The model. Of the queued kind those in line come first; the others when they look. */
static int holder[KINDS];
static int line[CPUS];			/* by arrival */
static unsigned int length;
static bool pending;			/* the first of them waits without a node */
static bool waits[CPUS];
static unsigned int claims[CPUS];
static bool realtime[CPUS];
static u64 transitions[QUARTET_TRANSITIONS];
static unsigned int warnings;

/* The bodies: what is done to the code under test. */

static void body_lock(unsigned int cpu)
{
	taken[cpu] = false;
	if (chosen[cpu] == YIELD)
		quartet_yield_lock(&yielding);
	else if (chosen[cpu] == QUEUED)
		quartet_spin_lock(&queued);
	else
		quartet_cas_lock(&cas);
	taken[cpu] = true;
}

static void body_trylock(unsigned int cpu)
{
	if (chosen[cpu] == YIELD)
		taken[cpu] = quartet_yield_trylock(&yielding);
	else if (chosen[cpu] == QUEUED)
		taken[cpu] = quartet_spin_trylock(&queued);
	else
		taken[cpu] = quartet_cas_trylock(&cas);
}

static void body_unlock(unsigned int cpu)
{
	if (chosen[cpu] == YIELD)
		quartet_yield_unlock(&yielding);
	else if (chosen[cpu] == QUEUED)
		quartet_spin_unlock(&queued);
	else
		quartet_cas_unlock(&cas);
}

/* What the model says of them. */

static bool is_free(enum kind kind)
{
	return holder[kind] == NOBODY && (kind != QUEUED || !length);
}

static bool model_try(unsigned int cpu, enum kind kind)
{
	if (!is_free(kind))
		return false;
	holder[kind] = cpu;
	waits[cpu] = false;
	return true;
}

/* A waiter of the queued kind: pending, in the queue, or without a node. */
static void arrive(unsigned int cpu)
{
	bool first = holder[QUEUED] != NOBODY && !length;

	if (!first && claims[cpu]) {
		transitions[QUARTET_TRANSITION_FALLBACK]++;
		return;
	}
	pending |= first;
	transitions[QUARTET_TRANSITION_QUEUED] += !first;
	line[length++] = cpu;
}

static void count_first(void)
{
	if (pending)
		transitions[QUARTET_TRANSITION_PENDING]++;
	else if (length == 1)
		transitions[QUARTET_TRANSITION_EMPTIED]++;
	else
		transitions[QUARTET_TRANSITION_HANDOFF]++;
	if (!pending && length >= 3)
		transitions[QUARTET_TRANSITION_DEPTH3]++;
}

static bool first_takes(unsigned int cpu)
{
	unsigned int i;

	if (holder[QUEUED] != NOBODY || !length || line[0] != (int)cpu)
		return false;
	count_first();
	holder[QUEUED] = cpu;
	waits[cpu] = false;
	pending = false;
	for (length--, i = 0; i < length; i++)
		line[i] = line[i + 1];
	return true;
}

static bool model_lock(unsigned int cpu, enum kind kind)
{
	if (model_try(cpu, kind))
		return true;
	waits[cpu] = true;
	if (kind == QUEUED) {
		arrive(cpu);
	} else if (kind == CAS) {
		transitions[QUARTET_TRANSITION_RETRY]++;
	} else {
		transitions[QUARTET_TRANSITION_YIELD]++;
		warnings += realtime[cpu];
	}
	return false;
}

static bool model_go_on(unsigned int cpu)
{
	return (chosen[cpu] == QUEUED && first_takes(cpu)) || model_try(cpu, chosen[cpu]);
}

/* Comparing: all that can be seen. */

static void same_cpu(unsigned int cpu)
{
	unsigned int off = waits[cpu] && chosen[cpu] != YIELD;

	off += holder[QUEUED] == (int)cpu;
	off += holder[CAS] == (int)cpu;
	same(sim_task(cpu)->preempt_count, off, "preempt_count");
	same(fiber_paused(cpu), waits[cpu], "waits");
}

static int newest(void)
{
	if (!length)
		return QUARTET_SPIN_NO_WAITER;
	return pending && length == 1 ? QUARTET_SPIN_PENDING_WAITER : line[length - 1];
}

static void same_all(void)
{
	u64 sums[QUARTET_TRANSITIONS];
	unsigned int i;

	same(quartet_spin_is_locked(&queued), holder[QUEUED] != NOBODY, "is_locked");
	same(atomic_read(&cas.locked), holder[CAS] != NOBODY, "cas: locked");
	same(atomic_read(&yielding.locked), holder[YIELD] != NOBODY, "yield: locked");
	same(quartet_spin_newest_waiter(&queued), newest(), "newest_waiter");
	same(queued.pending, pending, "pending");
	same(!!queued.tail, length > pending, "tail");
	quartet_spin_transitions(sums);
	for (i = 0; i < QUARTET_TRANSITIONS; i++)
		same(sums[i] - transitions_before[i], transitions[i], "transitions");
	for (i = 0; i < CPUS; i++)
		same_cpu(i);
	same(sim_expect_warnings(), warnings, "warnings");
}

/* Operations, on both. */

/* Whoever has this lock, or one after it, would wait for itself. */
static bool may_wait(unsigned int cpu, enum kind kind)
{
	for (; kind < KINDS; kind++)
		if (holder[kind] == (int)cpu)
			return false;
	return true;
}

static void do_lock(unsigned int cpu, enum kind kind)
{
	bool spins = may_wait(cpu, kind);

	/* Which may sleep: only with preemption on. */
	if (spins && kind == YIELD && sim_task(cpu)->preempt_count)
		spins = false;
	say("CPU %u: %s%s", cpu, spins ? "lock " : "trylock ", kinds[kind]);
	chosen[cpu] = kind;
	fiber_start(cpu, spins ? body_lock : body_trylock);
	same(taken[cpu], spins ? model_lock(cpu, kind) : model_try(cpu, kind), "takes the lock");
}

static void try_lock(unsigned int cpu, enum kind kind)
{
	say("CPU %u: trylock %s", cpu, kinds[kind]);
	chosen[cpu] = kind;
	fiber_start(cpu, body_trylock);
	same(taken[cpu], model_try(cpu, kind), "trylock");
}

static void do_unlock(unsigned int cpu, enum kind kind)
{
	if (holder[kind] != (int)cpu)
		return;
	say("CPU %u: unlock %s", cpu, kinds[kind]);
	chosen[cpu] = kind;
	fiber_start(cpu, body_unlock);
	holder[kind] = NOBODY;
}

static void go_on(unsigned int cpu)
{
	say("CPU %u looks again at %s", cpu, kinds[chosen[cpu]]);
	fiber_resume(cpu);
	same(taken[cpu], model_go_on(cpu), "takes the lock");
}

static void set_claim(unsigned int cpu, bool claims_them)
{
	if (claims_them) {
		say("CPU %u: claim nodes", cpu);
		quartet_spin_claim_nodes(cpu);
		claims[cpu]++;
	} else if (claims[cpu]) {
		say("CPU %u: unclaim nodes", cpu);
		quartet_spin_unclaim_nodes(cpu);
		claims[cpu]--;
	}
}

static void set_realtime(unsigned int cpu, bool is)
{
	realtime[cpu] = is;
	sim_task(cpu)->normal_prio = is ? MAX_RT_PRIO - 1 : SIM_NORMAL_PRIO;
}

static bool in_use(void)
{
	unsigned int i;

	for (i = 0; i < CPUS; i++)
		if (waits[i])
			return true;
	for (i = 0; i < KINDS; i++)
		if (holder[i] != NOBODY)
			return true;
	return false;
}

/* Who waits holds only locks that come before, so in each round one unlocks or comes in. */
static void finish(unsigned int cpu)
{
	unsigned int kind;

	if (waits[cpu])
		go_on(cpu);
	for (kind = 0; kind < KINDS && !waits[cpu]; kind++)
		do_unlock(cpu, kind);
	same_all();
}

/* Now and then: who has no node comes in only when nobody else wants to. */
static void settle(void)
{
	unsigned int rounds, cpu;

	for (rounds = 0; in_use(); rounds++) {
		if (rounds == MOST_ROUNDS)
			differ("somebody waits for ever");
		for (cpu = 0; cpu < CPUS; cpu++)
			finish(cpu);
	}
}

void fuzz_step(struct input *input)
{
	static const enum kind mostly[] = { QUEUED, QUEUED, QUEUED, YIELD, CAS };
	unsigned int op = pick(input, 13), cpu = pick(input, CPUS);
	enum kind kind = mostly[pick(input, ARRAY_SIZE(mostly))];

	if (op == 12)
		settle();
	else if (op >= 10 && length)
		go_on(line[0]);
	else if (op == 9)
		set_claim(cpu, !pick(input, 4));
	else if (op == 8)
		set_realtime(cpu, pick(input, 2));
	else if (op == 7 && holder[kind] != NOBODY && !waits[holder[kind]])
		do_unlock(holder[kind], kind);
	else if (waits[cpu])
		go_on(cpu);
	else if (op < 4)
		do_lock(cpu, kind);
	else if (op < 5)
		try_lock(cpu, kind);
	else
		do_unlock(cpu, kind);
	same_all();
}

void fuzz_start(struct input *input)
{
	unsigned int i, without = pick(input, 1 << CPUS);

	fuzz_reset();
	quartet_yield_lock_init(&yielding);
	quartet_spin_lock_init(&queued);
	quartet_cas_lock_init(&cas);
	quartet_spin_transitions(transitions_before);
	memset(transitions, 0, sizeof(transitions));
	for (i = 0; i < KINDS; i++)
		holder[i] = NOBODY;
	for (i = 0; i < CPUS; i++) {
		claims[i] = 0;
		set_realtime(i, false);
	}
	warnings = 0;
	for (i = 0; i < CPUS; i++)
		if (without & 1 << i)
			set_claim(i, true);
	same_all();
}

void fuzz_end(void)
{
	unsigned int cpu;

	settle();
	for (cpu = 0; cpu < CPUS; cpu++)
		while (claims[cpu])
			set_claim(cpu, false);
}
