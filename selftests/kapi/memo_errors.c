// SPDX-License-Identifier: GPL-2.0-only
/*
 * Errors as results, and what error and close paths give back: values, functions, modules.
 * References to a value are counted here, so that one too few or too many is seen.
 */
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/smp.h>

#include "memo.h"

#define SHORT_NS	(40 * NSEC_PER_MSEC)
#define LONG_MS		100
#define LARGE		1048576UL

static struct quartet_memo memo;
static struct memo_asker asker;

static bool is_of_the_moment(int err)
{
	return err == -ENOMEM || err == -EDEADLK;
}

/* Whatever the function returns is its result, and is kept as such. */
MEMO_CASE(each_is_a_result)
{
	struct quartet_memo_params params = memo_params();
	struct quartet_memo_how how = { };
	int err;

	EXPECT(!quartet_memo_init(&memo, &params));
	for (err = -1; err >= -QUARTET_MEMO_MAX_ERROR; err--) {
		if (err == -EINTR)
			continue;
		memo_plan.err = err;
		EXPECT(memo_get(&memo, "key", &how) == err);
		EXPECT(how.what == QUARTET_MEMO_COMPUTED);
		if (is_of_the_moment(err)) {
			EXPECT(quartet_memo_forget(&memo, "key", 3) == -ENOENT);
			continue;
		}
		EXPECT(memo_get(&memo, "key", &how) == err && how.what == QUARTET_MEMO_FAILED);
		EXPECT(quartet_memo_get_ref(&memo, "key", 3, &how) == ERR_PTR(err));
		EXPECT(how.what == QUARTET_MEMO_FAILED);
		EXPECT(!quartet_memo_forget(&memo, "key", 3));
	}
	EXPECT(memo_is_exact(&memo, 0));
	quartet_memo_destroy(&memo);
	return NULL;
}

/* By one who sleeps; and by one who comes later, and would be called. */
static const char *join_one(int err)
{
	struct quartet_memo_how lead = { .owner = &asker }, how = { .owner = &memo };
	struct quartet_memo_waiter waiter = { };

	EXPECT(memo_get(&memo, "key", &lead) == -ENODATA && lead.what == QUARTET_MEMO_LEAD);
	memo_ask(&asker, &memo, "key", NULL);
	memo_wait_for(&memo, 1);
	EXPECT(!quartet_memo_fail(&memo, &lead.lead, err));
	EXPECT(memo_answer(&asker) == err && asker.how.what == QUARTET_MEMO_JOINED);
	if (is_of_the_moment(err))
		return NULL;
	EXPECT(quartet_memo_enqueue(&memo, "key", 3, NULL, 0, &how, &waiter) == err);
	EXPECT(how.what == QUARTET_MEMO_FAILED);
	EXPECT(!quartet_memo_forget(&memo, "key", 3));
	return NULL;
}

/* Those that a get, or a table, has of its own, too. */
MEMO_CASE(each_is_joined)
{
	static const int errs[] = {
		-ESHUTDOWN, -EDEADLK, -ENOENT, -ETIMEDOUT, -ECANCELED, -EINTR, -EAGAIN, -ENOMEM,
		-ENOBUFS, -EINPROGRESS, -ENODATA, -EINVAL, -EPERM, -QUARTET_MEMO_MAX_ERROR,
	};
	struct quartet_memo_params params = memo_external();
	const char *wrong = NULL;
	int i;

	EXPECT(!quartet_memo_init(&memo, &params));
	for (i = 0; i < ARRAY_SIZE(errs) && !wrong; i++)
		wrong = join_one(errs[i]);
	EXPECT(wrong || memo_is_exact(&memo, 0));
	quartet_memo_destroy(&memo);
	return wrong;
}

