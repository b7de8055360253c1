// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mutex, one step at a time: every form, misuse, who is next, and what a
 * waiter that gives up leaves behind.
 *
 * Nothing here depends on how long anything takes, but for waits that let a
 * waiter starve on purpose; what has to happen first is waited for.
 */
#include <linux/delay.h>
#include <linux/sched/signal.h>

#include "mutex.h"

static u32 state_of(struct quartet_mutex *mutex)
{
	return atomic_read(&mutex->core.state);
}

static DEFINE_QUARTET_MUTEX(defined);

/* Nobody else: what works even with most bugs in the slow paths. */
static const char *uncontended(void)
{
	quartet_mutex_lock(&defined);
	EXPECT(state_of(&defined) == QUARTET_MUTEX_LOCKED);
	quartet_mutex_unlock(&defined);
	EXPECT(quartet_mutex_trylock(&defined));
	quartet_mutex_unlock(&defined);
	EXPECT(!quartet_mutex_lock_interruptible(&defined));
	quartet_mutex_unlock(&defined);
	EXPECT(!quartet_mutex_lock_timeout(&defined, 0));
	quartet_mutex_unlock(&defined);
	EXPECT(!state_of(&defined));
	return NULL;
}

static const char *lock_and_unlock(void)
{
	struct helper *h;

	quartet_mutex_lock(&defined);
	quartet_mutex_assert_held(&defined);
	EXPECT(quartet_mutex_is_locked(&defined));
	EXPECT(!quartet_mutex_trylock(&defined));
	quartet_mutex_unlock(&defined);
	EXPECT(!state_of(&defined));
	EXPECT(quartet_mutex_trylock(&defined));
	h = helper_queue(0, &defined, FORM_LOCK);
	quartet_mutex_unlock(&defined);
	wait_for_completion(&h->got);
	EXPECT(!quartet_mutex_trylock(&defined));
	helper_finish(h);
	EXPECT(!state_of(&defined));
	EXPECT(!quartet_mutex_lock_killable(&defined));
	quartet_mutex_unlock(&defined);
#ifdef DEFINE_GUARD
	{
		guard(quartet_mutex)(&defined);
		EXPECT(quartet_mutex_is_locked(&defined));
	}
	EXPECT(!quartet_mutex_is_locked(&defined));
#endif
	return NULL;
}

static const char *reentrance(void)
{
	static struct quartet_mutex mutex;
	struct helper *h;

	quartet_mutex_init(&mutex, QUARTET_STARVE_DEFAULT);
	quartet_mutex_lock(&mutex);
	EXPECT(quartet_mutex_lock_interruptible(&mutex) == -EDEADLK);
	EXPECT(quartet_mutex_lock_killable(&mutex) == -EDEADLK);
	EXPECT(quartet_mutex_lock_timeout(&mutex, KTIME_MAX) == -EDEADLK);
	quartet_mutex_unlock(&mutex);
	EXPECT(!state_of(&mutex));
	/* The form that cannot fail reports it and sleeps; we unlock in its place. */
	pr_info("quartet-expect: begin locks a mutex that it holds\n");
	h = helper_queue(0, &mutex, FORM_TWICE);
	pr_info("quartet-expect: end\n");
	quartet_mutex_core_unlock(&mutex.core);
	wait_for_completion(&h->got);
	helper_finish(h);
	EXPECT(!state_of(&mutex));
	return NULL;
}

static const char *foreign_unlock(void)
{
	static struct quartet_mutex mutex;
	struct helper *h;

	quartet_mutex_init(&mutex, QUARTET_STARVE_DEFAULT);
	pr_info("quartet-expect: begin unlocks a mutex that is not locked\n");
	quartet_mutex_unlock(&mutex);
	pr_info("quartet-expect: end\n");
	h = helper_start(0, &mutex, FORM_LOCK);
	wait_for_completion(&h->got);
	pr_info("quartet-expect: begin unlocks a mutex that another task holds\n");
	quartet_mutex_unlock(&mutex);
	pr_info("quartet-expect: end\n");
	EXPECT(quartet_mutex_is_locked(&mutex));
	helper_finish(h);
	EXPECT(!state_of(&mutex));
	return NULL;
}

