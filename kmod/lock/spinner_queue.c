// SPDX-License-Identifier: GPL-2.0-only
/*
 * A queue of spinning tasks that any of them may leave at any time.
 *
 * One node a CPU: spinning is done in task context with preemption off, so a
 * CPU spins for one mutex at a time. The first in the queue spins at the
 * mutex; everyone else on the @granted of his own node, or until stop().
 *
 * Links. The tail is the last one's number. A newcomer links itself to the
 * one it found there, by prev->next. Whoever sets somebody's next to NULL by an
 * atomic operation owns that link until it is restored:
 *
 *   - a leaver takes prev->next, so that prev can neither grant it nor leave,
 *     for it finds no successor while the tail says that there is one;
 *   - then it takes its own next, so that its successor can not leave;
 *   - then it ties the two together.
 *
 * Two neighbours that leave at once both want the link between them. The one behind wins:
 * it restores the link, or the tail, and the one before goes on. The one
 * before wins: it gives the one behind a new prev, and that tries there. Nobody
 * waits for a link while he has one that the other wants: links are taken
 * from the front of the queue to its back.
 *
 * So a link has one owner (litmus: queue-link).
 *
 * Barriers. The tail and the links are taken by atomic operations with full order: who finds
 * somebody there finds his node cleared and numbered, and a link that was taken does not come
 * back (litmus: queue-enter, queue-number, queue-last). And:
 *
 *   P    @prev is written before the link is, so that a prev that a leaver writes later
 *        cannot be lost under it (litmus: queue-prev)
 *   G    the store-release of @granted, with its load-acquire: the node is the new first's to
 *        reuse. That needs the leaver's last store to the node, of @prev, to come before
 *        the tie over which the grant comes (litmus: queue-tie)
 *
 * Source: the kernel's optimistic spin queue, after Mellor-Crummey and Scott.
 */
#include <linux/percpu.h>
#include <linux/smp.h>

#include "spinner_queue.h"

struct spinner {
	struct spinner *next, *prev;
	int number;	/* its CPU + 1; never changes once set */
	bool granted;
};

static DEFINE_PER_CPU_SHARED_ALIGNED(struct spinner, spinners);

/*
 * Our successor, with the link to it ours; or NULL if we are the last and the
 * tail is now @back.
 */
static struct spinner *take_next(atomic_t *tail, struct spinner *me, int back)
{
	struct spinner *next;

	for (;;) {
		if (atomic_read(tail) == me->number &&
		    atomic_cmpxchg(tail, me->number, back) == me->number)
			return NULL;
		/* Looked at first: xchg would take the line from a successor that spins. */
		next = READ_ONCE(me->next) ? xchg(&me->next, NULL) : NULL;
		if (next)
			return next;
		cpu_relax();
	}
}

/* Gives up; false if the grant came first. */
static bool give_up(atomic_t *tail, struct spinner *me)
{
	struct spinner *prev, *next;

	for (;;) {
		prev = READ_ONCE(me->prev);
		if (READ_ONCE(prev->next) == me && cmpxchg(&prev->next, me, NULL) == me)
			break;
		if (smp_load_acquire(&me->granted))		/* [G] */
			return false;
		cpu_relax();
	}
	next = take_next(tail, me, prev->number);
	if (next) {
		WRITE_ONCE(next->prev, prev);
		/* [G]: who sees the tie sees @next's new prev. */
		smp_store_release(&prev->next, next);
	}
	return true;
}

/*
 * spinner_queue_enter() - wait for the first place
 *
 * Context: task, preemption off until spinner_queue_leave().
 * Return: true as the first; or false, out of the queue, because stop() said so.
 */
bool spinner_queue_enter(atomic_t *tail, bool (*stop)(const void *data), const void *data)
{
	struct spinner *me = this_cpu_ptr(&spinners), *prev;
	int before;

	me->number = smp_processor_id() + 1;
	WRITE_ONCE(me->next, NULL);
	me->granted = false;
	before = atomic_xchg(tail, me->number);
	if (!before)
		return true;
	prev = per_cpu_ptr(&spinners, before - 1);
	WRITE_ONCE(me->prev, prev);
	smp_store_release(&prev->next, me);			/* [P] */
	while (!smp_load_acquire(&me->granted)) {		/* [G] */
		if (stop(data))
			return !give_up(tail, me);
		cpu_relax();
	}
	return true;
}

/* Called by the first: makes the next one the first. */
void spinner_queue_leave(atomic_t *tail)
{
	struct spinner *me = this_cpu_ptr(&spinners);
	struct spinner *next = take_next(tail, me, 0);

	if (next)
		smp_store_release(&next->granted, true);	/* [G] */
}
