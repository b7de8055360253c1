/* SPDX-License-Identifier: GPL-2.0-only */
/* The sleeping locks under torture and their peers, behind one set of operations. */
#ifndef QUARTET_TORTURE_MUTEX_KINDS_H
#define QUARTET_TORTURE_MUTEX_KINDS_H

#include <linux/mutex.h>
#include <linux/rtmutex.h>
#include <linux/semaphore.h>

#include <quartet/mutex.h>
#include <linux/quartet_torture.h>

#include "fifo_lock.h"

union mutex_any {
	struct quartet_mutex quartet;
	struct mutex mutex;	/* the kernel's */
	struct rt_mutex rt_mutex;
	struct semaphore semaphore;
	struct fifo_lock fifo;
	u32 busted;
};

/* How a lock is asked for. */
enum mutex_form {
	MUTEX_PLAIN,
	MUTEX_TRY,
	MUTEX_INTERRUPTIBLE,
	MUTEX_KILLABLE,
	MUTEX_TIMEOUT,
	MUTEX_ASYNC,
	MUTEX_FORMS,
};

/**
 * struct mutex_ops - a kind of lock
 * @forms: that it has, BIT() of enum mutex_form
 * @drowsy: one in eight holds sleeps, so that whoever can come in does
 * @init: makes the lock free
 * @lock: takes it in the given form: 0, -EBUSY from a trylock, -EINTR or -ETIMEDOUT
 * @unlock: releases it; @form as it was taken
 * @head: the task at the head of the queue, or NULL; kinds that promise to hand over
 * @starved: the same, if the lock must be handed to it next; with @head
 * @show: says in the kernel's log what state it is in
 */
struct mutex_ops {
	u32 forms;
	bool drowsy;
	void (*init)(union mutex_any *lock, u64 starve_ns);
	int (*lock)(union mutex_any *lock, enum mutex_form form, ktime_t deadline);
	void (*unlock)(union mutex_any *lock, enum mutex_form form);
	const struct task_struct *(*head)(union mutex_any *lock);
	const struct task_struct *(*starved)(union mutex_any *lock);
	void (*show)(union mutex_any *lock);
};

const struct mutex_ops *mutex_kind_ops(u32 kind);
const char *mutex_kind_name(u32 kind);
const char *mutex_form_name(enum mutex_form form);

#endif /* QUARTET_TORTURE_MUTEX_KINDS_H */
