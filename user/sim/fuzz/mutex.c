// SPDX-License-Identifier: GPL-2.0-only
/* Fuzz target: tasks and callbacks at two mutexes, with or without an opinion on owners. */
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <quartet/mutex.h>
#include <sim/case.h>

#include <lock/wait_graph.h>
#include "fiber.h"
#include "fuzz.h"
#include "mutex_model.h"

#define MOST_ROUNDS	200	/* until all is given back at the end */

enum form { PLAIN, NESTED, INTERRUPTIBLE, KILLABLE, TIMEOUT, FORMS };

static const struct {
	const char *name;
	unsigned int state;
	enum model_heeds heeds;
	bool timed;
} forms[FORMS] = {
	[PLAIN]		= { "lock", TASK_UNINTERRUPTIBLE, HEEDS_NONE, false },
	[NESTED]	= { "lock_nested", TASK_UNINTERRUPTIBLE, HEEDS_NONE, false },
	[INTERRUPTIBLE]	= { "lock_interruptible", TASK_INTERRUPTIBLE, HEEDS_SIGNALS, false },
	[KILLABLE]	= { "lock_killable", TASK_KILLABLE, HEEDS_FATAL, false },
	[TIMEOUT]	= { "lock_timeout", TASK_INTERRUPTIBLE, HEEDS_SIGNALS, true },
};

/* Around the bounds: of the default, of the other starve_ns below, of the histogram. */
#define OTHER_STARVE_NS	5000
static const u64 durations[] = {
	1, 31, 100, OTHER_STARVE_NS - 1, OTHER_STARVE_NS, OTHER_STARVE_NS + 1,
	QUARTET_STARVE_DEFAULT, QUARTET_STARVE_DEFAULT + 1, 1ULL << 35, 1ULL << 41,
};

/* From now on; and those at the limits, which are not. */
static const s64 deadlines[] = { -1000, -1, 0, 1, 1000, 2000000 };
static const s64 limits[] = { -KTIME_MAX, -1, 0, 1, KTIME_MAX - 1, KTIME_MAX };

struct callback {
	struct quartet_mutex_waiter waiter;
	struct quartet_mutex_core *core;
	unsigned int number;
	bool unlocks;
};

/* What a task does: read by its body, which writes the result. */
struct call {
	unsigned int mutex;
	enum form form;
	ktime_t deadline;
	unsigned int callback;
	bool unlocks;
	int result;
};

static struct quartet_mutex mutexes[MODEL_MUTEXES];
static u64 hists[MODEL_MUTEXES][QUARTET_HIST_BUCKETS];
static struct callback callbacks[MODEL_CALLBACKS];
static struct call calls[MODEL_TASKS];
static int called[MODEL_CALLBACKS];
static unsigned int ncalled;
static u64 truncated_before;

static const void *owner_pointer(int owner)
{
	return owner == MODEL_NOBODY ? NULL : sim_task(owner);
}

/* The bodies: what is done to the code under test. */

static void body_trylock(unsigned int task)
{
	struct quartet_mutex *mutex = &mutexes[calls[task].mutex];

	if (mutex->core.task_owned)
		calls[task].result = quartet_mutex_trylock(mutex);
	else
		calls[task].result = quartet_mutex_core_trylock(&mutex->core, current);
}

static void body_lock_fast(unsigned int task)
{
	calls[task].result = quartet_mutex_core_lock_fast(&mutexes[calls[task].mutex].core,
							  current);
}

static int lock_owned(struct quartet_mutex *mutex, const struct call *call)
{
	switch (call->form) {
	case NESTED:
		quartet_mutex_lock_nested(mutex, 1);
		return 0;
	case INTERRUPTIBLE:
		return quartet_mutex_lock_interruptible(mutex);
	case KILLABLE:
		return quartet_mutex_lock_killable(mutex);
	case TIMEOUT:
		return quartet_mutex_lock_timeout(mutex, call->deadline);
	default:
		quartet_mutex_lock(mutex);
		return 0;
	}
}

