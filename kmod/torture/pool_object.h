/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The objects of a pool under torture, and the checks that each is in one hand at a time.
 *
 * Whoever gets an object writes his name into it, by cmpxchg from nobody's, and the rest of it full
 * of a pattern of his. Both must still be there when it is put, and the name is cleared.
 */
#ifndef QUARTET_TORTURE_POOL_OBJECT_H
#define QUARTET_TORTURE_POOL_OBJECT_H

#include <linux/llist.h>
#include <linux/types.h>

/**
 * struct pool_object - an object
 * @link: the pool's, while nobody has the object
 * @owner: who has it, or NULL; also while it is free, from its first allocation on
 * @words: his pattern, to the object's end
 */
struct pool_object {
	struct llist_node link;
	const void *owner;
	unsigned long words[];
};

bool pool_object_take(struct pool_object *object, size_t size, const void *owner);
bool pool_object_is_zero(const struct pool_object *object, size_t size);
bool pool_object_give(struct pool_object *object, size_t size, const void *owner);

#endif /* QUARTET_TORTURE_POOL_OBJECT_H */
