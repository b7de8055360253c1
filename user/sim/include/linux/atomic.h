/* SPDX-License-Identifier: GPL-2.0-only */
/* atomic_t, xchg() and cmpxchg(): those of the kernel's that we use, each with its order. */
#ifndef SIM_ATOMIC_H
#define SIM_ATOMIC_H

#include <asm/barrier.h>

#define ATOMIC_INIT(i)	{ (i) }

#define atomic_read(v)		SIM_LOAD(&(v)->counter, __ATOMIC_RELAXED, "atomic_read", #v)
#define atomic_read_acquire(v) \
	SIM_LOAD(&(v)->counter, __ATOMIC_ACQUIRE, "atomic_read_acquire", #v)
#define atomic_set(v, i)	SIM_STORE(&(v)->counter, i, __ATOMIC_RELAXED, "atomic_set", #v)
#define atomic_set_release(v, i) \
	SIM_STORE(&(v)->counter, i, __ATOMIC_RELEASE, "atomic_set_release", #v)
#define atomic_cond_read_acquire(v, condition) \
	SIM_COND_LOAD(&(v)->counter, condition, __ATOMIC_ACQUIRE, "atomic_cond_read_acquire", #v)
#define atomic_cond_read_relaxed(v, condition) \
	SIM_COND_LOAD(&(v)->counter, condition, __ATOMIC_RELAXED, "atomic_cond_read_relaxed", #v)

#define atomic_try_cmpxchg(v, old, new) \
	SIM_CMPXCHG(&(v)->counter, old, new, __ATOMIC_SEQ_CST, "atomic_try_cmpxchg", #v)
#define atomic_try_cmpxchg_acquire(v, old, new) \
	SIM_CMPXCHG(&(v)->counter, old, new, __ATOMIC_ACQUIRE, "atomic_try_cmpxchg_acquire", #v)
#define atomic_try_cmpxchg_release(v, old, new) \
	SIM_CMPXCHG(&(v)->counter, old, new, __ATOMIC_RELEASE, "atomic_try_cmpxchg_release", #v)
#define atomic_try_cmpxchg_relaxed(v, old, new) \
	SIM_CMPXCHG(&(v)->counter, old, new, __ATOMIC_RELAXED, "atomic_try_cmpxchg_relaxed", #v)
#define atomic_cmpxchg(v, old, new) ({ \
	__typeof__((v)->counter) sim_expected = (old); \
	\
	(void)SIM_CMPXCHG(&(v)->counter, &sim_expected, new, __ATOMIC_SEQ_CST, \
			  "atomic_cmpxchg", #v); \
	sim_expected; })

#define atomic_xchg(v, new) \
	SIM_XCHG(&(v)->counter, new, __ATOMIC_SEQ_CST, "atomic_xchg", #v)
#define atomic_xchg_acquire(v, new) \
	SIM_XCHG(&(v)->counter, new, __ATOMIC_ACQUIRE, "atomic_xchg_acquire", #v)
#define atomic_xchg_relaxed(v, new) \
	SIM_XCHG(&(v)->counter, new, __ATOMIC_RELAXED, "atomic_xchg_relaxed", #v)

/* Without a value they are unordered in the kernel. */
#define atomic_add(i, v) \
	((void)SIM_FETCH_ADD(&(v)->counter, i, __ATOMIC_RELAXED, "atomic_add", #v))
#define atomic_inc(v) \
	((void)SIM_FETCH_ADD(&(v)->counter, 1, __ATOMIC_RELAXED, "atomic_inc", #v))
#define atomic_dec(v) \
	((void)SIM_FETCH_ADD(&(v)->counter, -1, __ATOMIC_RELAXED, "atomic_dec", #v))
#define atomic_or(i, v) \
	((void)SIM_FETCH_OR(&(v)->counter, i, __ATOMIC_RELAXED, "atomic_or", #v))
#define atomic_andnot(i, v) \
	((void)SIM_FETCH_AND(&(v)->counter, ~(i), __ATOMIC_RELAXED, "atomic_andnot", #v))
#define atomic_fetch_or(i, v) \
	SIM_FETCH_OR(&(v)->counter, i, __ATOMIC_SEQ_CST, "atomic_fetch_or", #v)
#define atomic_fetch_or_relaxed(i, v) \
	SIM_FETCH_OR(&(v)->counter, i, __ATOMIC_RELAXED, "atomic_fetch_or_relaxed", #v)
#define atomic_fetch_andnot(i, v) \
	SIM_FETCH_AND(&(v)->counter, ~(i), __ATOMIC_SEQ_CST, "atomic_fetch_andnot", #v)
#define atomic_fetch_andnot_release(i, v) \
	SIM_FETCH_AND(&(v)->counter, ~(i), __ATOMIC_RELEASE, "atomic_fetch_andnot_release", #v)
#define atomic_fetch_andnot_relaxed(i, v) \
	SIM_FETCH_AND(&(v)->counter, ~(i), __ATOMIC_RELAXED, "atomic_fetch_andnot_relaxed", #v)
#define atomic_inc_return(v) \
	(SIM_FETCH_ADD(&(v)->counter, 1, __ATOMIC_SEQ_CST, "atomic_inc_return", #v) + 1)
#define atomic_dec_return(v) \
	(SIM_FETCH_ADD(&(v)->counter, -1, __ATOMIC_SEQ_CST, "atomic_dec_return", #v) - 1)
#define atomic_dec_and_test(v)	(atomic_dec_return(v) == 0)

#define atomic64_read(v)	atomic_read(v)
#define atomic64_read_acquire(v)	atomic_read_acquire(v)
#define atomic64_try_cmpxchg(v, old, new)	atomic_try_cmpxchg(v, old, new)
#define atomic64_set(v, i)	atomic_set(v, i)
#define atomic64_add(i, v)	atomic_add(i, v)
#define atomic64_inc(v)		atomic_inc(v)
#define atomic64_inc_return(v)	atomic_inc_return(v)
#define atomic64_or(i, v)	atomic_or(i, v)
#define atomic64_fetch_andnot(i, v)	atomic_fetch_andnot(i, v)

#define atomic_long_read(v)	atomic_read(v)
#define atomic_long_add(i, v)	atomic_add(i, v)
#define atomic_long_sub(i, v)	atomic_add(-(long)(i), v)
#define atomic_long_inc(v)	atomic_inc(v)
#define atomic_long_dec(v)	atomic_dec(v)

#define xchg(p, new)		SIM_XCHG(p, new, __ATOMIC_SEQ_CST, "xchg", #p)
#define xchg_acquire(p, new)	SIM_XCHG(p, new, __ATOMIC_ACQUIRE, "xchg_acquire", #p)
#define xchg_release(p, new)	SIM_XCHG(p, new, __ATOMIC_RELEASE, "xchg_release", #p)
#define xchg_relaxed(p, new)	SIM_XCHG(p, new, __ATOMIC_RELAXED, "xchg_relaxed", #p)
#define SIM_CMPXCHG_VALUE(p, old, new, order, op, what) ({ \
	sim_unqualified(p) sim_expected = (old); \
	\
	(void)SIM_CMPXCHG(p, &sim_expected, new, order, op, what); \
	sim_expected; })
#define cmpxchg(p, old, new) \
	SIM_CMPXCHG_VALUE(p, old, new, __ATOMIC_SEQ_CST, "cmpxchg", #p)
#define try_cmpxchg(p, oldp, new) \
	SIM_CMPXCHG(p, oldp, new, __ATOMIC_SEQ_CST, "try_cmpxchg", #p)
#define cmpxchg_relaxed(p, old, new) \
	SIM_CMPXCHG_VALUE(p, old, new, __ATOMIC_RELAXED, "cmpxchg_relaxed", #p)
#define cmpxchg_release(p, old, new) \
	SIM_CMPXCHG_VALUE(p, old, new, __ATOMIC_RELEASE, "cmpxchg_release", #p)

#endif /* SIM_ATOMIC_H */
