// SPDX-License-Identifier: GPL-2.0-only
/*
 * References that are counted by each CPU. Those who give one back do so within an RCU section, or
 * by an atomic count once it is dying; the function that is called in the end comes after both.
 */
#include <linux/percpu-refcount.h>

#include "callbacks.h"
#include "irq.h"
#include "rcu.h"
#include "wrap.h"

static void after_all(const struct percpu_ref *ref, const char *what, unsigned long pc)
{
	race_rcu_waited(what, pc);
	race_acquire(&ref->data->count, what, pc);
}

/* The reference, and so what it is in, may be freed by its function. */
static unsigned long run(const struct race_call *call)
{
	struct percpu_ref *ref = call->arg[0];

	race_interrupt_begin(_THIS_IP_);
	race_acquire(&ref->percpu_count_ptr, "percpu_ref_kill", _THIS_IP_);
	after_all(ref, "percpu_ref_put", _THIS_IP_);
	race_call(call);
	race_interrupt_end(_THIS_IP_);
	return 0;
}

/* Who looks for a reference looks at this pointer first. */
static void change(struct percpu_ref *ref, const char *what, unsigned long pc)
{
	race_release(&ref->percpu_count_ptr, what, pc);
}

RACE_WRAP(int, percpu_ref_init, struct percpu_ref *ref, percpu_ref_func_t *release,
	  unsigned int flags, gfp_t gfp)
{
	return percpu_ref_init(ref, race_callback(release, run), flags, gfp);
}

RACE_WRAP(void, percpu_ref_kill_and_confirm, struct percpu_ref *ref, percpu_ref_func_t *confirm)
{
	change(ref, "percpu_ref_kill", _RET_IP_);
	percpu_ref_kill_and_confirm(ref, race_callback(confirm, run));
}

RACE_WRAP(void, percpu_ref_switch_to_atomic, struct percpu_ref *ref, percpu_ref_func_t *confirm)
{
	change(ref, "percpu_ref_switch_to_atomic", _RET_IP_);
	percpu_ref_switch_to_atomic(ref, race_callback(confirm, run));
}

RACE_WRAP(void, percpu_ref_switch_to_atomic_sync, struct percpu_ref *ref)
{
	percpu_ref_switch_to_atomic_sync(ref);
	after_all(ref, "percpu_ref_switch_to_atomic_sync", _RET_IP_);
}

RACE_WRAP(void, percpu_ref_reinit, struct percpu_ref *ref)
{
	change(ref, "percpu_ref_reinit", _RET_IP_);
	percpu_ref_reinit(ref);
}

RACE_WRAP(void, percpu_ref_resurrect, struct percpu_ref *ref)
{
	change(ref, "percpu_ref_resurrect", _RET_IP_);
	percpu_ref_resurrect(ref);
}

RACE_WRAP(bool, percpu_ref_is_zero, struct percpu_ref *ref)
{
	bool zero = percpu_ref_is_zero(ref);

	if (zero && ref->data)
		after_all(ref, "percpu_ref_is_zero", _RET_IP_);
	return zero;
}
