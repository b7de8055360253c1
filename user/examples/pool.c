// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Messages between processes that nobody copies: the sender writes into a slot of a pool and gives
 * it to the receiver's handle. Whoever of them dies, the pool has its slots back.
 */
#include <error.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <quartet.h>

#define SLOTS		2
#define SLOT_SIZE	4096
#define MESSAGES	5

/* Waits while the receiver has all slots. */
static void send(struct quartet_pool *pool, const struct quartet_pool *to, int number)
{
	int slot = quartet_pool_get(pool);

	if (slot < 0)
		error(1, -slot, "get");
	snprintf(quartet_pool_slot(pool, slot), SLOT_SIZE, "message %d", number);
	slot = quartet_pool_give(pool, slot, to);
	if (slot)
		error(1, -slot, "give");
}

static void receive(struct quartet_pool *pool)
{
	struct quartet_event event;
	int err = quartet_event_read(quartet_pool_fd(pool), &event, NULL, 0);

	if (err)
		error(1, -err, "event");
	/* Its token is the slot. */
	printf("%s\n", (char *)quartet_pool_slot(pool, event.token));
	quartet_pool_put(pool, event.token);
}

int main(void)
{
	const struct quartet_pool_params params = { .slots = SLOTS, .slot_size = SLOT_SIZE };
	struct quartet_pool *sender, *receiver;
	int err = quartet_pool_create(&sender, NULL, &params);
	int i, status;

	if (!err)
		err = quartet_pool_clone(&receiver, sender);
	if (err)
		error(1, -err, "/dev/quartet");
	if (!fork()) {
		for (i = 0; i < MESSAGES; i++)
			receive(receiver);
		exit(0);
	}
	for (i = 0; i < MESSAGES; i++)
		send(sender, receiver, i);
	wait(&status);
	quartet_pool_close(receiver);
	quartet_pool_close(sender);
	return status;
}
