/* SPDX-License-Identifier: GPL-2.0-only */
/* User space for tests: memory with an end, and another thread that writes to it meanwhile. */
#ifndef SHIM_UACCESS_H
#define SHIM_UACCESS_H

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <linux/types.h>

#define __user

typedef __u32 u32;
typedef __u64 u64;

extern char *user_end;			/* nothing is mapped from here on */
extern void (*user_writes)(void);	/* after the first that is read, or NULL */

static inline bool is_mapped(const void *at, size_t len)
{
	return (const char *)at + len <= user_end;
}

#define get_user(to, from) ({ \
	int _err = is_mapped(from, sizeof(*(from))) ? 0 : -EFAULT; \
	if (!_err) \
		(to) = *(from); \
	if (user_writes) \
		user_writes(); \
	_err; \
})

static inline unsigned long copy_to_user(void *to, const void *from, size_t len)
{
	if (!is_mapped(to, len))
		return len;
	memcpy(to, from, len);
	return 0;
}

/* As the kernel documents it. */
static inline int copy_struct_from_user(void *to, size_t size, const void *from, size_t usize)
{
	size_t i;

	if (!is_mapped(from, usize))
		return -EFAULT;
	for (i = size; i < usize; i++)
		if (((const char *)from)[i])
			return -E2BIG;
	memset(to, 0, size);
	memcpy(to, from, size < usize ? size : usize);
	return 0;
}

#endif /* SHIM_UACCESS_H */
