// SPDX-License-Identifier: GPL-2.0-only
/* The task-owned mutex: what it adds to its core out of line, which is complaints. */
#include <linux/export.h>
#include <linux/sched.h>

#include <quartet/mutex.h>

void __quartet_mutex_init(struct quartet_mutex *mutex, u64 starve_ns, const char *name,
			  struct lock_class_key *key)
{
#ifdef CONFIG_DEBUG_LOCK_ALLOC
	lockdep_init_map_wait(&mutex->dep_map, name, key, 0, LD_WAIT_SLEEP);
#endif
	quartet_mutex_core_init(&mutex->core, starve_ns);
	mutex->core.task_owned = true;
	mutex->name = NULL;
}
EXPORT_SYMBOL_GPL(__quartet_mutex_init);

/*
 * Only this task can make itself the owner or end that, so its own name is no race
 * (litmus: mutex-own-name).
 */
int __quartet_mutex_lock_slow(struct quartet_mutex *mutex, unsigned int state,
			      const ktime_t *deadline)
{
	if (READ_ONCE(mutex->core.owner) == current) {
		if (deadline || state != TASK_UNINTERRUPTIBLE)
			return -EDEADLK;
		WARN(1, "quartet: %s/%d locks a mutex that it holds\n", current->comm,
		     current->pid);
	}
	lock_contended(&mutex->dep_map, _RET_IP_);
	return quartet_mutex_core_lock_slow(&mutex->core, current, state, deadline,
					    NULL);
}
EXPORT_SYMBOL_GPL(__quartet_mutex_lock_slow);

/* An unlock by somebody who is not the owner; nothing is done but this. */
void __quartet_mutex_misuse(struct quartet_mutex *mutex)
{
	WARN(1, "quartet: %s/%d unlocks a mutex that %s\n", current->comm, current->pid,
	     quartet_mutex_is_locked(mutex) ? "another task holds" : "is not locked");
}
EXPORT_SYMBOL_GPL(__quartet_mutex_misuse);
