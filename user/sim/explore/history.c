// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which states have been reached.
 *
 * The program is deterministic, so what a thread has done and seen is given by
 * which of its reads saw which writes: two schedules that differ only in the
 * order of operations that do not concern each other lead to one state. So each
 * thread carries a hash of its past: of its operations, and of the past of
 * the last write that each of them has met; a write takes in the reads
 * before it too. All threads' hashes together name the state.
 *
 * A place is eight bytes, aligned: whoever writes a part of it is taken to
 * write it all, which tells more states apart than there are.
 *
 * Two states that collide in 64 bits would hide one of them: at ten million
 * states the odds are one in a hundred thousand.
 *
 * Source: M. Musuvathi and S. Qadeer, CHESS (2008), happens-before caching.
 */
#include <stdio.h>
#include <stdlib.h>

#include "explore.h"

#define PLACES		4096		/* power of two; more than one schedule can touch */

struct place {
	uintptr_t address;
	unsigned long run;	/* another run's is empty */
	u64 written, read;
};

struct reached {
	u64 state;
	u8 preemptions, used;
};

static struct place places[PLACES];
static unsigned long run;
static u64 time_history;
static struct reached *table;
static size_t slots, filled;

static u64 mix(u64 a, u64 b)
{
	u64 h = (a ^ (b << 23 | b >> 41)) * 0x9E3779B97F4A7C15ULL;

	h ^= h >> 32;
	h *= 0xD6E8FEB86659FD93ULL;
	return h ^ h >> 29;
}

void history_reset(void)
{
	run++;
	time_history = 0;
}

void history_start(struct thread *thread)
{
	thread->history = mix(thread->id + 1, 1);
	thread->drained = 0;
}

static struct place *place_of(const volatile void *p)
{
	uintptr_t address = (uintptr_t)p >> 3;
	size_t i = mix(address, 0) % PLACES, tried;

	for (tried = 0; tried < PLACES; tried++, i = (i + 1) % PLACES) {
		struct place *place = &places[i];

		if (place->run != run)
			*place = (struct place){ address, run, 0, 0 };
		if (place->address == address)
			return place;
	}
	fprintf(stderr, "explore: more than %d places in one schedule\n", PLACES);
	exit(2);
}

/* Before and after a step are two states, even if it only waited. */
void history_step(struct thread *thread)
{
	thread->history = mix(thread->history, 6);
}

void history_read(struct thread *thread, const volatile void *p)
{
	struct place *place = place_of(p);

	thread->history = mix(thread->history, place->written + 2);
	/* A sum: the order of reads does not matter. */
	place->read += mix(thread->history, 3);
}

static u64 write_after(u64 history, const volatile void *p)
{
	struct place *place = place_of(p);

	place->written = mix(mix(history, place->written), place->read + 4);
	place->read = 0;
	return place->written;
}

void history_write(struct thread *thread, const volatile void *p)
{
	/* Its buffer is empty by now, which it may have waited for. */
	thread->history = write_after(mix(thread->history, thread->drained), p);
}

void history_delay(struct thread *thread, struct store *store)
{
	thread->history = mix(thread->history, 5);
	store->history = thread->history;
}

void history_drain(struct thread *thread, const struct store *store)
{
	thread->drained = write_after(mix(thread->drained, store->history), store->p);
}

static u64 state(void)
{
	u64 sum = mix(time_history, running ? running->id : SIM_THREADS);
	unsigned int i;

	for (i = 0; i < nthreads; i++)
		sum += mix(mix(threads[i].history, threads[i].drained),
			   threads[i].waiting == ENDED);
	return sum;
}

/* Time passes when all sleep: after all that any of them did. */
void history_time(u64 now)
{
	time_history = mix(state(), now);
	write_after(time_history, &sim_clock);
}

static struct reached *find(u64 key)
{
	size_t i = key & (slots - 1);

	while (table[i].used && table[i].state != key)
		i = (i + 1) & (slots - 1);
	return &table[i];
}

static void grow(void)
{
	struct reached *old = table;
	size_t i, before = slots;

	slots = slots ? slots * 2 : 1 << 16;
	table = calloc(slots, sizeof(*table));
	if (!table) {
		fprintf(stderr, "explore: no memory for %zu states\n", slots);
		exit(2);
	}
	for (i = 0; i < before; i++)
		if (old[i].used)
			*find(old[i].state) = old[i];
	free(old);
}

/*
 * Has the state that we are in been reached before by as few preemptions, and
 * as many delays? What follows from it has then been, or will be, explored.
 */
bool history_reached(unsigned int preemptions, unsigned int delays)
{
	struct reached *reached;
	u64 key = mix(state(), delays);

	if (filled * 2 >= slots)
		grow();
	reached = find(key);
	if (reached->used && reached->preemptions <= preemptions)
		return true;
	filled += !reached->used;
	*reached = (struct reached){ key, preemptions, 1 };
	return false;
}

void history_forget(void)
{
	free(table);
	table = NULL;
	slots = 0;
	filled = 0;
}

u64 history_states(void)
{
	return filled;
}
