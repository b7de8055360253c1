/* SPDX-License-Identifier: GPL-2.0-only */
/* Threads that take a mutex, for its cases. */
#ifndef SELFTESTS_KAPI_MUTEX_H
#define SELFTESTS_KAPI_MUTEX_H

#include <linux/completion.h>
#include <linux/sched.h>

#include <quartet/mutex.h>

#include "kapi.h"

#define HELPERS		4
#define HELPERS_CPU	0

/* What a helper does with its mutex. */
enum kapi_form {
	FORM_LOCK,
	FORM_INTERRUPTIBLE,
	FORM_TIMEOUT,
	FORM_TWICE,
	FORM_EXIT,
	FORM_ABBA,
};

/**
 * struct helper - a thread that takes a mutex
 * @mutex: which
 * @second: after it, for FORM_ABBA
 * @form: how
 * @go: for FORM_ABBA, let it go for the second
 * @got: it has its (first) mutex, or has failed
 * @order: its place among the grants
 * @err: what the last lock returned
 * @release: it may unlock
 * @task: pinned from helper_start() to helper_finish()
 */
struct helper {
	struct quartet_mutex *mutex, *second;
	enum kapi_form form;
	struct completion go, got, release;
	int order, err;
	struct task_struct *task;
};

extern struct helper helpers[HELPERS];
extern atomic_t helper_grants;

struct helper *helper_start(int number, struct quartet_mutex *mutex, enum kapi_form form);
struct helper *helper_queue(int number, struct quartet_mutex *mutex, enum kapi_form form);
void helper_finish(struct helper *h);

#endif /* SELFTESTS_KAPI_MUTEX_H */
