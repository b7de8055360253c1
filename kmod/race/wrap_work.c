// SPDX-License-Identifier: GPL-2.0-only
/* Works and their queues. */
#include <linux/hash.h>
#include <linux/workqueue.h>

#include "callbacks.h"
#include "compat.h"
#include "rcu.h"
#include "wrap.h"

#define QUEUED_BITS	10

/**
 * struct queued - where a work was queued last
 * @work: or NULL
 * @queue: a queue; NULL if it was on more than one: it stays on the one where it is pending
 */
struct queued {
	struct work_struct *work;
	struct workqueue_struct *queue;
};

/* One that is forgotten has been on any queue. */
static struct queued queued[1 << QUEUED_BITS];
static DEFINE_RAW_SPINLOCK(queued_lock);
static char any_queue;

static void remember_queue(struct work_struct *work, struct workqueue_struct *queue)
{
	struct queued *at = &queued[hash_ptr(work, QUEUED_BITS)];
	unsigned long flags;

	raw_spin_lock_irqsave(&queued_lock, flags);
	if (at->work == work && at->queue != queue)
		queue = NULL;
	*at = (struct queued){ work, queue };
	raw_spin_unlock_irqrestore(&queued_lock, flags);
}

static const void *queue_of(struct work_struct *work)
{
	struct queued *at = &queued[hash_ptr(work, QUEUED_BITS)];
	const void *queue;
	unsigned long flags;

	raw_spin_lock_irqsave(&queued_lock, flags);
	queue = at->work == work && at->queue ? (const void *)at->queue : &any_queue;
	raw_spin_unlock_irqrestore(&queued_lock, flags);
	return queue;
}

/* The work may be freed by its function: no more than its address is used afterwards. */
static unsigned long run(const struct race_call *call)
{
	struct work_struct *work = call->arg[0];
	const void *queue = queue_of(work);

	race_callback_begin(work, "start of the work");
	race_call(call);
	race_release(queue, "end of a work", _THIS_IP_);
	race_callback_end(work, "end of the work");
	return 0;
}

static unsigned long run_after_readers(const struct race_call *call)
{
	race_rcu_waited("start of the work", _THIS_IP_);
	return run(call);
}

static void ask_to(race_run_t how, struct work_struct *work, struct workqueue_struct *queue,
		   const char *what, unsigned long pc)
{
	void *function = race_callback(work->func, how);

	if (work->func != function)
		WRITE_ONCE(work->func, function);
	remember_queue(work, queue);
	race_release(work, what, pc);
}

static void ask(struct work_struct *work, struct workqueue_struct *queue, const char *what,
		unsigned long pc)
{
	ask_to(run, work, queue, what, pc);
}

static void over(struct workqueue_struct *queue, const char *what, unsigned long pc)
{
	race_acquire(queue, what, pc);
	race_acquire(&any_queue, what, pc);
}

RACE_WRAP(bool, queue_work_on, int cpu, struct workqueue_struct *queue, struct work_struct *work)
{
	ask(work, queue, "queue_work_on", _RET_IP_);
	return queue_work_on(cpu, queue, work);
}

RACE_WRAP(bool, queue_work_node, int node, struct workqueue_struct *queue,
	  struct work_struct *work)
{
	ask(work, queue, "queue_work_node", _RET_IP_);
	return queue_work_node(node, queue, work);
}

RACE_WRAP(bool, queue_delayed_work_on, int cpu, struct workqueue_struct *queue,
	  struct delayed_work *work, unsigned long delay)
{
	ask(&work->work, queue, "queue_delayed_work_on", _RET_IP_);
	return queue_delayed_work_on(cpu, queue, work, delay);
}

RACE_WRAP(bool, mod_delayed_work_on, int cpu, struct workqueue_struct *queue,
	  struct delayed_work *work, unsigned long delay)
{
	ask(&work->work, queue, "mod_delayed_work_on", _RET_IP_);
	return mod_delayed_work_on(cpu, queue, work, delay);
}

RACE_WRAP(bool, queue_rcu_work, struct workqueue_struct *queue, struct rcu_work *work)
{
	ask_to(run_after_readers, &work->work, queue, "queue_rcu_work", _RET_IP_);
	return queue_rcu_work(queue, work);
}

/* A function that cancels a work, and waits for it if @waits. */
#define CANCEL(name, type, of, waits)						\
	RACE_WRAP(bool, name, type *work)					\
	{									\
		bool withdrawn = name(work);					\
										\
		if (withdrawn)							\
			race_acquire(of, #name, _RET_IP_);			\
		if (waits)							\
			race_callback_over(of, #name, _RET_IP_);		\
		return withdrawn;						\
	}

/* A function that waits for a work. */
#define FLUSH(name, type, of)							\
	RACE_WRAP(bool, name, type *work)					\
	{									\
		bool waited = name(work);					\
										\
		race_callback_over(of, #name, _RET_IP_);			\
		return waited;							\
	}

CANCEL(cancel_work, struct work_struct, work, false)
CANCEL(cancel_work_sync, struct work_struct, work, true)
CANCEL(cancel_delayed_work, struct delayed_work, &work->work, false)
CANCEL(cancel_delayed_work_sync, struct delayed_work, &work->work, true)
#ifdef RACE_DISABLE_WORK
CANCEL(disable_work, struct work_struct, work, false)
CANCEL(disable_work_sync, struct work_struct, work, true)
CANCEL(disable_delayed_work, struct delayed_work, &work->work, false)
CANCEL(disable_delayed_work_sync, struct delayed_work, &work->work, true)
#endif
FLUSH(flush_work, struct work_struct, work)
FLUSH(flush_delayed_work, struct delayed_work, &work->work)
FLUSH(flush_rcu_work, struct rcu_work, &work->work)

RACE_WRAP(void, __flush_workqueue, struct workqueue_struct *queue)
{
	__flush_workqueue(queue);
	over(queue, "flush_workqueue", _RET_IP_);
}

RACE_WRAP(void, drain_workqueue, struct workqueue_struct *queue)
{
	drain_workqueue(queue);
	over(queue, "drain_workqueue", _RET_IP_);
}

RACE_WRAP(void, destroy_workqueue, struct workqueue_struct *queue)
{
	destroy_workqueue(queue);
	over(queue, "destroy_workqueue", _RET_IP_);
}
