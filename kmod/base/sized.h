/* SPDX-License-Identifier: GPL-2.0-only */
/* A struct of user space that begins with its size, so that it can grow. */
#ifndef QUARTET_SIZED_H
#define QUARTET_SIZED_H

#include <linux/mm.h>
#include <linux/uaccess.h>

/*
 * quartet_copy_sized() - copy it in
 * @args: where to
 * @size: as this module knows the struct, which is its first version
 * @argp: user's
 *
 * Context: task, may fault.
 * Return: 0; -EFAULT; -EINVAL if it is too short; -E2BIG if it has what the module does not know.
 */
static inline int quartet_copy_sized(void *args, size_t size, void __user *argp)
{
	u32 usize;

	if (get_user(usize, (u32 __user *)argp))
		return -EFAULT;
	if (usize < size)
		return -EINVAL;
	if (usize > PAGE_SIZE)
		return -E2BIG;
	return copy_struct_from_user(args, size, argp, usize);
}

#endif /* QUARTET_SIZED_H */
