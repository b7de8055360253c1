// SPDX-License-Identifier: GPL-2.0-only
/* What the cases of the device share. */
#include <linux/err.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/smp.h>

#include <dev/limits.h>

#include "dev_case.h"
#include "tasks.h"

struct dev_case dev_case;

unsigned int limits_handle_leads(void)
{
	return HANDLES;
}

static bool pool_withdraw(struct dev_handle *base)
{
	return slots_leave(&dev_case.pool, &pool_handle(base)->request);
}

static void pool_die(struct dev_handle *base, const struct process *process)
{
	slots_die(pool_handle(base), process);
}

static bool memo_withdraw(struct dev_handle *base)
{
	return quartet_memo_cancel(&dev_case.memo.memo, &memo_handle(base)->waiter);
}

static void memo_die(struct dev_handle *base, const struct process *process)
{
	leads_die(memo_handle(base), process);
	if (!process)
		kfree(memo_handle(base)->spare);
}

static const struct object_kind mutex_kind = {
	.event = QUARTET_EVENT_LOCK, .withdraw = hold_withdraw, .die = hold_die,
};

static const struct object_kind pool_kind = {
	.event = QUARTET_EVENT_SLOT, .withdraw = pool_withdraw, .die = pool_die,
};

static const struct object_kind memo_kind = {
	.event = QUARTET_EVENT_MEMO, .withdraw = memo_withdraw, .die = memo_die,
};

static void start(struct dev_object *object, const struct object_kind *kind)
{
	sim_want_cpus(SIM_THREADS);
	memset(&dev_case, 0, sizeof(dev_case));
	object->kind = kind;
	if (process_init())
		sim_fail("assertion: processes cannot be watched");
}

static void open_handle(struct dev_handle *handle, struct dev_object *object)
{
	handle->object = object;
	handle_request_init(handle);
}

void dev_case_reopen(struct mutex_handle *handle)
{
	memset(handle, 0, sizeof(*handle));
	open_handle(&handle->handle, &dev_case.mutex.object);
	INIT_WORK(&handle->reject, hold_reject);
}

void dev_case_start_mutex(void)
{
	int i;

	start(&dev_case.mutex.object, &mutex_kind);
	quartet_mutex_core_init(&dev_case.mutex.core, QUARTET_STARVE_DEFAULT);
	hold_init(&dev_case.mutex);
	for (i = 0; i < HANDLES; i++)
		dev_case_reopen(&dev_case.locks[i]);
}

void dev_case_start_pool(void)
{
	struct quartet_pool_params params = {
		.name = "case", .size = sizeof(u64), .bounded = SLOTS,
	};
	int i;

	start(&dev_case.pool.object, &pool_kind);
	if (quartet_pool_init(&dev_case.pool.pool, &params))
		sim_fail("assertion: no pool");
	dev_case.pool.memory = quartet_pool_slots(&dev_case.pool.pool, &dev_case.pool.stride);
	dev_case.pool.slots = SLOTS;
	dev_case.pool.slot = dev_case.slot;
	spin_lock_init(&dev_case.pool.lock);
	INIT_LIST_HEAD(&dev_case.pool.waiters);
	for (i = 0; i < SLOTS; i++)
		INIT_LIST_HEAD(&dev_case.slot[i].inbox);
	for (i = 0; i < HANDLES; i++) {
		open_handle(&dev_case.owners[i].handle, &dev_case.pool.object);
		INIT_LIST_HEAD(&dev_case.owners[i].inbox);
	}
}

void dev_case_start_memo(void)
{
	struct quartet_memo_params params = {
		.key_max = 1, .value_max = 8, .capacity = 8, .bytes = SIZE_MAX,
		.ttl = QUARTET_MEMO_FOR_EVER,
	};
	int i;

	start(&dev_case.memo.object, &memo_kind);
	if (quartet_memo_init(&dev_case.memo.memo, &params))
		sim_fail("assertion: no table");
	dev_case.memo.params = params;
	for (i = 0; i < HANDLES; i++) {
		open_handle(&dev_case.leaders[i].handle, &dev_case.memo.object);
		INIT_LIST_HEAD(&dev_case.leaders[i].leads);
	}
}

void dev_case_close(struct dev_handle *handle)
{
	handle_withdraw(handle, NULL);
	handle->object->kind->die(handle, NULL);
	process_forget(handle);
	handle_request_exit(handle);
	if (handle->timer.started)
		sim_fail("assertion: a timer of a closed handle");
}

const struct process *dev_case_ask(struct dev_handle *handle)
{
	struct process *process = process_ask(handle);

	if (IS_ERR(process))
		sim_fail("assertion: %ld, and not a process", PTR_ERR(process));
	return process;
}

static bool is_told(struct dev_handle *handle)
{
	bool told;

	spin_lock(&handle->lock);
	told = handle->request == REQUEST_TOLD;
	spin_unlock(&handle->lock);
	return told;
}

struct quartet_event dev_case_read(struct dev_handle *handle)
{
	const struct quartet_memo_value *value;
	struct quartet_event event;

	wait_event(handle->wait, is_told(handle));
	spin_lock(&handle->lock);
	event = handle->event;
	value = handle->value;
	handle->value = NULL;
	handle->request = REQUEST_IDLE;
	spin_unlock(&handle->lock);
	if (value)
		quartet_memo_put_ref(value);
	return event;
}

static void end(struct dev_object *object)
{
	process_exit();
	if (process_init())
		sim_fail("assertion: processes cannot be watched again");
	process_exit();
	rcu_barrier();
	if (atomic_read(&object->waiters))
		sim_fail("leak: %d wait at the end", atomic_read(&object->waiters));
	if (sim_allocated())
		sim_fail("leak: %ld allocations at the end", sim_allocated());
	tasks_end();
}

void dev_case_end_mutex(void)
{
	atomic_t *core_state = &dev_case.mutex.core.state;
	int i;

	for (i = 0; i < HANDLES; i++)
		dev_case_close(&dev_case.locks[i].handle);
	if (atomic_read(core_state))
		sim_fail("leak: the mutex is %#x at the end", atomic_read(core_state));
	end(&dev_case.mutex.object);
}

void dev_case_end_pool(void)
{
	int i;

	for (i = 0; i < HANDLES; i++)
		dev_case_close(&dev_case.owners[i].handle);
	if (dev_case.pool.out)
		sim_fail("leak: %u slots at the end", dev_case.pool.out);
	if (quartet_pool_destroy(&dev_case.pool.pool))
		sim_fail("leak: slots are out at the end");
	end(&dev_case.pool.object);
}

void dev_case_end_memo(void)
{
	struct quartet_memo_state state;
	int i;

	for (i = 0; i < HANDLES; i++)
		dev_case_close(&dev_case.leaders[i].handle);
	quartet_memo_read(&dev_case.memo.memo, &state);
	if (state.waiting)
		sim_fail("leak: %llu wait at the end", state.waiting);
	quartet_memo_destroy(&dev_case.memo.memo);
	end(&dev_case.memo.object);
}
