// SPDX-License-Identifier: GPL-2.0-only
/*
 * The slow paths of the mutex; states and who moves them are in
 * quartet/mutex_core.h.
 *
 * A locker first spins, if the owner is a task that runs and nobody starves,
 * behind other spinners. Else it queues and sleeps. A waiter stays where it
 * is in the queue until it owns the lock or gives up: one that is woken and
 * finds the lock taken is still the head.
 *
 * An unlocker that finds waiters decides under wait_lock:
 *
 *	hand off	in starvation mode, if the head has waited for more than
 *			starve_ns, or if it has no task that could try: the head
 *			becomes the owner at once, and is then woken
 *	wake		else: LOCKED is cleared and the head is woken to try, once;
 *			an arrival may come first
 *
 * No wake-up is lost. A waiter that finds the lock held sets WAITERS before it
 * looks at LOCKED a last time, and from then on the owner must come here, to
 * wait_lock, which the waiter holds until its task state says that it sleeps.
 * Both work on one word, so no barrier is needed between them
 * (litmus: mutex-no-lost-wakeup, mutex-sleep).
 *
 * A waiter gives up under wait_lock, and only after it has tried once more, so
 * that neither a hand-off nor a wake-up dies with it: if the lock is its own by
 * then, it has not given up; if the lock is free and it was the head, it takes
 * it; else somebody holds the lock, and will find the next head here
 * (litmus: mutex-cancel, mutex-give-up).
 *
 * A head without a task never sees a free lock: it came to the head when the
 * one before took the lock, or gave up while somebody held it.
 *
 * Wake-ups and callbacks come after wait_lock is dropped. A task is pinned until
 * then, because a waiter that was granted may be gone at once
 * (litmus: mutex-waiter-gone).
 *
 * Source: Go's sync.Mutex (modes, clock, leaving rule), with the queue and the
 * spinning on a running owner of the kernel's struct mutex.
 */
#include <linux/export.h>
#include <linux/hrtimer.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include <quartet/mutex_core.h>
#include <quartet/race.h>

#include "../base/compat.h"
#include "../base/histogram.h"
#include "../base/trace.h"
#include "spinner_queue.h"
#include "wait_graph.h"

#define SPIN_PAUSES	8	/* between two looks of the first spinner */

/* What is left to do once wait_lock is dropped. */
struct wakeup {
	struct task_struct *task;
	struct quartet_mutex_waiter *callback;
	bool handed_off;
};

/**
 * quartet_mutex_core_init() - make a mutex free
 * @core: memory that no one else uses yet
 * @starve_ns: how long the head waits before it is handed the lock
 *
 * Owners are taken to be no tasks until @core->task_owned is set.
 */
void quartet_mutex_core_init(struct quartet_mutex_core *core, u64 starve_ns)
{
	memset(core, 0, sizeof(*core));
	raw_spin_lock_init(&core->wait_lock);
	INIT_LIST_HEAD(&core->waiters);
	core->starve_ns = starve_ns;
}
EXPORT_SYMBOL_GPL(quartet_mutex_core_init);

static struct quartet_mutex_waiter *core_head(struct quartet_mutex_core *core)
{
	return list_first_entry_or_null(&core->waiters, struct quartet_mutex_waiter, list);
}

static bool has_starved(const struct quartet_mutex_core *core,
			const struct quartet_mutex_waiter *waiter, u64 now)
{
	return !core->starve_ns || now - waiter->since > core->starve_ns;
}

/* Under wait_lock, and while LOCKED is set (litmus: mutex-starving). */
static void set_starving(struct quartet_mutex_core *core)
{
	if (atomic_fetch_or(QUARTET_MUTEX_STARVING, &core->state) & QUARTET_MUTEX_STARVING)
		return;
	core->stats.starving++;
	trace_mutex_starving(core);
}

static void clear_starving(struct quartet_mutex_core *core)
{
	if (atomic_fetch_andnot(QUARTET_MUTEX_STARVING, &core->state) & QUARTET_MUTEX_STARVING)
		core->stats.normal++;
}

