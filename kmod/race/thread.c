// SPDX-License-Identifier: GPL-2.0-only
/* Who does something. */
#include <linux/percpu.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/preempt.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "counters.h"
#include "shadow.h"
#include "sync.h"
#include "thread.h"

#define RETRY	64	/* entries of tasks without a slot, between two looks for one */

unsigned int race_modules;
struct race_thread race_threads[RACE_SLOTS];

/**
 * struct cpu_threads - what a CPU does without a task
 * @irq: in hardirqs; NULL if there was no slot
 * @softirq: the same
 */
struct cpu_threads {
	struct race_thread *irq, *softirq;
};

DEFINE_PER_CPU(struct race_thread *, race_last);
static DEFINE_PER_CPU(struct cpu_threads, cpu_threads);
static DEFINE_RAW_SPINLOCK(slots_lock);
static u32 next_slot = 1;	/* where to look first; under slots_lock */
static struct race_clock gone;	/* what dead threads did; under slots_lock */
static atomic_t full;		/* looks for a slot since there was none */

static bool is_dead(const struct race_thread *thread)
{
	struct task_struct *task;
	bool dead = false;

	rcu_read_lock();
	if (thread->task) {
		task = pid_task(find_pid_ns(thread->name.pid, &init_pid_ns), PIDTYPE_PID);
		dead = !task || !race_thread_is(thread, task);
	}
	rcu_read_unlock();
	/* What it did last comes before its pid is nobody's (litmus: race-slot). */
	smp_rmb();
	return dead;
}

static void bury(struct race_thread *thread)
{
	race_clock_join(&gone, &thread->clock);
	WRITE_ONCE(thread->task, NULL);
}

static void bury_all(void)
{
	u32 i;

	for (i = 1; i < RACE_SLOTS; i++)
		if (is_dead(&race_threads[i]))
			bury(&race_threads[i]);
}

static bool is_free(const struct race_thread *thread)
{
	return !thread->task && thread->name.pid != RACE_INTERRUPTS &&
	       race_thread_epoch(thread) < RACE_EPOCH_MAX - 1;
}

/* The slots take turns: for as long as one is nobody's, what its last thread did is its own. */
static struct race_thread *free_slot(void)
{
	u32 i, slot;

	for (i = 0; i < RACE_SLOTS - 1; i++) {
		slot = 1 + (next_slot - 1 + i) % (RACE_SLOTS - 1);
		if (is_free(&race_threads[slot])) {
			next_slot = 1 + slot % (RACE_SLOTS - 1);
			return &race_threads[slot];
		}
	}
	return NULL;
}

static void begin(struct race_thread *thread, const char *comm, pid_t pid)
{
	u32 slot = thread - race_threads, epoch = thread->clock.of[slot] + 1;

	memset(thread, 0, sizeof(*thread));
	thread->slot = slot;
	thread->self = epoch | slot << RACE_CELL_SLOT;
	thread->joins = 1;
	thread->clock = gone;
	thread->clock.of[slot] = epoch;
	thread->first = epoch;
	thread->name.pid = pid;
	strscpy(thread->name.comm, comm, TASK_COMM_LEN);
}

static struct race_thread *new_thread(const char *comm, pid_t pid, struct task_struct *task)
{
	struct race_thread *thread;
	unsigned long flags;

	raw_spin_lock_irqsave(&slots_lock, flags);
	bury_all();
	thread = free_slot();
	if (thread) {
		begin(thread, comm, pid);
		if (task)
			thread->since = task->start_time;
		WRITE_ONCE(thread->task, task);
	}
	raw_spin_unlock_irqrestore(&slots_lock, flags);
	return thread;
}

/* Only the task itself can find itself. */
static struct race_thread *find_task(void)
{
	u32 i;

	for (i = 1; i < RACE_SLOTS; i++)
		if (race_thread_is(&race_threads[i], current))
			return &race_threads[i];
	return NULL;
}

static struct race_thread *of_task(void)
{
	struct race_thread *thread = raw_cpu_read(race_last);

