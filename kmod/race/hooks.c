// SPDX-License-Identifier: GPL-2.0-only
/* What the kernel's headers call in instrumented modules: see include/quartet-race.h. */
#include <linux/export.h>
#include <linux/instruction_pointer.h>
#include <linux/kcsan-checks.h>

#include "irq.h"
#include "known.h"
#include "rcu.h"
#include "shadow.h"
#include "sync.h"
#include "thread.h"

#include "include/quartet-race-hooks.h"

const char QUARTET_RACE_OF_VERSION;
EXPORT_SYMBOL_GPL(QUARTET_RACE_OF_VERSION);

static unsigned int how_of(int type)
{
	return (type & KCSAN_ACCESS_WRITE ? RACE_WRITE : RACE_READ) |
	       (type & KCSAN_ACCESS_ATOMIC ? RACE_MARKED : 0);
}

void quartet_race_check(const volatile void *ptr, size_t size, int type)
{
	race_access((const void *)ptr, size, how_of(type), _RET_IP_);
}
EXPORT_SYMBOL_GPL(quartet_race_check);

void quartet_race_fence(void)
{
	struct race_thread *thread;

	if (likely(race_thread_quick(&thread))) {
		race_sync_fence(thread);
		return;
	}
	thread = race_thread_enter();
	if (!thread)
		return;
	race_sync_fence(thread);
	race_thread_leave(thread);
}
EXPORT_SYMBOL_GPL(quartet_race_fence);

void quartet_race_release_next(void)
{
	struct race_thread *thread = race_thread_enter();

	if (!thread)
		return;
	if (thread->slot)
		thread->releasing = true;
	race_thread_leave(thread);
}
EXPORT_SYMBOL_GPL(quartet_race_release_next);

static void ignore(int nesting)
{
	struct race_thread *thread = race_thread_enter();

	if (!thread)
		return;
	if (thread->slot)
		thread->ignoring = thread->ignore += nesting;
	race_thread_leave(thread);
}

void quartet_race_ignore_begin(void)
{
	ignore(1);
}
EXPORT_SYMBOL_GPL(quartet_race_ignore_begin);

void quartet_race_ignore_end(void)
{
	ignore(-1);
}
EXPORT_SYMBOL_GPL(quartet_race_ignore_end);

static void set_atomic(int nesting, unsigned int next)
{
	struct race_thread *thread = race_thread_enter();

	if (!thread)
		return;
	if (thread->slot) {
		thread->atomic += nesting;
		thread->atomic_next = next;
		thread->marking = thread->atomic || next;
	}
	race_thread_leave(thread);
}

void quartet_race_atomic_begin(void)
{
	set_atomic(1, 0);
}
EXPORT_SYMBOL_GPL(quartet_race_atomic_begin);

void quartet_race_atomic_end(void)
{
	set_atomic(-1, 0);
}
EXPORT_SYMBOL_GPL(quartet_race_atomic_end);

void quartet_race_atomic_next(int count)
{
	set_atomic(0, count);
}
EXPORT_SYMBOL_GPL(quartet_race_atomic_next);

void quartet_race_irq_off(void)
{
	race_irq_off(_RET_IP_);
}
EXPORT_SYMBOL_GPL(quartet_race_irq_off);

void quartet_race_irq_on(void)
{
	race_irq_on(_RET_IP_);
}
EXPORT_SYMBOL_GPL(quartet_race_irq_on);

void quartet_race_bh_off(void)
{
	race_bh_off(_RET_IP_);
}
EXPORT_SYMBOL_GPL(quartet_race_bh_off);

void quartet_race_bh_on(void)
{
	race_bh_on(_RET_IP_);
}
EXPORT_SYMBOL_GPL(quartet_race_bh_on);

void quartet_race_preempt_on(void)
{
	race_rcu_read_end(_RET_IP_);
}
EXPORT_SYMBOL_GPL(quartet_race_preempt_on);

void quartet_race_acquire(const volatile void *addr)
{
	race_acquire((const void *)addr, "acquire", _RET_IP_);
}
EXPORT_SYMBOL_GPL(quartet_race_acquire);

void quartet_race_release(const volatile void *addr)
{
	race_release((const void *)addr, "release", _RET_IP_);
}
EXPORT_SYMBOL_GPL(quartet_race_release);

void quartet_race_read(const volatile void *addr, size_t size)
{
	race_access((const void *)addr, size, RACE_READ, _RET_IP_);
}
EXPORT_SYMBOL_GPL(quartet_race_read);

void quartet_race_write(const volatile void *addr, size_t size)
{
	race_access((const void *)addr, size, RACE_WRITE, _RET_IP_);
}
EXPORT_SYMBOL_GPL(quartet_race_write);
