// SPDX-License-Identifier: GPL-2.0-only
/* Each sleeping lock under torture as a struct mutex_ops. */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/sched/signal.h>

#include "mutex_kinds.h"

#define BASIC_FORMS	(BIT(MUTEX_PLAIN) | BIT(MUTEX_TRY) | BIT(MUTEX_INTERRUPTIBLE) | \
			 BIT(MUTEX_KILLABLE))
#define SLEEP_FORMS	(BASIC_FORMS | BIT(MUTEX_TIMEOUT))

/* For the locks of ours: the plain form heeds SIGKILL, so that a lost wake-up can be survived. */
static unsigned int sleep_state(enum mutex_form form)
{
	return form == MUTEX_PLAIN || form == MUTEX_KILLABLE ? TASK_KILLABLE : TASK_INTERRUPTIBLE;
}

static void quartet_init(union mutex_any *lock, u64 starve_ns)
{
	quartet_mutex_init(&lock->quartet, starve_ns);
}

/* A waiter that is called. It is this task all the same, so that the order can be judged. */
struct async {
	struct quartet_mutex_waiter waiter;
	struct completion granted;
};

static void async_wake(struct quartet_mutex_waiter *waiter)
{
	complete(&container_of(waiter, struct async, waiter)->granted);
}

/* Only a signal ends the wait early; the cancellation may meet the hand-off. */
static int quartet_lock_async(struct quartet_mutex_core *core)
{
	struct async async = { .waiter = { .wake = async_wake, .owner = current } };

	init_completion(&async.granted);
	if (quartet_mutex_core_enqueue(core, &async.waiter))
		return 0;
	if (!wait_for_completion_interruptible(&async.granted))
		return 0;
	usleep_range(1, 50);	/* the hand-off may come meanwhile */
	if (quartet_mutex_core_cancel(core, &async.waiter))
		return -EINTR;
	/* Granted: the call may be on its way still, and @async is on our stack. */
	wait_for_completion(&async.granted);
	return 0;
}

static int quartet_lock(union mutex_any *lock, enum mutex_form form, ktime_t deadline)
{
	struct quartet_mutex *mutex = &lock->quartet;

	switch (form) {
	case MUTEX_TRY:
		return quartet_mutex_trylock(mutex) ? 0 : -EBUSY;
	case MUTEX_INTERRUPTIBLE:
		return quartet_mutex_lock_interruptible(mutex);
	case MUTEX_TIMEOUT:
		return quartet_mutex_lock_timeout(mutex, deadline);
	case MUTEX_ASYNC:
		return quartet_lock_async(&mutex->core);
	default:
		return quartet_mutex_lock_killable(mutex);
	}
}

/* Who came through the engine leaves through it: the wrapper's lockdep map knows nothing of it. */
static void quartet_unlock(union mutex_any *lock, enum mutex_form form)
{
	if (form == MUTEX_ASYNC)
		quartet_mutex_core_unlock(&lock->quartet.core);
	else
		quartet_mutex_unlock(&lock->quartet);
}

static const struct task_struct *quartet_head(union mutex_any *lock)
{
	struct quartet_mutex_core *core = &lock->quartet.core;
	struct quartet_mutex_waiter *head;
	const void *owner;

	if (!(atomic_read(&core->state) & QUARTET_MUTEX_WAITERS))
		return NULL;
	raw_spin_lock(&core->wait_lock);
	head = list_first_entry_or_null(&core->waiters, struct quartet_mutex_waiter, list);
	owner = head ? head->owner : NULL;
	raw_spin_unlock(&core->wait_lock);
	return owner;
}

static const struct task_struct *quartet_starved(union mutex_any *lock)
{
	return quartet_mutex_core_starved(&lock->quartet.core);
}

static void quartet_show(union mutex_any *lock)
{
	quartet_mutex_core_report(&lock->quartet.core);
}

