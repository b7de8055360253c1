// SPDX-License-Identifier: GPL-2.0-only
/* The spinlock's forms: what they turn off, and on again, also if the lock is not to be had. */
#include <linux/bottom_half.h>
#include <linux/interrupt.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>

#include <quartet/spinlock.h>

#include "kapi.h"

static DEFINE_QUARTET_SPINLOCK(lock);

static const char *uncontended(void)
{
	bool locked;

	quartet_spin_lock(&lock);
	locked = quartet_spin_is_locked(&lock);
	quartet_spin_unlock(&lock);
	EXPECT(locked && !quartet_spin_is_locked(&lock));
	EXPECT(quartet_spin_trylock(&lock));
	__acquire(&lock);
	quartet_spin_unlock(&lock);
	return NULL;
}

/* Within the lock, softirqs are off once; a refused one leaves it at that. */
static const char *refused_bh(void)
{
	unsigned long outside = softirq_count(), inside, after;
	bool refused;

	quartet_spin_lock_bh(&lock);
	inside = softirq_count();
	refused = !quartet_spin_trylock_bh(&lock);
	after = softirq_count();
	quartet_spin_unlock_bh(&lock);
	EXPECT(refused && after == inside && inside != outside);
	EXPECT(softirq_count() == outside);
	EXPECT(quartet_spin_trylock_bh(&lock));
	__acquire(&lock);
	after = softirq_count();
	quartet_spin_unlock_bh(&lock);
	EXPECT(after == inside && softirq_count() == outside);
	return NULL;
}

static const char *refused_irqsave(void)
{
	unsigned long flags;
	bool refused, off;

	quartet_spin_lock(&lock);
	refused = !quartet_spin_trylock_irqsave(&lock, flags);
	off = irqs_disabled();
	quartet_spin_unlock(&lock);
	EXPECT(refused && !off);
	EXPECT(quartet_spin_trylock_irqsave(&lock, flags));
	__acquire(&lock);
	off = irqs_disabled();
	quartet_spin_unlock_irqrestore(&lock, flags);
	EXPECT(off && !irqs_disabled());
	return NULL;
}

/* Nor does a plain one leave preemption off. */
static const char *refused_plain(void)
{
	int outside = preempt_count(), inside, after;
	bool refused;

	quartet_spin_lock(&lock);
	inside = preempt_count();
	refused = !quartet_spin_trylock(&lock);
	after = preempt_count();
	quartet_spin_unlock(&lock);
	EXPECT(refused && after == inside && preempt_count() == outside);
	return NULL;
}

#define CASE(function)	KAPI_CASE(spinlock, function)

struct kapi_case kapi_spinlock_cases[] = {
	CASE(uncontended),
	CASE(refused_bh),
	CASE(refused_irqsave),
	CASE(refused_plain),
};

const int kapi_spinlock_number = ARRAY_SIZE(kapi_spinlock_cases);
