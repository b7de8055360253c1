// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tokens: one counter for all grants, of locks and of leads.
 *
 * It begins where the clock is, and a grant takes longer than a nanosecond: so tokens are larger
 * than those of a module that was removed, or of the boot before, unless the clock has gone back.
 * Whoever keeps tokens over a reboot can tell the module the largest one.
 */
#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/timekeeping.h>

#include "token.h"

/* As far as the clock goes: as much room again is left. */
#define FLOOR_MAX	((u64)KTIME_MAX)

static unsigned long long token_floor;
module_param(token_floor, ullong, 0444);
MODULE_PARM_DESC(token_floor, "tokens are larger than this, even if the clock has gone back");

static atomic64_t tokens;

/* 0, or -EINVAL for a floor that leaves no room. */
int quartet_tokens_init(void)
{
	if (token_floor > FLOOR_MAX) {
		pr_err("quartet: token_floor is above 2^63 - 1, and leaves no room for tokens\n");
		return -EINVAL;
	}
	atomic64_set(&tokens, max_t(u64, ktime_get_real_ns(), token_floor + 1));
	return 0;
}

/* Fully ordered: who is granted something later gets more. */
u64 quartet_token(void)
{
	return atomic64_inc_return(&tokens);
}
