// SPDX-License-Identifier: GPL-2.0-only
/*
 * What tables can be made of, and what one caller sees of them: keys, values, errors, room and
 * references; in every engine.
 */
#include <linux/slab.h>

#include "memo.h"

static struct quartet_memo memo, other;

MEMO_CASE(uncontended)
{
	struct quartet_memo_params params = memo_params();
	struct quartet_memo_state state;

	EXPECT(!quartet_memo_init(&memo, &params));
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_COMPUTED));
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_HIT));
	EXPECT(memo_gives(&memo, "k", QUARTET_MEMO_COMPUTED));
	EXPECT(memo_get(&memo, "key", NULL) == 3 && memo_calls() == 2);
	state = memo_state(&memo);
	EXPECT(state.stats.hits == 2 && state.stats.misses == 2 && state.stats.computations == 2);
	EXPECT(memo_is_exact(&memo, 2));
	quartet_memo_destroy(&memo);
	return NULL;
}

static bool is_refused(struct quartet_memo_params params)
{
	bool refused = quartet_memo_init(&memo, &params) == -EINVAL;

	quartet_memo_destroy(&memo);
	params = memo_params();
	refused = refused && !quartet_memo_init(&memo, &params);
	quartet_memo_destroy(&memo);
	return refused;
}

static const char *parameters(void)
{
	struct quartet_memo_params good = memo_params(), bad;

#define WITH(member, value)	({ bad = good; bad.member = (value); bad; })
	EXPECT(is_refused(WITH(name, "two words")));
	EXPECT(is_refused(WITH(name, "a-name-of-thirty-two-characters!")));
	EXPECT(is_refused(WITH(engine, QUARTET_MEMO_ENGINES)));
	EXPECT(is_refused(WITH(flags, BIT(31))));
	EXPECT(is_refused(WITH(func_name, "both")));
	EXPECT(is_refused(WITH(key_max, 0)));
	EXPECT(is_refused(WITH(key_max, QUARTET_MEMO_MAX_KEY + 1)));
	EXPECT(is_refused(WITH(value_max, QUARTET_MEMO_MAX_VALUE + 1)));
	EXPECT(is_refused(WITH(capacity, 0)));
	EXPECT(is_refused(WITH(bytes, 0)));
	EXPECT(is_refused(WITH(gfp, GFP_ATOMIC)));
	good.ttl = NSEC_PER_SEC;
	EXPECT(is_refused(WITH(refresh_percent, 100)));
	good.refresh_percent = 50;
	EXPECT(is_refused(WITH(ttl, 0)));
	EXPECT(is_refused(WITH(ttl, QUARTET_MEMO_FOR_EVER)));
	EXPECT(is_refused(WITH(engine, QUARTET_MEMO_LOCK)));
	EXPECT(is_refused(WITH(engine, QUARTET_MEMO_MONITOR)));
#undef WITH
	return NULL;
}

static const char *names(void)
{
	struct quartet_memo_params params = memo_params();

	EXPECT(!quartet_memo_init(&memo, &params));
	EXPECT(quartet_memo_init(&other, &params) == -EEXIST);
	EXPECT(memo_get(&other, "key", NULL) == -ESHUTDOWN);
	params.name = NULL;
	EXPECT(!quartet_memo_init(&other, &params));
	EXPECT(memo_gives(&other, "key", QUARTET_MEMO_COMPUTED));
	quartet_memo_destroy(&other);
	quartet_memo_destroy(&memo);
	return NULL;
}

