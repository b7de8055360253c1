/* SPDX-License-Identifier: GPL-2.0-only */
/* What a command brings: its struct, names, deadlines. */
#ifndef QUARTET_DEV_ARGS_H
#define QUARTET_DEV_ARGS_H

#include <linux/ktime.h>
#include <linux/types.h>

#include <linux/quartet.h>

/**
 * struct args_deadline - until when a command waits
 * @set: else it waits for as long as it takes
 * @at: CLOCK_MONOTONIC, of no time namespace
 */
struct args_deadline {
	bool set;
	ktime_t at;
};

/* Flags of commands that wait. */
#define ARGS_WAIT	(QUARTET_TRY | QUARTET_ASYNC | QUARTET_DEADLINE | QUARTET_BY_HANDLE)

/*
 * The least size that a caller may give: that of the struct in version 0.2.0, or in the version
 * that brought it. A struct that grows keeps its number here.
 */
#define ARGS_LEAST(args) _Generic(*(args), \
	struct quartet_info: 64, \
	struct quartet_create: 104, \
	struct quartet_open: 24, \
	struct quartet_unlink: 24, \
	struct quartet_list: 24, \
	struct quartet_lock: 64, \
	struct quartet_grant: 16, \
	struct quartet_mutex_info: 80, \
	struct quartet_pool_get: 24, \
	struct quartet_pool_put: 16, \
	struct quartet_pool_info: 48, \
	struct quartet_memo_get: 72, \
	struct quartet_memo_fulfil: 32, \
	struct quartet_memo_forget: 24, \
	struct quartet_memo_clear: 16, \
	struct quartet_memo_info: 112)

/*
 * Copies a struct in, and makes sure that it can be copied out: only a caller that changes its
 * memory meanwhile can make args_out() fail. For @args a pointer to the struct, @size its size.
 */
#define args_in(args, size, argp, flags) __args_in(args, size, ARGS_LEAST(args), argp, flags)

int __args_in(void *args, size_t size, size_t least, void __user *argp, u32 flags);
int args_out(void __user *argp, const void *args, size_t size);
int args_name(char *name, u64 pointer, u32 len);
int args_wait(u32 flags, u64 ns, u32 clock, struct args_deadline *deadline);

/* NULL for none. */
static inline const ktime_t *args_until(const struct args_deadline *deadline)
{
	return deadline->set ? &deadline->at : NULL;
}

#endif /* QUARTET_DEV_ARGS_H */
