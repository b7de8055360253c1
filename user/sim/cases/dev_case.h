/* SPDX-License-Identifier: GPL-2.0-only */
/* What the cases of the device share: one object, handles without files, and how all of it ends. */
#ifndef SIM_DEV_CASE_H
#define SIM_DEV_CASE_H

#include <dev/hold.h>
#include <dev/memo.h>
#include <dev/process.h>
#include <dev/slots.h>

#include "holder.h"

#define HANDLES	3
#define SLOTS	1
#define MS	1000000ULL

/**
 * struct dev_case - an object of each kind, of which a case uses one
 * @holder: of the mutex, or of the slot
 * @deaths: of owners of the mutex; under it
 * @told: threads that were told of one; the same
 * @events: that readers have got; under the lock of the handle that they read
 */
struct dev_case {
	struct mutex_object mutex;
	struct mutex_handle locks[HANDLES];
	struct pool_object pool;
	struct pool_slot slot[SLOTS];
	struct pool_handle owners[HANDLES];
	struct memo_object memo;
	struct memo_handle leaders[HANDLES];
	struct holder holder;
	unsigned int deaths;
	unsigned int told;
	unsigned int events;
};

extern struct dev_case dev_case;

void dev_case_start_mutex(void);
void dev_case_start_pool(void);
void dev_case_start_memo(void);
/* As a last close does. */
void dev_case_close(struct dev_handle *handle);
/* A handle of the mutex that was closed; or the end of the case could not close it. */
void dev_case_reopen(struct mutex_handle *handle);
/* The caller's process, which is about to ask by the handle. */
const struct process *dev_case_ask(struct dev_handle *handle);
/* Waits until the handle is told, and reads the event. */
struct quartet_event dev_case_read(struct dev_handle *handle);
/* All handles are closed, and nothing left behind. */
void dev_case_end_mutex(void);
void dev_case_end_pool(void);
void dev_case_end_memo(void);

#endif /* SIM_DEV_CASE_H */