MEMO_CASE(keys)
{
	struct quartet_memo_params params = memo_external();
	struct quartet_memo_waiter waiter = { };
	struct quartet_memo_how how = { };
	char key[MEMO_KEY_MAX + 1] = "", value[8];

	EXPECT(!quartet_memo_init(&memo, &params));
	EXPECT(quartet_memo_get(&memo, key, 0, value, 8, &how) == -EINVAL);
	EXPECT(how.what == QUARTET_MEMO_NOTHING);
	EXPECT(quartet_memo_get(&memo, key, sizeof(key), value, 8, &how) == -EINVAL);
	EXPECT(quartet_memo_get_ref(&memo, key, 0, &how) == ERR_PTR(-EINVAL));
	EXPECT(quartet_memo_enqueue(&memo, key, 0, value, 8, &how, &waiter) == -EINVAL);
	EXPECT(quartet_memo_forget(&memo, key, 0) == -EINVAL);
	EXPECT(quartet_memo_forget(&memo, key, sizeof(key)) == -EINVAL);
	EXPECT(quartet_memo_get(&memo, key, sizeof(key) - 1, value, 8, &how) == -ENODATA);
	EXPECT(!quartet_memo_fulfil(&memo, &how.lead, "1", 1));
	/* Bytes that begin alike. */
	EXPECT(quartet_memo_get(&memo, key, 1, value, 8, &how) == -ENODATA);
	EXPECT(!quartet_memo_fulfil(&memo, &how.lead, "22", 2));
	EXPECT(quartet_memo_get(&memo, key, 1, value, 8, &how) == 2);
	EXPECT(quartet_memo_get(&memo, key, sizeof(key) - 1, value, 8, &how) == 1);
	EXPECT(quartet_memo_get(&memo, key, 1, value, 8, NULL) == 2 ||
	       memo_engine != QUARTET_MEMO_RCU);
	quartet_memo_destroy(&memo);
	return NULL;
}

MEMO_CASE(unknown_flags)
{
	struct quartet_memo_params params = memo_params();
	struct quartet_memo_how how = { .flags = BIT(31) };

	EXPECT(!quartet_memo_init(&memo, &params));
	EXPECT(memo_get(&memo, "key", &how) == -EINVAL && !memo_calls());
	quartet_memo_destroy(&memo);
	params = memo_external();
	EXPECT(!quartet_memo_init(&memo, &params));
	EXPECT(memo_get(&memo, "key", NULL) == -EINVAL);
	quartet_memo_destroy(&memo);
	return NULL;
}

MEMO_CASE(values)
{
	struct quartet_memo_params params = memo_params();
	struct quartet_memo_how how = { };
	char value[MEMO_VALUE_MAX];

	EXPECT(!quartet_memo_init(&memo, &params));
	memo_plan.len = MEMO_VALUE_MAX;
	EXPECT(memo_get(&memo, "full", NULL) == MEMO_VALUE_MAX);
	EXPECT(quartet_memo_get(&memo, "full", 4, value, MEMO_VALUE_MAX - 1, &how) == -ENOBUFS);
	EXPECT(how.len == MEMO_VALUE_MAX && how.what == QUARTET_MEMO_HIT);
	memo_plan.len = MEMO_VALUE_MAX + 1;
	EXPECT(memo_get(&memo, "more", &how) == -EMSGSIZE && how.what == QUARTET_MEMO_COMPUTED);
	EXPECT(memo_get(&memo, "more", &how) == -EMSGSIZE && how.what == QUARTET_MEMO_FAILED);
	EXPECT(memo_get(&memo, "full", NULL) == MEMO_VALUE_MAX);
	memo_plan.len = 5;
	EXPECT(quartet_memo_get(&memo, "five", 4, value, 4, &how) == -ENOBUFS && how.len == 5);
	EXPECT(quartet_memo_get(&memo, "five", 4, value, 5, &how) == 5);
	EXPECT(!memcmp(value, "fivex", 5));
	EXPECT(memo_is_exact(&memo, 3));
	quartet_memo_destroy(&memo);
	return NULL;
}

/* Short ones are copied in words, long ones otherwise: each byte, and none behind them. */
MEMO_CASE(lengths)
{
	static char value[260], wanted[260];
	struct quartet_memo_params params = memo_params();
	size_t len;

	params.value_max = 256;
	memset(wanted, 'x', sizeof(wanted));
	EXPECT(!quartet_memo_init(&memo, &params));
	for (len = 1; len <= 256; len++) {
		memo_plan.len = len;
		EXPECT(quartet_memo_get(&memo, &len, sizeof(len), value, 256, NULL) == len);
		memset(value, 0, sizeof(value));
		EXPECT(quartet_memo_get(&memo, &len, sizeof(len), value, 256, NULL) == len);
		memcpy(wanted, &len, min(len, sizeof(len)));
		EXPECT(!memcmp(value, wanted, len) && !value[len]);
	}
	memo_plan_reset(&memo_plan);
	quartet_memo_destroy(&memo);
	return NULL;
}