static const char *exit_of_an_owner(void)
{
	static struct quartet_mutex mutex;
	struct helper *h;

	if (!IS_ENABLED(CONFIG_TRACEPOINTS))
		return "skip: this kernel has no tracepoints";
	quartet_mutex_init(&mutex, QUARTET_STARVE_DEFAULT);
	EXPECT(!quartet_mutex_name(&mutex, "kapi_exit"));
	pr_info("quartet-expect: begin exits and owns mutex kapi_exit|still has locks held\n");
	h = helper_start(0, &mutex, FORM_EXIT);
	helper_finish(h);
	pr_info("quartet-expect: end\n");
	EXPECT(quartet_mutex_is_locked(&mutex));
	EXPECT(quartet_mutex_lock_timeout(&mutex, 0) == -ETIMEDOUT);
	quartet_mutex_unname(&mutex);
	return NULL;
}

static const char *names(void)
{
	static struct quartet_mutex one, two;

	quartet_mutex_init(&one, QUARTET_STARVE_DEFAULT);
	quartet_mutex_init(&two, QUARTET_STARVE_DEFAULT);
	EXPECT(quartet_mutex_name(&one, "") == -EINVAL);
	EXPECT(quartet_mutex_name(&one, "two words") == -EINVAL);
	EXPECT(quartet_mutex_name(&one, "bell\a") == -EINVAL);
	EXPECT(quartet_mutex_name(&one, "a-name-of-thirty-two-characters!") == -EINVAL);
	EXPECT(!quartet_mutex_name(&one, "kapi"));
	EXPECT(quartet_mutex_name(&two, "kapi") == -EEXIST);
	quartet_mutex_unname(&one);
	EXPECT(!quartet_mutex_name(&two, "kapi"));
	quartet_mutex_unname(&two);
	return NULL;
}

/* Strict FIFO: granted as queued, each by hand-off, and no arrival in between. */
static const char *fifo(void)
{
	static struct quartet_mutex mutex;
	int i;

	quartet_mutex_init(&mutex, QUARTET_STARVE_ALWAYS);
	atomic_set(&helper_grants, 0);
	quartet_mutex_lock(&mutex);
	for (i = 0; i < HELPERS; i++)
		helper_queue(i, &mutex, FORM_LOCK);
	quartet_mutex_unlock(&mutex);
	for (i = 0; i < HELPERS; i++) {
		EXPECT(!quartet_mutex_trylock(&mutex));
		helper_finish(&helpers[i]);
		EXPECT(helpers[i].order == i + 1);
	}
	EXPECT(mutex.core.stats.handoffs == HELPERS);
	EXPECT(!state_of(&mutex));
	return NULL;
}

/* All have starved: each is handed the lock, and the mode ends with the last. */
static const char *starvation(void)
{
	static struct quartet_mutex mutex;
	int i;

	quartet_mutex_init(&mutex, QUARTET_STARVE_DEFAULT);
	atomic_set(&helper_grants, 0);
	quartet_mutex_lock(&mutex);
	for (i = 0; i < HELPERS; i++)
		helper_queue(i, &mutex, FORM_LOCK);
	usleep_range(5000, 6000);
	quartet_mutex_unlock(&mutex);
	for (i = 0; i < HELPERS; i++) {
		EXPECT(!quartet_mutex_trylock(&mutex));
		EXPECT(!(state_of(&mutex) & QUARTET_MUTEX_STARVING) == (i == HELPERS - 1));
		helper_finish(&helpers[i]);
		EXPECT(helpers[i].order == i + 1);
	}
	EXPECT(mutex.core.stats.handoffs == HELPERS);
	EXPECT(mutex.core.stats.starving == 1 && mutex.core.stats.normal == 1);
	EXPECT(!state_of(&mutex));
	return NULL;
}

