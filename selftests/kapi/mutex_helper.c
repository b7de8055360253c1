// SPDX-License-Identifier: GPL-2.0-only
/* The threads of the mutex cases. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "mutex.h"

struct helper helpers[HELPERS];
atomic_t helper_grants;

static int take(struct helper *h)
{
	switch (h->form) {
	case FORM_INTERRUPTIBLE:
		return quartet_mutex_lock_interruptible(h->mutex);
	case FORM_TIMEOUT:
		return quartet_mutex_lock_timeout(h->mutex, ktime_add_ms(ktime_get(), 20));
	default:
		quartet_mutex_lock(h->mutex);
		return 0;
	}
}

static void go_on(struct helper *h)
{
	if (h->form == FORM_TWICE)
		quartet_mutex_lock(h->mutex);
	if (h->form != FORM_ABBA)
		return;
	complete(&h->got);
	wait_for_completion(&h->go);
	h->err = quartet_mutex_lock_interruptible(h->second);
	if (!h->err)
		quartet_mutex_unlock(h->second);
}

static int helper_thread(void *data)
{
	struct helper *h = data;

	/* By itself: since 6.14 a kernel thread forgets, as it starts, what was set before. */
	set_cpus_allowed_ptr(current, cpumask_of(HELPERS_CPU));
	allow_signal(SIGINT);
	h->err = take(h);
	if (!h->err) {
		h->order = atomic_inc_return(&helper_grants);
		go_on(h);
		if (h->form != FORM_ABBA)
			complete(&h->got);
		if (h->form != FORM_EXIT) {
			wait_for_completion(&h->release);
			quartet_mutex_unlock(h->mutex);
		}
	} else {
		complete(&h->got);
	}
	return 0;
}

struct helper *helper_start(int number, struct quartet_mutex *mutex, enum kapi_form form)
{
	struct helper *h = &helpers[number];

	memset(h, 0, sizeof(*h));
	h->mutex = mutex;
	h->form = form;
	init_completion(&h->go);
	init_completion(&h->got);
	init_completion(&h->release);
	h->task = kthread_create(helper_thread, h, "kapi/%d", number);
	get_task_struct(h->task);
	wake_up_process(h->task);
	return h;
}

/*
 * Releases the thread and waits for its end; kthread_stop() would interrupt its wait. Not only for
 * its exit_state: what lockdep says of locks that it still has comes later.
 */
void helper_finish(struct helper *h)
{
	complete(&h->release);
	while (READ_ONCE(h->task->__state) != TASK_DEAD)
		usleep_range(500, 1000);
	put_task_struct(h->task);
}

/* A helper that is queued behind all before it when this returns. */
struct helper *helper_queue(int number, struct quartet_mutex *mutex, enum kapi_form form)
{
	u64 before = READ_ONCE(mutex->core.stats.queued);
	struct helper *h = helper_start(number, mutex, form);

	while (READ_ONCE(mutex->core.stats.queued) == before)
		usleep_range(500, 1000);
	return h;
}
