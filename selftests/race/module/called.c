// SPDX-License-Identifier: GPL-2.0-only
/* Cases of what the kernel calls: interrupts, shrinkers, notifiers, the end of references. */
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/kthread.h>
#include <linux/notifier.h>
#include <linux/percpu-refcount.h>
#include <linux/shrinker.h>
#include <linux/version.h>

#include "case.h"
#include "order.h"

static struct percpu_ref ref;

static void ref_gone(struct percpu_ref *unused)
{
	complete(&shared.done);
}

static void ref_use(void)
{
	if (percpu_ref_init(&ref, ref_gone, 0, GFP_KERNEL))
		return;
	percpu_ref_get(&ref);
	shared.value = 1;
	percpu_ref_put(&ref);
}

static void ref_end(void)
{
	percpu_ref_kill(&ref);
	wait_for_completion(&shared.done);
	percpu_ref_exit(&ref);
}

FIRST(percpu_ref)
{
	ref_use();
}

SECOND(percpu_ref)
{
	ref_end();
	shared.value++;
}
CASE(percpu_ref);

FIRST(percpu_ref_put_before)
{
	ref_use();
	shared.other = 1;
}

SECOND(percpu_ref_put_before)
{
	ref_end();
	shared.other++;
}
CASE(percpu_ref_put_before);

static unsigned long count_objects(struct shrinker *unused, struct shrink_control *control)
{
	shared.value++;
	return 0;
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
static struct shrinker own_shrinker = {
	.count_objects = count_objects, .scan_objects = count_objects, .seeks = DEFAULT_SEEKS,
};

static void begin_shrinking(void)
{
	shared.flag = register_shrinker(&own_shrinker, "race_cases");
}

static void end_shrinking(void)
{
	unregister_shrinker(&own_shrinker);
}
#else
static struct shrinker *own_shrinker;

static void begin_shrinking(void)
{
	struct shrinker *shrinker = shrinker_alloc(0, "race_cases");

	shrinker->count_objects = count_objects;
	shrinker->scan_objects = count_objects;
	shrinker_register(shrinker);
	data_race(own_shrinker = shrinker);
}

static void end_shrinking(void)
{
	shrinker_free(data_race(own_shrinker));
}
#endif

FIRST(shrinker)
{
	shared.value = 1;
	begin_shrinking();
}

SECOND(shrinker)
{
	order_shrink(&shared.root);
	end_shrinking();
}
CASE(shrinker);

FIRST(shrinker_gone)
{
	begin_shrinking();
	order_shrink(&shared.root);
}

SECOND(shrinker_gone)
{
	end_shrinking();
	shared.value++;
}
CASE(shrinker_gone);

FIRST(shrinker_there)
{
	begin_shrinking();
	order_shrink(&shared.root);
}

SECOND(shrinker_there)
{
	shared.value++;
	end_shrinking();
}
CASE(shrinker_there);

static int count_event(struct notifier_block *block, unsigned long event, void *data)
{
	shared.value++;
	return NOTIFY_OK;
}

static struct notifier_block block = { .notifier_call = count_event };
static BLOCKING_NOTIFIER_HEAD(blocking);
static ATOMIC_NOTIFIER_HEAD(atomic);

#define NOTIFIER(kind)						\
	FIRST(kind##_notifier)					\
	{							\
		shared.value = 1;				\
		kind##_notifier_chain_register(&(kind), &block);	\
	}							\
	SECOND(kind##_notifier)					\
	{							\
		kind##_notifier_call_chain(&(kind), 0, NULL);	\
		kind##_notifier_chain_unregister(&(kind), &block);	\
	}							\
	CASE(kind##_notifier);					\
	FIRST(kind##_notifier_gone)				\
	{							\
		kind##_notifier_chain_register(&(kind), &block);	\
		kind##_notifier_call_chain(&(kind), 0, NULL);	\
	}							\
	SECOND(kind##_notifier_gone)				\
	{							\
		kind##_notifier_chain_unregister(&(kind), &block);	\
		shared.value++;					\
	}							\
	CASE(kind##_notifier_gone);				\
	FIRST(kind##_notifier_there)				\
	{							\
		kind##_notifier_chain_register(&(kind), &block);	\
		kind##_notifier_call_chain(&(kind), 0, NULL);	\
	}							\
	SECOND(kind##_notifier_there)				\
	{							\
		shared.value++;					\
		kind##_notifier_chain_unregister(&(kind), &block);	\
	}							\
	CASE(kind##_notifier_there)

NOTIFIER(blocking);
NOTIFIER(atomic);

static void count_irq_work(struct irq_work *unused)
{
	shared.value++;
}

static DEFINE_IRQ_WORK(irq_work, count_irq_work);

FIRST(irq_work)
{
	shared.value = 1;
	irq_work_queue(&irq_work);
}

SECOND(irq_work)
{
	order_pause();
	irq_work_sync(&irq_work);
	shared.value++;
}
CASE(irq_work);

FIRST(irq_work_running)
{
	irq_work_queue(&irq_work);
}

SECOND(irq_work_running)
{
	order_pause();
	shared.value++;
	irq_work_sync(&irq_work);
}
CASE(irq_work_running);

static void count_kthread_work(struct kthread_work *unused)
{
	shared.value++;
}

static struct kthread_work kthread_work;
static struct kthread_worker *worker;

static void queue_for_worker(void)
{
	struct kthread_worker *own = kthread_create_worker(0, "third");

	data_race(worker = own);
	kthread_init_work(&kthread_work, count_kthread_work);
	if (!IS_ERR(own))
		kthread_queue_work(own, &kthread_work);
	order_pause();
}

FIRST(kthread_work)
{
	shared.value = 1;
	queue_for_worker();
}

SECOND(kthread_work)
{
	kthread_flush_work(&kthread_work);
	shared.value++;
	kthread_destroy_worker(data_race(worker));
}
CASE(kthread_work);

FIRST(kthread_work_flushed)
{
	queue_for_worker();
}

SECOND(kthread_work_flushed)
{
	kthread_destroy_worker(data_race(worker));
	shared.value++;
}
CASE(kthread_work_flushed);

FIRST(kthread_work_running)
{
	queue_for_worker();
}

SECOND(kthread_work_running)
{
	shared.value++;
	kthread_destroy_worker(data_race(worker));
}
CASE(kthread_work_running);

static irqreturn_t count_irq(int line, void *unused)
{
	shared.value++;
	return IRQ_HANDLED;
}

static void listen(void)
{
	int line = order_irq();

	if (line > 0 && request_irq(line, count_irq, IRQF_NO_THREAD, "race_cases", &shared))
		order_irq_end();
}

static void stop_listening(void)
{
	free_irq(order_irq(), &shared);
	order_irq_end();
}

FIRST(irq)
{
	shared.value = 1;
	listen();
}

SECOND(irq)
{
	order_irq_happens();
	stop_listening();
	shared.value++;
}
CASE(irq);

FIRST(irq_happening)
{
	listen();
}

SECOND(irq_happening)
{
	order_irq_happens();
	shared.value++;
	stop_listening();
}
CASE(irq_happening);
