// SPDX-License-Identifier: GPL-2.0-only
/* Works of threads that a module has for them. */
#include <linux/kthread.h>

#include "callbacks.h"
#include "wrap.h"

static const void *ends_of(const struct kthread_worker *worker)
{
	return (const char *)worker + 1;
}

/* The work may be freed by its function. */
static unsigned long run(const struct race_call *call)
{
	struct kthread_work *work = call->arg[0];
	struct kthread_worker *worker = READ_ONCE(work->worker);

	race_callback_begin(work, "start of the kthread_work");
	race_call(call);
	race_release(ends_of(worker), "end of a kthread_work", _THIS_IP_);
	race_callback_end(work, "end of the kthread_work");
	return 0;
}

static void ask(struct kthread_work *work, const char *what, unsigned long pc)
{
	kthread_work_func_t function = race_callback(work->func, run);

	if (work->func != function)
		WRITE_ONCE(work->func, function);
	race_release(work, what, pc);
}

RACE_WRAP(bool, kthread_queue_work, struct kthread_worker *worker, struct kthread_work *work)
{
	ask(work, "kthread_queue_work", _RET_IP_);
	return kthread_queue_work(worker, work);
}

RACE_WRAP(bool, kthread_queue_delayed_work, struct kthread_worker *worker,
	  struct kthread_delayed_work *work, unsigned long delay)
{
	ask(&work->work, "kthread_queue_delayed_work", _RET_IP_);
	return kthread_queue_delayed_work(worker, work, delay);
}

RACE_WRAP(bool, kthread_mod_delayed_work, struct kthread_worker *worker,
	  struct kthread_delayed_work *work, unsigned long delay)
{
	ask(&work->work, "kthread_mod_delayed_work", _RET_IP_);
	return kthread_mod_delayed_work(worker, work, delay);
}

RACE_WRAP(bool, kthread_cancel_work_sync, struct kthread_work *work)
{
	bool withdrawn = kthread_cancel_work_sync(work);

	race_callback_over(work, "kthread_cancel_work_sync", _RET_IP_);
	return withdrawn;
}

RACE_WRAP(bool, kthread_cancel_delayed_work_sync, struct kthread_delayed_work *work)
{
	bool withdrawn = kthread_cancel_delayed_work_sync(work);

	race_callback_over(&work->work, "kthread_cancel_delayed_work_sync", _RET_IP_);
	return withdrawn;
}

RACE_WRAP(void, kthread_flush_work, struct kthread_work *work)
{
	kthread_flush_work(work);
	race_callback_over(work, "kthread_flush_work", _RET_IP_);
}

RACE_WRAP(void, kthread_flush_worker, struct kthread_worker *worker)
{
	kthread_flush_worker(worker);
	race_acquire(ends_of(worker), "kthread_flush_worker", _RET_IP_);
}

/* It is freed by that. */
RACE_WRAP(void, kthread_destroy_worker, struct kthread_worker *worker)
{
	kthread_destroy_worker(worker);
	race_acquire(ends_of(worker), "kthread_destroy_worker", _RET_IP_);
}
