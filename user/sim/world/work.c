// SPDX-License-Identifier: GPL-2.0-only
/* Work that is queued on CPUs, and done there when its CPU's thread lets it. */
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

static raw_spinlock_t lock;		/* protects the lists, and work_struct.queued */
static struct list_head works[NR_CPUS];

bool schedule_work_on(int cpu, struct work_struct *work)
{
	struct list_head *list = &works[cpu];
	bool was_queued;

	raw_spin_lock(&lock);
	was_queued = work->queued;
	if (!list->next)
		INIT_LIST_HEAD(list);
	if (!was_queued)
		list_add_tail(&work->list, list);
	work->queued = true;
	raw_spin_unlock(&lock);
	return !was_queued;
}

bool cancel_work_sync(struct work_struct *work)
{
	bool was_queued;

	raw_spin_lock(&lock);
	was_queued = work->queued;
	if (was_queued)
		list_del(&work->list);
	work->queued = false;
	raw_spin_unlock(&lock);
	return was_queued;
}

static struct work_struct *take(struct list_head *list)
{
	struct work_struct *work = NULL;

	raw_spin_lock(&lock);
	if (list->next && !list_empty(list)) {
		work = container_of(list->next, struct work_struct, list);
		list_del(&work->list);
		work->queued = false;
	}
	raw_spin_unlock(&lock);
	return work;
}

void sim_work(void)
{
	struct work_struct *work;

	while ((work = take(&works[smp_processor_id()])))
		work->func(work);
}
