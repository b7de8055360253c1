// SPDX-License-Identifier: GPL-2.0-only
/* What a command brings: its struct, names, deadlines. */
#include <linux/ktime.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>

#include <linux/quartet.h>

#include "../base/compat.h"
#include "../base/name.h"
#include "../base/sized.h"
#include "args.h"
#include "limits.h"

/**
 * __args_in() - copy a struct that begins with its size and its flags
 * @args: where to
 * @size: of the struct as this module knows it
 * @least: as version 0.2.0 knew it
 * @argp: user's
 * @flags: that the command knows
 *
 * It is written back unchanged, so that a copy out that fails is known before anything is done.
 *
 * Context: task, may fault.
 * Return: 0; -EFAULT; -EINVAL if it is too short, or has other flags; -E2BIG if it has what the
 * module does not know.
 */
int __args_in(void *args, size_t size, size_t least, void __user *argp, u32 flags)
{
	const struct { u32 size, flags; } *head = args;
	int err = quartet_sized_in(args, size, least, argp);

	if (!err)
		err = args_out(argp, args, size);
	if (!err && head->flags & ~flags)
		err = -EINVAL;
	return err;
}

/* As much as the caller has room for. */
int args_out(void __user *argp, const void *args, size_t size)
{
	return quartet_sized_out(argp, args, size);
}

/* @name has room for QUARTET_NAME_LEN + 1. */
int args_name(char *name, u64 pointer, u32 len)
{
	if (!len || len > limits_name_max())
		return -EINVAL;
	if (copy_from_user(name, u64_to_user_ptr(pointer), len))
		return -EFAULT;
	name[len] = 0;
	if (strlen(name) != len || !quartet_is_name(name) || strchr(name, '/'))
		return -EINVAL;
	return 0;
}

/* In CLOCK_MONOTONIC of no namespace. What is past is at 0. */
static int args_convert(u64 ns, u32 clock, ktime_t *at)
{
	switch (clock) {
	case QUARTET_CLOCK_MONOTONIC:
		*at = quartet_host_time(ns);
		return 0;
	case QUARTET_CLOCK_REALTIME:
		/* The kernel keeps the difference of the clocks from being negative. */
		*at = max_t(s64, ns - ktime_mono_to_real(0), 0);
		return 0;
	default:
		return -EINVAL;
	}
}

/*
 * How a command waits. A deadline of the real-time clock is as far away as it is now: a step of
 * that clock moves no wait under way.
 */
int args_wait(u32 flags, u64 ns, u32 clock, struct args_deadline *deadline)
{
	deadline->set = flags & QUARTET_DEADLINE;
	if (flags & QUARTET_TRY && flags & (QUARTET_ASYNC | QUARTET_DEADLINE))
		return -EINVAL;
	if (!deadline->set)
		return ns || clock ? -EINVAL : 0;
	return ns > KTIME_MAX ? -EINVAL : args_convert(ns, clock, &deadline->at);
}
