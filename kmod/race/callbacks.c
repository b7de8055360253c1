// SPDX-License-Identifier: GPL-2.0-only
/* Functions that a module has the kernel call later. */
#include <linux/hash.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/spinlock.h>

#include "callbacks.h"
#include "counters.h"
#include "irq.h"
#include "sync.h"

#define CALLBACK_BITS	9
#define CALLBACKS	BIT(CALLBACK_BITS)

/**
 * struct callback - what one of our functions stands for
 * @function: what is to be called, or NULL
 * @run: how
 */
struct callback {
	void *function;
	race_run_t run;
};

static unsigned int callbacks_max = CALLBACKS;
module_param_named(callbacks, callbacks_max, uint, 0444);
MODULE_PARM_DESC(callbacks, "functions that the kernel calls, at most 512");

static unsigned int used;	/* under callbacks_lock */

/* Written once, under the lock; who is called reads his as it is (litmus: race-callback). */
static struct callback callbacks[CALLBACKS];
static DEFINE_RAW_SPINLOCK(callbacks_lock);

/* Each index has a function of its own; what it is given and returns is in registers. */
#define NAME(i)		call_##i
#define DEFINE(i)								\
	static unsigned long NAME(i)(void *a, void *b, void *c, void *d, void *e, void *f) \
	{									\
		const struct race_call call = {					\
			NAME(i), callbacks[i].function, { a, b, c, d, e, f },	\
		};								\
										\
		return callbacks[i].run(&call);					\
	}
#define ELEMENT(i)	[i] = NAME(i),
#define TIMES_8(X, i)	X(i##0) X(i##1) X(i##2) X(i##3) X(i##4) X(i##5) X(i##6) X(i##7)
#define TIMES_64(X, i)						\
	TIMES_8(X, i##0) TIMES_8(X, i##1) TIMES_8(X, i##2) TIMES_8(X, i##3)	\
	TIMES_8(X, i##4) TIMES_8(X, i##5) TIMES_8(X, i##6) TIMES_8(X, i##7)
/* The indices are octal numbers. */
#define TIMES_ALL(X)						\
	TIMES_64(X, 00) TIMES_64(X, 01) TIMES_64(X, 02) TIMES_64(X, 03)	\
	TIMES_64(X, 04) TIMES_64(X, 05) TIMES_64(X, 06) TIMES_64(X, 07)

TIMES_ALL(DEFINE)

static void *const ours[CALLBACKS] = { TIMES_ALL(ELEMENT) };

static bool is(const struct callback *callback, const void *function, race_run_t run)
{
	return callback->function == function && callback->run == run;
}

/*
 * Its index, or a free one if there may be more; or CALLBACKS. Where one was forgotten, a function
 * may get a second.
 */
static unsigned int find(const void *function, race_run_t run)
{
	unsigned int i, at = hash_ptr(function, CALLBACK_BITS);

	for (i = 0; i < CALLBACKS; i++, at = (at + 1) % CALLBACKS)
		if (!callbacks[at].function || is(&callbacks[at], function, run))
			break;
	if (i == CALLBACKS || (!callbacks[at].function && used >= callbacks_max))
		return CALLBACKS;
	return at;
}

void race_callback_lost(void)
{
	race_count(RACE_NO_CALLBACK);
	WRITE_ONCE(race_all_ordered, true);	/* (litmus: race-lost) */
}

void *race_callback(void *function, race_run_t run)
{
	unsigned long flags;
	unsigned int i;

	if (!function || within_module((unsigned long)function, THIS_MODULE))
		return function;
	raw_spin_lock_irqsave(&callbacks_lock, flags);
	i = find(function, run);
	if (i < CALLBACKS && !callbacks[i].function) {
		callbacks[i] = (struct callback){ function, run };
		used++;
	}
	raw_spin_unlock_irqrestore(&callbacks_lock, flags);
	if (i < CALLBACKS)
		return ours[i];
	race_callback_lost();
	return function;
}

void race_callbacks_forget(unsigned long start, unsigned long size)
{
	unsigned long flags;
	unsigned int i;

	raw_spin_lock_irqsave(&callbacks_lock, flags);
	for (i = 0; i < CALLBACKS; i++) {
		if ((unsigned long)callbacks[i].function - start < size) {
			callbacks[i] = (struct callback){ };
			used--;
		}
	}
	raw_spin_unlock_irqrestore(&callbacks_lock, flags);
}

/* The end of calls has a clock of its own: who only asks for one is not ordered after the last. */
static const void *end_of(const void *object)
{
	return (const char *)object + 1;
}

void race_callback_begin(const void *object, const char *what)
{
	race_interrupt_begin(_THIS_IP_);
	race_acquire(object, what, _THIS_IP_);
	race_acquire(end_of(object), what, _THIS_IP_);
}

void race_callback_end(const void *object, const char *what)
{
	race_release(end_of(object), what, _THIS_IP_);
	race_interrupt_end(_THIS_IP_);
}

void race_callback_over(const void *object, const char *what, unsigned long pc)
{
	race_acquire(end_of(object), what, pc);
}

int race_callbacks_init(void)
{
	/* The kernel would not call a function by another type than its own. */
	if (!IS_ENABLED(CONFIG_CFI_CLANG) && !IS_ENABLED(CONFIG_CFI))
		return 0;
	pr_err("a kernel with control flow integrity, where callbacks cannot be followed\n");
	return -EOPNOTSUPP;
}
