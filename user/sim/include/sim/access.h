/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shared memory, as the shim's headers see it: each access is one of these,
 * with the order that it needs and, for the explorer, what it is called and
 * where it is.
 *
 * In the native world an access is the compiler's atomic builtin of that order:
 * the order is on the access, not on a fence, for ThreadSanitizer knows no
 * fences. In the explored world it is a call, before which another thread may
 * run; its order is x86's, whatever was asked for.
 */
#ifndef SIM_ACCESS_H
#define SIM_ACCESS_H

#include <linux/types.h>

#define sim_unqualified(p)	__typeof__(({ __auto_type sim_value = *(p); sim_value; }))

#ifdef SIM_EXPLORE

/* An access in the source: what the schedule of a failure is printed from. */
struct sim_site {
	const char *op, *what, *file;
	int line;
};

#define SIM_SITE(op, what) \
	({ static const struct sim_site sim_site = { op, what, __FILE__, __LINE__ }; &sim_site; })

enum sim_rmw { SIM_XCHG_OP, SIM_ADD, SIM_OR, SIM_AND };

u64 sim_explore_load(const struct sim_site *site, const volatile void *p, size_t size);
void sim_explore_store(const struct sim_site *site, volatile void *p, size_t size, u64 value);
u64 sim_explore_rmw(const struct sim_site *site, volatile void *p, size_t size,
		    enum sim_rmw op, u64 value);
u64 sim_explore_cmpxchg(const struct sim_site *site, volatile void *p, size_t size,
			u64 old, u64 new);
void sim_explore_fence(const struct sim_site *site);
void sim_explore_relax(const struct sim_site *site);

#define SIM_LOAD(p, order, op, what) \
	((sim_unqualified(p))sim_explore_load(SIM_SITE(op, what), p, sizeof(*(p))))
#define SIM_STORE(p, value, order, op, what) \
	sim_explore_store(SIM_SITE(op, what), p, sizeof(*(p)), \
			  (u64)(sim_unqualified(p))(value))
#define SIM_XCHG(p, value, order, op, what) \
	((sim_unqualified(p))sim_explore_rmw(SIM_SITE(op, what), p, sizeof(*(p)), \
		SIM_XCHG_OP, (u64)(sim_unqualified(p))(value)))
#define SIM_FETCH_ADD(p, value, order, op, what) \
	((sim_unqualified(p))sim_explore_rmw(SIM_SITE(op, what), p, sizeof(*(p)), \
		SIM_ADD, (u64)(value)))
#define SIM_FETCH_OR(p, value, order, op, what) \
	((sim_unqualified(p))sim_explore_rmw(SIM_SITE(op, what), p, sizeof(*(p)), \
		SIM_OR, (u64)(value)))
#define SIM_FETCH_AND(p, value, order, op, what) \
	((sim_unqualified(p))sim_explore_rmw(SIM_SITE(op, what), p, sizeof(*(p)), \
		SIM_AND, (u64)(value)))
/* True if *(p) was *(oldp) and is now @new; else *(oldp) is what it was. */
#define SIM_CMPXCHG(p, oldp, new, order, op, what) ({ \
	__typeof__(oldp) sim_oldp = (oldp); \
	sim_unqualified(p) sim_was = (sim_unqualified(p))sim_explore_cmpxchg( \
		SIM_SITE(op, what), p, sizeof(*(p)), (u64)*sim_oldp, \
		(u64)(sim_unqualified(p))(new)); \
	bool sim_same = sim_was == *sim_oldp; \
	\
	*sim_oldp = sim_was; \
	sim_same; })
#define SIM_FENCE(op)	sim_explore_fence(SIM_SITE(op, ""))
#define cpu_relax()	sim_explore_relax(SIM_SITE("cpu_relax", ""))

#else /* !SIM_EXPLORE */

#define SIM_LOAD(p, order, op, what)	__atomic_load_n((sim_unqualified(p) *)(p), order)
#define SIM_STORE(p, value, order, op, what)	__atomic_store_n(p, value, order)
#define SIM_XCHG(p, value, order, op, what)	__atomic_exchange_n(p, value, order)
#define SIM_FETCH_ADD(p, value, order, op, what)	__atomic_fetch_add(p, value, order)
#define SIM_FETCH_OR(p, value, order, op, what)		__atomic_fetch_or(p, value, order)
#define SIM_FETCH_AND(p, value, order, op, what)	__atomic_fetch_and(p, value, order)
#define SIM_CMPXCHG(p, oldp, new, order, op, what) \
	__atomic_compare_exchange_n(p, oldp, new, false, order, __ATOMIC_RELAXED)
#define SIM_FENCE(op)	sim_native_fence()
#define cpu_relax()	sim_native_relax()

void sim_native_relax(void);

/*
 * A read-modify-write of the thread's own, where a fence would do: unlike that
 * it is known to ThreadSanitizer, and nobody else's is ordered by it.
 */
static inline void sim_native_fence(void)
{
	int mine = 0;

	__atomic_fetch_add(&mine, 1, __ATOMIC_SEQ_CST);
}

#endif /* SIM_EXPLORE */
#endif /* SIM_ACCESS_H */
