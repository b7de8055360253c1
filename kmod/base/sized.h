/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A struct of user space that begins with its size, so that it can grow.
 *
 * Copies in and out end at the caller's size: a program that was built when the struct was shorter
 * has its own data behind it.
 */
#ifndef QUARTET_SIZED_H
#define QUARTET_SIZED_H

#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/uaccess.h>

/**
 * quartet_sized_in() - copy such a struct in
 * @args: where to; its size is then the caller's, whatever another thread does with the original
 * @size: as this module knows the struct
 * @least: of its first version
 * @argp: user's
 *
 * Fields behind the caller's size are 0.
 *
 * Context: task, may fault.
 * Return: 0; -EFAULT; -EINVAL if it is too short; -E2BIG if it has what the module does not know.
 */
static inline int quartet_sized_in(void *args, size_t size, size_t least, void __user *argp)
{
	u32 usize;
	int err;

	if (get_user(usize, (u32 __user *)argp))
		return -EFAULT;
	if (usize < least)
		return -EINVAL;
	if (usize > PAGE_SIZE)
		return -E2BIG;
	err = copy_struct_from_user(args, size, argp, usize);
	*(u32 *)args = usize;
	return err;
}

/**
 * quartet_sized_out() - copy it back
 * @argp: user's
 * @args: as quartet_sized_in() left its size
 * @size: as this module knows the struct
 *
 * Context: task, may fault.
 * Return: 0 or -EFAULT.
 */
static inline int quartet_sized_out(void __user *argp, const void *args, size_t size)
{
	size_t usize = *(const u32 *)args;

	return copy_to_user(argp, args, min(size, usize)) ? -EFAULT : 0;
}

#endif /* QUARTET_SIZED_H */