static void body_lock(unsigned int task)
{
	struct call *call = &calls[task];
	struct quartet_mutex *mutex = &mutexes[call->mutex];
	const ktime_t *deadline = forms[call->form].timed ? &call->deadline : NULL;
	unsigned int state = forms[call->form].state;

	if (mutex->core.task_owned)
		call->result = lock_owned(mutex, call);
	else if (quartet_mutex_core_lock_fast(&mutex->core, current))
		call->result = 0;
	else
		call->result = quartet_mutex_core_lock_slow(&mutex->core, current, state, deadline,
							    NULL);
}

static void body_unlock(unsigned int task)
{
	struct quartet_mutex *mutex = &mutexes[calls[task].mutex];

	if (mutex->core.task_owned)
		quartet_mutex_unlock(mutex);
	else
		quartet_mutex_core_unlock(&mutex->core);
}

/* By whomever: the owner may be asleep, or have been made up. */
static void body_unlock_core(unsigned int task)
{
	quartet_mutex_core_unlock(&mutexes[calls[task].mutex].core);
}

static void wake(struct quartet_mutex_waiter *waiter)
{
	struct callback *callback = container_of(waiter, struct callback, waiter);

	if (ncalled == MODEL_CALLBACKS)
		differ("callback %u is called once more", callback->number);
	called[ncalled++] = callback->number;
	if (callback->core->owner != waiter->owner)
		differ("callback %u is called and does not own the mutex", callback->number);
	same(current->preempt_count, 0, "preempt_count in a callback");
	if (callback->unlocks)
		quartet_mutex_core_unlock(callback->core);
}

static void body_enqueue(unsigned int task)
{
	struct callback *callback = &callbacks[calls[task].callback];

	callback->core = &mutexes[calls[task].mutex].core;
	callback->number = calls[task].callback;
	callback->unlocks = calls[task].unlocks;
	callback->waiter.task = NULL;
	callback->waiter.owner = current;
	callback->waiter.wake = wake;
	calls[task].result = quartet_mutex_core_enqueue(callback->core, &callback->waiter);
}

static void body_cancel(unsigned int task)
{
	struct callback *callback = &callbacks[calls[task].callback];

	calls[task].result = quartet_mutex_core_cancel(callback->core, &callback->waiter);
}

static void body_report(unsigned int task)
{
	quartet_mutex_core_report(&mutexes[calls[task].mutex].core);
}

/* Comparing: all that can be seen. */

static void same_stats(const struct quartet_mutex_stats *got,
		       const struct quartet_mutex_stats *wanted)
{
	same(got->spun, wanted->spun, "stats.spun");
	same(got->queued, wanted->queued, "stats.queued");
	same(got->woken, wanted->woken, "stats.woken");
	same(got->lost, wanted->lost, "stats.lost");
	same(got->taken, wanted->taken, "stats.taken");
	same(got->handoffs, wanted->handoffs, "stats.handoffs");
	same(got->starving, wanted->starving, "stats.starving");
	same(got->normal, wanted->normal, "stats.normal");
	same(got->cancelled, wanted->cancelled, "stats.cancelled");
	same(got->crossed, wanted->crossed, "stats.crossed");
	if (memcmp(got, wanted, sizeof(*got)))
		differ("a new counter");
}

static void same_waiter(const struct quartet_mutex_waiter *got, const struct model_waiter *wanted)
{
	bool right;

	if (wanted->task == MODEL_NOBODY)
		right = got == &callbacks[wanted->callback].waiter;
	else
		right = got->task == sim_task(wanted->task);
	if (!right)
		differ("somebody else queues in the place of task %d, callback %d", wanted->task,
		       wanted->callback);
	if (got->owner != owner_pointer(wanted->owner))
		differ("a waiter has another owner than %d", wanted->owner);
	same(got->since, wanted->since, "since");
	same(got->woken, wanted->woken, "woken");
	same(got->granted, false, "granted, in the queue");
}

static void same_queue(struct quartet_mutex_core *core, const struct model_mutex *wanted)
{
	struct quartet_mutex_waiter *waiter;
	unsigned int place = 0;

	list_for_each_entry(waiter, &core->waiters, list) {
		if (place == wanted->waiting)
			differ("more than %u queue", place);
		same_waiter(waiter, &wanted->queue[place++]);
	}
	same(place, wanted->waiting, "waiters in the queue");
}

