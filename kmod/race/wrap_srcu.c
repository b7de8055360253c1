// SPDX-License-Identifier: GPL-2.0-only
/* SRCU: readers of a domain, and who waits for them. */
#include <linux/srcu.h>

#include "callbacks.h"
#include "irq.h"
#include "wrap.h"

/* A callback is not told its domain: these are clocks of all domains. */
static char any_readers, callbacks_done;

/* Of those who have waited, for readers that begin afterwards. */
static const void *waiters_of(const struct srcu_struct *domain)
{
	return (const char *)domain + 1;
}

RACE_WRAP(int, __srcu_read_lock, struct srcu_struct *domain)
{
	int index = __srcu_read_lock(domain);

	race_acquire(waiters_of(domain), "srcu_read_lock", _RET_IP_);
	return index;
}

RACE_WRAP(void, __srcu_read_unlock, struct srcu_struct *domain, int index)
{
	race_release(&any_readers, "srcu_read_unlock", _RET_IP_);
	race_release(domain, "srcu_read_unlock", _RET_IP_);
	__srcu_read_unlock(domain, index);
}

static void waited(struct srcu_struct *domain, const char *what, unsigned long pc)
{
	race_acquire(domain, what, pc);
	race_release(waiters_of(domain), what, pc);
}

RACE_WRAP(void, synchronize_srcu, struct srcu_struct *domain)
{
	synchronize_srcu(domain);
	waited(domain, "synchronize_srcu", _RET_IP_);
}

RACE_WRAP(void, synchronize_srcu_expedited, struct srcu_struct *domain)
{
	synchronize_srcu_expedited(domain);
	waited(domain, "synchronize_srcu_expedited", _RET_IP_);
}

/* The head may be freed by the function. */
static unsigned long run(const struct race_call *call)
{
	const void *head = call->arg[0];

	race_interrupt_begin(_THIS_IP_);
	race_acquire(head, "start of the SRCU callback", _THIS_IP_);
	race_acquire(&any_readers, "start of the SRCU callback", _THIS_IP_);
	race_call(call);
	race_release(&callbacks_done, "end of the SRCU callback", _THIS_IP_);
	race_interrupt_end(_THIS_IP_);
	return 0;
}

RACE_WRAP(void, call_srcu, struct srcu_struct *domain, struct rcu_head *head,
	  rcu_callback_t function)
{
	race_release(head, "call_srcu", _RET_IP_);
	call_srcu(domain, head, race_callback(function, run));
}

RACE_WRAP(void, srcu_barrier, struct srcu_struct *domain)
{
	srcu_barrier(domain);
	race_acquire(&callbacks_done, "srcu_barrier", _RET_IP_);
}
