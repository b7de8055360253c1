/* SPDX-License-Identifier: GPL-2.0-only */
/* Who holds a mutex: grants to handles, and their end. */
#ifndef QUARTET_DEV_HOLD_H
#define QUARTET_DEV_HOLD_H

#include <linux/workqueue.h>

#include <quartet/mutex_core.h>

#include "handle.h"

/**
 * struct who - a process, as it is told of
 * @pid: with a reference, or NULL
 * @comm: its name
 */
struct who {
	struct pid *pid;
	char comm[QUARTET_COMM_LEN];
};

/**
 * struct mutex_object - a mutex
 * @object: the object
 * @core: the mutex
 * @inconsistent: an owner has died; read and written by owners, and read for STATE
 * @unrecoverable: the next has not repaired it; the same
 * @lock: protects what follows, which is for STATE alone
 * @token: of the last grant
 * @owner: who has it
 * @dead: who died last
 * @dead_ns: when, or 0
 */
struct mutex_object {
	struct dev_object object;
	struct quartet_mutex_core core;
	bool inconsistent;
	bool unrecoverable;
	spinlock_t lock;		/* innermost */
	u64 token;
	struct who owner;
	struct who dead;
	u64 dead_ns;
};

/**
 * struct hold_grant - what is told of a grant, as of when it was made
 * @token: fencing token
 * @result: QUARTET_OWNER_DIED, and then who died last; or 0
 * @dead_ns: when
 * @dead_pid: as seen from where the grant was made, which is the caller's if it did not wait for an
 *	event
 * @dead_comm: its name
 */
struct hold_grant {
	u64 token;
	u32 result;
	u64 dead_ns;
	pid_t dead_pid;
	char dead_comm[QUARTET_COMM_LEN];
};

enum mutex_hold { HOLD_FREE, HOLD_HELD, HOLD_RELEASING };

/**
 * struct mutex_handle - an owner
 * @handle: the handle
 * @waiter: of the asynchronous request
 * @reject: gives back what was granted, and is of no use
 * @who: has asked last; under the handle's lock, and while it waits it does not change
 * @hold: see above
 * @token: of the grant
 * @holder: the process that it was granted to, or NULL; pinned by its tie to the handle
 *	(process.h)
 */
struct mutex_handle {
	struct dev_handle handle;
	struct quartet_mutex_waiter waiter;
	struct work_struct reject;
	struct who who;
	enum mutex_hold hold;
	u64 token;
	const struct process *holder;
};

static inline struct mutex_handle *mutex_handle(struct dev_handle *handle)
{
	return container_of(handle, struct mutex_handle, handle);
}

static inline struct mutex_object *mutex_of(const struct mutex_handle *handle)
{
	return container_of(handle->handle.object, struct mutex_object, object);
}

int hold_lock(struct mutex_handle *handle, const struct process *asker, u32 flags,
	      const ktime_t *deadline, struct hold_grant *grant);
int hold_lock_async(struct mutex_handle *handle, const struct process *asker,
		    const ktime_t *deadline, struct hold_grant *grant);
int hold_unlock(struct mutex_handle *handle, u64 token);
void hold_undo(struct mutex_handle *handle, u64 token);
int hold_consistent(struct mutex_handle *handle, u64 token);
bool hold_withdraw(struct dev_handle *base);
void hold_die(struct dev_handle *base, const struct process *process);
void hold_reject(struct work_struct *work);
void hold_init(struct mutex_object *mutex);
void hold_exit(struct mutex_object *mutex);

#endif /* QUARTET_DEV_HOLD_H */
