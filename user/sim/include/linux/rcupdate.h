/* SPDX-License-Identifier: GPL-2.0-only */
/* RCU: liburcu's where the program is native, our own where a tool watches; see world/rcu.c. */
#ifndef SIM_RCUPDATE_H
#define SIM_RCUPDATE_H

#include <linux/atomic.h>

struct rcu_head {
	struct rcu_head *next;
	void (*func)(struct rcu_head *head);
};

void rcu_read_lock(void);
void rcu_read_unlock(void);
void synchronize_rcu(void);
void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head));
void rcu_barrier(void);
#define synchronize_rcu_tasks()	synchronize_rcu()

/* An acquire, for a compiler does not keep dependencies. */
#define rcu_dereference(p)	SIM_LOAD(&(p), __ATOMIC_ACQUIRE, "rcu_dereference", #p)
#define rcu_access_pointer(p)	READ_ONCE(p)
#define rcu_dereference_protected(p, held)	((void)(held), (p))
#define unrcu_pointer(p)	(p)
#define RCU_INIT_POINTER(p, value)	WRITE_ONCE(p, value)
#define rcu_assign_pointer(p, value) \
	SIM_STORE(&(p), value, __ATOMIC_RELEASE, "rcu_assign_pointer", #p)

#endif /* SIM_RCUPDATE_H */
