// SPDX-License-Identifier: GPL-2.0-only
/* ConcurrencyKit's spinlocks; none where its headers are not installed. */
#include <stddef.h>

#include "lock.h"

#if __has_include(<ck_spinlock.h>)
#include <ck_spinlock.h>

static void fas_init(void *lock)
{
	ck_spinlock_fas_init(lock);
}

contest_inline void fas_lock(void *lock)
{
	ck_spinlock_fas_lock(lock);
}

contest_inline void fas_unlock(void *lock)
{
	ck_spinlock_fas_unlock(lock);
}

LOCK(fas, "ck-fas", ck_spinlock_fas_t, NULL, NULL);

static void ticket_init(void *lock)
{
	ck_spinlock_ticket_init(lock);
}

contest_inline void ticket_lock(void *lock)
{
	ck_spinlock_ticket_lock(lock);
}

contest_inline void ticket_unlock(void *lock)
{
	ck_spinlock_ticket_unlock(lock);
}

LOCK(ticket, "ck-ticket", ck_spinlock_ticket_t, NULL, NULL);

/* A thread takes one lock at a time. */
static _Thread_local struct {
	_Alignas(APART) ck_spinlock_mcs_context_t node;
} mine;

static void mcs_init(void *lock)
{
	ck_spinlock_mcs_init(lock);
}

contest_inline void mcs_lock(void *lock)
{
	ck_spinlock_mcs_lock(lock, &mine.node);
}

contest_inline void mcs_unlock(void *lock)
{
	ck_spinlock_mcs_unlock(lock, &mine.node);
}

LOCK(mcs, "ck-mcs", ck_spinlock_mcs_t, NULL, NULL);

const struct contestant *const ck_contestants[] = { &fas, &ticket, &mcs, NULL };
#else
const struct contestant *const ck_contestants[] = { NULL };
#endif