static const struct mutex_ops quartet_ops = {
	.forms = SLEEP_FORMS | BIT(MUTEX_ASYNC),
	.init = quartet_init,
	.lock = quartet_lock,
	.unlock = quartet_unlock,
	.head = quartet_head,
	.starved = quartet_starved,
	.show = quartet_show,
};

static void peer_mutex_init(union mutex_any *lock, u64 starve_ns)
{
	mutex_init(&lock->mutex);
}

static int peer_mutex_lock(union mutex_any *lock, enum mutex_form form, ktime_t deadline)
{
	if (form == MUTEX_TRY)
		return mutex_trylock(&lock->mutex) ? 0 : -EBUSY;
	if (form == MUTEX_INTERRUPTIBLE)
		return mutex_lock_interruptible(&lock->mutex);
	if (form == MUTEX_KILLABLE)
		return mutex_lock_killable(&lock->mutex);
	mutex_lock(&lock->mutex);
	return 0;
}

static void peer_mutex_unlock(union mutex_any *lock, enum mutex_form form)
{
	mutex_unlock(&lock->mutex);
}

static const struct mutex_ops peer_mutex_ops = {
	.forms = BASIC_FORMS,
	.init = peer_mutex_init,
	.lock = peer_mutex_lock,
	.unlock = peer_mutex_unlock,
};

static void peer_rt_init(union mutex_any *lock, u64 starve_ns)
{
	rt_mutex_init(&lock->rt_mutex);
}

static int peer_rt_lock(union mutex_any *lock, enum mutex_form form, ktime_t deadline)
{
	if (form == MUTEX_TRY)
		return rt_mutex_trylock(&lock->rt_mutex) ? 0 : -EBUSY;
	if (form == MUTEX_INTERRUPTIBLE)
		return rt_mutex_lock_interruptible(&lock->rt_mutex);
	if (form == MUTEX_KILLABLE)
		return rt_mutex_lock_killable(&lock->rt_mutex);
	rt_mutex_lock(&lock->rt_mutex);
	return 0;
}

static void peer_rt_unlock(union mutex_any *lock, enum mutex_form form)
{
	rt_mutex_unlock(&lock->rt_mutex);
}

static const struct mutex_ops peer_rt_ops = {
	.forms = BASIC_FORMS,
	.init = peer_rt_init,
	.lock = peer_rt_lock,
	.unlock = peer_rt_unlock,
};

static void peer_semaphore_init(union mutex_any *lock, u64 starve_ns)
{
	sema_init(&lock->semaphore, 1);
}

/* Its timeouts are relative, in jiffies, and heed no signal. */
static int peer_semaphore_timeout(struct semaphore *semaphore, ktime_t deadline)
{
	s64 left = ktime_to_ns(ktime_sub(deadline, ktime_get()));

	return down_timeout(semaphore, left > 0 ? nsecs_to_jiffies(left) + 1 : 0) ?
	       -ETIMEDOUT : 0;
}

static int peer_semaphore_lock(union mutex_any *lock, enum mutex_form form, ktime_t deadline)
{
	switch (form) {
	case MUTEX_TRY:
		return down_trylock(&lock->semaphore) ? -EBUSY : 0;
	case MUTEX_INTERRUPTIBLE:
		return down_interruptible(&lock->semaphore);
	case MUTEX_TIMEOUT:
		return peer_semaphore_timeout(&lock->semaphore, deadline);
	default:
		return down_killable(&lock->semaphore);
	}
}

static void peer_semaphore_unlock(union mutex_any *lock, enum mutex_form form)
{
	up(&lock->semaphore);
}

static const struct mutex_ops peer_semaphore_ops = {
	.forms = SLEEP_FORMS,
	.init = peer_semaphore_init,
	.lock = peer_semaphore_lock,
	.unlock = peer_semaphore_unlock,
};

static int fifo_any_lock(union mutex_any *lock, enum mutex_form form, ktime_t deadline)
{
	if (form == MUTEX_TRY)
		return fifo_trylock(&lock->fifo) ? 0 : -EBUSY;
	return fifo_lock(&lock->fifo, sleep_state(form),
			 form == MUTEX_TIMEOUT ? &deadline : NULL);
}

