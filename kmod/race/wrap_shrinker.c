// SPDX-License-Identifier: GPL-2.0-only
/* Shrinkers, which several CPUs may call at once. */
#include <linux/atomic.h>
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/shrinker.h>
#include <linux/string.h>

#include "callbacks.h"
#include "compat.h"
#include "wrap.h"

static const void *ends_of(const struct shrinker *shrinker)
{
	return (const char *)shrinker + 1;
}

static unsigned long run(const struct race_call *call)
{
	unsigned long count;

	race_acquire(call->arg[0], "start of the shrinker", _THIS_IP_);
	count = race_call(call);
	race_release(ends_of(call->arg[0]), "end of the shrinker", _THIS_IP_);
	return count;
}

static void begin(struct shrinker *shrinker, const char *what, unsigned long pc)
{
	shrinker->count_objects = race_callback(shrinker->count_objects, run);
	shrinker->scan_objects = race_callback(shrinker->scan_objects, run);
	race_release(shrinker, what, pc);
}

#ifdef RACE_SHRINKER_REGISTER
__printf(2, 3)
RACE_WRAP(int, register_shrinker, struct shrinker *shrinker, const char *format, ...)
{
	struct va_format name = { .fmt = format };
	va_list args;
	int err;

	begin(shrinker, "register_shrinker", _RET_IP_);
	va_start(args, format);
	name.va = &args;
	err = register_shrinker(shrinker, "%pV", &name);
	va_end(args);
	return err;
}

RACE_WRAP(void, unregister_shrinker, struct shrinker *shrinker)
{
	unregister_shrinker(shrinker);
	race_acquire(ends_of(shrinker), "unregister_shrinker", _RET_IP_);
}
#else
RACE_WRAP(void, shrinker_register, struct shrinker *shrinker)
{
	begin(shrinker, "shrinker_register", _RET_IP_);
	shrinker_register(shrinker);
}

RACE_WRAP(void, shrinker_free, struct shrinker *shrinker)
{
	shrinker_free(shrinker);
	race_acquire(ends_of(shrinker), "shrinker_free", _RET_IP_);
}
#endif