/*
 * WAITERS is set without order. Whoever takes the lock from there is still ordered after the
 * unlock before: an atomic operation continues a release (litmus: mutex-append, mutex-append-own).
 */
static void core_append(struct quartet_mutex_core *core, struct quartet_mutex_waiter *waiter)
{
	lockdep_assert_held(&core->wait_lock);
	waiter->since = ktime_get_ns();
	waiter->granted = false;
	waiter->woken = false;
	list_add_tail(&waiter->list, &core->waiters);
	atomic_or(QUARTET_MUTEX_WAITERS, &core->state);
	core->stats.queued++;
}

static void core_remove(struct quartet_mutex_core *core, struct quartet_mutex_waiter *waiter)
{
	lockdep_assert_held(&core->wait_lock);
	list_del(&waiter->list);
	if (list_empty(&core->waiters)) {
		clear_starving(core);
		atomic_andnot(QUARTET_MUTEX_WAITERS, &core->state);
	}
}

static void record_wait(struct quartet_mutex_core *core, u64 ns)
{
	if (core->wait_hist)
		core->wait_hist[quartet_hist_index(ns)]++;
}

/* Lets the head try, unless it is awake for that already. */
static void wake_head(struct quartet_mutex_core *core, struct quartet_mutex_waiter *head,
		      struct wakeup *wakeup)
{
	if (head->woken)
		return;
	WRITE_ONCE(head->woken, true);
	core->stats.woken++;
	wakeup->task = get_task_struct(head->task);
}

/* The head becomes the owner, with LOCKED set all the while (litmus: mutex-handoff). */
static void hand_off(struct quartet_mutex_core *core, struct quartet_mutex_waiter *head, u64 now,
		     struct wakeup *wakeup)
{
	u64 waited = now - head->since;

	core_remove(core, head);
	if (!list_empty(&core->waiters)) {
		if (has_starved(core, head, now))
			set_starving(core);
		else
			clear_starving(core);
	}
	WRITE_ONCE(head->granted, true);
	WRITE_ONCE(core->owner, head->owner);
	record_wait(core, waited);
	core->stats.handoffs++;
	trace_mutex_handoff(core, waited);
	wakeup->handed_off = true;
	if (head->task)
		wakeup->task = get_task_struct(head->task);
	else
		wakeup->callback = head;
}

static bool must_hand_off(const struct quartet_mutex_core *core,
			  const struct quartet_mutex_waiter *head, u64 now)
{
	return !head->task || has_starved(core, head, now) ||
	       atomic_read(&core->state) & QUARTET_MUTEX_STARVING;
}

/*
 * The lock is the caller's to pass on, and wait_lock is held: who is next?
 * Without a waiter, or for one that shall try, LOCKED is cleared.
 */
static void core_pass(struct quartet_mutex_core *core, struct wakeup *wakeup)
{
	struct quartet_mutex_waiter *head = core_head(core);
	u64 now = head ? ktime_get_ns() : 0;

	if (head && must_hand_off(core, head, now)) {
		hand_off(core, head, now, wakeup);
		return;
	}
	/* Pairs with the acquire of whoever takes it by cmpxchg (litmus: mutex-unlock-slow). */
	(void)atomic_fetch_andnot_release(QUARTET_MUTEX_LOCKED, &core->state);
	if (head)
		wake_head(core, head, wakeup);
}

static void wake_up_later(const struct wakeup *wakeup)
{
	if (wakeup->callback) {
		quartet_race_acquire(wakeup->callback);
		wakeup->callback->wake(wakeup->callback);
	}
	if (!wakeup->task)
		return;
	wake_up_process(wakeup->task);
	/*
	 * The new owner waits for our CPU: everybody else waits for it. Without
	 * this, a mutex whose waiters all starve collapses to one grant a time
	 * slice.
	 */
	if (wakeup->handed_off && preemptible() && !rcu_preempt_depth() &&
	    task_cpu(wakeup->task) == raw_smp_processor_id())
		yield_to(wakeup->task, true);
	put_task_struct(wakeup->task);
}

/**
 * quartet_mutex_core_unlock_slow() - quartet_mutex_core_unlock() with waiters
 * @core: the mutex
 */
