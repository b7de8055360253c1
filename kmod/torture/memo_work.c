// SPDX-License-Identifier: GPL-2.0-only
/*
 * The functions "sha256" and "sleep", which any module's memo table may name: the one keeps a CPU
 * busy, the other waits as if for a device. How much they do is a parameter of this module,
 * and read by each computation; a fatal signal ends one at once.
 */
#include <crypto/sha2.h>
#include <linux/hrtimer.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/random.h>
#include <linux/sched/signal.h>

#include <linux/quartet_torture.h>

#include "memo_work.h"

static struct memo_work sha256_work = { .amount = 1000 };
static struct memo_work sleep_work = { .amount = 1000 };

/* Within the bounds that the torture has, too. */
#define DEFINE_BOUNDED(name, least, most) \
static int set_##name(const char *text, const struct kernel_param *param) \
{ \
	return param_set_uint_minmax(text, param, least, most); \
} \
static const struct kernel_param_ops name##_ops = { \
	.set = set_##name, \
	.get = param_get_uint, \
}

DEFINE_BOUNDED(amount, 1, QUARTET_TORTURE_MAX_AMOUNT);
DEFINE_BOUNDED(permille, 0, 1000);

module_param_cb(sha256_iterations, &amount_ops, &sha256_work.amount, 0644);
MODULE_PARM_DESC(sha256_iterations, "of a computation of the memo function sha256");
module_param_cb(sha256_error_permille, &permille_ops, &sha256_work.error_permille, 0644);
MODULE_PARM_DESC(sha256_error_permille, "share of its computations that fail");
module_param_cb(sleep_us, &amount_ops, &sleep_work.amount, 0644);
MODULE_PARM_DESC(sleep_us, "that a computation of the memo function sleep takes");
module_param_cb(sleep_error_permille, &permille_ops, &sleep_work.error_permille, 0644);
MODULE_PARM_DESC(sleep_error_permille, "share of its computations that fail");

static int finish(struct quartet_memo_call *call, const struct memo_work *work,
		  const void *bytes, size_t len)
{
	void *room;

	if (get_random_u32() % 1000 < READ_ONCE(work->error_permille))
		return -EIO;
	room = quartet_memo_room(call, len);
	if (IS_ERR(room))
		return PTR_ERR(room);
	memcpy(room, bytes, len);
	return 0;
}

int memo_work_sha256(struct quartet_memo_call *call, const void *key, size_t key_len, void *data)
{
	const struct memo_work *work = data;
	unsigned int left = READ_ONCE(work->amount);
	u8 digest[SHA256_DIGEST_SIZE];

	sha256(key, key_len, digest);
	while (--left) {
		if (fatal_signal_pending(current))
			return -EINTR;
		sha256(digest, sizeof(digest), digest);
		cond_resched();
	}
	return finish(call, work, digest, sizeof(digest));
}

int memo_work_sleep(struct quartet_memo_call *call, const void *key, size_t key_len, void *data)
{
	const struct memo_work *work = data;
	ktime_t until = ktime_add_us(ktime_get(), READ_ONCE(work->amount));

	while (ktime_before(ktime_get(), until)) {
		if (fatal_signal_pending(current))
			return -EINTR;
		__set_current_state(TASK_KILLABLE);
		schedule_hrtimeout(&until, HRTIMER_MODE_ABS);
	}
	return finish(call, work, key, key_len);
}

static struct quartet_memo_function sha256_function = {
	.name = "sha256",
	.func = memo_work_sha256,
	.data = &sha256_work,
	.owner = THIS_MODULE,
};

static struct quartet_memo_function sleep_function = {
	.name = "sleep",
	.func = memo_work_sleep,
	.data = &sleep_work,
	.owner = THIS_MODULE,
};

int memo_work_init(void)
{
	int err = quartet_memo_register_func(&sha256_function);

	if (err)
		return err;
	err = quartet_memo_register_func(&sleep_function);
	if (err)
		quartet_memo_unregister_func(&sha256_function);
	return err;
}

/* No table uses them: that would keep this module. */
void memo_work_exit(void)
{
	quartet_memo_unregister_func(&sleep_function);
	quartet_memo_unregister_func(&sha256_function);
}