/*
 * Barges in until the woken head has lost; false if the lock was handed over. On the one CPU where
 * all helpers are, the head cannot run between our unlock and our trylock.
 */
static bool let_head_lose(struct quartet_mutex *mutex)
{
	u64 lost = mutex->core.stats.lost;
	bool taken;

	while (READ_ONCE(mutex->core.stats.lost) == lost) {
		preempt_disable();
		quartet_mutex_unlock(mutex);
		taken = quartet_mutex_trylock(mutex);
		preempt_enable();
		if (!taken)
			return false;
		/* The head wakes up and looks. */
		usleep_range(20, 50);
	}
	return true;
}

/* A head that was woken and lost is still the head. */
static const char *loser_stays_head(void)
{
	static struct quartet_mutex mutex;
	bool lost;
	int i;

	quartet_mutex_init(&mutex, QUARTET_STARVE_NEVER);
	atomic_set(&helper_grants, 0);
	set_cpus_allowed_ptr(current, cpumask_of(HELPERS_CPU));
	quartet_mutex_lock(&mutex);
	for (i = 0; i < HELPERS; i++)
		helper_queue(i, &mutex, FORM_LOCK);
	lost = let_head_lose(&mutex);
	set_cpus_allowed_ptr(current, cpu_possible_mask);
	EXPECT(lost);
	quartet_mutex_unlock(&mutex);
	for (i = 0; i < HELPERS; i++)
		helper_finish(&helpers[i]);
	for (i = 0; i < HELPERS; i++)
		EXPECT(helpers[i].order == i + 1);
	EXPECT(!state_of(&mutex));
	return NULL;
}

/* The clock runs from the first enqueue: a head that loses again and again still starves. */
static const char *clock_from_first_enqueue(void)
{
	static struct quartet_mutex mutex;
	struct helper *h;
	int losses = 0;

	quartet_mutex_init(&mutex, 200 * NSEC_PER_MSEC);
	set_cpus_allowed_ptr(current, cpumask_of(HELPERS_CPU));
	quartet_mutex_lock(&mutex);
	h = helper_queue(0, &mutex, FORM_LOCK);
	while (losses < 5000 && let_head_lose(&mutex))
		losses++;
	set_cpus_allowed_ptr(current, cpu_possible_mask);
	EXPECT(losses > 1 && losses < 5000);
	EXPECT(mutex.core.stats.handoffs == 1);
	helper_finish(h);
	EXPECT(!state_of(&mutex));
	return NULL;
}

static const char *timeout(void)
{
	static struct quartet_mutex mutex;
	struct helper *h;

	quartet_mutex_init(&mutex, QUARTET_STARVE_DEFAULT);
	EXPECT(!quartet_mutex_lock_timeout(&mutex, 0));
	h = helper_queue(0, &mutex, FORM_TIMEOUT);
	wait_for_completion(&h->got);
	EXPECT(h->err == -ETIMEDOUT);
	helper_finish(h);
	EXPECT(state_of(&mutex) == QUARTET_MUTEX_LOCKED);
	quartet_mutex_unlock(&mutex);
	return NULL;
}

/* Leaves the queue at its head, in the middle and at its end. */
static const char *signal_leaves_queue_intact(void)
{
	static struct quartet_mutex mutex;
	int leaver, i, order;

	for (leaver = 0; leaver < HELPERS; leaver++) {
		quartet_mutex_init(&mutex, QUARTET_STARVE_ALWAYS);
		atomic_set(&helper_grants, 0);
		quartet_mutex_lock(&mutex);
		for (i = 0; i < HELPERS; i++)
			helper_queue(i, &mutex, i == leaver ? FORM_INTERRUPTIBLE : FORM_LOCK);
		send_sig(SIGINT, helpers[leaver].task, 1);
		wait_for_completion(&helpers[leaver].got);
		EXPECT(helpers[leaver].err == -EINTR);
		helper_finish(&helpers[leaver]);
		quartet_mutex_unlock(&mutex);
		for (i = 0, order = 0; i < HELPERS; i++) {
			if (i == leaver)
				continue;
			helper_finish(&helpers[i]);
			EXPECT(helpers[i].order == ++order);
		}
		EXPECT(mutex.core.stats.cancelled == 1);
		EXPECT(!state_of(&mutex));
	}
	return NULL;
}

