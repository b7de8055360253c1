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
#include "shadow.h"
#include "sync.h"
#include "thread.h"

/* What else the function is given besides the address comes last. */
#define ACCESS(name, size, how, ...)						\
	void name(void *addr, ##__VA_ARGS__);					\
	void name(void *addr, ##__VA_ARGS__)					\
	{									\
		unsigned long flags = user_access_save();			\
										\
		race_access(addr, size, how, _RET_IP_);				\
		user_access_restore(flags);					\
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
		race_access(addr, size, how, _RET_IP_);				\
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

ACCESS(__tsan_read_range, size, RACE_READ, long size);
ACCESS(__tsan_write_range, size, RACE_WRITE, long size);

/* From outside: what was released by the init of modules that have come meanwhile is ordered. */
static void come_in(struct race_thread *thread)
{
	thread->modules = READ_ONCE(race_modules);
	race_sync_acquire(thread, (unsigned long)&race_modules);
}

/* In the tree, or only counted if there is no room in it. */
static void enter(unsigned long pc)
{
	struct race_thread *thread = race_thread_enter();
	u32 child;

	if (!thread)
		return;
	if (thread->slot) {
		if (!thread->context && (thread->modules != READ_ONCE(race_modules) ||
					 READ_ONCE(race_all_ordered)))
			come_in(thread);
		child = thread->lost ? 0 : race_context_child(thread->context, pc);
		if (child)
			thread->context = child;
		else
			thread->lost++;
	}
	race_thread_leave(thread);
}

static void leave(void)
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

void __tsan_func_entry(void *pc);
void __tsan_func_entry(void *pc)
{
	unsigned long flags = user_access_save();

	enter((unsigned long)pc);
	user_access_restore(flags);
}
EXPORT_SYMBOL_GPL(__tsan_func_entry);

/* Without an argument in truth, but so it is declared. */
void __tsan_func_exit(void *unused);
void __tsan_func_exit(void *unused)
{
	unsigned long flags = user_access_save();

	leave();
	user_access_restore(flags);
}
EXPORT_SYMBOL_GPL(__tsan_func_exit);

/* Called by a constructor, of which the kernel runs none. */
void __tsan_init(void);
void __tsan_init(void)
{
}
EXPORT_SYMBOL_GPL(__tsan_init);