	if (likely(race_thread_is(thread, current)))
		return thread;
	thread = find_task();
	if (!thread && !(atomic_read(&full) && atomic_inc_return(&full) % RETRY)) {
		thread = new_thread(current->comm, current->pid, current);
		atomic_set(&full, !thread);
	}
	if (!thread)
		return &race_threads[0];
	this_cpu_write(race_last, thread);
	return thread;
}

static struct race_thread *caller_thread(void)
{
	if (likely(!race_in_interrupt()))
		return of_task();
	if (in_nmi())
		return NULL;
	if (in_hardirq())
		return this_cpu_read(cpu_threads.irq);
	return this_cpu_read(cpu_threads.softirq);
}

struct race_thread *race_thread_enter(void)
{
	struct race_thread *thread = caller_thread();

	if (unlikely(!thread || thread->busy))
		return NULL;
	if (unlikely(!thread->slot)) {
		race_count(RACE_NO_THREAD);
		return thread;
	}
	thread->busy = true;
	/* What is in interrupts has another thread; the compiler must not move what it does. */
	barrier();
	if (unlikely(thread->late))
		race_sync_complete(thread);
	return thread;
}

void race_thread_leave(struct race_thread *thread)
{
	barrier();
	if (thread->slot)
		thread->busy = false;
}

void race_thread_exhaust(struct race_thread *thread)
{
	if (thread->exhausted)
		return;
	thread->self++;
	thread->clock.of[thread->slot] = RACE_EPOCH_MAX;
	thread->exhausted = true;
	race_count(RACE_NO_EPOCH);
}

void race_thread_join_all(struct race_clock *clock)
{
	u32 i;

	for (i = 1; i < RACE_SLOTS; i++)
		race_clock_raise(&clock->of[i], READ_ONCE(race_threads[i].clock.of[i]));
}

/* Without a slot for one of them, who begins from here on is after all that anybody has done. */
static void order_everything(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&slots_lock, flags);
	race_thread_join_all(&gone);
	raw_spin_unlock_irqrestore(&slots_lock, flags);
}

void race_thread_after_all(struct race_thread *thread)
{
	race_thread_join_all(&thread->clock);
	race_thread_joined(thread);
}

void race_after_all(void)
{
	struct race_thread *thread = race_thread_enter();

	if (!thread)
		return;
	if (thread->slot)
		race_thread_after_all(thread);
	race_thread_leave(thread);
}

void race_thread_create(struct race_thread *creator, struct task_struct *task, u32 context)
{
	struct race_thread *thread = NULL;

	if (creator->slot)
		thread = new_thread(task->comm, task->pid, task);
	if (!thread) {
		order_everything();
		return;
	}
	race_clock_join(&thread->clock, &creator->clock);
	race_thread_joined(thread);
	thread->name.context = context;
	memcpy(thread->name.parent, creator->name.comm, TASK_COMM_LEN);
	thread->name.parent_pid = creator->name.pid;
	race_thread_advance(creator);
}

void race_thread_forget(unsigned long start, unsigned long size)
{
	race_place place, *last;
	u32 i;

	for (i = 1; i < RACE_SLOTS; i++) {
		last = &race_threads[i].last.place;
		place = READ_ONCE(*last);
		/* Unless the thread has synchronised elsewhere by now. */
		if (race_place_is_in(place, start, size))
			cmpxchg(last, place, race_place_at(race_place_context(place), 0));
	}
}

int race_thread_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct cpu_threads *threads = per_cpu_ptr(&cpu_threads, cpu);

		per_cpu(race_last, cpu) = &race_threads[0];
		threads->irq = new_thread("", RACE_INTERRUPTS, NULL);
		threads->softirq = new_thread("", RACE_INTERRUPTS, NULL);
		if (!threads->irq || !threads->softirq)
			return -E2BIG;
		snprintf(threads->irq->name.comm, TASK_COMM_LEN, "hardirq/%d", cpu);
		snprintf(threads->softirq->name.comm, TASK_COMM_LEN, "softirq/%d", cpu);
	}
	return 0;
}
