// SPDX-License-Identifier: GPL-2.0-only
/* Cases of readers that look again, of waits, and of what the compiler makes instructions of. */
#include <linux/kthread.h>
#include <linux/percpu-rwsem.h>
#include <linux/seqlock.h>
#include <linux/string.h>
#include <linux/swait.h>

#include "case.h"
#include "order.h"

static DEFINE_SEQLOCK(seqlock);

static void seq_write(void)
{
	write_seqlock(&seqlock);
	shared.value = 1;
	write_sequnlock(&seqlock);
}

static int seq_read(void)
{
	unsigned int begin;
	int value;

	do {
		begin = read_seqbegin(&seqlock);
		value = shared.value;
	} while (read_seqretry(&seqlock, begin));
	return value;
}

FIRST(seq_written_outside)
{
	seq_write();
}

SECOND(seq_written_outside)
{
	shared.value++;
}
CASE(seq_written_outside);

FIRST(seq_read_outside)
{
	seq_write();
}

SECOND(seq_read_outside)
{
	shared.other = shared.value;
}
CASE(seq_read_outside);

FIRST(seq_written_without)
{
	shared.other = seq_read();
}

SECOND(seq_written_without)
{
	shared.value = 2;
}
CASE(seq_written_without);

FIRST(seqlock)
{
	seq_write();
}

SECOND(seqlock)
{
	shared.other = seq_read();
}
CASE(seqlock);

FIRST(seqlock_read_first)
{
	shared.other = seq_read();
}

SECOND(seqlock_read_first)
{
	seq_write();
}
CASE(seqlock_read_first);

/* What came before is seen by who has seen what was written. */
FIRST(seqlock_published)
{
	shared.other = 1;
	seq_write();
}

SECOND(seqlock_published)
{
	if (seq_read())
		shared.other++;
}
CASE(seqlock_published);

static DECLARE_SWAIT_QUEUE_HEAD(simple);

static void look_at_simple(void)
{
	DECLARE_SWAITQUEUE(wait);

	prepare_to_swait_event(&simple, &wait, TASK_UNINTERRUPTIBLE);
	finish_swait(&simple, &wait);
}

FIRST(swait)
{
	shared.value = 1;
	swake_up_one(&simple);
}

SECOND(swait)
{
	look_at_simple();
	shared.value++;
}
CASE(swait);

FIRST(swait_woken_before)
{
	swake_up_all(&simple);
	shared.value = 1;
}

SECOND(swait_woken_before)
{
	look_at_simple();
	shared.value++;
}
CASE(swait_woken_before);

DEFINE_STATIC_PERCPU_RWSEM(gate);

static void gate_write(void)
{
	percpu_down_write(&gate);
	shared.value++;
	percpu_up_write(&gate);
}

static void gate_read(void)
{
	percpu_down_read(&gate);
	WRITE_ONCE(shared.other, shared.value);
	percpu_up_read(&gate);
}

FIRST(percpu_rwsem)
{
	gate_write();
}

SECOND(percpu_rwsem)
{
	gate_read();
}
CASE(percpu_rwsem);

FIRST(percpu_rwsem_read_first)
{
	gate_read();
}

SECOND(percpu_rwsem_read_first)
{
	gate_write();
}
CASE(percpu_rwsem_read_first);

BOTH(percpu_rwsem_readers)
{
	percpu_down_read(&gate);
	shared.value++;
	percpu_up_read(&gate);
}

static int third_thread(void *unused)
{
	shared.value++;
	while (!kthread_should_stop()) {
		if (kthread_should_park()) {
			shared.value++;
			kthread_parkme();
			shared.value++;
		}
		order_pause();
	}
	return 0;
}

static struct task_struct *park_third(void)
{
	struct task_struct *third = kthread_run(third_thread, NULL, "third");

	if (IS_ERR(third))
		return NULL;
	order_pause();
	kthread_park(third);
	shared.value++;
	kthread_unpark(third);
	return third;
}

FIRST(thread_parked)
{
	struct task_struct *third = park_third();

	if (third)
		kthread_stop(third);
	shared.value++;
}

SECOND(thread_parked)
{
}
CASE(thread_parked);

FIRST(thread_unparked)
{
	struct task_struct *third = park_third();

	order_pause();
	shared.value++;
	if (third)
		kthread_stop(third);
}

SECOND(thread_unparked)
{
}
CASE(thread_unparked);

static char copy[16];

FIRST(memset_against)
{
	memset(shared.bytes, 1, 8);
}

SECOND(memset_against)
{
	shared.bytes[3]++;
}
CASE(memset_against);

FIRST(memcpy_from)
{
	memcpy(copy, shared.bytes, sizeof(copy));
}

SECOND(memcpy_from)
{
	shared.bytes[13] = 1;
}
CASE(memcpy_from);

FIRST(memmove_to)
{
	memmove(shared.bytes + 1, shared.bytes, 8);
}

SECOND(memmove_to)
{
	shared.flag = shared.bytes[8];
}
CASE(memmove_to);

FIRST(memcmp_of)
{
	shared.bytes[3] = 1;
}

SECOND(memcmp_of)
{
	shared.flag = memcmp(shared.bytes, copy, 4);
}
CASE(memcmp_of);

BOTH(memcpy_locked)
{
	spin_lock(&shared.lock);
	memcpy(shared.bytes, copy, sizeof(copy));
	memset(copy, 0, sizeof(copy));
	spin_unlock(&shared.lock);
}

FIRST(builtin_relaxed)
{
	shared.value = 1;
	__atomic_store_n(&shared.flag, 1, __ATOMIC_RELAXED);
}

SECOND(builtin_relaxed)
{
	if (__atomic_load_n(&shared.flag, __ATOMIC_ACQUIRE))
		shared.value++;
}
CASE(builtin_relaxed);

FIRST(builtin_release)
{
	shared.value = 1;
	__atomic_store_n(&shared.flag, 1, __ATOMIC_RELEASE);
}

SECOND(builtin_release)
{
	if (__atomic_load_n(&shared.flag, __ATOMIC_ACQUIRE))
		shared.value++;
}
CASE(builtin_release);

FIRST(builtin_fetch)
{
	shared.value = 1;
	__atomic_fetch_add(&shared.flag, 1, __ATOMIC_ACQ_REL);
}

SECOND(builtin_fetch)
{
	if (__atomic_fetch_add(&shared.flag, 1, __ATOMIC_ACQ_REL))
		shared.value++;
}
CASE(builtin_fetch);