void quartet_mutex_core_unlock_slow(struct quartet_mutex_core *core)
{
	struct wakeup wakeup = { };

	raw_spin_lock(&core->wait_lock);
	core_pass(core, &wakeup);
	raw_spin_unlock(&core->wait_lock);
	wake_up_later(&wakeup);
}
EXPORT_SYMBOL_GPL(quartet_mutex_core_unlock_slow);

/*
 * Preemption is off, which keeps the owner's task_struct from being freed
 * (litmus: mutex-owner-runs); an owner that has not yet written its name, or has
 * just erased it, is on a CPU.
 */
static bool owner_runs(const struct quartet_mutex_core *core)
{
	struct task_struct *owner = (struct task_struct *)READ_ONCE(core->owner);

	return !owner || owner_on_cpu(owner);
}

/* To get a mutex, until a signal that ends @state, @deadline, or @stop. */
struct attempt {
	struct quartet_mutex_core *core;
	unsigned int state;
	const ktime_t *deadline;
	const bool *stop;
};

static bool is_stopped(const struct attempt *attempt)
{
	return attempt->stop && READ_ONCE(*attempt->stop);
}

static int must_stop(const struct attempt *attempt)
{
	if (signal_pending_state(attempt->state, current))
		return -EINTR;
	if (is_stopped(attempt))
		return -ECANCELED;
	if (attempt->deadline && ktime_compare(ktime_get(), *attempt->deadline) >= 0)
		return -ETIMEDOUT;
	return 0;
}

/* An owner that runs for long keeps nobody from a signal or a deadline. */
static bool stop_spinning(const void *data)
{
	const struct attempt *attempt = data;

	return need_resched() || atomic_read(&attempt->core->state) & QUARTET_MUTEX_STARVING ||
	       !owner_runs(attempt->core) || must_stop(attempt);
}

/* Asked with preemption off: an owner that has exited is looked at no more (owner_runs()). */
static bool may_spin(const struct attempt *attempt)
{
	return READ_ONCE(attempt->core->task_owned) && !stop_spinning(attempt);
}

static bool spin_first(const struct attempt *attempt, const void *owner)
{
	int i;

	do {
		if (quartet_mutex_core_trylock(attempt->core, owner)) {
			attempt->core->stats.spun++;
			return true;
		}
		/* Each look takes the line from the owner, who writes it twice to unlock. */
		for (i = 0; i < SPIN_PAUSES; i++)
			cpu_relax();
	} while (!stop_spinning(attempt));
	return false;
}

/*
 * Takes the lock without sleeping, if it looks as if that would not take long.
 * Not where cycles are looked for: spinners are no edges of the wait graph, and
 * two that hold what the other spins for would do so for as long as they run.
 */
static bool core_spin(const struct attempt *attempt, const void *owner)
{
	struct quartet_mutex_core *core = attempt->core;
	bool taken = false;

	if (core->detect)
		return false;
	preempt_disable();
	if (may_spin(attempt) && spinner_queue_enter(&core->spinners, stop_spinning, attempt)) {
		taken = spin_first(attempt, owner);
		spinner_queue_leave(&core->spinners);
	}
	preempt_enable();
	return taken;
}

/* The woken head, which is not in line with the arrivals: until it is worth a try. */
static void spin_head(const struct attempt *attempt, const struct quartet_mutex_waiter *waiter)
{
	preempt_disable();
	while (READ_ONCE(waiter->woken) && !READ_ONCE(waiter->granted) &&
	       atomic_read(&attempt->core->state) & QUARTET_MUTEX_LOCKED && may_spin(attempt))
		cpu_relax();
	preempt_enable();
}

/* Under wait_lock: is the lock ours now, by grant or by our own try as the head? */
static bool core_try(struct quartet_mutex_core *core, struct quartet_mutex_waiter *waiter)
{
	u64 now;

	if (waiter->granted)
		return true;
	if (core_head(core) != waiter)
		return false;
	now = ktime_get_ns();
	if (quartet_mutex_core_trylock(core, waiter->owner)) {
		core_remove(core, waiter);
		core->stats.taken++;
		record_wait(core, now - waiter->since);
		return true;
	}
	if (waiter->woken)
		core->stats.lost++;
	/* LOCKED is set, and with WAITERS set it stays until wait_lock is free. */
	if (has_starved(core, waiter, now))
		set_starving(core);
	return false;
}

