// SPDX-License-Identifier: GPL-2.0-only
/* Stress of a pool: a slot is in one hand, comes as it was put or zeroed, and comes back. */
#include <errno.h>

#include "stress.h"

#define WORDS	32	/* of a slot */

/* Fewer than threads, so that some wait. */
static unsigned int slots_of(const struct stress *stress)
{
	return (stress->processes * stress->threads + 3) / 4;
}

static int pool_create(struct stress *stress)
{
	struct quartet_pool_params params = {
		.slots = slots_of(stress), .slot_size = WORDS * sizeof(__u64),
	};

	return quartet_pool_create(&stress->pool, NULL, &params);
}

static int pool_open(struct stress_thread *thread)
{
	int err = quartet_pool_clone(&thread->pool, thread->stress->pool);

	return err ?: quartet_pool_clone(&thread->spare, thread->stress->pool);
}

static void reopen(struct stress_thread *thread)
{
	struct quartet_pool *old = thread->pool;
	struct history_record call;

	check_count(thread->check, STRESS_POOL, COUNT_CLOSES);
	stress_cloned(quartet_pool_clone(&thread->pool, old));
	call = stress_invoke(thread, HISTORY_CLOSE, STRESS_POOL, 0, quartet_pool_fd(old), 0);
	quartet_pool_close(old);
	history_answer(&thread->check->history, &call, 0);
}

static int get_async(struct stress_thread *thread)
{
	struct timespec deadline;
	clockid_t clock = stress_deadline(thread, &deadline);
	bool timed = stress_one_in(thread, 2);
	struct quartet_event event;
	int slot = quartet_pool_get_async(thread->pool, clock, timed ? &deadline : NULL);

	if (slot != -EINPROGRESS)
		return slot;
	if (!stress_await(thread, quartet_pool_fd(thread->pool), &event, NULL, 0)) {
		reopen(thread);
		return -EAGAIN;
	}
	return event.error ?: (int)event.token;
}

static int get_by(struct stress_thread *thread, enum stress_form form)
{
	struct timespec deadline;
	clockid_t clock;

	switch (form) {
	case FORM_TRY:
		return quartet_pool_tryget(thread->pool);
	case FORM_TIMED:
		clock = stress_deadline(thread, &deadline);
		return quartet_pool_timedget(thread->pool, clock, &deadline);
	case FORM_ASYNC:
		return get_async(thread);
	default:
		return quartet_pool_get(thread->pool);
	}
}

/* A handle that was closed meanwhile has no answer. */
static int get(struct stress_thread *thread)
{
	const struct quartet_pool *asked = thread->pool;
	struct history_record call = stress_invoke(thread, HISTORY_GET, STRESS_POOL, 0,
						   quartet_pool_fd(asked), 0);
	int slot = get_by(thread, stress_choose_form(thread));

	call.slot = slot;
	if (asked == thread->pool)
		history_answer(&thread->check->history, &call, slot);
	return slot;
}

/* What is in all words of the slot; or else ~0. */
static __u64 content(const __u64 *memory)
{
	int i;

	for (i = 1; i < WORDS; i++)
		if (memory[i] != memory[0])
			return ~0ULL;
	return memory[0];
}

static void write_all(__u64 *memory, __u64 stamp)
{
	int i;

	for (i = 0; i < WORDS; i++)
		memory[i] = stamp;
}

/* It may be zero without a death that shows: that of one who had just left, or not come in. */
static void check_arrival(struct stress_thread *thread, int slot, const __u64 *memory)
{
	struct check_slot *shared = &thread->check->slot[slot];
	__u64 found = content(memory);
	__u64 stamp = atomic_load(&shared->stamp);
	bool died = check_enter(thread->check, STRESS_POOL, &shared->holder, thread->holder, true);

	if (died)
		check_count(thread->check, STRESS_POOL, COUNT_DEATHS);
	if (found && (died || found != stamp))
		check_fail(thread->check, STRESS_POOL, "pool: slot %d came with %#llx%s", slot,
			   found, died ? " of the dead" : "");
}

static struct history_record call_slot(struct stress_thread *thread, enum history_op op,
				       const struct quartet_pool *pool, int slot)
{
	struct history_record call = stress_call(thread, op, STRESS_POOL, 0, quartet_pool_fd(pool));

	call.slot = slot;
	call.key = op == HISTORY_GIVE ? quartet_pool_fd(thread->spare) : -1;
	history_invoke(&thread->check->history, &call);
	return call;
}

