// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mutexes. In an orderly round a process knows what it holds. While it lives, and has not let go,
 * it must hold it: the state says so, and nobody else comes in.
 */
#include "fuzz.h"

static __u64 *inside_of(const struct hand *hand)
{
	return &shared->inside[hand->object];
}

__u32 wait_flags(const struct step *step, __u64 *deadline, __u32 *clock)
{
	static const __u32 how[] = { 0, QUARTET_TRY, QUARTET_ASYNC, 0, QUARTET_ASYNC, QUARTET_TRY };
	__u32 flags = how[step->b % 6];

	if (setup.by_handle && step->b & 0x80)
		flags |= QUARTET_BY_HANDLE;
	if (step->b & 0x40)
		return flags;
	*clock = QUARTET_CLOCK_MONOTONIC;
	*deadline = now_ns(CLOCK_MONOTONIC) + (step->c % 8) * MSEC / 4;
	if (step->c % 16 == 15)
		*deadline = word_of(step->c * 256 + step->b);
	if (step->c % 32 == 1)
		*clock = QUARTET_CLOCK_REALTIME;
	return flags | QUARTET_DEADLINE;
}

/* Whoever was inside has left, or has died, or two are inside: then the other one will notice. */
void got_mutex(struct hand *hand, __u64 token, __u32 result, bool repair)
{
	if (!hand->own || !is_mutex(hand))
		return;
	hand->grant = token;
	__atomic_store_n(inside_of(hand), token, __ATOMIC_SEQ_CST);
	if (result & QUARTET_OWNER_DIED && repair)
		grant_command(hand->fd, QUARTET_CONSISTENT, token);
}

void mutex_check(const struct hand *hand)
{
	struct quartet_mutex_info info = { .size = sizeof(info) };
	__u64 inside = __atomic_load_n(inside_of(hand), __ATOMIC_SEQ_CST);

	if (inside != hand->grant)
		fault("two are inside: by grants %llu and %llu", hand->grant, inside);
	if (ask(hand, QUARTET_MUTEX_STATE, &info))
		return;
	if (!(info.state & QUARTET_MUTEX_MINE) || info.token != hand->grant)
		fault("grant %llu is lost: state %#x, token %llu", hand->grant, info.state,
		      info.token);
}

long do_lock(const struct step *step)
{
	struct hand *hand = hand_of(step->a, MUTEX);
	struct quartet_lock args = { .size = sizeof(args) };
	long err;

	args.flags = wait_flags(step, &args.deadline_ns, &args.clock);
	record("LOCK %d f%x c%u", hand->fd, args.flags, args.clock);
	if (!may_ask(hand))
		return SKIPPED;
	err = ask(hand, QUARTET_LOCK, &args);
	if (!err)
		got_mutex(hand, args.token, args.result, step->a & 0xc0);
	return err;
}

/* A process lets go of what it holds, and then that was still held. */
static long let_go(struct hand *hand, __u64 token)
{
	struct quartet_grant args = { .size = sizeof(args), .token = token };
	long err;

	mutex_check(hand);
	__atomic_store_n(inside_of(hand), 0, __ATOMIC_SEQ_CST);
	err = ask(hand, QUARTET_UNLOCK, &args);
	if (err)
		fault("unlock of grant %llu gave %ld", hand->grant, err);
	hand->grant = 0;
	return err;
}

long do_unlock(const struct step *step)
{
	struct hand *hand = hand_of(step->a, MUTEX);
	struct quartet_grant args = { .size = sizeof(args) };

	record("UNLOCK %d", hand->fd);
	if (!may_ask(hand))
		return SKIPPED;
	if (hand->own && hand->grant && is_mutex(hand) && !setup.wild)
		return let_go(hand, step->b & 1 ? hand->grant : 0);
	args.token = step->b & 3 ? 0 : word_of(step->b * 256 + step->c);
	/* What was granted and not read yet is let go, too. */
	return ask(hand, QUARTET_UNLOCK, &args);
}

long do_section(const struct step *step)
{
	struct hand *hand = hand_of(step->a, MUTEX);
	struct quartet_lock args = { .size = sizeof(args) };
	long err;

	record("SECTION %d", hand->fd);
	if (!may_ask(hand) || !hand->own || !is_mutex(hand) || hand->grant)
		return SKIPPED;
	err = ask(hand, QUARTET_LOCK, &args);
	if (err)
		return err;
	got_mutex(hand, args.token, args.result, true);
	if (step->b & 1)
		usleep(step->c);
	if (setup.wild)
		return grant_command(hand->fd, QUARTET_UNLOCK, 0);
	return let_go(hand, args.token);
}

long do_consistent(const struct step *step)
{
	struct hand *hand = hand_of(step->a, MUTEX);
	struct quartet_grant args = { .size = sizeof(args), .token = hand->grant };

	record("CONSISTENT %d", hand->fd);
	if (step->b % 8 == 0)
		args.token = word_of(step->c * 256 + step->b);
	return may_ask(hand) ? ask(hand, QUARTET_CONSISTENT, &args) : SKIPPED;
}

static long any_state(const struct hand *hand)
{
	static const unsigned long commands[OBJECTS] = {
		QUARTET_MUTEX_STATE, QUARTET_MUTEX_STATE, QUARTET_POOL_STATE, QUARTET_MEMO_STATE,
	};
	static const __u32 sizes[OBJECTS] = {
		sizeof(struct quartet_mutex_info), sizeof(struct quartet_mutex_info),
		sizeof(struct quartet_pool_info), sizeof(struct quartet_memo_info),
	};
	__u32 args[64] = { };

	args[0] = hand->object < 0 ? 64 : sizes[hand->object];
	return ask(hand, commands[hand->object < 0 ? 0 : hand->object], args);
}

long do_state(const struct step *step)
{
	struct hand *hand = &hands[step->a % HANDS];

	record("STATE %d", hand->fd);
	if (hand->fd < 0)
		return SKIPPED;
	if (!setup.wild && hand->grant && is_mutex(hand))
		mutex_check(hand);
	return any_state(hand);
}
