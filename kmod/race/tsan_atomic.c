// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the compiler calls for __atomic builtins. The order that is asked for decides what an access
 * releases; as with the kernel's own atomics, each acquires.
 */
#include <linux/export.h>
#include <linux/instruction_pointer.h>
#include <linux/types.h>
#include <linux/uaccess.h>

#include "shadow.h"

#include "include/quartet-race-hooks.h"

static __always_inline bool releases(int order)
{
	return order != __ATOMIC_RELAXED && order != __ATOMIC_ACQUIRE && order != __ATOMIC_CONSUME;
}

/* Inline, as it may be within what accesses user memory. */
static __always_inline void access(void *addr, size_t size, unsigned int how, int order,
				   unsigned long pc)
{
	unsigned long flags = user_access_save();

	if (how & RACE_WRITE && releases(order))
		quartet_race_release_next();
	race_access(addr, size, how | RACE_MARKED, pc);
	user_access_restore(flags);
}

#define LOAD(bits, type)							\
	type __tsan_atomic##bits##_load(const volatile void *addr, int order);	\
	type __tsan_atomic##bits##_load(const volatile void *addr, int order)	\
	{									\
		access((void *)addr, sizeof(type), RACE_READ, order, _RET_IP_);	\
		return __atomic_load_n((const volatile type *)addr, __ATOMIC_SEQ_CST); \
	}									\
	EXPORT_SYMBOL_GPL(__tsan_atomic##bits##_load)

#define STORE(bits, type)							\
	void __tsan_atomic##bits##_store(volatile void *addr, type value, int order); \
	void __tsan_atomic##bits##_store(volatile void *addr, type value, int order) \
	{									\
		access((void *)addr, sizeof(type), RACE_WRITE, order, _RET_IP_); \
		__atomic_store_n((volatile type *)addr, value, __ATOMIC_SEQ_CST); \
	}									\
	EXPORT_SYMBOL_GPL(__tsan_atomic##bits##_store)

#define CHANGE(bits, type, name, builtin)					\
	type __tsan_atomic##bits##_##name(volatile void *addr, type value, int order); \
	type __tsan_atomic##bits##_##name(volatile void *addr, type value, int order) \
	{									\
		access((void *)addr, sizeof(type), RACE_WRITE, order, _RET_IP_); \
		return builtin((volatile type *)addr, value, __ATOMIC_SEQ_CST);	\
	}									\
	EXPORT_SYMBOL_GPL(__tsan_atomic##bits##_##name)

#define COMPARE(bits, type, name)						\
	int __tsan_atomic##bits##_compare_exchange_##name(volatile void *addr,	\
		void *expected, type value, int order, int failure);		\
	int __tsan_atomic##bits##_compare_exchange_##name(volatile void *addr,	\
		void *expected, type value, int order, int failure)		\
	{									\
		access((void *)addr, sizeof(type), RACE_WRITE, order, _RET_IP_); \
		return __atomic_compare_exchange_n((volatile type *)addr, (type *)expected, \
						   value, false, __ATOMIC_SEQ_CST, \
						   __ATOMIC_SEQ_CST);		\
	}									\
	EXPORT_SYMBOL_GPL(__tsan_atomic##bits##_compare_exchange_##name)

#define ALL(bits, type)						\
	LOAD(bits, type);					\
	STORE(bits, type);					\
	CHANGE(bits, type, exchange, __atomic_exchange_n);	\
	CHANGE(bits, type, fetch_add, __atomic_fetch_add);	\
	CHANGE(bits, type, fetch_sub, __atomic_fetch_sub);	\
	CHANGE(bits, type, fetch_and, __atomic_fetch_and);	\
	CHANGE(bits, type, fetch_or, __atomic_fetch_or);	\
	CHANGE(bits, type, fetch_xor, __atomic_fetch_xor);	\
	CHANGE(bits, type, fetch_nand, __atomic_fetch_nand);	\
	COMPARE(bits, type, strong);				\
	COMPARE(bits, type, weak)

ALL(8, u8);
ALL(16, u16);
ALL(32, u32);
ALL(64, u64);

void __tsan_atomic_thread_fence(int order);
void __tsan_atomic_thread_fence(int order)
{
	unsigned long flags = user_access_save();

	if (releases(order))
		quartet_race_fence();
	user_access_restore(flags);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}
EXPORT_SYMBOL_GPL(__tsan_atomic_thread_fence);

void __tsan_atomic_signal_fence(int order);
void __tsan_atomic_signal_fence(int order)
{
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}
EXPORT_SYMBOL_GPL(__tsan_atomic_signal_fence);