static void same_starved(struct quartet_mutex_core *core, const struct model_mutex *wanted)
{
	const void *next = NULL;

	if (wanted->waiting && model_starved(wanted, &wanted->queue[0]))
		next = owner_pointer(wanted->queue[0].owner);
	if (quartet_mutex_core_starved(core) != next)
		differ("quartet_mutex_core_starved() names another");
}

static void same_mutex(unsigned int n)
{
	struct model_mutex *wanted = &model.mutexes[n];
	struct quartet_mutex_core *core = &mutexes[n].core;

	same(atomic_read(&core->state),
	     (wanted->locked ? QUARTET_MUTEX_LOCKED : 0) |
	     (wanted->waiting ? QUARTET_MUTEX_WAITERS : 0) |
	     (wanted->starving ? QUARTET_MUTEX_STARVING : 0), "state");
	if (core->owner != owner_pointer(wanted->owner))
		differ("owner: %p, the model says %d", core->owner, wanted->owner);
	same(quartet_mutex_is_locked(&mutexes[n]), wanted->locked, "is_locked");
	same(atomic_read(&core->spinners), 0, "spinners");
	same_queue(core, wanted);
	same_starved(core, wanted);
	same_stats(&core->stats, &wanted->stats);
	if (core->wait_hist && memcmp(hists[n], wanted->hist, sizeof(wanted->hist)))
		differ("wait_hist");
}

static void same_task(unsigned int n)
{
	const struct model_task *wanted = &model.tasks[n];
	const struct task_struct *task = sim_task(n);

	same(task->usage, 0, "references to a task");
	same(task->preempt_count, 0, "preempt_count");
	same(fiber_paused(n), !!wanted->wants, "asleep");
	if (!wanted->wants)
		return;
	if (!fiber_sleeps(n))
		differ("T%u spins", n);
	same(fiber_deadline(n), wanted->deadline, "deadline of the sleep");
	same(task->__state == TASK_RUNNING, wanted->awake, "woken up");
}

static void same_all(void)
{
	unsigned int i;

	for (i = 0; i < MODEL_MUTEXES; i++)
		same_mutex(i);
	for (i = 0; i < MODEL_TASKS; i++)
		same_task(i);
	same(ncalled, model.ncalled, "callbacks called");
	for (i = 0; i < ncalled; i++)
		same(called[i], model.called[i], "the callback that is called");
	same(sim_expect_warnings(), model.warnings, "warnings");
	same(wait_graph_truncated() - truncated_before, model.truncated, "truncated");
	same(ktime_get_ns(), model.now, "time");
	ncalled = 0;
	model.ncalled = 0;
}

/* Operations, on both. */

static int act(unsigned int task, void (*body)(unsigned int task))
{
	fiber_start(task, body);
	return fiber_paused(task) ? MODEL_SLEEPS : calls[task].result;
}

static void try_lock(unsigned int task, bool fast)
{
	struct model_mutex *mutex = &model.mutexes[calls[task].mutex];

	say("T%u: mutex %u: %s", task, calls[task].mutex, fast ? "core_lock_fast" : "trylock");
	if (fast)
		same(act(task, body_lock_fast), model_lock_fast(mutex, task), "lock_fast");
	else
		same(act(task, body_trylock), model_trylock(mutex, task), "trylock");
}

static void set_resched(unsigned int task, bool resched)
{
	sim_task(task)->resched = resched;
	model.tasks[task].resched = resched;
}

static s64 pick_deadline(struct input *input)
{
	unsigned int n = pick(input, ARRAY_SIZE(deadlines) + ARRAY_SIZE(limits));

	return n < ARRAY_SIZE(deadlines) ? (s64)model.now + deadlines[n] :
					   limits[n - ARRAY_SIZE(deadlines)];
}

