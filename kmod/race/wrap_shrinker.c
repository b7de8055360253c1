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

typedef unsigned long (*shrinker_function_t)(struct shrinker *shrinker,
					     struct shrink_control *control);

static const void *ends_of(const struct shrinker *shrinker)
{
	return (const char *)shrinker + 1;
}

static unsigned long run(void *function, void *first, void *second)
{
	shrinker_function_t real = function;
	unsigned long count;

	race_acquire(first, "start of the shrinker", _THIS_IP_);
	count = real(first, second);
	race_release(ends_of(first), "end of the shrinker", _THIS_IP_);
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
	char name[64];
	va_list args;

	va_start(args, format);
	vsnprintf(name, sizeof(name), format, args);
	va_end(args);
	begin(shrinker, "register_shrinker", _RET_IP_);
	return register_shrinker(shrinker, "%s", name);
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
