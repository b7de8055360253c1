// SPDX-License-Identifier: GPL-2.0-only
/* Plans: what their bytes mean, the first ones, and how others are made of those that are kept. */
#include <stdio.h>
#include <string.h>

#include "fuzz.h"

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))
#define KEPT		1024

struct setup setup;
static struct plan kept[KEPT];
static unsigned int nkept;

/* How often a new step is each command. */
static const __u8 weights[OPS] = {
	[OP_CLONE] = 8, [OP_CLOSE] = 4, [OP_LOCK] = 8, [OP_UNLOCK] = 4, [OP_SECTION] = 4,
	[OP_CONSISTENT] = 2, [OP_STATE] = 4, [OP_POOL_GET] = 5, [OP_POOL_PUT] = 3,
	[OP_POOL_GIVE] = 2, [OP_MEMO_GET] = 10, [OP_FULFIL] = 8, [OP_ABANDON] = 2,
	[OP_FORGET] = 3, [OP_CANCEL] = 2, [OP_READ] = 4, [OP_POLL] = 1, [OP_DUP] = 2,
	[OP_SEND] = 2, [OP_RECEIVE] = 2, [OP_FORK] = 4, [OP_CLONE_FILES] = 4, [OP_UNSHARE] = 3,
	[OP_EXEC] = 1, [OP_EXIT] = 2, [OP_KILL] = 3, [OP_WAIT] = 2, [OP_MAP] = 1,
	[OP_SLEEP] = 2, [OP_ALARM] = 1, [OP_CREATE] = 2, [OP_NAME] = 2, [OP_RAW] = 4,
	[OP_THREAD] = 2,
};

/* What users do, one thing after another, for a start. */
static const __u8 seeds[][STEPS] = {
	{ OP_CLONE, OP_LOCK, OP_STATE, OP_UNLOCK, OP_SECTION, OP_SECTION },
	{ OP_CLONE, OP_LOCK, OP_FORK, OP_SLEEP, OP_STATE, OP_UNLOCK },
	{ OP_CLONE, OP_MEMO_GET, OP_FULFIL, OP_MEMO_GET, OP_FORGET, OP_MEMO_GET, OP_READ },
	{ OP_CLONE, OP_POOL_GET, OP_MAP, OP_POOL_PUT, OP_POOL_GET, OP_POOL_GIVE, OP_READ },
	{ OP_CLONE, OP_SEND, OP_RECEIVE, OP_LOCK, OP_CLOSE, OP_CLONE, OP_LOCK, OP_READ },
	{ OP_CREATE, OP_NAME, OP_NAME, OP_CREATE, OP_RAW },
};

static void decode_mutex(struct quartet_create *args, __u8 n)
{
	static const __u64 starve[] = { QUARTET_STARVE_MS, QUARTET_STARVE_FIFO,
					QUARTET_STARVE_OFF, 20000 };

	*args = mutex_args();
	args->starve_ns = starve[n % COUNT(starve)];
	args->flags = n & 16 ? QUARTET_NO_DETECT : 0;
}

static void decode_memo(struct quartet_create *args, const __u8 *n)
{
	static const __u64 times[] = { QUARTET_FOR_EVER, 0, MSEC, QUARTET_FOR_EVER };

	*args = memo_args();
	args->engine = n[0] % 3;
	args->ttl_ns = times[n[1] % COUNT(times)];
	args->err_ttl_ns = times[n[2] % COUNT(times)];
	args->capacity = 1 + n[3] % 4;
	/* What does not expire is not refreshed; other engines do not do it. */
	if (args->engine == QUARTET_ENGINE_RCU && args->ttl_ns == MSEC)
		args->refresh_percent = n[4] % 100;
}

static void decode_delays(__u8 n)
{
	static const unsigned int one_in[] = { 0, 32, 256, 1024 };

	setup.delay_one_in = one_in[n % COUNT(one_in)];
	setup.delay_spins = 1U << (6 + n / COUNT(one_in) % 10);
}