/* Under wait_lock: false if the lock has become ours, else out of the queue. */
static bool core_give_up(struct quartet_mutex_core *core, struct quartet_mutex_waiter *waiter)
{
	if (waiter->granted) {
		core->stats.crossed++;
		return false;
	}
	core_remove(core, waiter);
	core->stats.cancelled++;
	trace_mutex_cancelled(core);
	return true;
}

/* A: who stops it says so before it wakes the task; this looks after the task says it sleeps. */
static void core_sleep(const struct attempt *attempt)
{
	ktime_t until;

	if (is_stopped(attempt)) {
		__set_current_state(TASK_RUNNING);
		return;
	}
	if (!attempt->deadline) {
		schedule();
		return;
	}
	until = *attempt->deadline;
	schedule_hrtimeout(&until, HRTIMER_MODE_ABS);
}

static int core_wait(const struct attempt *attempt, const void *owner)
{
	struct quartet_mutex_waiter waiter = { .task = current, .owner = owner };
	struct quartet_mutex_core *core = attempt->core;
	int err = 0;

	raw_spin_lock(&core->wait_lock);
	core_append(core, &waiter);
	while (!core_try(core, &waiter)) {
		err = must_stop(attempt);
		if (err) {
			/* Not granted: core_try() has just looked, under this wait_lock. */
			core_give_up(core, &waiter);
			break;
		}
		WRITE_ONCE(waiter.woken, false);
		set_current_state(attempt->state);
		raw_spin_unlock(&core->wait_lock);
		core_sleep(attempt);
		spin_head(attempt, &waiter);
		raw_spin_lock(&core->wait_lock);
	}
	raw_spin_unlock(&core->wait_lock);
	return err;
}

/* With its edge in the wait graph, if the mutex wants that. */
static int core_wait_detecting(const struct attempt *attempt, const void *owner)
{
	struct wait_edge edge = { .waiter = owner, .holder = &attempt->core->owner };
	bool can_fail = attempt->deadline || attempt->state != TASK_UNINTERRUPTIBLE;
	int err;

	if (!attempt->core->detect)
		return core_wait(attempt, owner);
	if (!wait_graph_add(&edge)) {
		if (can_fail)
			return -EDEADLK;
		WARN(1, "quartet: %s/%d closes a cycle of waits and cannot fail\n",
		     current->comm, current->pid);
		return core_wait(attempt, owner);
	}
	err = core_wait(attempt, owner);
	wait_graph_remove(&edge);
	return err;
}

/**
 * quartet_mutex_core_lock_slow() - take a mutex that is held: spin, then sleep
 * @core: the mutex
 * @owner: who will own it
 * @state: the task state to sleep in, which says what signals end the wait
 * @deadline: absolute, CLOCK_MONOTONIC, or NULL
 * @stop: ends the wait once it is true, if the task is then woken; or NULL
 *
 * Context: task, may sleep.
 * Return: 0 as the owner, -EINTR, -ECANCELED, -ETIMEDOUT, or -EDEADLK.
 */
int quartet_mutex_core_lock_slow(struct quartet_mutex_core *core, const void *owner,
				 unsigned int state, const ktime_t *deadline,
				 const bool *stop)
{
	struct attempt attempt = {
		.core = core, .state = state, .deadline = deadline, .stop = stop,
	};
	int err;

	trace_mutex_contended(core);
	trace_contention_begin(core, 0);
	err = core_spin(&attempt, owner) ? 0 : core_wait_detecting(&attempt, owner);
	trace_contention_end(core, err);
	trace_mutex_acquired(core, err);
	if (!err)
		quartet_race_acquire(core);
	return err;
}
EXPORT_SYMBOL_GPL(quartet_mutex_core_lock_slow);