static int without_room(struct quartet_memo_call *call, const void *key, size_t len, void *data)
{
	void *room;

	if (*(const char *)key == 'n')
		return 0;
	if (*(const char *)key == 'p')
		return 1;
	if (*(const char *)key == 'm')
		return -MAX_ERRNO - 1;
	if (*(const char *)key == 'q')
		return -EIOCBQUEUED;
	if (*(const char *)key == 'b')
		return -QUARTET_MEMO_MAX_ERROR - 4;
	if (*(const char *)key == 'l')
		return -QUARTET_MEMO_MAX_ERROR;
	if (quartet_memo_attempt(call) != 1 || IS_ERR(quartet_memo_room(call, 1)))
		return -EIO;
	room = quartet_memo_room(call, 2);
	memcpy(room, "ok", 2);
	return *(const char *)key == 'f' ? -EIO : 0;
}

MEMO_CASE(functions_that_err)
{
	struct quartet_memo_params params = memo_params();

	params.func = without_room;
	EXPECT(!quartet_memo_init(&memo, &params));
	EXPECT(memo_get(&memo, "no room", NULL) == 0);
	EXPECT(memo_get(&memo, "no room", NULL) == 0);
	EXPECT(memo_get(&memo, "positive", NULL) == -EIO);
	EXPECT(memo_get(&memo, "much less", NULL) == -EIO);
	EXPECT(memo_get(&memo, "queued, by its errno", NULL) == -EIO);
	EXPECT(memo_get(&memo, "between the restarts", NULL) == -EIO);
	EXPECT(memo_get(&memo, "lowest", NULL) == -QUARTET_MEMO_MAX_ERROR);
	EXPECT(memo_get(&memo, "twice", NULL) == 2);
	EXPECT(memo_get(&memo, "fails with room", NULL) == -EIO);
	EXPECT(memo_is_exact(&memo, 8));
	quartet_memo_destroy(&memo);
	return NULL;
}

MEMO_CASE(errors)
{
	struct quartet_memo_params params = memo_params();
	struct quartet_memo_how how = { };

	EXPECT(!quartet_memo_init(&memo, &params));
	memo_plan.err = -EIO;
	EXPECT(memo_get(&memo, "key", &how) == -EIO && how.what == QUARTET_MEMO_COMPUTED);
	memo_plan.err = 0;
	EXPECT(memo_get(&memo, "key", &how) == -EIO && how.what == QUARTET_MEMO_FAILED);
	EXPECT(memo_calls() == 1 && memo_state(&memo).stats.errors == 2 && memo_is_exact(&memo, 1));
	EXPECT(!quartet_memo_forget(&memo, "key", 3));
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_COMPUTED));
	memo_plan.err = -ENOMEM;
	EXPECT(memo_get(&memo, "moment", &how) == -ENOMEM && how.what == QUARTET_MEMO_COMPUTED);
	memo_plan.err = 0;
	EXPECT(memo_gives(&memo, "moment", QUARTET_MEMO_COMPUTED) && memo_is_exact(&memo, 2));
	quartet_memo_destroy(&memo);
	return NULL;
}

static ssize_t get_number(unsigned int number)
{
	char key[8];

	snprintf(key, sizeof(key), "%u", number);
	return memo_get(&memo, key, NULL);
}

MEMO_CASE(capacity)
{
	struct quartet_memo_params params = memo_params();
	unsigned int i;

	params.capacity = 4;
	EXPECT(!quartet_memo_init(&memo, &params));
	for (i = 0; i < 4; i++)
		EXPECT(get_number(i) > 0);
	/* What was hit stays; the next oldest goes. */
	EXPECT(get_number(0) > 0 && memo_calls() == 4);
	EXPECT(get_number(4) > 0 && memo_is_exact(&memo, 4));
	EXPECT(get_number(0) > 0 && memo_calls() == 5);
	EXPECT(get_number(1) > 0 && memo_calls() == 6);
	for (i = 10; i < 1000; i++)
		EXPECT(get_number(i) > 0);
	EXPECT(memo_is_exact(&memo, 4) && memo_state(&memo).stats.evictions == 992);
	quartet_memo_destroy(&memo);
	params.capacity = 1;
	EXPECT(!quartet_memo_init(&memo, &params));
	for (i = 0; i < 10; i++)
		EXPECT(get_number(i) > 0 && memo_is_exact(&memo, 1));
	/* The hand is there, and moves on. */
	EXPECT(!quartet_memo_forget(&memo, "9", 1));
	for (; i < 20; i++)
		EXPECT(get_number(i) > 0 && memo_is_exact(&memo, 1));
	quartet_memo_destroy(&memo);
	return NULL;
}

