// SPDX-License-Identifier: GPL-2.0-only
/* Each lock under torture as a struct spin_ops, and the locks that exist only here. */
#include <linux/interrupt.h>
#include <linux/processor.h>
#include <linux/smp.h>

#include "spin_kinds.h"

/* The kinds without forms of their own get them from here. */
static void form_enter(enum spin_form form, unsigned long *flags)
{
	if (form == SPIN_IRQ)
		local_irq_save(*flags);
	else if (form == SPIN_BH)
		local_bh_disable();
}

static void form_leave(enum spin_form form, unsigned long flags)
{
	if (form == SPIN_IRQ)
		local_irq_restore(flags);
	else if (form == SPIN_BH)
		local_bh_enable();
}

#define INTERRUPTS	(QUARTET_TORTURE_SOFTIRQ | QUARTET_TORTURE_HARDIRQ)

/* Further members of the ops follow the four functions on the lock's own type. */
#define DEFINE_SPIN_OPS(kind, member, do_init, do_lock, do_trylock, do_unlock, ...) \
static void kind##_init(union spin_any *lock) \
{ \
	do_init(&lock->member); \
} \
static void kind##_lock(union spin_any *lock, enum spin_form form, unsigned long *flags) \
{ \
	form_enter(form, flags); \
	do_lock(&lock->member); \
} \
static bool kind##_trylock(union spin_any *lock, enum spin_form form, unsigned long *flags) \
{ \
	form_enter(form, flags); \
	if (do_trylock(&lock->member)) \
		return true; \
	form_leave(form, *flags); \
	return false; \
} \
static void kind##_unlock(union spin_any *lock, enum spin_form form, unsigned long flags) \
{ \
	do_unlock(&lock->member); \
	form_leave(form, flags); \
} \
static const struct spin_ops kind##_ops = { \
	.init = kind##_init, \
	.lock = kind##_lock, \
	.trylock = kind##_trylock, \
	.unlock = kind##_unlock, \
	__VA_ARGS__ \
}

/* queued: its own forms. */
static void queued_init(union spin_any *lock)
{
	quartet_spin_lock_init(&lock->queued);
}

static void queued_lock(union spin_any *lock, enum spin_form form, unsigned long *flags)
{
	if (form == SPIN_IRQ)
		quartet_spin_lock_irqsave(&lock->queued, *flags);
	else if (form == SPIN_BH)
		quartet_spin_lock_bh(&lock->queued);
	else
		quartet_spin_lock(&lock->queued);
}

static bool queued_trylock(union spin_any *lock, enum spin_form form, unsigned long *flags)
{
	if (form == SPIN_IRQ)
		return quartet_spin_trylock_irqsave(&lock->queued, *flags);
	if (form == SPIN_BH)
		return quartet_spin_trylock_bh(&lock->queued);
	return quartet_spin_trylock(&lock->queued);
}

static void queued_unlock(union spin_any *lock, enum spin_form form, unsigned long flags)
{
	if (form == SPIN_IRQ)
		quartet_spin_unlock_irqrestore(&lock->queued, flags);
	else if (form == SPIN_BH)
		quartet_spin_unlock_bh(&lock->queued);
	else
		quartet_spin_unlock(&lock->queued);
}

/*
 * A waiter is known by its CPU: while it waits nothing else on that CPU can
 * wait for, or take, the same lock.
 */
static u32 queued_newest(union spin_any *lock)
{
	int cpu = quartet_spin_newest_waiter(&lock->queued);

	return cpu == QUARTET_SPIN_PENDING_WAITER ? SPIN_NEXT : cpu + 1;
}

static u32 queued_self(union spin_any *lock)
{
	return smp_processor_id() + 1;
}

static const struct spin_ops queued_ops = {
	.contexts = INTERRUPTS,
	.init = queued_init,
	.lock = queued_lock,
	.trylock = queued_trylock,
	.unlock = queued_unlock,
	.newest = queued_newest,
	.self = queued_self,
};

DEFINE_SPIN_OPS(cas, cas, quartet_cas_lock_init, quartet_cas_lock, quartet_cas_trylock,
		quartet_cas_unlock, .contexts = INTERRUPTS);
DEFINE_SPIN_OPS(yield, yield, quartet_yield_lock_init, quartet_yield_lock,
		quartet_yield_trylock, quartet_yield_unlock, .preemptible = true);
DEFINE_SPIN_OPS(raw, raw, raw_spin_lock_init, raw_spin_lock, raw_spin_trylock,
		raw_spin_unlock, .contexts = INTERRUPTS);

