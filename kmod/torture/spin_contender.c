// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a contender for a spinlock does, and the two invariants it checks
 * while it holds the lock.
 *
 * Exclusion: nobody else is the holder, and a set of words that each holder
 * updates in two halves, around its hold time, is found and left consistent.
 *
 * Order, for FIFO kinds, exact and without a clock: a holder that sees someone
 * wait makes the waiter that came last the watched one, and then begins a new
 * epoch. Each contender reads the epoch just before it tries to take the
 * lock. One that read the present epoch and holds the lock while the
 * watched waiter still waits came later and was served earlier: an inversion.
 * (The read is an acquire, paired with the release that begins the epoch,
 * which comes after the look at the queue: so it came after that waiter.)
 */
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/smp.h>
#include <linux/slab.h>

#include <quartet/debugfs.h>

#include "../base/compat.h"
#include "spin.h"
#include "work.h"

#define TIMER_PERIOD_NS		(500 * NSEC_PER_USEC)
#define TIMER_HOLDS		8	/* further holds that fit between two tries of a timer */
#define SLEEPY_HOLDS		16	/* one in so many holds of a preemptible kind yields */

static struct kmem_cache *contender_cache;
static struct quartet_live contenders_live = { .name = "torture_contenders" };

/* Did we overtake the watched waiter? @later: we came after it began to be watched. */
static void judge_order(const struct spin_ops *ops, struct spin_arena *arena, bool later)
{
	bool granted;

	if (!arena->watched)
		return;
	/* Who is next has come before: by that it is known, as others are by their number. */
	if (arena->watched == SPIN_NEXT)
		granted = !later;
	else
		granted = arena->watched == ops->self(&arena->lock);
	if (later && !granted)
		arena->inversions++;
	if (granted || arena->watched == SPIN_NEXT)
		arena->watched = 0;
}

static void watch_order(const struct spin_ops *ops, struct spin_arena *arena)
{
	if (!ops->newest || arena->watched)
		return;
	arena->watched = ops->newest(&arena->lock);
	if (arena->watched)
		smp_store_release(&arena->epoch, arena->epoch + 1);	/* [E] */
}

/* In two halves, so that some waiters have come when one is chosen, and more come then. */
static void hold(struct spin_contender *c)
{
	struct spin_run *run = c->run;

	work_for(run->args.hold_ns / 2);
	watch_order(run->ops, c->arena);
	work_for(run->args.hold_ns / 2);
	if (run->ops->preemptible && prandom_u32_state(&c->random) % SLEEPY_HOLDS == 0)
		yield();
}

static bool words_are(const struct spin_arena *arena, u64 value)
{
	int i;

	for (i = 0; i < SPIN_WORDS; i++)
		if (READ_ONCE(arena->words[i]) != value)
			return false;
	return true;
}

/* READ_ONCE and WRITE_ONCE: a lock that fails must not let the compiler hide it. */
static void critical_section(struct spin_contender *c, u64 epoch)
{
	struct spin_arena *arena = c->arena;
	u64 value = READ_ONCE(arena->words[0]);
	bool good = !READ_ONCE(arena->holder) && words_are(arena, value);
	int i;

	WRITE_ONCE(arena->holder, c);
	judge_order(c->run->ops, arena, epoch == arena->epoch);
	for (i = 0; i < SPIN_WORDS / 2; i++)
		WRITE_ONCE(arena->words[i], value + 1);
	hold(c);
	for (; i < SPIN_WORDS; i++)
		WRITE_ONCE(arena->words[i], value + 1);
	good &= READ_ONCE(arena->holder) == c && words_are(arena, value + 1);
	WRITE_ONCE(arena->holder, NULL);
	if (!good)
		WRITE_ONCE(c->violations, c->violations + 1);
}

