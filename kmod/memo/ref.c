// SPDX-License-Identifier: GPL-2.0-only
/* References to values: gets that copy nothing. */
#include <linux/export.h>

#include <quartet/race.h>

#include "rcu.h"

/**
 * quartet_memo_get_ref() - the value of a key, without a copy
 * @memo: a table
 * @key: @key_len bytes
 * @key_len: 1 to the table's key_max
 * @how: as for quartet_memo_get()
 *
 * It stays until quartet_memo_put_ref(), whatever becomes of the entry and the table. Until then
 * it is not evicted, either, unless that had begun when it was found.
 *
 * Context: as quartet_memo_get().
 * Return: the value; or an error pointer, as quartet_memo_get().
 * Ordering: acquire, for what the leader did before its result.
 */
const struct quartet_memo_value *quartet_memo_get_ref(struct quartet_memo *memo, const void *key,
						      size_t key_len,
						      struct quartet_memo_how *how)
{
	struct memo_request req = { .key = { .bytes = key, .len = key_len } };
	struct quartet_memo_value *value;

	rcu_read_lock();
	value = memo_hit(memo, &req.key, &req.absent);
	if (IS_ERR(value))
		req.what = QUARTET_MEMO_FAILED;
	else if (value && refcount_inc_not_zero(&value->refs))
		req.what = QUARTET_MEMO_HIT;
	else
		value = NULL;
	rcu_read_unlock();
	if (value)
		memo_tell(how, &req, value);
	else
		value = memo_get_slow(memo, &req, how);
	if (!IS_ERR(value))
		quartet_race_acquire(value);
	return value;
}
EXPORT_SYMBOL_GPL(quartet_memo_get_ref);

/**
 * quartet_memo_put_ref() - the end of quartet_memo_get_ref()
 * @value: not to be looked at any more
 *
 * Context: any but NMI.
 */
void quartet_memo_put_ref(const struct quartet_memo_value *value)
{
	memo_value_put((struct quartet_memo_value *)value);
}
EXPORT_SYMBOL_GPL(quartet_memo_put_ref);
