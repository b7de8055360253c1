// SPDX-License-Identifier: GPL-2.0-only
/* Functions that modules register, for tables that know them by name. */
#include <linux/export.h>
#include <linux/module.h>

#include "body.h"

static DEFINE_MUTEX(functions_mutex);	/* protects functions */
static LIST_HEAD(functions);

static struct quartet_memo_function *find_function(const char *name)
{
	struct quartet_memo_function *function;

	list_for_each_entry(function, &functions, list)
		if (!strcmp(function->name, name))
			return function;
	return NULL;
}

/**
 * quartet_memo_register_func() - let tables name a function
 * @function: filled in by the caller; it stays until it is unregistered
 *
 * Context: task, may sleep.
 * Return: 0, -EINVAL without a function or for another kind of name, -EEXIST.
 */
int quartet_memo_register_func(struct quartet_memo_function *function)
{
	int err = 0;

	if (!function->func || !function->name || !quartet_is_name(function->name))
		return -EINVAL;
	mutex_lock(&functions_mutex);
	if (find_function(function->name)) {
		err = -EEXIST;
	} else {
		function->users = 0;
		list_add_tail(&function->list, &functions);
	}
	mutex_unlock(&functions_mutex);
	return err;
}
EXPORT_SYMBOL_GPL(quartet_memo_register_func);

/**
 * quartet_memo_unregister_func() - the end of quartet_memo_register_func()
 * @function: as registered
 *
 * A module that is @owner and unregisters in its exit has no table left that uses it.
 *
 * Context: task, may sleep.
 * Return: 0, or -EBUSY, and nothing done, while a table uses it.
 */
int quartet_memo_unregister_func(struct quartet_memo_function *function)
{
	int err = 0;

	mutex_lock(&functions_mutex);
	if (function->users)
		err = -EBUSY;
	else
		list_del(&function->list);
	mutex_unlock(&functions_mutex);
	return err;
}
EXPORT_SYMBOL_GPL(quartet_memo_unregister_func);

/* NULL if there is none, or its module is on its way out. */
struct quartet_memo_function *memo_function_get(const char *name)
{
	struct quartet_memo_function *function;

	mutex_lock(&functions_mutex);
	function = find_function(name);
	if (function && !try_module_get(function->owner))
		function = NULL;
	if (function)
		function->users++;
	mutex_unlock(&functions_mutex);
	return function;
}

void memo_function_put(struct quartet_memo_function *function)
{
	mutex_lock(&functions_mutex);
	function->users--;
	module_put(function->owner);
	mutex_unlock(&functions_mutex);
}
