// SPDX-License-Identifier: GPL-2.0-only
/* The computations that a handle leads, until it says what came of them, or dies. */
#include <linux/slab.h>

#include "limits.h"
#include "memo.h"

/* As many as a handle may have. Threads that wait may still become leaders. */
bool leads_full(struct memo_handle *handle)
{
	return READ_ONCE(handle->nleads) >= limits_handle_leads();
}

void leads_add(struct memo_handle *handle, struct memo_lead *lead,
	       const struct quartet_memo_lead *got, const struct process *process)
{
	lead->lead = *got;
	lead->process = process;
	spin_lock(&handle->handle.lock);
	list_add(&lead->list, &handle->leads);
	WRITE_ONCE(handle->nleads, handle->nleads + 1);
	spin_unlock(&handle->handle.lock);
}

static void take_off(struct memo_handle *handle, struct memo_lead *lead)
{
	lockdep_assert_held(&handle->handle.lock);
	list_del(&lead->list);
	WRITE_ONCE(handle->nleads, handle->nleads - 1);
}

/* From now on it is the caller's alone; NULL if the handle does not have it. */
static struct memo_lead *take_token(struct memo_handle *handle, u64 token)
{
	struct memo_lead *lead, *found = NULL;

	spin_lock(&handle->handle.lock);
	list_for_each_entry(lead, &handle->leads, list) {
		if (lead->lead.token == token) {
			found = lead;
			take_off(handle, lead);
			break;
		}
	}
	spin_unlock(&handle->handle.lock);
	return found;
}

/* The table knows what is wrong with a token that is not the handle's. */
static struct quartet_memo_lead lead_of(struct memo_handle *handle, u64 token)
{
	struct memo_lead *lead = take_token(handle, token);
	struct quartet_memo_lead got = { .token = token, .owner = handle };

	if (lead)
		got = lead->lead;
	kfree(lead);
	return got;
}

int leads_fulfil(struct memo_handle *handle, u64 token, const void *value, size_t len, int error)
{
	struct quartet_memo_lead lead = lead_of(handle, token);
	struct quartet_memo *memo = &memo_of(handle)->memo;

	return error ? quartet_memo_fail(memo, &lead, error) :
		       quartet_memo_fulfil(memo, &lead, value, len);
}

int leads_abandon(struct memo_handle *handle, u64 token)
{
	struct quartet_memo_lead lead = lead_of(handle, token);

	return quartet_memo_abandon(&memo_of(handle)->memo, &lead);
}

/* Those of the process, or all if NULL: each promotes one who waits. */
void leads_die(struct memo_handle *handle, const struct process *process)
{
	struct memo_lead *lead, *next;
	LIST_HEAD(dead);

	spin_lock(&handle->handle.lock);
	list_for_each_entry_safe(lead, next, &handle->leads, list) {
		if (!process || lead->process == process) {
			take_off(handle, lead);
			list_add(&lead->list, &dead);
		}
	}
	spin_unlock(&handle->handle.lock);
	list_for_each_entry_safe(lead, next, &dead, list) {
		quartet_memo_abandon(&memo_of(handle)->memo, &lead->lead);
		kfree(lead);
	}
}