/* The grant comes first and the signal before the waiter runs: it has the lock. */
static const char *grant_wins_over_signal(void)
{
	static struct quartet_mutex mutex;
	struct helper *h;

	quartet_mutex_init(&mutex, QUARTET_STARVE_ALWAYS);
	set_cpus_allowed_ptr(current, cpumask_of(HELPERS_CPU));
	quartet_mutex_lock(&mutex);
	h = helper_queue(0, &mutex, FORM_INTERRUPTIBLE);
	/* On our CPU, it cannot run in between. */
	preempt_disable();
	quartet_mutex_unlock(&mutex);
	send_sig(SIGINT, h->task, 1);
	preempt_enable();
	wait_for_completion(&h->got);
	set_cpus_allowed_ptr(current, cpu_possible_mask);
	EXPECT(!h->err);
	helper_finish(h);
	EXPECT(!state_of(&mutex));
	return NULL;
}

struct called {
	struct quartet_mutex_waiter waiter;
	bool called;
};

static void call(struct quartet_mutex_waiter *waiter)
{
	container_of(waiter, struct called, waiter)->called = true;
}

static struct called caller(void)
{
	return (struct called){ .waiter = { .wake = call, .owner = &helpers } };
}

static const char *callback(void)
{
	struct called c = caller(), late = caller();
	struct quartet_mutex_core core;

	quartet_mutex_core_init(&core, QUARTET_STARVE_NEVER);
	EXPECT(quartet_mutex_core_enqueue(&core, &c.waiter) && !c.called);
	EXPECT(!quartet_mutex_core_enqueue(&core, &late.waiter) && !late.called);
	/* Handed over, although nobody has starved: it cannot try by itself. */
	quartet_mutex_core_unlock(&core);
	EXPECT(late.called && core.owner == late.waiter.owner);
	EXPECT(!quartet_mutex_core_cancel(&core, &late.waiter));
	quartet_mutex_core_unlock(&core);
	EXPECT(!atomic_read(&core.state));
	return NULL;
}

static const char *callback_cancelled(void)
{
	struct called holder = caller(), one = caller(), two = caller(), three = caller();
	struct quartet_mutex_core core;

	quartet_mutex_core_init(&core, QUARTET_STARVE_DEFAULT);
	EXPECT(quartet_mutex_core_enqueue(&core, &holder.waiter));
	EXPECT(!quartet_mutex_core_enqueue(&core, &one.waiter));
	EXPECT(!quartet_mutex_core_enqueue(&core, &two.waiter));
	EXPECT(!quartet_mutex_core_enqueue(&core, &three.waiter));
	EXPECT(quartet_mutex_core_cancel(&core, &one.waiter));
	EXPECT(quartet_mutex_core_cancel(&core, &three.waiter));
	quartet_mutex_core_unlock(&core);
	EXPECT(two.called && !one.called && !three.called);
	quartet_mutex_core_unlock(&core);
	EXPECT(!atomic_read(&core.state));
	return NULL;
}

/* A task takes a lock that was freed for it, and hands it to the callback behind. */
static const char *callback_behind_a_task(void)
{
	static struct quartet_mutex mutex;
	struct called c = caller();
	struct helper *h;

	quartet_mutex_init(&mutex, QUARTET_STARVE_NEVER);
	quartet_mutex_lock(&mutex);
	h = helper_queue(0, &mutex, FORM_LOCK);
	EXPECT(!quartet_mutex_core_enqueue(&mutex.core, &c.waiter));
	quartet_mutex_unlock(&mutex);
	wait_for_completion(&h->got);
	EXPECT(!c.called);
	helper_finish(h);
	EXPECT(c.called && mutex.core.stats.taken == 1 && mutex.core.stats.handoffs == 1);
	quartet_mutex_core_unlock(&mutex.core);
	EXPECT(!state_of(&mutex));
	return NULL;
}