static void do_lock(unsigned int task, struct input *input)
{
	struct call *call = &calls[task];
	struct model_mutex *mutex = &model.mutexes[call->mutex];
	s64 deadline;

	call->form = pick(input, FORMS);
	call->deadline = pick_deadline(input);
	deadline = forms[call->form].timed ? call->deadline : KTIME_MAX;
	if (model_would_spin(mutex, task, forms[call->form].heeds, deadline))
		set_resched(task, true);
	say("T%u: mutex %u: %s%s", task, call->mutex, forms[call->form].name,
	    model.tasks[task].resched ? ", must reschedule" : "");
	if (forms[call->form].timed)
		say("   deadline: %lld ns, now %llu", (long long)deadline, model.now);
	same(act(task, body_lock), model_lock(mutex, task, forms[call->form].heeds, deadline),
	     forms[call->form].name);
}

/* An ownerless mutex is unlocked by whoever says so, but only if it is locked. */
static void do_unlock(unsigned int task)
{
	struct model_mutex *mutex = &model.mutexes[calls[task].mutex];
	bool misuse = mutex->task_owned && mutex->owner != (int)task;

	if (!mutex->task_owned && !mutex->locked)
		return;
	say("T%u: mutex %u: unlock%s", task, calls[task].mutex, misuse ? ", not its own" : "");
	act(task, body_unlock);
	if (misuse)
		model.warnings++;
	else
		model_unlock(mutex);
}

static void do_enqueue(unsigned int task, struct input *input)
{
	struct call *call = &calls[task];
	struct model_callback *callback;

	call->callback = pick(input, MODEL_CALLBACKS);
	call->unlocks = pick(input, 2);
	callback = &model.callbacks[call->callback];
	if (callback->mutex && !callback->granted)
		return;
	callback->mutex = NULL;
	callback->unlocks = call->unlocks;
	say("T%u: mutex %u: enqueue callback %u%s", task, call->mutex, call->callback,
	    call->unlocks ? ", which unlocks" : "");
	same(act(task, body_enqueue),
	     model_enqueue(&model.mutexes[call->mutex], call->callback, task), "enqueue");
}

static void do_cancel(unsigned int task, struct input *input)
{
	unsigned int callback = pick(input, MODEL_CALLBACKS), looked;

	for (looked = 0; !model.callbacks[callback].mutex; looked++) {
		if (looked == MODEL_CALLBACKS)
			return;
		callback = (callback + 1) % MODEL_CALLBACKS;
	}
	calls[task].callback = callback;
	say("T%u: cancel callback %u", task, callback);
	same(act(task, body_cancel), model_cancel(callback), "cancel");
}

/* It may have been woken for no reason. */
static void go_on(unsigned int task)
{
	struct model_task *waiter = &model.tasks[task];
	int got;

	if (model_would_spin(waiter->wants, task, waiter->heeds, waiter->deadline))
		set_resched(task, true);
	say("T%u goes on%s", task, waiter->awake ? "" : ", without having been woken");
	fiber_resume(task);
	got = fiber_paused(task) ? MODEL_SLEEPS : calls[task].result;
	same(got, model_go_on(task), "what the lock returns");
}

static void advance(struct input *input)
{
	u64 ns = durations[pick(input, ARRAY_SIZE(durations))];

	say("%llu ns pass", (unsigned long long)ns);
	sim_clock_advance(ns);
	model.now += ns;
}

static void set_signal(unsigned int task, int signal)
{
	say("T%u: %s", task, signal ? signal > 1 ? "a fatal signal" : "a signal" : "no signal");
	WRITE_ONCE(sim_task(task)->signal, signal);
	model.tasks[task].signal = signal;
}

enum op { TRYLOCK, FAST, LOCK, LOCK_TOO, UNLOCK, UNLOCK_BY_OWNER, ENQUEUE, CANCEL, ADVANCE, SIGNAL,
	  RESCHED, REPORT, OPS };

static void act_awake(enum op op, unsigned int task, struct input *input)
{
	switch (op) {
	case TRYLOCK:
	case FAST:
		try_lock(task, op == FAST);
		break;
	case LOCK:
	case LOCK_TOO:
		do_lock(task, input);
		break;
	case UNLOCK:
		do_unlock(task);
		break;
	case ENQUEUE:
		do_enqueue(task, input);
		break;
	case CANCEL:
		do_cancel(task, input);
		break;
	case REPORT:
		act(task, body_report);
		break;
	default:
		break;
	}
}

