/* SPDX-License-Identifier: GPL-2.0-only */
/* The locks under torture and their peers, behind one set of operations. */
#ifndef QUARTET_TORTURE_SPIN_KINDS_H
#define QUARTET_TORTURE_SPIN_KINDS_H

#include <linux/spinlock.h>

#include <quartet/spinlock.h>
#include <linux/quartet_torture.h>

struct ticket_lock {
	union {
		atomic_t word;
		struct {
#ifdef __LITTLE_ENDIAN
			u16 owner, next;
#else
			u16 next, owner;
#endif
		};
	};
};

union spin_any {
	struct quartet_spinlock queued;
	struct quartet_caslock cas;
	struct quartet_yieldlock yield;
	struct ticket_lock ticket;
	raw_spinlock_t raw;
	u32 busted;
};

#define SPIN_NEXT	U32_MAX

/* What else is kept off this CPU while the lock is held. */
enum spin_form {
	SPIN_PLAIN,
	SPIN_BH,
	SPIN_IRQ,
};

/**
 * struct spin_ops - a kind of lock
 * @contexts: QUARTET_TORTURE_SOFTIRQ and _HARDIRQ, if it may be taken there
 * @preemptible: the holder keeps preemption on, so it may be scheduled away
 * @init: makes the lock free
 * @lock: takes it in the given form
 * @trylock: one try; the form's effect stays only if it returns true
 * @unlock: releases it and ends the form's effect
 * @newest: FIFO kinds: the number of the waiter that came last, SPIN_NEXT if it
 *	is only known that its turn is next, or 0; any later arrival must be
 *	granted after it
 * @self: FIFO kinds: the number that the holder had as a waiter
 */
struct spin_ops {
	u32 contexts;
	bool preemptible;
	void (*init)(union spin_any *lock);
	void (*lock)(union spin_any *lock, enum spin_form form, unsigned long *flags);
	bool (*trylock)(union spin_any *lock, enum spin_form form, unsigned long *flags);
	void (*unlock)(union spin_any *lock, enum spin_form form, unsigned long flags);
	u32 (*newest)(union spin_any *lock);
	u32 (*self)(union spin_any *lock);
};

const struct spin_ops *spin_kind_ops(u32 kind);
const char *spin_kind_name(u32 kind);

#endif /* QUARTET_TORTURE_SPIN_KINDS_H */
