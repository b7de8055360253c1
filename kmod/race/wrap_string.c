// SPDX-License-Identifier: GPL-2.0-only
/* Copies that are allocated. Their size is what they hold. */
#include <linux/slab.h>
#include <linux/string.h>

#include "compat.h"
#include "memory.h"
#include "wrap.h"

#include "include/quartet-race-hooks.h"

#define STRING(name, params, args) \
	RACE_WRAP_ALLOC(char *, name, memory ? strlen(memory) + 1 : 0, WITH(params), WITH(args))
#define BYTES(name, size, params, args) \
	RACE_WRAP_ALLOC(void *, name, size, WITH(params), WITH(args))

STRING(kstrdup, WITH(const char *from, gfp_t flags), WITH(from, flags))
STRING(kstrndup, WITH(const char *from, size_t most, gfp_t flags), WITH(from, most, flags))
STRING(strndup_user, WITH(const char __user *from, long most), WITH(from, most))
BYTES(memdup_user, size, WITH(const void __user *from, size_t size), WITH(from, size))
BYTES(vmemdup_user, size, WITH(const void __user *from, size_t size), WITH(from, size))
BYTES(memdup_user_nul, size + 1, WITH(const void __user *from, size_t size), WITH(from, size))
RACE_WRAP_ALLOC(char *, kmemdup_nul, size + 1, WITH(const char *from, size_t size, gfp_t flags),
		WITH(from, size, flags))
#ifdef RACE_KVMEMDUP
BYTES(kvmemdup, size, WITH(const void *from, size_t size, gfp_t flags), WITH(from, size, flags))
BYTES(kmemdup_array, count * size,
      WITH(const void *from, size_t count, size_t size, gfp_t flags),
      WITH(from, count, size, flags))
#endif

/* The kernel's headers give it a name that cannot be taken: see quartet-race.h. */
void *quartet_race_kmemdup(const void *from, size_t size, gfp_t flags)
{
	void *memory = kmemdup(from, size, flags);

	race_memory_alloc(memory, size, _RET_IP_);
	return memory;
}
EXPORT_SYMBOL_GPL(quartet_race_kmemdup);

/* What is in the kernel's own text is not copied. */
RACE_WRAP(const char *, kstrdup_const, const char *from, gfp_t flags)
{
	const char *memory = kstrdup_const(from, flags);

	if (memory != from && memory)
		race_memory_alloc(memory, strlen(memory) + 1, _RET_IP_);
	return memory;
}

static char *printed(char *memory, unsigned long pc)
{
	if (memory)
		race_memory_alloc(memory, strlen(memory) + 1, pc);
	return memory;
}

__printf(2, 0)
RACE_WRAP(char *, kvasprintf, gfp_t flags, const char *format, va_list args)
{
	return printed(kvasprintf(flags, format, args), _RET_IP_);
}

__printf(2, 3)
RACE_WRAP(char *, kasprintf, gfp_t flags, const char *format, ...)
{
	char *memory;
	va_list args;

	va_start(args, format);
	memory = printed(kvasprintf(flags, format, args), _RET_IP_);
	va_end(args);
	return memory;
}