/**
 * quartet_mutex_core_enqueue() - take the mutex, or queue without sleeping
 * @core: the mutex
 * @waiter: @wake and @owner set, @task NULL; it stays until it has been granted
 *	and @wake has returned, or quartet_mutex_core_cancel() has returned true
 *
 * Context: task.
 * Return: true as the owner, and @wake is not called; else false, and @wake
 * will be, in the context of whoever unlocks.
 */
bool quartet_mutex_core_enqueue(struct quartet_mutex_core *core,
				struct quartet_mutex_waiter *waiter)
{
	bool taken;

	quartet_race_release(waiter);
	raw_spin_lock(&core->wait_lock);
	core_append(core, waiter);
	taken = core_try(core, waiter);
	raw_spin_unlock(&core->wait_lock);
	return taken;
}
EXPORT_SYMBOL_GPL(quartet_mutex_core_enqueue);

/**
 * quartet_mutex_core_cancel() - the end of quartet_mutex_core_enqueue() before its grant
 * @core: the mutex
 * @waiter: as queued
 *
 * Context: task.
 * Return: true with the waiter out of the queue, never to be called; false if
 * it owns the mutex, and @wake has been or will be called.
 */
bool quartet_mutex_core_cancel(struct quartet_mutex_core *core,
			       struct quartet_mutex_waiter *waiter)
{
	bool cancelled;

	raw_spin_lock(&core->wait_lock);
	cancelled = core_give_up(core, waiter);
	raw_spin_unlock(&core->wait_lock);
	return cancelled;
}
EXPORT_SYMBOL_GPL(quartet_mutex_core_cancel);

/**
 * quartet_mutex_core_starved() - who must be granted next
 * @core: the mutex, which the caller holds
 *
 * For tests of the order of grants: nobody else is granted before it, unless it gives up.
 *
 * Context: task.
 * Return: the owner-to-be of a head that has starved by now, or NULL.
 */
const void *quartet_mutex_core_starved(struct quartet_mutex_core *core)
{
	struct quartet_mutex_waiter *head;
	const void *owner = NULL;

	raw_spin_lock(&core->wait_lock);
	head = core_head(core);
	if (head && has_starved(core, head, ktime_get_ns()))
		owner = head->owner;
	raw_spin_unlock(&core->wait_lock);
	return owner;
}
EXPORT_SYMBOL_GPL(quartet_mutex_core_starved);

/* A waiter as it was: printing takes too long for a raw lock. */
struct waiter_seen {
	char comm[TASK_COMM_LEN];
	pid_t pid;
	u64 since;
	bool woken;
};

static void see_waiter(struct waiter_seen *seen, const struct quartet_mutex_waiter *waiter)
{
	strscpy(seen->comm, waiter->task ? waiter->task->comm : "callback", sizeof(seen->comm));
	seen->pid = waiter->task ? waiter->task->pid : 0;
	seen->since = waiter->since;
	seen->woken = waiter->woken;
}

/**
 * quartet_mutex_core_report() - write the state and the head of the queue to the kernel's log
 * @core: the mutex
 *
 * For watchdogs. Context: task.
 */
void quartet_mutex_core_report(struct quartet_mutex_core *core)
{
	struct quartet_mutex_waiter *waiter;
	struct waiter_seen seen[8];
	unsigned int i, n = 0;
	u64 now = ktime_get_ns();

	raw_spin_lock(&core->wait_lock);
	list_for_each_entry(waiter, &core->waiters, list) {
		if (n < ARRAY_SIZE(seen))
			see_waiter(&seen[n], waiter);
		n++;
	}
	raw_spin_unlock(&core->wait_lock);
	pr_err("quartet: mutex %p: state %#x, owner %p, %u wait\n", core,
	       atomic_read(&core->state), READ_ONCE(core->owner), n);
	for (i = 0; i < min_t(unsigned int, n, ARRAY_SIZE(seen)); i++)
		pr_err("quartet: waiter %s/%d, %llu ns%s\n", seen[i].comm, seen[i].pid,
		       now - seen[i].since, seen[i].woken ? ", woken" : "");
}
EXPORT_SYMBOL_GPL(quartet_mutex_core_report);