void plan_decode(const struct plan *plan)
{
	const __u8 *n = plan->setup;
	int i;

	setup.wild = n[0] % 2;
	setup.by_handle = n[0] % 8 < 2;
	setup.ms = 3 + n[1] % 24;
	for (i = 0; i < WORKERS; i++)
		setup.kill_us[i] = n[2 + i] & 0x80 ? (n[2 + i] & 0x7f) * setup.ms * 8 + 1 : 0;
	decode_delays(n[5]);
	setup.favourite = -(n[6] & 0x80 ? 512 + n[6] % 20 : 1 + n[6] % 133);
	setup.processes = WORKERS + n[7] % 10;
	decode_mutex(&setup.objects[MUTEX], n[8]);
	decode_mutex(&setup.objects[MUTEX2], n[9]);
	setup.objects[POOL] = pool_args(1 + n[10] % SLOTS);
	decode_memo(&setup.objects[MEMO], n + 11);
}

static struct step random_step(void)
{
	unsigned int i, total = 0, op = 0, at;

	for (i = 0; i < OPS; i++)
		total += weights[i];
	for (at = words_random(total); at >= weights[op]; op++)
		at -= weights[op];
	return (struct step){ op, words_random(256), words_random(256), words_random(256) };
}

static void random_setup(struct plan *plan)
{
	int i;

	for (i = 0; i < SETUP; i++)
		plan->setup[i] = words_random(256);
}

static struct plan random_plan(void)
{
	struct plan plan;
	int i, j;

	random_setup(&plan);
	for (i = 0; i < WORKERS; i++)
		for (j = 0; j < STEPS; j++)
			plan.programs[i][j] = random_step();
	return plan;
}

static struct plan seed_plan(void)
{
	struct plan plan = random_plan();
	int i, j;

	for (i = 0; i < WORKERS; i++) {
		const __u8 *seed = seeds[words_random(COUNT(seeds))];

		for (j = 0; j < STEPS; j++)
			if (seed[j])
				plan.programs[i][j].op = seed[j];
	}
	return plan;
}

static void change_step(struct plan *plan)
{
	struct step *step = &plan->programs[words_random(WORKERS)][words_random(STEPS)];

	switch (words_random(4)) {
	case 0:
		*step = random_step();
		break;
	case 1:
		step->a = words_random(256);
		break;
	case 2:
		step->b = words_random(256);
		break;
	default:
		step->c = words_random(256);
	}
}

/* One more, and the last one falls off; or one less. */
static void move_steps(struct plan *plan)
{
	struct step *program = plan->programs[words_random(WORKERS)];
	unsigned int at = words_random(STEPS - 1);
	size_t rest = (STEPS - 1 - at) * sizeof(*program);

	if (words_random(2)) {
		memmove(program + at + 1, program + at, rest);
		program[at] = random_step();
	} else {
		memmove(program + at, program + at + 1, rest);
		program[STEPS - 1] = random_step();
	}
}

/* The rest of a program is another's. */
static void splice_plan(struct plan *plan, const struct plan *other)
{
	unsigned int at = words_random(STEPS);

	memcpy(plan->programs[words_random(WORKERS)] + at,
	       other->programs[words_random(WORKERS)] + at, (STEPS - at) * sizeof(struct step));
}

static void change(struct plan *plan)
{
	unsigned int n;

	for (n = 1 + words_random(6); n; n--) {
		switch (words_random(8)) {
		case 0:
			plan->setup[words_random(SETUP)] = words_random(256);
			break;
		case 1:
			move_steps(plan);
			break;
		case 2:
			splice_plan(plan, &kept[words_random(nkept)]);
			break;
		case 3:
			splice_plan(plan, plan);
			break;
		default:
			change_step(plan);
		}
	}
}

struct plan plan_next(void)
{
	unsigned int how = words_random(8);
	struct plan plan;

	if (!nkept || !how)
		return random_plan();
	if (how == 1)
		return seed_plan();
	plan = kept[words_random(nkept)];
	if (how == 2)
		random_setup(&plan);
	change(&plan);
	return plan;
}

void plan_keep(const struct plan *plan)
{
	if (nkept < KEPT)
		kept[nkept++] = *plan;
	else
		kept[words_random(KEPT)] = *plan;
}

unsigned int plan_kept(void)
{
	return nkept;
}

void plan_print(const struct plan *plan, char *text)
{
	const __u8 *bytes = (const __u8 *)plan;
	size_t i;

	for (i = 0; i < sizeof(*plan); i++)
		sprintf(text + 2 * i, "%02x", bytes[i]);
}

bool plan_parse(struct plan *plan, const char *text)
{
	__u8 *bytes = (__u8 *)plan;
	size_t i;

	for (i = 0; i < sizeof(*plan); i++)
		if (sscanf(text + 2 * i, "%2hhx", &bytes[i]) != 1)
			return false;
	return true;
}
