// SPDX-License-Identifier: GPL-2.0-only
/* A function that tables of processes may name: it returns the number that the key is. */
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/string.h>

#include <quartet/memo.h>

#include "kapi.h"

static int registered_number(struct quartet_memo_call *call, const void *key, size_t key_len,
			     void *data)
{
	int number;

	if (key_len != sizeof(number))
		return -EINVAL;
	memcpy(&number, key, sizeof(number));
	return number;
}

static struct quartet_memo_function registered_function = {
	.name = "kapi_number",
	.func = registered_number,
	.owner = THIS_MODULE,
};

int kapi_registered_init(void)
{
	return quartet_memo_register_func(&registered_function);
}

void kapi_registered_exit(void)
{
	quartet_memo_unregister_func(&registered_function);
}