static bool take(struct spin_contender *c, unsigned long *flags)
{
	const struct spin_ops *ops = c->run->ops;
	u64 wait;

	if (prandom_u32_state(&c->random) % 1000 < c->run->args.trylock_permille) {
		c->stats.tries++;
		if (ops->trylock(&c->arena->lock, c->form, flags))
			return true;
		c->stats.failed_tries++;
		return false;
	}
	wait = ktime_get_mono_fast_ns();
	ops->lock(&c->arena->lock, c->form, flags);
	wait = ktime_get_mono_fast_ns() - wait;
	/* Under the lock, but ours alone. */
	c->wait_hist[quartet_hist_index(wait)]++;
	c->stats.max_wait_ns = max(c->stats.max_wait_ns, wait);
	return true;
}

static void contend(struct spin_contender *c)
{
	u64 epoch = smp_load_acquire(&c->arena->epoch);		/* [E] */
	unsigned long flags = 0;

	if (!take(c, &flags))
		return;
	critical_section(c, epoch);
	c->run->ops->unlock(&c->arena->lock, c->form, flags);
	/* spin_torture_progress() reads it at any time. */
	WRITE_ONCE(c->stats.grants, c->stats.grants + 1);
}

static int contender_thread(void *data)
{
	struct spin_contender *c = data;
	u64 think = c->run->args.think_ns;

	while (!kthread_should_stop()) {
		if (READ_ONCE(c->run->paused)) {
			schedule_timeout_interruptible(1);
			continue;
		}
		contend(c);
		if (think)
			work_for(prandom_u32_state(&c->random) % (2 * think + 1));
		/* cond_resched() does nothing on kernels that preempt. */
		if (need_resched())
			schedule();
	}
	return 0;
}

static enum hrtimer_restart contender_timer(struct hrtimer *timer)
{
	struct spin_contender *c = container_of(timer, struct spin_contender, timer);

	if (READ_ONCE(c->run->stopping))
		return HRTIMER_NORESTART;
	if (!READ_ONCE(c->run->paused))
		contend(c);
	hrtimer_forward_now(timer, ns_to_ktime(c->run->timer_period));
	return HRTIMER_RESTART;
}

/*
 * On the CPU that the timer is to run on. All start on a multiple of the
 * period, so that the CPUs' interrupts meet at the lock.
 */
static void contender_start_timer(void *data)
{
	struct spin_contender *c = data;
	u64 period = c->run->timer_period;
	u64 first = (div64_u64(c->run->started, period) + 2) * period;

	hrtimer_start(&c->timer, ns_to_ktime(first),
		      c->stats.context == QUARTET_CONTEXT_HARDIRQ ?
		      HRTIMER_MODE_ABS_PINNED_HARD : HRTIMER_MODE_ABS_PINNED_SOFT);
}

/*
 * Whoever shares a lock with an interrupt must keep that interrupt off; with
 * NEST every context has a lock of its own, and an interrupt finds its CPU
 * waiting for another one.
 */
static enum spin_form contender_form(u32 flags, enum quartet_torture_context context)
{
	if (flags & QUARTET_TORTURE_NEST || context == QUARTET_CONTEXT_HARDIRQ)
		return SPIN_PLAIN;
	if (flags & QUARTET_TORTURE_HARDIRQ)
		return SPIN_IRQ;
	if (flags & QUARTET_TORTURE_SOFTIRQ && context == QUARTET_CONTEXT_TASK)
		return SPIN_BH;
	return SPIN_PLAIN;
}

static struct spin_contender *contender_create(struct spin_run *run, unsigned int cpu,
					       enum quartet_torture_context context)
{
	struct spin_contender *c = kmem_cache_zalloc(contender_cache, GFP_KERNEL);

	if (!c)
		return NULL;
	atomic_inc(&contenders_live.count);
	c->run = run;
	c->arena = &run->arenas[run->args.flags & QUARTET_TORTURE_NEST ? context : 0];
	c->form = contender_form(run->args.flags, context);
	c->stats.context = context;
	c->stats.cpu = cpu;
	prandom_seed_state(&c->random, run->args.seed + run->total);
	run->contenders[run->total++] = c;
	return c;
}

static int create_thread(struct spin_run *run, unsigned int cpu)
{
	struct spin_contender *c = contender_create(run, cpu, QUARTET_CONTEXT_TASK);
	struct task_struct *thread;

	if (!c)
		return -ENOMEM;
	thread = kthread_create_on_node(contender_thread, c, cpu_to_node(cpu),
					"quartet_spin/%u", run->total - 1);
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	c->thread = thread;
	return 0;
}

