// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pool in each context: whose slot an object is in, who is at a ring, and
 * where nothing can be freed.
 */
#include <linux/interrupt.h>
#include <linux/irq_work.h>

#include "kapi.h"
#include "pool.h"

static struct quartet_pool pool;
static void *objects[SOME];

static struct quartet_pool_state state(void)
{
	return state_of(&pool);
}

/**
 * struct visit - a put and a get in some context
 * @work: for hardirq
 * @tasklet: for softirq
 * @done: it has been there
 * @object: is put
 * @context: where we are, and whose slot has it then
 * @private: what is in that slot after the put
 * @got: what the get returns
 * @fresh: what another get returns, without anything cached
 */
struct visit {
	struct irq_work work;
	struct tasklet_struct tasklet;
	struct completion done;
	void *object;
	enum quartet_pool_context context;
	void *private, *got, *fresh;
};

static enum quartet_pool_context context(void)
{
	if (in_hardirq())
		return QUARTET_POOL_HARDIRQ;
	return in_serving_softirq() ? QUARTET_POOL_SOFTIRQ : QUARTET_POOL_TASK;
}

static void visit(struct visit *v)
{
	v->context = context();
	quartet_pool_put(&pool, v->object);
	v->private = private_of(&pool, raw_smp_processor_id(), v->context);
	v->got = quartet_pool_get(&pool, GFP_ATOMIC);
	v->fresh = quartet_pool_get(&pool, GFP_ATOMIC);
	complete(&v->done);
}

static void visit_from_tasklet(struct tasklet_struct *tasklet)
{
	visit(container_of(tasklet, struct visit, tasklet));
}

static void visit_from_irq_work(struct irq_work *work)
{
	visit(container_of(work, struct visit, work));
}

/* Has its own slot, in which nobody else's object is. */
static const char *check_visit(struct visit *v, void *task, bool allocates)
{
	wait_for_completion(&v->done);
	EXPECT(v->private == v->object && v->got == v->object);
	EXPECT(v->fresh != v->object && v->fresh != task);
	EXPECT(!v->fresh == !allocates);
	quartet_pool_put(&pool, v->got);
	quartet_pool_put(&pool, v->fresh);
	EXPECT(SOON(nothing_cached(&pool)));
	return NULL;
}

static const char *has_its_slot(struct visit *v, void (*go)(struct visit *v), bool allocates)
{
	void *task;

	move_to(0);
	EXPECT(!init_plain(&pool));
	init_completion(&v->done);
	v->object = quartet_pool_get(&pool, GFP_KERNEL);
	task = quartet_pool_get(&pool, GFP_KERNEL);
	quartet_pool_put(&pool, task);
	go(v);
	return check_visit(v, task, allocates);
}

static void go_by_tasklet(struct visit *v)
{
	tasklet_setup(&v->tasklet, visit_from_tasklet);
	tasklet_schedule(&v->tasklet);
}

static const char *softirq_has_its_slot(void)
{
	struct visit v = { };
	const char *wrong = has_its_slot(&v, go_by_tasklet, true);

	tasklet_kill(&v.tasklet);
	EXPECT(!wrong && v.context == QUARTET_POOL_SOFTIRQ);
	EXPECT(!quartet_pool_destroy(&pool));
	return NULL;
}

static void go_by_irq_work(struct visit *v)
{
	v->work = IRQ_WORK_INIT_HARD(visit_from_irq_work);
	irq_work_queue(&v->work);
}

/* With PREEMPT_RT there is no allocator there. */
static const char *hardirq_has_its_slot(void)
{
	struct visit v = { };
	const char *wrong = has_its_slot(&v, go_by_irq_work, !IS_ENABLED(CONFIG_PREEMPT_RT));

	irq_work_sync(&v.work);
	EXPECT(!wrong && v.context == QUARTET_POOL_HARDIRQ);
	EXPECT(!quartet_pool_destroy(&pool));
	return NULL;
}

/* What is put there stays in that context's slot, until a scan or the end finds it. */
static void leave_in_slot(struct irq_work *work)
{
	struct visit *v = container_of(work, struct visit, work);

	quartet_pool_put(&pool, v->object);
	v->private = private_of(&pool, raw_smp_processor_id(), QUARTET_POOL_HARDIRQ);
	complete(&v->done);
}

static const char *leave_in_hardirq_slot(void)
{
	struct visit v = { };

	init_completion(&v.done);
	v.work = IRQ_WORK_INIT_HARD(leave_in_slot);
	v.object = quartet_pool_get(&pool, GFP_KERNEL);
	EXPECT(v.object);
	irq_work_queue(&v.work);
	irq_work_sync(&v.work);
	wait_for_completion(&v.done);
	EXPECT(v.private == v.object && state().cached == 1);
	return NULL;
}

static const char *hardirq_slot_is_scanned(void)
{
	const char *wrong;

	move_to(0);
	EXPECT(!init_plain(&pool));
	wrong = leave_in_hardirq_slot();
	EXPECT(!wrong && !state().freed);
	EXPECT(SOON(nothing_cached(&pool)));
	EXPECT(state().freed == 1);
	EXPECT(!private_of(&pool, 0, QUARTET_POOL_HARDIRQ));
	wrong = leave_in_hardirq_slot();
	EXPECT(!wrong);
	/* As for a CPU that goes, and at the end. */
	EXPECT(!quartet_pool_destroy(&pool));
	return NULL;
}

/* More than fits, where nothing can be freed: with PREEMPT_RT it is freed later. */
static const char *surplus_put_without_preemption(void)
{
	struct quartet_pool_params params = plain();

	move_to(0);
	params.max_cached = 1;
	EXPECT(!quartet_pool_init(&pool, &params));
	EXPECT(get_some(&pool, objects));
	preempt_disable();
	put_some(&pool, objects);
	preempt_enable();
	EXPECT(state().cached == 2 && state().stats.dropped == SOME - 2);
	EXPECT(SOON(state().freed == SOME - 2));
	EXPECT(!quartet_pool_destroy(&pool));
	return NULL;
}

/*
 * As if the owner of the ring had been interrupted while it was there: a get takes the oldest, as a
 * thief does, and a put finds no room.
 */
static const char *interrupted_owner(void)
{
	void *private, *oldest;

	move_to(0);
	EXPECT(!init_plain(&pool));
	EXPECT(get_some(&pool, objects));
	put_some(&pool, objects);
	preempt_disable();
	this_cpu_ptr(pool.cpu)->inside = true;
	private = quartet_pool_get(&pool, GFP_ATOMIC);
	oldest = quartet_pool_get(&pool, GFP_ATOMIC);
	quartet_pool_put(&pool, private);
	quartet_pool_put(&pool, oldest);
	this_cpu_ptr(pool.cpu)->inside = false;
	preempt_enable();
	EXPECT(private == objects[0] && oldest == objects[1]);
	EXPECT(state().stats.shared == 1 && state().stats.dropped == 1);
	EXPECT(SOON(state().freed == 1) && state().cached == SOME - 1);
	EXPECT(!quartet_pool_destroy(&pool));
	return NULL;
}

#define CASE(function)	KAPI_CASE(pool, function)

struct kapi_case kapi_pool_contexts_cases[] = {
	CASE(softirq_has_its_slot),
	CASE(hardirq_has_its_slot),
	CASE(hardirq_slot_is_scanned),
	CASE(surplus_put_without_preemption),
	CASE(interrupted_owner),
};

const int kapi_pool_contexts_number = ARRAY_SIZE(kapi_pool_contexts_cases);