/* Nothing else may go, as somebody looks at it: the new result is told, and not kept. */
MEMO_CASE(capacity_in_use)
{
	struct quartet_memo_params params = memo_params();
	const struct quartet_memo_value *used;

	params.capacity = 1;
	EXPECT(!quartet_memo_init(&memo, &params));
	EXPECT(memo_gives(&memo, "used", QUARTET_MEMO_COMPUTED));
	used = quartet_memo_get_ref(&memo, "used", 4, NULL);
	EXPECT(!IS_ERR(used));
	EXPECT(memo_gives(&memo, "new", QUARTET_MEMO_COMPUTED) && memo_is_exact(&memo, 1));
	EXPECT(memo_state(&memo).stats.evictions == 1);
	EXPECT(memo_gives(&memo, "used", QUARTET_MEMO_HIT));
	EXPECT(memo_gives(&memo, "new", QUARTET_MEMO_COMPUTED) && memo_calls() == 3);
	/* It may go now. */
	quartet_memo_put_ref(used);
	EXPECT(memo_gives(&memo, "new", QUARTET_MEMO_COMPUTED) && memo_is_exact(&memo, 1));
	EXPECT(memo_gives(&memo, "new", QUARTET_MEMO_HIT) && memo_calls() == 4);
	quartet_memo_destroy(&memo);
	return NULL;
}

/* Many shards, and one count for all. */
MEMO_CASE(capacity_of_shards)
{
	struct quartet_memo_params params = memo_params();
	unsigned int i;

	params.capacity = 3000;
	EXPECT(!quartet_memo_init(&memo, &params));
	for (i = 0; i < 3000; i++)
		EXPECT(get_number(i) > 0);
	EXPECT(memo_is_exact(&memo, 3000) && !memo_state(&memo).stats.evictions);
	for (; i < 5000; i++)
		EXPECT(get_number(i) > 0);
	EXPECT(memo_is_exact(&memo, 3000) && memo_state(&memo).stats.evictions == 2000);
	EXPECT(quartet_memo_evict(&memo, 1000) == 1000 && memo_is_exact(&memo, 2000));
	EXPECT(quartet_memo_evict(&memo, 9999) == 2000 && memo_is_exact(&memo, 0));
	EXPECT(quartet_memo_evict(&memo, 1) == 0);
	quartet_memo_destroy(&memo);
	return NULL;
}

MEMO_CASE(bytes)
{
	struct quartet_memo_params params = memo_params();
	unsigned int i;
	u64 one;

	EXPECT(!quartet_memo_init(&memo, &params));
	EXPECT(get_number(100) > 0);
	one = memo_state(&memo).bytes;
	/* A key and a value, each by two longer. */
	EXPECT(get_number(10000) > 0 && memo_state(&memo).bytes == 2 * one + 4);
	quartet_memo_destroy(&memo);
	params.bytes = 3 * one;
	EXPECT(!quartet_memo_init(&memo, &params));
	for (i = 100; i < 200; i++)
		EXPECT(get_number(i) > 0 && memo_is_exact(&memo, min(i - 99, 3U)));
	quartet_memo_destroy(&memo);
	/* What is too large on its own pushes nothing out. */
	params.bytes = one + 8;
	EXPECT(!quartet_memo_init(&memo, &params));
	EXPECT(get_number(100) > 0);
	memo_plan.len = MEMO_VALUE_MAX;
	EXPECT(get_number(101) == MEMO_VALUE_MAX && memo_is_exact(&memo, 1));
	memo_plan.len = 0;
	EXPECT(get_number(100) > 0 && memo_state(&memo).stats.hits == 1);
	quartet_memo_destroy(&memo);
	params.bytes = one - 1;
	EXPECT(!quartet_memo_init(&memo, &params));
	EXPECT(get_number(100) > 0 && memo_is_exact(&memo, 0));
	quartet_memo_destroy(&memo);
	return NULL;
}

