// SPDX-License-Identifier: GPL-2.0-only
/* Cases of what the kernel calls later: works, timers, tasklets; and of threads. */
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/sched/task.h>
#include <linux/timer.h>
#include <linux/version.h>
#include <linux/workqueue.h>

#include "case.h"
#include "order.h"

static void count_work(struct work_struct *work)
{
	shared.value++;
}

static DECLARE_WORK(work, count_work);
static DECLARE_DELAYED_WORK(delayed, count_work);

FIRST(work_unflushed)
{
	schedule_work(&work);
}

SECOND(work_unflushed)
{
	order_pause();
	shared.value++;
	flush_work(&work);
}
CASE(work_unflushed);

FIRST(work_queued_before)
{
	schedule_work(&work);
	order_pause();
	shared.value++;
}

SECOND(work_queued_before)
{
	flush_work(&work);
}
CASE(work_queued_before);

FIRST(delayed_unflushed)
{
	schedule_delayed_work(&delayed, 1);
}

SECOND(delayed_unflushed)
{
	order_pause();
	shared.value++;
	flush_delayed_work(&delayed);
}
CASE(delayed_unflushed);

FIRST(work)
{
	shared.value = 1;
	schedule_work(&work);
}

SECOND(work)
{
	flush_work(&work);
	shared.value++;
}
CASE(work);

FIRST(work_cancelled)
{
	shared.value = 1;
	schedule_work(&work);
	order_pause();
}

SECOND(work_cancelled)
{
	cancel_work_sync(&work);
	shared.other++;
}
CASE(work_cancelled);

FIRST(delayed_work)
{
	shared.value = 1;
	schedule_delayed_work(&delayed, 1);
}

SECOND(delayed_work)
{
	flush_delayed_work(&delayed);
	shared.value++;
}
CASE(delayed_work);

static struct workqueue_struct *own_queue;

static void count_timer(struct timer_list *unused)
{
	shared.value++;
}

static DEFINE_TIMER(timer, count_timer);

FIRST(timer_running)
{
	mod_timer(&timer, jiffies + 1);
}

SECOND(timer_running)
{
	order_pause();
	shared.value++;
	timer_delete_sync(&timer);
}
CASE(timer_running);

FIRST(timer)
{
	shared.value = 1;
	mod_timer(&timer, jiffies + 1);
}

SECOND(timer)
{
	order_pause();
	timer_delete_sync(&timer);
	shared.value++;
}
CASE(timer);

static struct hrtimer hrtimer;

static enum hrtimer_restart count_hrtimer(struct hrtimer *unused)
{
	shared.value++;
	return HRTIMER_NORESTART;
}

static void start_hrtimer(void)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
	hrtimer_init(&hrtimer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	hrtimer.function = count_hrtimer;
#else
	hrtimer_setup(&hrtimer, count_hrtimer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
#endif
	hrtimer_start(&hrtimer, ms_to_ktime(1), HRTIMER_MODE_REL);
}

FIRST(hrtimer_running)
{
	start_hrtimer();
}

SECOND(hrtimer_running)
{
	order_pause();
	shared.value++;
	hrtimer_cancel(&hrtimer);
}
CASE(hrtimer_running);

FIRST(hrtimer)
{
	shared.value = 1;
	start_hrtimer();
}

SECOND(hrtimer)
{
	order_pause();
	hrtimer_cancel(&hrtimer);
	shared.value++;
}
CASE(hrtimer);

static void count_tasklet(struct tasklet_struct *unused)
{
	shared.value++;
}

static DECLARE_TASKLET(tasklet, count_tasklet);

FIRST(tasklet_running)
{
	tasklet_schedule(&tasklet);
}

SECOND(tasklet_running)
{
	order_pause();
	shared.value++;
	tasklet_kill(&tasklet);
}
CASE(tasklet_running);

FIRST(tasklet)
{
	shared.value = 1;
	tasklet_schedule(&tasklet);
}

SECOND(tasklet)
{
	tasklet_kill(&tasklet);
	shared.value++;
}
CASE(tasklet);

static int count_thread(void *unused)
{
	shared.value++;
	order_wait_stop();
	return 0;
}

static struct task_struct *start_third(void)
{
	return kthread_run(count_thread, NULL, "third");
}

FIRST(thread_running)
{
	struct task_struct *third = start_third();

	order_pause();
	shared.value++;
	if (!IS_ERR(third))
		kthread_stop(third);
}

SECOND(thread_running)
{
}
CASE(thread_running);

FIRST(thread_stopped)
{
	struct task_struct *third;

	shared.value = 1;
	third = start_third();
	order_pause();
	if (!IS_ERR(third))
		kthread_stop(third);
	shared.value++;
}

SECOND(thread_stopped)
{
}
CASE(thread_stopped);

/* It is pending where it was queued first. */
FIRST(work_two_queues)
{
	struct workqueue_struct *queue = alloc_workqueue("race_cases", WQ_UNBOUND, 0);

	data_race(own_queue = queue);
	queue_delayed_work(queue, &delayed, 2);
	queue_delayed_work(system_long_wq, &delayed, 1);
	order_pause();
}

SECOND(work_two_queues)
{
	flush_workqueue(data_race(own_queue));
	shared.value++;
	flush_delayed_work(&delayed);
	destroy_workqueue(data_race(own_queue));
}
CASE(work_two_queues);
