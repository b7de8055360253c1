// SPDX-License-Identifier: GPL-2.0-only
/* Tokens: one counter for all grants, of locks and of leads. */
#include <linux/atomic.h>
#include <linux/ktime.h>
#include <linux/timekeeping.h>

#include "token.h"

static atomic64_t tokens;

/* Later than any before, even those of a module that has been removed, as clocks go on. */
void quartet_tokens_init(void)
{
	atomic64_set(&tokens, ktime_get_real_ns());
}

/* Fully ordered: who is granted something later gets more. */
u64 quartet_token(void)
{
	return atomic64_inc_return(&tokens);
}