static int take(struct stress_thread *thread, struct quartet_event *event)
{
	struct history_record call = call_slot(thread, HISTORY_TAKE, thread->spare, -1);
	int err;

	do {
		err = quartet_event_read(quartet_pool_fd(thread->spare), event, NULL, 0);
	} while (err == -EINTR);
	call.slot = event->token;
	stress_done(thread, &call, "event", err);
	return err;
}

/* By way of the other handle. */
static struct quartet_pool *pass_on(struct stress_thread *thread, int slot)
{
	struct history_record call = call_slot(thread, HISTORY_GIVE, thread->pool, slot);
	struct quartet_event event;
	int err;

	stress_done(thread, &call, "give", quartet_pool_give(thread->pool, slot, thread->spare));
	err = take(thread, &event);
	if (!err && (event.what != QUARTET_EVENT_GIVEN || event.token != (__u64)slot))
		check_fail(thread->check, STRESS_POOL, "pool: was given slot %llu, not %d",
			   event.token, slot);
	return thread->spare;
}

/* Writes, looks again later, and leaves it so. Slots are held for longer than locks. */
static void use(struct stress_thread *thread, int slot, __u64 *memory)
{
	struct check_slot *shared = &thread->check->slot[slot];
	__u64 stamp = thread->holder << 32 | stress_random(&thread->state, ~0U) | 1;
	int i;

	atomic_store(&shared->stamp, stamp);
	write_all(memory, stamp);
	for (i = 0; i < 4; i++)
		stress_dally(thread);
	if (content(memory) != stamp)
		check_fail(thread->check, STRESS_POOL, "pool: slot %d was written by another",
			   slot);
}

static void hold(struct stress_thread *thread, int slot)
{
	atomic_ullong *word = &thread->check->slot[slot].holder;
	__u64 *memory = quartet_pool_slot(thread->pool, slot);
	struct quartet_pool *pool = thread->pool;
	struct history_record call;

	check_arrival(thread, slot, memory);
	use(thread, slot, memory);
	if (stress_may_die(thread))
		stress_die(thread, quartet_pool_fd(thread->pool));
	if (stress_one_in(thread, 256)) {
		check_dies(thread->check, word, thread->holder);
		reopen(thread);
		return;
	}
	if (stress_one_in(thread, 8))
		pool = pass_on(thread, slot);
	check_leave(thread->check, STRESS_POOL, word, thread->holder);
	call = call_slot(thread, HISTORY_PUT, pool, slot);
	stress_done(thread, &call, "put", quartet_pool_put(pool, slot));
}

/* Uses a slot that is not its own. */
static void intrude(struct stress_thread *thread)
{
	int slot = stress_random(&thread->state, slots_of(thread->stress));
	atomic_ullong *word = &thread->check->slot[slot].holder;

	check_enter(thread->check, STRESS_POOL, word, thread->holder, true);
	use(thread, slot, quartet_pool_slot(thread->pool, slot));
	check_leave(thread->check, STRESS_POOL, word, thread->holder);
}

static void pool_step(struct stress_thread *thread)
{
	__u64 start = stress_now();
	int slot;

	if (thread->stress->busted && stress_one_in(thread, 8)) {
		intrude(thread);
		return;
	}
	atomic_store(&thread->asks, quartet_pool_fd(thread->pool));
	slot = get(thread);
	atomic_store(&thread->asks, -1);
	check_waited(thread->check, STRESS_POOL, stress_now() - start);
	if (slot < 0) {
		stress_refused(thread, STRESS_POOL, slot);
		return;
	}
	check_count(thread->check, STRESS_POOL, COUNT_GRANTS);
	hold(thread, slot);
}

static void pool_finish(struct stress *stress)
{
	struct quartet_pool_info info;
	int err = quartet_pool_state(stress->pool, &info);

	if (err || info.free != info.slots || info.waiters || info.handles != 1)
		check_fail(stress->check, STRESS_POOL,
			   "pool: in the end %u of %u slots free, %u waiters, %u handles",
			   info.free, info.slots, info.waiters, info.handles);
}

const struct stress_subject stress_pool = {
	.create = pool_create,
	.open = pool_open,
	.step = pool_step,
	.finish = pool_finish,
};
