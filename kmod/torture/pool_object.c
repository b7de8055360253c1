// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who has an object. READ_ONCE and WRITE_ONCE: a pool that fails must not let the compiler
 * hide it.
 */
#include <linux/atomic.h>

#include "pool_object.h"

static size_t words(size_t size)
{
	return (size - offsetof(struct pool_object, words)) / sizeof(unsigned long);
}

static unsigned long pattern(const struct pool_object *object, const void *owner)
{
	return (unsigned long)object ^ (unsigned long)owner;
}

/* Return: false if somebody else has it. */
bool pool_object_take(struct pool_object *object, size_t size, const void *owner)
{
	bool good = !cmpxchg(&object->owner, NULL, owner);
	size_t i;

	for (i = 0; i < words(size); i++)
		WRITE_ONCE(object->words[i], pattern(object, owner));
	return good;
}

bool pool_object_is_zero(const struct pool_object *object, size_t size)
{
	size_t i;

	for (i = 0; i < words(size); i++)
		if (READ_ONCE(object->words[i]))
			return false;
	return true;
}

/* Return: false if somebody else had it too, or wrote to it. */
bool pool_object_give(struct pool_object *object, size_t size, const void *owner)
{
	bool good = true;
	size_t i;

	for (i = 0; i < words(size); i++)
		good &= READ_ONCE(object->words[i]) == pattern(object, owner);
	return cmpxchg(&object->owner, owner, NULL) == owner && good;
}
