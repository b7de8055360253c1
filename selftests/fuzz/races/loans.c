// SPDX-License-Identifier: GPL-2.0-only
/* Slots of a pool, and leads of a memo. In an orderly round they too stay with who has them. */
#include "fuzz.h"

static char value[5000];

/* One key more often than another, so that they meet there. */
static const char *key_of(const struct step *step)
{
	return step->c % 4 ? "a" : "b";
}

/* Who had it wrote another number there, and will notice if it has it still. */
void got_slot(struct hand *hand, unsigned int slot)
{
	if (!hand->own || slot >= SLOTS)
		return;
	hand->slot = slot;
	hand->slot_grant = __atomic_add_fetch(&shared->slot_grants, 1, __ATOMIC_SEQ_CST);
	__atomic_store_n(&shared->slots[slot], hand->slot_grant, __ATOMIC_SEQ_CST);
}

static void slot_check(const struct hand *hand)
{
	__u64 has = __atomic_load_n(&shared->slots[hand->slot], __ATOMIC_SEQ_CST);

	if (has != hand->slot_grant)
		fault("slot %d is in two hands", hand->slot);
}

long do_pool_get(const struct step *step)
{
	struct hand *hand = hand_of(step->a, POOL);
	struct quartet_pool_get args = { .size = sizeof(args) };
	long err;

	args.flags = wait_flags(step, &args.deadline_ns, &args.clock);
	record("POOL_GET %d f%x", hand->fd, args.flags);
	/* A process remembers one slot a handle. */
	if (!may_ask(hand) || (!setup.wild && hand->slot >= 0))
		return SKIPPED;
	err = ask(hand, QUARTET_POOL_GET, &args);
	if (!err)
		got_slot(hand, args.slot);
	return err;
}

long do_pool_put(const struct step *step)
{
	struct hand *hand = hand_of(step->a, POOL);
	struct quartet_pool_put args = { .size = sizeof(args), .slot = hand->slot };
	bool sure = !setup.wild && hand->slot >= 0;
	long err;

	if (!sure)
		args.slot = step->b & 1 ? step->c % SLOTS : word_of(step->b * 256 + step->c);
	record("PUT %d slot %d", hand->fd, args.slot);
	if (!may_ask(hand))
		return SKIPPED;
	if (sure)
		slot_check(hand);
	hand->slot = -1;
	err = ask(hand, QUARTET_POOL_PUT, &args);
	if (sure && err)
		fault("put of slot %u gave %ld", args.slot, err);
	return err;
}

long do_pool_give(const struct step *step)
{
	struct hand *hand = hand_of(step->a, POOL), *to = hand_of(step->b, POOL);
	struct quartet_pool_put args = {
		.size = sizeof(args), .slot = hand->slot, .fd = to->fd,
	};

	if (step->c % 8 == 0)
		args.fd = word_of(step->c * 256 + step->b);
	if (setup.wild && step->c % 8 == 1)
		args.slot = word_of(step->c * 256 + step->b);
	record("GIVE %d slot %d to %d", hand->fd, args.slot, args.fd);
	if (!may_ask(hand) || (hand->slot < 0 && !setup.wild))
		return SKIPPED;
	if (!setup.wild)
		slot_check(hand);
	/* Refused or not: that this process had it is forgotten. */
	hand->slot = -1;
	shared->given = true;
	return ask(hand, QUARTET_POOL_GIVE, &args);
}

static void check_answer(int error)
{
	if (error > 0 || error < -511)
		fault("an answer is error %d", error);
}

long do_memo_get(const struct step *step)
{
	struct hand *hand = hand_of(step->a, MEMO);
	struct quartet_memo_get args = {
		.size = sizeof(args), .key = address(key_of(step)), .key_len = 1,
		.value = address(value), .value_size = sizeof(value),
	};
	long err;

	args.flags = wait_flags(step, &args.deadline_ns, &args.clock);
	if (step->c % 16 == 4)
		args.flags |= QUARTET_NO_LEAD;
	if (step->c % 8 == 5)
		args.flags |= QUARTET_STALE;
	if (step->c % 64 == 6)
		args.key_len = word_of(step->a * 256 + step->b);
	if (step->c % 32 == 7)
		args.value_size = word_of(step->a * 256 + step->b);
	record("MEMO_GET %d f%x %.1s", hand->fd, args.flags, key_of(step));
	if (!may_ask(hand))
		return SKIPPED;
	err = ask(hand, QUARTET_MEMO_GET, &args);
	if (!err)
		check_answer(args.error);
	if (!err && args.what == QUARTET_ANSWER_LEAD)
		hand->grant = args.token;
	return err;
}

/* A lead that it knows of must be there still, whatever else is wrong. */
static void lead_check(struct hand *hand, __u64 token, long err)
{
	if (!token || token != hand->grant)
		return;
	if (err == -ESTALE && hand->own && !setup.wild)
		fault("lead %llu is lost", token);
	/* Of these it has done nothing; of others the error is the result. */
	if (err != -EINVAL && err != -EFAULT)
		hand->grant = 0;
}

long do_fulfil(const struct step *step)
{
	struct hand *hand = hand_of(step->a, MEMO);
	struct quartet_memo_fulfil args = {
		.size = sizeof(args), .token = hand->grant, .value = address(value),
		.value_len = step->b % 200,
	};
	long err;

	if (step->a & 0x80) {
		args.value = 0;
		args.value_len = 0;
		args.error = error_of(step->b * 256 + step->c);
	} else if (step->b % 8 == 0) {
		args.value_len = word_of(step->b * 256 + step->c);
	}
	if (!args.token || step->c % 32 == 0)
		args.token = word_of(step->c * 256 + step->b);
	record("FULFIL %d e%d len %u", hand->fd, args.error, args.value_len);
	if (!may_ask(hand))
		return SKIPPED;
	err = ask(hand, QUARTET_MEMO_FULFIL, &args);
	if (!err)
		check_answer(args.error);
	lead_check(hand, args.token, err);
	return err;
}

long do_abandon(const struct step *step)
{
	struct hand *hand = hand_of(step->a, MEMO);
	struct quartet_grant args = { .size = sizeof(args), .token = hand->grant };
	long err;

	if (!args.token)
		args.token = word_of(step->b * 256 + step->c);
	record("ABANDON %d", hand->fd);
	if (!may_ask(hand))
		return SKIPPED;
	err = ask(hand, QUARTET_MEMO_ABANDON, &args);
	lead_check(hand, args.token, err);
	return err;
}

long do_forget(const struct step *step)
{
	struct hand *hand = hand_of(step->a, MEMO);
	struct quartet_memo_forget args = {
		.size = sizeof(args), .key = address(key_of(step)), .key_len = 1,
	};
	struct quartet_memo_clear clear = { .size = sizeof(clear) };

	record("%s %d %.1s", step->b % 4 ? "FORGET" : "CLEAR", hand->fd, key_of(step));
	if (!may_ask(hand))
		return SKIPPED;
	if (step->b % 4 == 0)
		return ask(hand, QUARTET_MEMO_CLEAR, &clear);
	return ask(hand, QUARTET_MEMO_FORGET, &args);
}