static int create_timer(struct spin_run *run, unsigned int cpu,
			enum quartet_torture_context context)
{
	struct spin_contender *c = contender_create(run, cpu, context);

	if (!c)
		return -ENOMEM;
	hrtimer_setup(&c->timer, contender_timer, CLOCK_MONOTONIC,
		      context == QUARTET_CONTEXT_HARDIRQ ?
		      HRTIMER_MODE_ABS_PINNED_HARD : HRTIMER_MODE_ABS_PINNED_SOFT);
	return 0;
}

/* The @n-th CPU of the run, round robin. */
static unsigned int run_cpu(struct spin_run *run, unsigned int n)
{
	return cpumask_nth(n % cpumask_weight(&run->cpus), &run->cpus);
}

/*
 * spin_contenders_create() - threads and timers, none of them running yet
 *
 * On error the caller still owes spin_contenders_destroy().
 */
int spin_contenders_create(struct spin_run *run)
{
	u32 flags = run->args.flags;
	unsigned int cpu, i;
	int err = 0;

	run->timer_period = TIMER_PERIOD_NS + TIMER_HOLDS * run->args.hold_ns;
	for (i = 0; i < run->args.threads && !err; i++)
		err = create_thread(run, run_cpu(run, i));
	for_each_cpu(cpu, &run->cpus) {
		if (!err && flags & QUARTET_TORTURE_SOFTIRQ)
			err = create_timer(run, cpu, QUARTET_CONTEXT_SOFTIRQ);
		if (!err && flags & QUARTET_TORTURE_HARDIRQ)
			err = create_timer(run, cpu, QUARTET_CONTEXT_HARDIRQ);
	}
	return err;
}

/*
 * spin_contenders_deal() - the i-th thread to the CPU i + @shift
 *
 * A CPU that is offline by now keeps its thread where the scheduler puts it.
 */
void spin_contenders_deal(struct spin_run *run, unsigned int shift)
{
	unsigned int i;

	for (i = 0; i < run->args.threads; i++)
		set_cpus_allowed_ptr(run->contenders[i]->thread,
				     cpumask_of(run_cpu(run, i + shift)));
}

void spin_contenders_start(struct spin_run *run)
{
	unsigned int i;

	spin_contenders_deal(run, 0);
	run->started = ktime_get_ns();
	for (i = 0; i < run->total; i++) {
		struct spin_contender *c = run->contenders[i];

		if (c->thread)
			wake_up_process(c->thread);
		else	/* a CPU that has just gone offline has no timer then */
			smp_call_function_single(c->stats.cpu, contender_start_timer, c, true);
	}
}

/* When this returns nobody is in, or waits for, any lock of the run. */
void spin_contenders_stop(struct spin_run *run)
{
	unsigned int i;

	WRITE_ONCE(run->stopping, true);
	for (i = 0; i < run->total; i++) {
		struct spin_contender *c = run->contenders[i];

		if (c->thread)
			kthread_stop(c->thread);
		else if (c->stats.context != QUARTET_CONTEXT_TASK)
			hrtimer_cancel(&c->timer);
		c->thread = NULL;
	}
}

/* Stopped, or never started. */
void spin_contenders_destroy(struct spin_run *run)
{
	while (run->total) {
		kmem_cache_free(contender_cache, run->contenders[--run->total]);
		atomic_dec(&contenders_live.count);
	}
}

int spin_contenders_init(void)
{
	contender_cache = kmem_cache_create_usercopy("quartet_torture_contender",
						     sizeof(struct spin_contender), 0, 0,
						     offsetof(struct spin_contender, stats),
						     sizeof_field(struct spin_contender, stats),
						     NULL);
	if (!contender_cache)
		return -ENOMEM;
	quartet_live_add(&contenders_live);
	return 0;
}

void spin_contenders_exit(void)
{
	quartet_live_remove(&contenders_live);
	kmem_cache_destroy(contender_cache);
}