/* Restarts are no result, and nothing else that is the kernel's own is told. */
MEMO_CASE(kernels_own)
{
	static const int restarts[] = { -EINTR, -512, -513, -514, -516 };
	static const int others[] = { -515, -517, -529, -530, -531, -4095, -4096, INT_MIN, 1 };
	struct quartet_memo_params params = memo_params();
	struct quartet_memo_how how = { };
	int i;

	EXPECT(!quartet_memo_init(&memo, &params));
	for (i = 0; i < ARRAY_SIZE(restarts); i++) {
		memo_plan.err = restarts[i];
		EXPECT(memo_get(&memo, "key", &how) == -EINTR);
		EXPECT(how.what == QUARTET_MEMO_NOTHING && memo_is_exact(&memo, 0));
	}
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		memo_plan.err = others[i];
		EXPECT(memo_get(&memo, "key", &how) == -EIO);
		EXPECT(how.what == QUARTET_MEMO_COMPUTED);
		EXPECT(!quartet_memo_forget(&memo, "key", 3));
	}
	quartet_memo_destroy(&memo);
	return NULL;
}

static unsigned int refs_of(const struct quartet_memo_value *value)
{
	return refcount_read(&value->refs);
}

/* A table with a value that is about to expire, and a reference of ours to it. */
static const struct quartet_memo_value *begin_old(void)
{
	struct quartet_memo_params params = memo_params();

	memo_plan_reset(&memo_plan);
	params.ttl = 1000 * NSEC_PER_MSEC;
	params.refresh_percent = 99;
	if (quartet_memo_init(&memo, &params) || !memo_gives(&memo, "key", QUARTET_MEMO_COMPUTED))
		return ERR_PTR(-EINVAL);
	msleep(30);
	return quartet_memo_get_ref(&memo, "key", 3,
				    &(struct quartet_memo_how){ .flags = QUARTET_MEMO_PEEK });
}

/* The old value has the entry's reference and ours, until another one takes its place. */
static const char *refresh_gives_back(void)
{
	const struct quartet_memo_value *old = begin_old();

	EXPECT(!IS_ERR(old) && refs_of(old) == 2);
	memo_plan.err = -EIO;
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_HIT) && memo_calls() == 2);
	EXPECT(refs_of(old) == 2 && memo_is_exact(&memo, 1));
	quartet_memo_destroy(&memo);
	EXPECT(refs_of(old) == 1);
	quartet_memo_put_ref(old);
	old = begin_old();
	EXPECT(!IS_ERR(old) && refs_of(old) == 2);
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_COMPUTED));
	EXPECT(refs_of(old) == 1 && memo_is_exact(&memo, 1));
	quartet_memo_put_ref(old);
	quartet_memo_destroy(&memo);
	return NULL;
}

/* An error takes the place of a value that has expired. */
MEMO_CASE(error_gives_back)
{
	struct quartet_memo_params params = memo_params();
	const struct quartet_memo_value *old;

	params.ttl = SHORT_NS;
	EXPECT(!quartet_memo_init(&memo, &params));
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_COMPUTED));
	old = quartet_memo_get_ref(&memo, "key", 3, NULL);
	EXPECT(!IS_ERR(old) && refs_of(old) == 2);
	msleep(LONG_MS);
	memo_plan.err = -ENOMEM;
	EXPECT(memo_get(&memo, "key", NULL) == -ENOMEM && memo_is_exact(&memo, 0));
	rcu_barrier();
	EXPECT(refs_of(old) == 1);
	quartet_memo_put_ref(old);
	memo_plan.err = 0;
	EXPECT(memo_gives(&memo, "key", QUARTET_MEMO_COMPUTED));
	old = quartet_memo_get_ref(&memo, "key", 3, NULL);
	msleep(LONG_MS);
	memo_plan.err = -EIO;
	EXPECT(memo_get(&memo, "key", NULL) == -EIO && refs_of(old) == 1);
	quartet_memo_put_ref(old);
	quartet_memo_destroy(&memo);
	return NULL;
}

static int destroyer(void *data)
{
	struct memo_asker *closer = data;

	quartet_memo_destroy(&memo);
	complete(&closer->done);
	return 0;
}

