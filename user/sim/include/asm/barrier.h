/* SPDX-License-Identifier: GPL-2.0-only */
/* Barriers, and loads that wait. */
#ifndef SIM_BARRIER_H
#define SIM_BARRIER_H

#include <linux/compiler.h>

#define smp_mb()	SIM_FENCE("smp_mb")
/* x86 does not reorder loads with loads, or stores with stores; nor does either world. */
#define smp_rmb()	barrier()
#define smp_wmb()	barrier()

#define smp_load_acquire(p) \
	SIM_LOAD(p, __ATOMIC_ACQUIRE, "smp_load_acquire", #p)
#define smp_store_release(p, value) \
	SIM_STORE(p, value, __ATOMIC_RELEASE, "smp_store_release", #p)
#define smp_store_mb(x, value) \
	((void)SIM_XCHG(&(x), value, __ATOMIC_SEQ_CST, "smp_store_mb", #x))

#define SIM_COND_LOAD(p, condition, order, op, what) ({ \
	sim_unqualified(p) VAL; \
	\
	while (VAL = SIM_LOAD(p, order, op, what), !(condition)) \
		cpu_relax(); \
	VAL; })
#define smp_cond_load_acquire(p, condition) \
	SIM_COND_LOAD(p, condition, __ATOMIC_ACQUIRE, "smp_cond_load_acquire", #p)
#define smp_cond_load_relaxed(p, condition) \
	SIM_COND_LOAD(p, condition, __ATOMIC_RELAXED, "smp_cond_load_relaxed", #p)

#endif /* SIM_BARRIER_H */