MEMO_CASE(references)
{
	const struct quartet_memo_value *computed, *hit;
	struct quartet_memo_params params = memo_params();
	struct quartet_memo_how how = { };

	EXPECT(!quartet_memo_init(&memo, &params));
	computed = quartet_memo_get_ref(&memo, "key", 3, &how);
	EXPECT(!IS_ERR(computed) && how.what == QUARTET_MEMO_COMPUTED && how.len == 3);
	hit = quartet_memo_get_ref(&memo, "key", 3, &how);
	EXPECT(hit == computed && how.what == QUARTET_MEMO_HIT && how.len == 3);
	quartet_memo_put_ref(computed);
	EXPECT(quartet_memo_evict(&memo, 1) == 0);
	quartet_memo_put_ref(hit);
	EXPECT(quartet_memo_evict(&memo, 1) == 1);
	hit = quartet_memo_get_ref(&memo, "key", 3, NULL);
	EXPECT(!quartet_memo_forget(&memo, "key", 3) && memo_is_exact(&memo, 0));
	memo_plan.err = -EIO;
	EXPECT(quartet_memo_get_ref(&memo, "err", 3, NULL) == ERR_PTR(-EIO));
	quartet_memo_destroy(&memo);
	EXPECT(hit->len == 3 && !memcmp(hit->data, "key", 3));
	quartet_memo_put_ref(hit);
	return NULL;
}

MEMO_CASE(forget_and_clear)
{
	struct quartet_memo_params params = memo_params();
	unsigned int i;

	EXPECT(!quartet_memo_init(&memo, &params));
	EXPECT(quartet_memo_forget(&memo, "key", 3) == -ENOENT);
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_COMPUTED));
	EXPECT(!quartet_memo_forget(&memo, "key", 3) && memo_is_exact(&memo, 0));
	EXPECT(quartet_memo_forget(&memo, "key", 3) == -ENOENT);
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_COMPUTED));
	for (i = 0; i < 500; i++)
		EXPECT(get_number(i) > 0);
	EXPECT(quartet_memo_clear(&memo) == 501 && memo_is_exact(&memo, 0));
	EXPECT(quartet_memo_clear(&memo) == 0);
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_COMPUTED));
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_HIT));
	EXPECT(memo_state(&memo).stats.forgotten == 502);
	quartet_memo_destroy(&memo);
	return NULL;
}

MEMO_CASE(peek)
{
	struct quartet_memo_how how = { .flags = QUARTET_MEMO_PEEK };
	struct quartet_memo_params params = memo_params();

	EXPECT(!quartet_memo_init(&memo, &params));
	EXPECT(memo_get(&memo, "key", &how) == -ENOENT && !memo_calls());
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_COMPUTED));
	EXPECT(memo_get(&memo, "key", &how) == 3 && how.what == QUARTET_MEMO_HIT);
	how.flags = QUARTET_MEMO_NOWAIT;
	EXPECT(memo_get(&memo, "other", &how) == 5 && how.what == QUARTET_MEMO_COMPUTED);
	quartet_memo_destroy(&memo);
	return NULL;
}

static const char *registered(void)
{
	struct quartet_memo_function function = {
		.name = "kapi", .func = memo_function, .data = &memo_plan, .owner = THIS_MODULE,
	};
	struct quartet_memo_function twin = function, bad = { .name = "bad" };
	struct quartet_memo_params params = memo_external();

	memo_plan_reset(&memo_plan);
	params.func_name = "kapi";
	EXPECT(quartet_memo_init(&memo, &params) == -ENOENT);
	EXPECT(quartet_memo_register_func(&bad) == -EINVAL);
	bad = function;
	bad.name = "";
	EXPECT(quartet_memo_register_func(&bad) == -EINVAL);
	EXPECT(!quartet_memo_register_func(&function));
	EXPECT(quartet_memo_register_func(&twin) == -EEXIST);
	EXPECT(!quartet_memo_init(&memo, &params));
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_COMPUTED));
	EXPECT(quartet_memo_unregister_func(&function) == -EBUSY);
	quartet_memo_destroy(&memo);
	EXPECT(!quartet_memo_unregister_func(&function));
	EXPECT(quartet_memo_init(&memo, &params) == -ENOENT);
	return NULL;
}