/*
 * cas-preemptible: cas with preemption left on, as a Go spinlock was before
 * Go could preempt a loop. Where the kernel does not preempt kernel code either, a
 * waiter that spins on the CPU its holder was scheduled away from spins for
 * ever.
 */
static void preemptible_lock_one(struct quartet_caslock *lock)
{
	while (!__quartet_cas_try(&lock->locked))
		cpu_relax();
}

static bool preemptible_trylock_one(struct quartet_caslock *lock)
{
	return __quartet_cas_try(&lock->locked);
}

static void preemptible_unlock_one(struct quartet_caslock *lock)
{
	atomic_set_release(&lock->locked, 0);
}

DEFINE_SPIN_OPS(cas_preemptible, cas, quartet_cas_lock_init, preemptible_lock_one,
		preemptible_trylock_one, preemptible_unlock_one, .preemptible = true);

/* ticket: FIFO, every waiter spins on the same word. */
static void ticket_init_one(struct ticket_lock *lock)
{
	atomic_set(&lock->word, 0);
}

static void ticket_lock_one(struct ticket_lock *lock)
{
	u16 mine;

	preempt_disable();
	mine = (u32)atomic_fetch_add(1 << 16, &lock->word) >> 16;
	smp_cond_load_acquire(&lock->owner, VAL == mine);
}

static bool ticket_trylock_one(struct ticket_lock *lock)
{
	u32 word;

	preempt_disable();
	word = atomic_read(&lock->word);
	if ((u16)word == word >> 16 &&
	    atomic_cmpxchg_acquire(&lock->word, word, word + (1 << 16)) == word)
		return true;
	preempt_enable();
	return false;
}

static void ticket_unlock_one(struct ticket_lock *lock)
{
	/*
	 * Pairs with the acquires of lock and trylock. Nobody else writes this half of the word,
	 * but they write the word.
	 */
	smp_store_release(&lock->owner, READ_ONCE(lock->owner) + 1);
	preempt_enable();
}

/* Ticket n waits as number n + 1, so that 0 is nobody. */
static u32 ticket_newest(union spin_any *lock)
{
	u32 word = atomic_read(&lock->ticket.word);
	u16 last = (word >> 16) - 1;

	return last == (u16)word ? 0 : last + 1;
}

static u32 ticket_self(union spin_any *lock)
{
	return READ_ONCE(lock->ticket.owner) + 1;
}

DEFINE_SPIN_OPS(ticket, ticket, ticket_init_one, ticket_lock_one, ticket_trylock_one,
		ticket_unlock_one, .contexts = INTERRUPTS, .newest = ticket_newest,
		.self = ticket_self);

/* busted: looks, then takes. The negative control of every check on exclusion. */
static void busted_init_one(u32 *lock)
{
	WRITE_ONCE(*lock, 0);
}

static bool busted_trylock_one(u32 *lock)
{
	preempt_disable();
	if (!READ_ONCE(*lock)) {
		cpu_relax();
		WRITE_ONCE(*lock, 1);
		return true;
	}
	preempt_enable();
	return false;
}

static void busted_lock_one(u32 *lock)
{
	while (!busted_trylock_one(lock))
		cpu_relax();
}

static void busted_unlock_one(u32 *lock)
{
	WRITE_ONCE(*lock, 0);
	preempt_enable();
}

DEFINE_SPIN_OPS(busted, busted, busted_init_one, busted_lock_one, busted_trylock_one,
		busted_unlock_one, .contexts = INTERRUPTS);

static const struct {
	const char *name;
	const struct spin_ops *ops;
} spin_kinds[QUARTET_SPIN_KINDS] = {
	[QUARTET_SPIN_QUEUED]		= { "queued", &queued_ops },
	[QUARTET_SPIN_CAS]		= { "cas", &cas_ops },
	[QUARTET_SPIN_YIELD]		= { "yield", &yield_ops },
	[QUARTET_SPIN_CAS_PREEMPTIBLE]	= { "cas-preemptible", &cas_preemptible_ops },
	[QUARTET_SPIN_TICKET]		= { "ticket", &ticket_ops },
	[QUARTET_SPIN_RAW]		= { "raw", &raw_ops },
	[QUARTET_SPIN_BUSTED]		= { "busted", &busted_ops },
};

/* @kind below QUARTET_SPIN_KINDS. */
const struct spin_ops *spin_kind_ops(u32 kind)
{
	return spin_kinds[kind].ops;
}

const char *spin_kind_name(u32 kind)
{
	return spin_kinds[kind].name;
}