/* The table ends while its function computes the key anew: with a value, or an error. */
static const char *end_during_refresh(int err)
{
	const struct quartet_memo_value *old = begin_old();
	struct memo_asker closer = { };

	EXPECT(!IS_ERR(old));
	memo_plan.held = true;
	memo_plan.err = err;
	memo_ask(&asker, &memo, "key", NULL);
	wait_for_completion(&memo_plan.started);
	memo_start(&closer, destroyer);
	while (rcu_access_pointer(memo.body))
		usleep_range(200, 500);
	/* Then it closes; what the function returns comes after that. */
	msleep(20);
	complete(&memo_plan.go);
	EXPECT(memo_answer(&asker) == -ESHUTDOWN && asker.how.what == QUARTET_MEMO_NOTHING);
	memo_answer(&closer);
	EXPECT(refs_of(old) == 1);
	quartet_memo_put_ref(old);
	return NULL;
}

static const char *end_gives_back(void)
{
	const char *wrong = end_during_refresh(-EIO);

	return wrong ?: end_during_refresh(0);
}

/* A table that cannot be made lets its function go, and so do many that can. */
static const char *function_is_let_go(void)
{
	struct quartet_memo_function function = {
		.name = "kapi-errors", .func = memo_function, .data = &memo_plan,
		.owner = THIS_MODULE,
	};
	struct quartet_memo_params params = memo_external();
	struct quartet_memo twin;
	int before = module_refcount(THIS_MODULE), i;

	memo_plan_reset(&memo_plan);
	params.func_name = "kapi-errors";
	EXPECT(!quartet_memo_register_func(&function));
	EXPECT(!quartet_memo_init(&memo, &params));
	EXPECT(function.users == 1 && module_refcount(THIS_MODULE) == before + 1);
	for (i = 0; i < 3; i++)
		EXPECT(quartet_memo_init(&twin, &params) == -EEXIST);
	EXPECT(function.users == 1 && module_refcount(THIS_MODULE) == before + 1);
	params.refresh_percent = 100;
	EXPECT(quartet_memo_init(&twin, &params) == -EINVAL);
	EXPECT(function.users == 1);
	quartet_memo_destroy(&memo);
	EXPECT(!function.users && module_refcount(THIS_MODULE) == before);
	EXPECT(!quartet_memo_unregister_func(&function));
	return NULL;
}

static void put(void *value)
{
	quartet_memo_put_ref(value);
}

/* The last reference to a value that is too large for kmalloc(), in each context that may. */
static const char *put_anywhere(void)
{
	static char buffer[8];
	struct quartet_memo_params params = memo_params();
	const struct quartet_memo_value *value;
	int i;

	memo_plan_reset(&memo_plan);
	params.value_max = LARGE;
	memo_plan.len = LARGE;
	for (i = 0; i < 3; i++) {
		EXPECT(!quartet_memo_init(&memo, &params));
		value = quartet_memo_get_ref(&memo, "key", 3, NULL);
		EXPECT(!IS_ERR(value) && value->len == LARGE);
		EXPECT(quartet_memo_get(&memo, "key", 3, buffer, 8, NULL) == -ENOBUFS);
		quartet_memo_destroy(&memo);
		EXPECT(refs_of(value) == 1);
		local_bh_disable();
		if (i == 0)
			quartet_memo_put_ref(value);
		local_bh_enable();
		if (i == 1)
			smp_call_function_single(raw_smp_processor_id(), put, (void *)value, true);
		if (i == 2)
			quartet_memo_put_ref(value);
	}
	rcu_barrier();
	return NULL;
}

#define CASE(function)	KAPI_CASE(memo, function)

struct kapi_case kapi_memo_errors_cases[] = {
	CASE(each_is_a_result),
	CASE(each_is_joined),
	CASE(kernels_own),
	CASE(refresh_gives_back),
	CASE(error_gives_back),
	CASE(end_gives_back),
	CASE(function_is_let_go),
	CASE(put_anywhere),
};

const int kapi_memo_errors_number = ARRAY_SIZE(kapi_memo_errors_cases);
