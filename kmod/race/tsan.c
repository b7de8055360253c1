// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the compiler calls: each access, and the beginning and end of each function.
 *
 * The names are those of ThreadSanitizer's runtime. Objtool lets them be called where user memory
 * is accessible, and has each of them close that first.
 */
#include <linux/export.h>
#include <linux/instruction_pointer.h>
#include <linux/uaccess.h>

#include "context.h"
#include "known.h"
#include "shadow.h"
#include "sync.h"
#include "thread.h"

static __always_inline void access(const void *addr, size_t size, unsigned int how,
				   unsigned long pc)
{
	unsigned long flags = user_access_save();

	race_access(addr, size, how, pc);
	user_access_restore(flags);
}

#define ACCESS(name, size, how)							\
	void name(void *addr);							\
	void name(void *addr)							\
	{									\
		if (!race_access_known(addr, size, how, _RET_IP_, RACE_INLINE))			\
			access(addr, size, how, _RET_IP_);			\
	}									\
	EXPORT_SYMBOL_GPL(name)

#define ACCESSES(size)								\
	ACCESS(__tsan_read##size, size, RACE_READ);				\
	ACCESS(__tsan_write##size, size, RACE_WRITE);				\
	ACCESS(__tsan_volatile_read##size, size, RACE_READ | RACE_MARKED);	\
	ACCESS(__tsan_volatile_write##size, size, RACE_WRITE | RACE_MARKED)

/* Objtool does not let these be called where user memory is accessible, but for two of them. */
#define ACCESS_UNSAFE(name, size, how)						\
	void name(void *addr);							\
	void name(void *addr)							\
	{									\
		if (!race_access_known(addr, size, how, _RET_IP_, RACE_INLINE))			\
			race_access(addr, size, how, _RET_IP_);			\
	}									\
	EXPORT_SYMBOL_GPL(name)

#define UNALIGNED(size, kind)								\
	kind(__tsan_unaligned_read##size, size, RACE_READ);				\
	kind(__tsan_unaligned_write##size, size, RACE_WRITE);				\
	ACCESS_UNSAFE(__tsan_unaligned_volatile_read##size, size, RACE_READ | RACE_MARKED); \
	ACCESS_UNSAFE(__tsan_unaligned_volatile_write##size, size, RACE_WRITE | RACE_MARKED)

ACCESSES(1);
ACCESSES(2);
ACCESSES(4);
ACCESSES(8);
ACCESSES(16);
UNALIGNED(2, ACCESS_UNSAFE);
UNALIGNED(4, ACCESS_UNSAFE);
UNALIGNED(8, ACCESS_UNSAFE);
UNALIGNED(16, ACCESS);

#define ACCESS_RANGE(name, how)							\
	void name(void *addr, long size);					\
	void name(void *addr, long size)					\
	{									\
		access(addr, size, how, _RET_IP_);				\
	}									\
	EXPORT_SYMBOL_GPL(name)

ACCESS_RANGE(__tsan_read_range, RACE_READ);
ACCESS_RANGE(__tsan_write_range, RACE_WRITE);

/* From outside: what was released by the init of modules that have come meanwhile is ordered. */
static void come_in(struct race_thread *thread)
{
	thread->modules = smp_load_acquire(&race_modules);	/* (litmus: race-modules) */
	race_sync_acquire(thread, (unsigned long)&race_modules);
}

/* In the tree, or only counted if there is no room in it. */
static noinline void enter(unsigned long pc)
{
	struct race_thread *thread = race_thread_enter();
	u32 child;

	if (!thread)
		return;
	if (thread->slot) {
		/* The caller is not known: perhaps the kernel, for a callback that was lost. */
		if ((!thread->context && thread->modules != READ_ONCE(race_modules)) ||
		    READ_ONCE(race_all_ordered))
			come_in(thread);
		child = thread->lost ? 0 : race_context_child(thread->context, pc);
		if (child)
			thread->context = child;
		else
			thread->lost++;
	}
	race_thread_leave(thread);
}

static noinline void leave(void)
{
	struct race_thread *thread = race_thread_enter();

	if (!thread)
		return;
	if (thread->slot && thread->lost)
		thread->lost--;
	else if (thread->slot)
		thread->context = race_context_parent(thread->context);
	race_thread_leave(thread);
}

static __always_inline void enter_slowly(unsigned long pc)
{
	unsigned long flags = user_access_save();

	enter(pc);
	user_access_restore(flags);
}

static __always_inline void leave_slowly(void)
{
	unsigned long flags = user_access_save();

	leave();
	user_access_restore(flags);
}

/* As most: a call that was made before from there. */
static __always_inline bool enter_quickly(unsigned long pc)
{
	struct race_thread *thread;
	u32 child;

	if (unlikely(!race_thread_quick(&thread) || !thread->context || thread->lost ||
		     READ_ONCE(race_all_ordered)))
		return false;
	child = race_context_known(thread->context, pc);
	if (likely(child))
		thread->context = child;
	return child;
}

static __always_inline bool leave_quickly(void)
{
	struct race_thread *thread;

	if (unlikely(!race_thread_quick(&thread) || thread->lost))
		return false;
	thread->context = race_context_parent(thread->context);
	return true;
}

void __tsan_func_entry(void *pc);
void __tsan_func_entry(void *pc)
{
	if (!enter_quickly((unsigned long)pc))
		enter_slowly((unsigned long)pc);
}
EXPORT_SYMBOL_GPL(__tsan_func_entry);

/* Without an argument in truth, but so it is declared. */
void __tsan_func_exit(void *unused);
void __tsan_func_exit(void *unused)
{
	if (!leave_quickly())
		leave_slowly();
}
EXPORT_SYMBOL_GPL(__tsan_func_exit);

/* Called by a constructor, of which the kernel runs none. */
void __tsan_init(void);
void __tsan_init(void)
{
}
EXPORT_SYMBOL_GPL(__tsan_init);