/* The deadlock is meant: lockdep would report it and then look at nothing more. */
static void init_detecting(struct quartet_mutex *mutex)
{
	quartet_mutex_init(mutex, QUARTET_STARVE_DEFAULT);
	lockdep_set_novalidate_class(mutex);
	quartet_mutex_detect(mutex);
}

/* A ring of tasks, each with a mutex and wanting the next one's: one is refused. */
static const char *cycle(void)
{
	static struct quartet_mutex ring[HELPERS];
	int size, i, refused;

	for (size = 2; size <= HELPERS; size++) {
		for (i = 0; i < size; i++)
			init_detecting(&ring[i]);
		for (i = 0; i < size; i++) {
			struct helper *h = helper_start(i, &ring[i], FORM_ABBA);

			h->second = &ring[(i + 1) % size];
			wait_for_completion(&h->got);
			reinit_completion(&h->got);
		}
		for (i = 0; i < size; i++) {
			complete(&helpers[i].release);
			complete(&helpers[i].go);
		}
		for (i = 0, refused = 0; i < size; i++) {
			helper_finish(&helpers[i]);
			EXPECT(!helpers[i].err || helpers[i].err == -EDEADLK);
			refused += helpers[i].err == -EDEADLK;
		}
		EXPECT(refused == 1);
	}
	return NULL;
}

/* A chain is no cycle, however long. */
static const char *chain(void)
{
	static struct quartet_mutex links[HELPERS + 1];
	int i;

	for (i = 0; i <= HELPERS; i++)
		init_detecting(&links[i]);
	quartet_mutex_lock(&links[HELPERS]);
	for (i = HELPERS - 1; i >= 0; i--) {
		struct helper *h = helper_start(i, &links[i], FORM_ABBA);

		h->second = &links[i + 1];
		wait_for_completion(&h->got);
		complete(&h->release);
		complete(&h->go);
	}
	quartet_mutex_unlock(&links[HELPERS]);
	for (i = 0; i < HELPERS; i++) {
		helper_finish(&helpers[i]);
		EXPECT(!helpers[i].err);
	}
	return NULL;
}

#ifdef CONFIG_FAULT_INJECTION

/*
 * A name that could not be given is there for the next mutex. All allocations fail, as a large one
 * is tried in two ways.
 */
static const char *out_of_memory(void)
{
	static DEFINE_QUARTET_MUTEX(mutex);
	int err;

	if (!IS_ENABLED(CONFIG_FAILSLAB))
		return "skip: this kernel does not inject faults";
	current->make_it_fail = true;
	err = quartet_mutex_name(&mutex, "kapi");
	current->make_it_fail = false;
	EXPECT(err == -ENOMEM);
	EXPECT(!quartet_mutex_name(&mutex, "kapi"));
	quartet_mutex_unname(&mutex);
	return NULL;
}

#else

static const char *out_of_memory(void)
{
	return "skip: this kernel does not inject faults";
}

#endif

#define CASE(function)	KAPI_CASE(mutex, function)

struct kapi_case kapi_mutex_cases[] = {
	CASE(uncontended),
	CASE(lock_and_unlock),
	CASE(reentrance),
	CASE(foreign_unlock),
	CASE(exit_of_an_owner),
	CASE(names),
	CASE(out_of_memory),
	CASE(fifo),
	CASE(starvation),
	CASE(loser_stays_head),
	CASE(clock_from_first_enqueue),
	CASE(timeout),
	CASE(signal_leaves_queue_intact),
	CASE(grant_wins_over_signal),
	CASE(callback),
	CASE(callback_cancelled),
	CASE(callback_behind_a_task),
	CASE(cycle),
	CASE(chain),
};

const int kapi_mutex_number = ARRAY_SIZE(kapi_mutex_cases);
