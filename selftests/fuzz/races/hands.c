// SPDX-License-Identifier: GPL-2.0-only
/* The handles that a process knows, and which of them it may ask by. */
#include "fuzz.h"

struct hand hands[HANDS];

static void hand_forget(struct hand *hand)
{
	*hand = (struct hand){ .fd = -1, .object = -1, .slot = -1 };
}

/* Of a process that begins: those of the objects, which it has from who made them. */
void hands_init(const int *objects)
{
	int i;

	for (i = 0; i < HANDS; i++)
		hand_forget(&hands[i]);
	for (i = 0; i < OBJECTS; i++) {
		hands[i].fd = objects[i];
		hands[i].object = i;
	}
}

static bool is_kind(int object, int kind)
{
	return object == kind || (kind == MUTEX && object == MUTEX2);
}

/* The descriptors of the objects stay, so that there is something to go on with. */
void hand_close(struct hand *hand)
{
	if (hand->fd < 0 || hand < hands + OBJECTS)
		return;
	close(hand->fd);
	hand_forget(hand);
}

/* A place for one more: nothing is open there now. */
struct hand *hand_free(unsigned int n)
{
	struct hand *hand = &hands[OBJECTS + n % (HANDS - OBJECTS)];

	hand_close(hand);
	return hand;
}

static struct hand *hand_cloned(unsigned int n, int object)
{
	struct hand *hand = hand_free(n);

	hand->fd = clone_handle(hands[object].fd);
	hand->object = object;
	hand->own = true;
	return hand;
}

/* One of that kind to ask by: if there is none, it is made. */
struct hand *hand_of(unsigned int n, int kind)
{
	int i;

	for (i = 0; i < HANDS; i++) {
		struct hand *hand = &hands[(n + i) % HANDS];

		if (is_kind(hand->object, kind) && may_ask(hand))
			return hand;
	}
	return hand_cloned(n, kind + (kind == MUTEX && n & 16));
}

/*
 * A child has its parent's descriptors, but none of its grants. If the table is the same one, to
 * close one would close the parent's.
 */
void hands_forked(bool same_files)
{
	int i;

	for (i = 0; i < HANDS; i++) {
		struct hand *hand = &hands[i];

		hand->own = false;
		hand->grant = 0;
		hand->slot = -1;
		if (same_files && i >= OBJECTS)
			hand_forget(hand);
	}
}

bool may_ask(const struct hand *hand)
{
	return hand->fd >= 0 && (setup.wild || hand->own);
}

bool is_mutex(const struct hand *hand)
{
	return hand->object == MUTEX || hand->object == MUTEX2;
}

/* What the command returned, or the negative errno: never one of the kernel's own. */
long ask(const struct hand *hand, unsigned long command, void *args)
{
	long result = ioctl(hand->fd, command, args);

	if (result >= 0)
		return result;
	if (errno >= 512)
		fault("command %#lx gave errno %d", command, errno);
	return -errno;
}
