// SPDX-License-Identifier: GPL-2.0-only
/* Our locks, our pool and our memo table, out of kmod/, in the native world of user/sim. */
#include <linux/err.h>
#include <linux/smp.h>

#include <quartet/memo.h>
#include <quartet/mutex.h>
#include <quartet/pool.h>
#include <quartet/spinlock.h>

#include "../../user/sim/native/native.h"
#include "../../user/sim/native/urcu.h"
#include "lock.h"
#include "memo.h"
#include "pool.h"

/* A CPU for each thread and one for main(). */
static void prepare(unsigned int threads)
{
	native_reset();
	sim_want_cpus(threads + 1);
}

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

LOCK(queued, "quartet-queued", struct quartet_spinlock, prepare, native_become);

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

LOCK(cas, "quartet-cas", struct quartet_caslock, prepare, native_become);

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

LOCK(yielding, "quartet-yield", struct quartet_yieldlock, prepare, native_become);

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

LOCK(sleeping, "quartet-mutex", struct quartet_mutex, prepare, native_become);

static void pool_init(void *pool)
{
	static const struct quartet_pool_params params = { .name = "bench", .size = OBJECT_BYTES };

	BUILD_BUG_ON(sizeof(struct quartet_pool) > ROOM);
	BUG_ON(quartet_pool_init(pool, &params));
}

contest_inline void *pool_get(void *pool)
{
	return quartet_pool_get(pool, GFP_KERNEL);
}

contest_inline void pool_put(void *pool, void *object)
{
	quartet_pool_put(pool, object);
}

POOL(pool, "quartet-pool", prepare, native_become);

static int compute(struct quartet_memo_call *call, const void *key, size_t key_len, void *data)
{
	void *room = quartet_memo_room(call, sizeof(struct contest_value));

	if (IS_ERR(room))
		return PTR_ERR(room);
	memset(room, 0, sizeof(struct contest_value));
	return 0;
}

contest_inline void memo_hit(void *memo, const struct contest_key *key,
			     struct contest_value *value)
{
	quartet_memo_get(memo, key, sizeof(*key), value, sizeof(*value), NULL);
}

static void memo_fill(struct quartet_memo *memo, enum quartet_memo_engine engine)
{
	const struct quartet_memo_params params = {
		.engine = engine, .func = compute, .key_max = sizeof(struct contest_key),
		.value_max = sizeof(struct contest_value), .capacity = KEYS, .bytes = SIZE_MAX,
		.ttl = QUARTET_MEMO_FOR_EVER,
	};
	struct contest_key key = { 0 };
	struct contest_value value;

	BUG_ON(quartet_memo_init(memo, &params));
#ifdef SIM_LIBURCU
	native_urcu_register();
#endif
	for (key.id = 0; key.id < KEYS; key.id++)
		memo_hit(memo, &key, &value);
}

static void rcu_init(void *memo)
{
	memo_fill(memo, QUARTET_MEMO_RCU);
}

#define rcu_hit		memo_hit
MEMO(rcu, "quartet-memo", prepare, native_become);

static void locked_init(void *memo)
{
	memo_fill(memo, QUARTET_MEMO_LOCK);
}

#define locked_hit	memo_hit
MEMO(locked, "quartet-memo-lock", prepare, native_become);

const struct contestant *const quartet_contestants[] = {
	&queued, &cas, &yielding, &sleeping, &pool, &rcu, &locked, NULL
};