static void fifo_any_unlock(union mutex_any *lock, enum mutex_form form)
{
	fifo_unlock(&lock->fifo);
}

static const struct task_struct *fifo_any_head(union mutex_any *lock)
{
	return fifo_head(&lock->fifo);
}

#define DEFINE_FIFO_OPS(kind, order) \
static void kind##_init(union mutex_any *lock, u64 starve_ns) \
{ \
	fifo_lock_init(&lock->fifo, order); \
} \
static const struct mutex_ops kind##_ops = { \
	.forms = SLEEP_FORMS, \
	.init = kind##_init, \
	.lock = fifo_any_lock, \
	.unlock = fifo_any_unlock, \
	.head = fifo_any_head, \
	.starved = fifo_any_head, \
}

DEFINE_FIFO_OPS(fifo, FIFO_OLDEST);
DEFINE_FIFO_OPS(busted_lifo, FIFO_NEWEST);
DEFINE_FIFO_OPS(busted_wake, FIFO_FORGETFUL);

/* busted: looks, then takes. The negative control of every check on exclusion. */
static void busted_init(union mutex_any *lock, u64 starve_ns)
{
	WRITE_ONCE(lock->busted, 0);
}

static int busted_lock(union mutex_any *lock, enum mutex_form form, ktime_t deadline)
{
	while (READ_ONCE(lock->busted)) {
		if (form == MUTEX_TRY)
			return -EBUSY;
		if (signal_pending_state(sleep_state(form), current))
			return -EINTR;
		if (form == MUTEX_TIMEOUT && ktime_after(ktime_get(), deadline))
			return -ETIMEDOUT;
		usleep_range(10, 20);
	}
	usleep_range(20, 50);	/* others look now */
	WRITE_ONCE(lock->busted, 1);
	return 0;
}

static void busted_unlock(union mutex_any *lock, enum mutex_form form)
{
	WRITE_ONCE(lock->busted, 0);
}

static const struct mutex_ops busted_ops = {
	.forms = SLEEP_FORMS,
	.drowsy = true,
	.init = busted_init,
	.lock = busted_lock,
	.unlock = busted_unlock,
};

static const struct {
	const char *name;
	const struct mutex_ops *ops;
} mutex_kinds[QUARTET_MUTEX_KINDS] = {
	[QUARTET_MUTEX_KIND_QUARTET]		= { "quartet", &quartet_ops },
	[QUARTET_MUTEX_KIND_MUTEX]		= { "mutex", &peer_mutex_ops },
	[QUARTET_MUTEX_KIND_RT_MUTEX]		= { "rt_mutex", &peer_rt_ops },
	[QUARTET_MUTEX_KIND_SEMAPHORE]		= { "semaphore", &peer_semaphore_ops },
	[QUARTET_MUTEX_KIND_FIFO]		= { "fifo", &fifo_ops },
	[QUARTET_MUTEX_KIND_BUSTED]		= { "busted", &busted_ops },
	[QUARTET_MUTEX_KIND_BUSTED_LIFO]	= { "busted-lifo", &busted_lifo_ops },
	[QUARTET_MUTEX_KIND_BUSTED_WAKE]	= { "busted-wake", &busted_wake_ops },
};

/* @kind below QUARTET_MUTEX_KINDS. */
const struct mutex_ops *mutex_kind_ops(u32 kind)
{
	return mutex_kinds[kind].ops;
}

const char *mutex_kind_name(u32 kind)
{
	return mutex_kinds[kind].name;
}

const char *mutex_form_name(enum mutex_form form)
{
	static const char *const names[MUTEX_FORMS] = {
		[MUTEX_PLAIN] = "lock",
		[MUTEX_TRY] = "trylock",
		[MUTEX_INTERRUPTIBLE] = "lock_interruptible",
		[MUTEX_KILLABLE] = "lock_killable",
		[MUTEX_TIMEOUT] = "lock_timeout",
		[MUTEX_ASYNC] = "enqueue",
	};

	return names[form];
}
