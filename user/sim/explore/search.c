// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which schedule next.
 *
 *   DFS      all of them, with at most so many preemptions and delayed stores;
 *            a state that was reached before as cheaply ends the schedule
 *   RANDOM   anyone who can go on, at each step
 *   PCT      the thread of the highest priority, which falls at some random
 *            steps: finds a bug of depth d with a known probability
 *   REPLAY   what went wrong, once more
 *
 * A schedule is written as what it does otherwise than by default, which is to go on
 * with the same thread, or else with the first one that can: 17:T2 is T2 at
 * the 17th choice, 40:B1 a store of T1's reaching memory, 41:d a delayed store.
 *
 * Source: Musuvathi and Qadeer, Iterative Context Bounding (2007); Burckhardt
 * and others, A Randomized Scheduler with Probabilistic Guarantees (2010).
 */
#include <stdio.h>
#include <stdlib.h>

#include "explore.h"

#define MOST_CHOICES	4096	/* in one schedule */
#define PCT_DEPTH	3
#define PCT_STEPS	400
#define DELAY_ONE_IN	4

/* A choice of the DFS that has been made; what can be afforded there is the same each time. */
struct node {
	u8 n, taken;
};

/* What was done otherwise than by default; @delay: the choice was about a store. */
struct deviation {
	unsigned int at;
	u8 entity;
	bool delay;
};

static struct search search;
static struct node path[MOST_CHOICES];
static unsigned int length, depth;
static struct deviation deviations[MOST_CHOICES], written[MOST_CHOICES];
static unsigned int ndeviations, nwritten, followed, choices, preemptions, delays;
static unsigned long runs;
static u64 random_state;
static int priorities[ENTITIES];
static unsigned int falls[PCT_DEPTH];

static u64 next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

/* The opposite of search_schedule(); false if it is none. */
static bool read_schedule(const char *text)
{
	struct deviation *d;
	char *end;

	for (nwritten = 0; *text; text = end + (*end == ',')) {
		d = &written[nwritten++];
		d->at = strtoul(text, &end, 10);
		if (end == text || *end++ != ':' || nwritten == MOST_CHOICES)
			return false;
		d->delay = *end == 'd';
		d->entity = *end == 'B' ? BUFFER(0) : 0;
		if (!strchr("dBT", *end++))
			return false;
		if (!d->delay)
			d->entity += strtoul(end, &end, 10);
		if (d->entity >= ENTITIES || (*end && *end != ','))
			return false;
	}
	return true;
}

/* False if the schedule to replay is none. */
bool search_begin(const struct search *wanted)
{
	search = *wanted;
	length = 0;
	runs = 0;
	history_forget();
	return search.mode != REPLAY || read_schedule(search.schedule);
}

static bool draws(void)
{
	return search.mode == RANDOM || search.mode == PCT;
}

static void new_priorities(void)
{
	unsigned int i;

	for (i = 0; i < ENTITIES; i++)
		priorities[i] = PCT_DEPTH + next_random() % 1000;
	for (i = 0; i < PCT_DEPTH; i++)
		falls[i] = next_random() % PCT_STEPS;
}

void search_rewind(void)
{
	depth = 0;
	followed = 0;
	choices = 0;
	ndeviations = 0;
	preemptions = 0;
	delays = 0;
	if (draws()) {
		random_state = (search.seed + runs) * 0x9E3779B97F4A7C15ULL | 1;
		new_priorities();
	}
}

/* After a schedule: is there another one? */
bool search_next(void)
{
	runs++;
	if (search.mode != DFS)
		return search.mode != REPLAY && runs < search.runs;
	while (length && path[length - 1].taken + 1 == path[length - 1].n)
		length--;
	if (!length)
		return false;
	path[length - 1].taken++;
	return true;
}

static bool affordable(const struct turn *option)
{
	return preemptions + option->preemptions <= search.preemptions &&
	       delays + option->delays <= search.delays;
}

/* The first option costs nothing, so one is always affordable. */
static unsigned int choose_dfs(const struct turn *options, unsigned int n)
{
	unsigned int i, affordables = 0;
	u8 index[ENTITIES];
	struct node *node;

	for (i = 0; i < n; i++)
		if (affordable(&options[i]))
			index[affordables++] = i;
	if (affordables == 1)
		return 0;
	if (depth == length) {
		if (length == MOST_CHOICES)
			sim_fail("livelock: no end after %d choices", MOST_CHOICES);
		/* A store's delay is asked for in the state in which its thread was chosen. */
		if (!options[n - 1].delays && history_reached(preemptions, delays) &&
		    !search.uncut)
			explore_abandon();
		path[length++] = (struct node){ affordables, 0 };
	}
	node = &path[depth++];
	if (node->n != affordables)
		sim_fail("assertion: the case is not deterministic");
	return index[node->taken];
}

static unsigned int choose_pct(const struct turn *options, unsigned int n)
{
	unsigned int i, best = 0;

	for (i = 0; i < PCT_DEPTH; i++)
		if (falls[i] == choices)
			priorities[options[0].entity] = i;
	for (i = 1; i < n; i++)
		if (priorities[options[i].entity] > priorities[options[best].entity])
			best = i;
	return best;
}

static unsigned int choose_written(const struct turn *options, unsigned int n)
{
	unsigned int i;

	if (followed == nwritten || written[followed].at != choices)
		return 0;
	for (i = 0; i < n; i++)
		if (written[followed].delay ? options[i].delays != 0 :
		    options[i].entity == written[followed].entity)
			break;
	if (i == n)
		sim_fail("the schedule does not fit: it cannot go on so at choice %u", choices);
	followed++;
	return i;
}

static unsigned int choose(const struct turn *options, unsigned int n)
{
	if (draws() && options[n - 1].delays)
		return next_random() % DELAY_ONE_IN == 0;
	switch (search.mode) {
	case DFS:
		return choose_dfs(options, n);
	case RANDOM:
		return next_random() % n;
	case PCT:
		return choose_pct(options, n);
	case REPLAY:
		return choose_written(options, n);
	}
	return 0;
}

/* Which of @options, the first of which is the default. */
unsigned int search_choose(const struct turn *options, unsigned int n)
{
	unsigned int taken;

	choices++;
	taken = n == 1 ? 0 : choose(options, n);
	preemptions += options[taken].preemptions;
	delays += options[taken].delays;
	if (taken && ndeviations < MOST_CHOICES)
		deviations[ndeviations++] = (struct deviation){ choices, options[taken].entity,
								options[taken].delays != 0 };
	return taken;
}

/* As for --replay. */
void search_schedule(char *text, size_t size)
{
	unsigned int i;
	size_t used = 0;

	text[0] = '\0';
	for (i = 0; i < ndeviations && used < size; i++) {
		const struct deviation *d = &deviations[i];

		used += snprintf(text + used, size - used, "%s%u:", i ? "," : "", d->at);
		if (used >= size)
			break;
		if (d->delay)
			used += snprintf(text + used, size - used, "d");
		else
			used += snprintf(text + used, size - used, "%c%u",
					 d->entity < SIM_THREADS ? 'T' : 'B',
					 d->entity % SIM_THREADS);
	}
}
