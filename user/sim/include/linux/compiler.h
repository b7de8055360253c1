/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel tells the compiler, and accesses that it may not tear or repeat. */
#ifndef SIM_COMPILER_H
#define SIM_COMPILER_H

#include <sim/access.h>

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#define barrier()	__asm__ __volatile__("" : : : "memory")

#undef __always_inline
#define __always_inline	inline __attribute__((__always_inline__))
#define noinline	__attribute__((__noinline__))
#define __must_check	__attribute__((__warn_unused_result__))
#define __maybe_unused	__attribute__((__unused__))
#define __printf(a, b)	__attribute__((__format__(printf, a, b)))
#define __noreturn	__attribute__((__noreturn__))
#define __weak		__attribute__((__weak__))
#define __aligned(n)	__attribute__((__aligned__(n)))
#define __section(name)	__attribute__((__section__(name)))
#undef __used
#define __used		__attribute__((__used__))
#define ____cacheline_aligned		__aligned(64)
#define ____cacheline_aligned_in_smp	____cacheline_aligned

/* Sparse's, which is not run here. */
#define __acquires(x)
#define __releases(x)
#define __acquire(x)	(void)0
#define __release(x)	(void)0
#define __percpu
#define __rcu
#define __user
#define __init
#define __exit

#define READ_ONCE(x)	SIM_LOAD(&(x), __ATOMIC_RELAXED, "READ_ONCE", #x)
#define WRITE_ONCE(x, value) \
	SIM_STORE(&(x), value, __ATOMIC_RELAXED, "WRITE_ONCE", #x)
#define data_race(x)	(x)

#endif /* SIM_COMPILER_H */
