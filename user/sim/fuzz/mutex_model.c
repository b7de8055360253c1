// SPDX-License-Identifier: GPL-2.0-only
/* A plain model of the mutex, to compare it with. */
#include "mutex_model.h"

#define GRAPH_STEPS	32

struct model model;

/* Found by counting: a bucket for each value below 64, then twice as wide every 32 of them. */
static unsigned int bucket_of(u64 ns)
{
	unsigned int bucket = 0;
	u64 end = 1, width = 1;

	while (ns >= end && bucket < QUARTET_HIST_BUCKETS - 1) {
		bucket++;
		if (bucket >= 64 && bucket % 32 == 0)
			width *= 2;
		end += width;
	}
	return bucket;
}

static void take(struct model_mutex *mutex, int owner)
{
	mutex->locked = true;
	mutex->owner = owner;
}

static void set_starving(struct model_mutex *mutex, bool starving)
{
	if (starving && !mutex->starving)
		mutex->stats.starving++;
	if (!starving && mutex->starving)
		mutex->stats.normal++;
	mutex->starving = starving;
}

bool model_starved(const struct model_mutex *mutex, const struct model_waiter *waiter)
{
	if (mutex->starve_ns == QUARTET_STARVE_ALWAYS)
		return true;
	if (mutex->starve_ns == QUARTET_STARVE_NEVER)
		return false;
	return model.now - waiter->since > mutex->starve_ns;
}

static void append(struct model_mutex *mutex, int task, int callback, int owner)
{
	struct model_waiter *waiter = &mutex->queue[mutex->waiting++];

	waiter->task = task;
	waiter->callback = callback;
	waiter->owner = owner;
	waiter->since = model.now;
	waiter->woken = false;
	mutex->stats.queued++;
}

/* Starvation mode ends with the last waiter. */
static struct model_waiter leave(struct model_mutex *mutex, unsigned int place)
{
	struct model_waiter left = mutex->queue[place];

	for (mutex->waiting--; place < mutex->waiting; place++)
		mutex->queue[place] = mutex->queue[place + 1];
	if (!mutex->waiting)
		set_starving(mutex, false);
	return left;
}

static unsigned int place_of(const struct model_mutex *mutex, int task, int callback)
{
	unsigned int place;

	for (place = 0; place < mutex->waiting; place++)
		if (mutex->queue[place].task == task && mutex->queue[place].callback == callback)
			break;
	return place;
}

bool model_lock_fast(struct model_mutex *mutex, int owner)
{
	if (mutex->locked || mutex->waiting)
		return false;
	take(mutex, owner);
	return true;
}

bool model_trylock(struct model_mutex *mutex, int owner)
{
	if (mutex->locked || mutex->starving)
		return false;
	take(mutex, owner);
	return true;
}

static void call_back(struct model_mutex *mutex, int callback)
{
	model.callbacks[callback].granted = true;
	model.called[model.ncalled++] = callback;
	if (model.callbacks[callback].unlocks)
		model_unlock(mutex);
}

static void hand_over(struct model_mutex *mutex)
{
	bool starved = model_starved(mutex, &mutex->queue[0]);
	struct model_waiter next = leave(mutex, 0);

	if (mutex->waiting)
		set_starving(mutex, starved);
	take(mutex, next.owner);
	mutex->stats.handoffs++;
	mutex->hist[bucket_of(model.now - next.since)]++;
	if (next.task == MODEL_NOBODY) {
		call_back(mutex, next.callback);
		return;
	}
	model.tasks[next.task].granted = true;
	model.tasks[next.task].awake = true;
}

void model_unlock(struct model_mutex *mutex)
{
	struct model_waiter *head = &mutex->queue[0];

	mutex->owner = MODEL_NOBODY;
	if (mutex->waiting && (mutex->starving || head->task == MODEL_NOBODY ||
			       model_starved(mutex, head))) {
		hand_over(mutex);
		return;
	}
	mutex->locked = false;
	if (!mutex->waiting || head->woken)
		return;
	head->woken = true;
	mutex->stats.woken++;
	model.tasks[head->task].awake = true;
}

