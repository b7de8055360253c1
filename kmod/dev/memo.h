/* SPDX-License-Identifier: GPL-2.0-only */
/* Memo tables that processes share: what a handle leads, and its asynchronous get. */
#ifndef QUARTET_DEV_MEMO_H
#define QUARTET_DEV_MEMO_H

#include <quartet/memo.h>

#include "handle.h"

/**
 * struct memo_object - a table
 * @object: the object
 * @memo: the table
 * @params: what it was made of, without names
 * @has_function: its callers do not lead
 */
struct memo_object {
	struct dev_object object;
	struct quartet_memo memo;
	struct quartet_memo_params params;
	bool has_function;
};

/**
 * struct memo_lead - a computation that a handle leads
 * @list: of the handle's
 * @lead: as the table gave it
 * @process: that it was given to, or NULL; pinned by its tie to the handle (process.h)
 */
struct memo_lead {
	struct list_head list;
	struct quartet_memo_lead lead;
	const struct process *process;
};

/**
 * struct memo_handle - who leads, and waits
 * @handle: the handle
 * @leads: computations; under the handle's lock, as is all that follows
 * @nleads: how many
 * @waiter: of the asynchronous request
 * @spare: for the lead that it may get
 */
struct memo_handle {
	struct dev_handle handle;
	struct list_head leads;
	u32 nleads;
	struct quartet_memo_waiter waiter;
	struct memo_lead *spare;
};

static inline struct memo_handle *memo_handle(struct dev_handle *handle)
{
	return container_of(handle, struct memo_handle, handle);
}

static inline struct memo_object *memo_of(const struct memo_handle *handle)
{
	return container_of(handle->handle.object, struct memo_object, object);
}

/* leads.c */
bool leads_full(struct memo_handle *handle);
void leads_add(struct memo_handle *handle, struct memo_lead *lead,
	       const struct quartet_memo_lead *got, const struct process *process);
int leads_fulfil(struct memo_handle *handle, u64 token, const void *value, size_t len, int error);
int leads_abandon(struct memo_handle *handle, u64 token);
void leads_die(struct memo_handle *handle, const struct process *process);

/* get.c */
int memo_get_blocking(struct memo_handle *handle, const struct process *asker,
		      struct quartet_memo_get *args, const void *key, const ktime_t *deadline);
int memo_get_async(struct memo_handle *handle, const struct process *asker,
		   struct quartet_memo_get *args, const void *key, const ktime_t *deadline);

#endif /* QUARTET_DEV_MEMO_H */