/* As its owner, if that one can act; and in the end, in the name of one that cannot. */
static void unlock_by_owner(unsigned int mutex, bool force)
{
	int owner = model.mutexes[mutex].owner, task = owner;

	if (owner == MODEL_NOBODY || (model.tasks[owner].wants && !force))
		return;
	while (model.tasks[task].wants)
		if (++task == MODEL_TASKS)
			task = 0;
	calls[task].mutex = mutex;
	say("T%d: mutex %u: unlock%s", owner, mutex, task == owner ? "" : ", by another");
	act(task, task == owner ? body_unlock : body_unlock_core);
	model_unlock(&model.mutexes[mutex]);
}

/* A task that sleeps cannot act: whatever it was to do, it goes on. One of them never sleeps. */
void fuzz_step(struct input *input)
{
	enum op op = pick(input, OPS);
	unsigned int task = pick(input, MODEL_TASKS), mutex = pick(input, MODEL_MUTEXES);

	if (op == ADVANCE) {
		advance(input);
	} else if (op == SIGNAL) {
		set_signal(task, pick(input, 3));
	} else if (op == RESCHED) {
		set_resched(task, pick(input, 2));
	} else if (op == UNLOCK_BY_OWNER) {
		unlock_by_owner(mutex, false);
	} else if (model.tasks[task].wants) {
		go_on(task);
	} else if (task || (op != LOCK && op != LOCK_TOO)) {
		calls[task].mutex = mutex;
		act_awake(op, task, input);
	}
	same_all();
}

static void start_mutex(unsigned int n, unsigned int how)
{
	static const u64 starve_ns[] = { QUARTET_STARVE_DEFAULT, QUARTET_STARVE_ALWAYS,
					 QUARTET_STARVE_NEVER, OTHER_STARVE_NS };
	struct quartet_mutex *mutex = &mutexes[n];
	struct model_mutex *wanted = &model.mutexes[n];

	wanted->starve_ns = starve_ns[how % 4];
	wanted->task_owned = how & 4;
	wanted->detect = how & 8;
	wanted->owner = MODEL_NOBODY;
	quartet_mutex_init(mutex, wanted->starve_ns);
	if (!wanted->task_owned)
		quartet_mutex_core_init(&mutex->core, wanted->starve_ns);
	if (wanted->detect)
		quartet_mutex_detect(mutex);
	mutex->core.wait_hist = how & 16 ? hists[n] : NULL;
	say("mutex %u: starve_ns %lld, %s%s", n, (long long)wanted->starve_ns,
	    wanted->task_owned ? "task-owned" : "ownerless", wanted->detect ? ", detects" : "");
}

void fuzz_start(struct input *input)
{
	unsigned int i;

	fuzz_reset();
	memset(&model, 0, sizeof(model));
	memset(hists, 0, sizeof(hists));
	memset(callbacks, 0, sizeof(callbacks));
	model.now = FUZZ_START;
	truncated_before = wait_graph_truncated();
	for (i = 0; i < MODEL_MUTEXES; i++)
		start_mutex(i, pick(input, 32));
	same_all();
}

static bool in_use(void)
{
	unsigned int i;

	for (i = 0; i < MODEL_TASKS; i++)
		if (model.tasks[i].wants)
			return true;
	for (i = 0; i < MODEL_MUTEXES; i++)
		if (model.mutexes[i].locked || model.mutexes[i].waiting)
			return true;
	return false;
}

/* Owners unlock, and who is woken goes on, until nobody waits: no wake-up was lost. */
void fuzz_end(void)
{
	unsigned int rounds, i;

	for (rounds = 0; in_use(); rounds++) {
		if (rounds == MOST_ROUNDS)
			differ("somebody waits for ever");
		for (i = 0; i < MODEL_MUTEXES; i++) {
			unlock_by_owner(i, true);
			same_all();
		}
		for (i = 0; i < MODEL_TASKS; i++) {
			if (model.tasks[i].awake && model.tasks[i].wants)
				go_on(i);
			same_all();
		}
	}
}
