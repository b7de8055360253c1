// SPDX-License-Identifier: GPL-2.0-only
/* RCU: readers, and who waits for them. */
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "callbacks.h"
#include "compat.h"
#include "irq.h"
#include "memory.h"
#include "rcu.h"
#include "wrap.h"

static char callbacks_done;	/* a clock */

#ifdef CONFIG_PREEMPT_RCU
RACE_WRAP(void, __rcu_read_lock, void)
{
	__rcu_read_lock();
	race_rcu_read_begin(_RET_IP_);
}

RACE_WRAP(void, __rcu_read_unlock, void)
{
	race_rcu_read_end(_RET_IP_);
	__rcu_read_unlock();
}
#endif

RACE_WRAP(void, synchronize_rcu, void)
{
	synchronize_rcu();
	race_rcu_waited("synchronize_rcu", _RET_IP_);
}

RACE_WRAP(void, synchronize_rcu_expedited, void)
{
	synchronize_rcu_expedited();
	race_rcu_waited("synchronize_rcu_expedited", _RET_IP_);
}

/* The head may be freed by the function. */
static unsigned long run(const struct race_call *call)
{
	const void *head = call->arg[0];

	race_interrupt_begin(_THIS_IP_);
	race_acquire(head, "start of the RCU callback", _THIS_IP_);
	race_rcu_waited("start of the RCU callback", _THIS_IP_);
	race_call(call);
	race_release(&callbacks_done, "end of the RCU callback", _THIS_IP_);
	race_interrupt_end(_THIS_IP_);
	return 0;
}

RACE_WRAP(void, call_rcu, struct rcu_head *head, rcu_callback_t function)
{
	race_release(head, "call_rcu", _RET_IP_);
	call_rcu(head, race_callback(function, run));
}

#ifdef RACE_CALL_RCU_HURRY
RACE_WRAP(void, call_rcu_hurry, struct rcu_head *head, rcu_callback_t function)
{
	race_release(head, "call_rcu_hurry", _RET_IP_);
	call_rcu_hurry(head, race_callback(function, run));
}
#endif

RACE_WRAP(void, rcu_barrier, void)
{
	rcu_barrier();
	race_acquire(&callbacks_done, "rcu_barrier", _RET_IP_);
}

/**
 * struct dying - memory that is to be freed once its readers have ended
 * @head: what waits for them
 * @memory: by kmalloc() or vmalloc()
 */
struct dying {
	struct rcu_head head;
	void *memory;
};

static void free_dying(struct rcu_head *head)
{
	struct dying *dying = container_of(head, struct dying, head);

	race_interrupt_begin(_THIS_IP_);
	race_acquire(head, "kfree_rcu", _THIS_IP_);
	race_rcu_waited("kfree_rcu", _THIS_IP_);
	race_memory_free(dying->memory, _THIS_IP_);
	race_release(&callbacks_done, "kfree_rcu", _THIS_IP_);
	race_interrupt_end(_THIS_IP_);
	kvfree(dying->memory);
	kfree(dying);
}

/* On PREEMPT_RT what may not sleep may not allocate either. */
static struct dying *new_dying(void)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RT) && !preemptible())
		return NULL;
	return kmalloc(sizeof(struct dying), GFP_NOWAIT | __GFP_NOWARN);
}

/*
 * What is asked for is done here, as only so the end of the memory is seen. If there is no memory
 * for that, it is forgotten.
 */
RACE_WRAP(void, kvfree_call_rcu, RACE_KFREE_HEAD(head), RACE_KFREE_WHAT(what))
{
	void *memory = RACE_KFREE_MEMORY(head, what);
	struct dying *dying = new_dying();

	if (!dying) {
		race_memory_retire(memory);
		kvfree_call_rcu(head, what);
		return;
	}
	dying->memory = memory;
	race_release(&dying->head, "kfree_rcu", _RET_IP_);
	call_rcu(&dying->head, free_dying);
}
