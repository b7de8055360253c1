// SPDX-License-Identifier: GPL-2.0-only
/* Our locks, out of kmod/, in the native world of user/sim. */
#include <quartet/mutex.h>
#include <quartet/spinlock.h>

#include "../../user/sim/native/native.h"
#include "contest.h"

static void queued_init(void *lock)
{
	quartet_spin_lock_init((struct quartet_spinlock *)lock);
}

contest_inline void queued_lock(void *lock)
{
	quartet_spin_lock(lock);
}

contest_inline void queued_unlock(void *lock)
{
	quartet_spin_unlock(lock);
}

CONTESTANT(queued, "quartet-queued", struct quartet_spinlock, native_reset, native_become);

static void cas_init(void *lock)
{
	quartet_cas_lock_init(lock);
}

contest_inline void cas_lock(void *lock)
{
	quartet_cas_lock(lock);
}

contest_inline void cas_unlock(void *lock)
{
	quartet_cas_unlock(lock);
}

CONTESTANT(cas, "quartet-cas", struct quartet_caslock, native_reset, native_become);

static void yielding_init(void *lock)
{
	quartet_yield_lock_init(lock);
}

contest_inline void yielding_lock(void *lock)
{
	quartet_yield_lock(lock);
}

contest_inline void yielding_unlock(void *lock)
{
	quartet_yield_unlock(lock);
}

CONTESTANT(yielding, "quartet-yield", struct quartet_yieldlock, native_reset, native_become);

static void sleeping_init(void *lock)
{
	quartet_mutex_init((struct quartet_mutex *)lock, QUARTET_STARVE_DEFAULT);
}

contest_inline void sleeping_lock(void *lock)
{
	quartet_mutex_lock(lock);
}

contest_inline void sleeping_unlock(void *lock)
{
	quartet_mutex_unlock(lock);
}

CONTESTANT(sleeping, "quartet-mutex", struct quartet_mutex, native_reset, native_become);

const struct contestant *const quartet_contestants[] = {
	&queued, &cas, &yielding, &sleeping, NULL
};
