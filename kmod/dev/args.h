/* SPDX-License-Identifier: GPL-2.0-only */
/* What a command brings: its struct, names, deadlines. */
#ifndef QUARTET_DEV_ARGS_H
#define QUARTET_DEV_ARGS_H

#include <linux/ktime.h>
#include <linux/types.h>

#include <linux/quartet.h>

/* Flags of commands that wait. */
#define ARGS_WAIT	(QUARTET_TRY | QUARTET_ASYNC | QUARTET_DEADLINE)

/* Copies a struct in, and can be sure, but for a caller that plays tricks, of copying it out. */
int args_in(void *args, size_t size, void __user *argp, u32 flags);
int args_out(void __user *argp, const void *args, size_t size);
int args_name(char *name, u64 pointer, u32 len);
int args_wait(u32 flags, u64 ns, u32 clock, ktime_t *deadline);

#endif /* QUARTET_DEV_ARGS_H */