MEMO_CASE(destroyed)
{
	struct quartet_memo_params params = memo_external();
	struct quartet_memo_waiter waiter = { };
	struct quartet_memo_how how = { };
	char value[8];

	EXPECT(!quartet_memo_init(&memo, &params));
	EXPECT(memo_get(&memo, "key", &how) == -ENODATA);
	quartet_memo_destroy(&memo);
	quartet_memo_destroy(&memo);
	EXPECT(quartet_memo_fulfil(&memo, &how.lead, "v", 1) == -ESHUTDOWN);
	EXPECT(quartet_memo_fail(&memo, &how.lead, -EIO) == -ESHUTDOWN);
	EXPECT(quartet_memo_abandon(&memo, &how.lead) == -ESHUTDOWN);
	EXPECT(!quartet_memo_abandon_all(&memo, current));
	EXPECT(memo_get(&memo, "key", &how) == -ESHUTDOWN && how.what == QUARTET_MEMO_NOTHING);
	EXPECT(quartet_memo_get_ref(&memo, "key", 3, &how) == ERR_PTR(-ESHUTDOWN));
	EXPECT(quartet_memo_enqueue(&memo, "key", 3, value, 8, &how, &waiter) == -ESHUTDOWN);
	EXPECT(quartet_memo_forget(&memo, "key", 3) == -ESHUTDOWN);
	EXPECT(!quartet_memo_clear(&memo) && !quartet_memo_sweep(&memo));
	EXPECT(!quartet_memo_evict(&memo, 1) && memo_is_exact(&memo, 0));
	return NULL;
}

#ifdef CONFIG_FAULT_INJECTION

#define MOST_ALLOCATIONS	1000

/* A table made and used, with the @n-th allocation failing. True if it came to that. */
static bool fails_at(const struct quartet_memo_params *params, unsigned int n, int *init,
		     ssize_t *got)
{
	bool reached;

	*got = 0;
	current->fail_nth = n;
	*init = quartet_memo_init(&memo, params);
	if (!*init)
		*got = memo_get(&memo, "key", NULL);
	reached = !current->fail_nth;
	current->fail_nth = 0;
	return reached;
}

/* After each failure, the name, the function and the memory are there for the next table. */
static const char *fail_all(const struct quartet_memo_params *params)
{
	unsigned int n, failed = 0;
	ssize_t got;
	int err;

	for (n = 1; n < MOST_ALLOCATIONS && fails_at(params, n, &err, &got); n++) {
		EXPECT(!err || err == -ENOMEM);
		EXPECT(err || got == 3 || got == -ENOMEM);
		failed += err || got < 0;
		EXPECT(!err || !quartet_memo_init(&memo, params));
		EXPECT(memo_get(&memo, "key", NULL) == 3);
		quartet_memo_destroy(&memo);
	}
	/* How many of them are ours, and not of what debugs the kernel, is up to chance. */
	EXPECT(n < MOST_ALLOCATIONS && failed && !err && got == 3);
	quartet_memo_destroy(&memo);
	return NULL;
}

/* With a record in debugfs, and without. */
MEMO_CASE(out_of_memory)
{
	struct quartet_memo_params named = memo_params(), unnamed = named;

	if (!IS_ENABLED(CONFIG_FAILSLAB))
		return "skip: this kernel does not inject faults";
	unnamed.name = NULL;
	return fail_all(&named) ?: fail_all(&unnamed);
}

#else

static const char *out_of_memory(void)
{
	return "skip: this kernel does not inject faults";
}

#endif

#define CASE(function)	KAPI_CASE(memo, function)

struct kapi_case kapi_memo_kinds_cases[] = {
	CASE(uncontended),
	CASE(parameters),
	CASE(names),
	CASE(keys),
	CASE(unknown_flags),
	CASE(values),
	CASE(lengths),
	CASE(functions_that_err),
	CASE(errors),
	CASE(capacity),
	CASE(capacity_in_use),
	CASE(capacity_of_shards),
	CASE(bytes),
	CASE(references),
	CASE(forget_and_clear),
	CASE(peek),
	CASE(registered),
	CASE(destroyed),
	CASE(out_of_memory),
};

const int kapi_memo_kinds_number = ARRAY_SIZE(kapi_memo_kinds_cases);
