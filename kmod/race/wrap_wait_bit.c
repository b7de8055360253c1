// SPDX-License-Identifier: GPL-2.0-only
/* Waits for bits and for variables. */
#include <linux/bits.h>
#include <linux/wait_bit.h>

#include "compat.h"
#include "wrap.h"

/* The address by which bitops know a bit. */
static const void *word_of(const void *word, int bit)
{
	return (const unsigned long *)word + bit / BITS_PER_LONG;
}

RACE_WRAP(void, wake_up_bit, race_bits_t *word, int bit)
{
	race_release(word_of(word, bit), "wake_up_bit", _RET_IP_);
	wake_up_bit(word, bit);
}

RACE_WRAP(int, out_of_line_wait_on_bit, race_bits_t *word, int bit, wait_bit_action_f *action,
	  unsigned int mode)
{
	int err = out_of_line_wait_on_bit(word, bit, action, mode);

	if (!err)
		race_acquire(word_of(word, bit), "wait_on_bit", _RET_IP_);
	return err;
}

RACE_WRAP(int, out_of_line_wait_on_bit_timeout, race_bits_t *word, int bit,
	  wait_bit_action_f *action, unsigned int mode, unsigned long timeout)
{
	int err = out_of_line_wait_on_bit_timeout(word, bit, action, mode, timeout);

	if (!err)
		race_acquire(word_of(word, bit), "wait_on_bit_timeout", _RET_IP_);
	return err;
}

RACE_WRAP(int, out_of_line_wait_on_bit_lock, race_bits_t *word, int bit,
	  wait_bit_action_f *action, unsigned int mode)
{
	int err = out_of_line_wait_on_bit_lock(word, bit, action, mode);

	if (!err)
		race_acquire(word_of(word, bit), "wait_on_bit_lock", _RET_IP_);
	return err;
}

/* Who waits prepares to do so on the queue of the variable, which others may share. */
RACE_WRAP(void, wake_up_var, void *var)
{
	race_release(__var_waitqueue(var), "wake_up_var", _RET_IP_);
	wake_up_var(var);
}