/* A waiter at @place looks: is it the head, of a lock that is free? */
static bool try_from(struct model_mutex *mutex, unsigned int place)
{
	struct model_waiter *waiter = &mutex->queue[place], taker;

	if (place != 0)
		return false;
	if (!mutex->locked) {
		taker = leave(mutex, 0);
		take(mutex, taker.owner);
		mutex->stats.taken++;
		mutex->hist[bucket_of(model.now - taker.since)]++;
		return true;
	}
	if (waiter->woken)
		mutex->stats.lost++;
	if (model_starved(mutex, waiter))
		set_starving(mutex, true);
	return false;
}

bool model_enqueue(struct model_mutex *mutex, int callback, int owner)
{
	append(mutex, MODEL_NOBODY, callback, owner);
	if (try_from(mutex, mutex->waiting - 1))
		return true;
	model.callbacks[callback].mutex = mutex;
	model.callbacks[callback].granted = false;
	return false;
}

bool model_cancel(int callback)
{
	struct model_mutex *mutex = model.callbacks[callback].mutex;

	model.callbacks[callback].mutex = NULL;
	if (model.callbacks[callback].granted) {
		mutex->stats.crossed++;
		return false;
	}
	leave(mutex, place_of(mutex, MODEL_NOBODY, callback));
	mutex->stats.cancelled++;
	return true;
}

static int must_stop(int task, enum model_heeds heeds, s64 deadline)
{
	int signal = model.tasks[task].signal;

	if ((heeds == HEEDS_SIGNALS && signal) || (heeds == HEEDS_FATAL && signal == 2))
		return -EINTR;
	return deadline <= (s64)model.now ? -ETIMEDOUT : 0;
}

bool model_would_spin(const struct model_mutex *mutex, int task, enum model_heeds heeds,
		      s64 deadline)
{
	if (!mutex->task_owned || !mutex->locked || mutex->starving)
		return false;
	if (mutex->owner != task && model.tasks[mutex->owner].wants)
		return false;
	return !model.tasks[task].resched && !must_stop(task, heeds, deadline);
}

/* Would @task wait for itself, by way of others that wait? */
static bool closes_cycle(const struct model_mutex *mutex, int task)
{
	int at = task, owner, steps;

	for (steps = 0; steps < GRAPH_STEPS; steps++) {
		owner = mutex->owner;
		if (owner == task)
			return true;
		if (owner == MODEL_NOBODY || owner == at || !model.tasks[owner].edge)
			return false;
		at = owner;
		mutex = model.tasks[owner].wants;
	}
	model.truncated++;
	return false;
}

static int end_wait(int task, int err)
{
	model.tasks[task].wants = NULL;
	model.tasks[task].edge = false;
	return err;
}

int model_go_on(int task)
{
	struct model_task *waiter = &model.tasks[task];
	struct model_mutex *mutex = waiter->wants;
	unsigned int place = place_of(mutex, task, MODEL_NOBODY);
	int err;

	if (waiter->granted || try_from(mutex, place))
		return end_wait(task, 0);
	err = must_stop(task, waiter->heeds, waiter->deadline);
	if (err) {
		leave(mutex, place);
		mutex->stats.cancelled++;
		return end_wait(task, err);
	}
	mutex->queue[place].woken = false;
	waiter->awake = false;
	return MODEL_SLEEPS;
}

int model_lock(struct model_mutex *mutex, int task, enum model_heeds heeds, s64 deadline)
{
	struct model_task *waiter = &model.tasks[task];
	bool can_fail = heeds != HEEDS_NONE || deadline != KTIME_MAX;

	if (model_lock_fast(mutex, task))
		return 0;
	if (mutex->task_owned && mutex->owner == task) {
		if (can_fail)
			return -EDEADLK;
		model.warnings++;
	}
	/* An arrival that is on a CPU comes before those who wait. */
	if (mutex->task_owned && !mutex->detect && !waiter->resched &&
	    !must_stop(task, heeds, deadline) && model_trylock(mutex, task)) {
		mutex->stats.spun++;
		return 0;
	}
	waiter->edge = mutex->detect;
	if (mutex->detect && closes_cycle(mutex, task)) {
		waiter->edge = false;
		if (can_fail)
			return -EDEADLK;
		model.warnings++;
	}
	waiter->wants = mutex;
	waiter->heeds = heeds;
	waiter->deadline = deadline;
	waiter->granted = false;
	append(mutex, task, MODEL_NOBODY, task);
	return model_go_on(task);
}
