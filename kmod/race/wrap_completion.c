// SPDX-License-Identifier: GPL-2.0-only
/* Completions. */
#include <linux/completion.h>

#include "wrap.h"

RACE_WRAP(void, complete, struct completion *done)
{
	race_release(done, "complete", _RET_IP_);
	complete(done);
}

RACE_WRAP(void, complete_all, struct completion *done)
{
	race_release(done, "complete_all", _RET_IP_);
	complete_all(done);
}

RACE_WRAP(void, wait_for_completion, struct completion *done)
{
	wait_for_completion(done);
	race_acquire(done, "wait_for_completion", _RET_IP_);
}

RACE_WRAP(int, wait_for_completion_interruptible, struct completion *done)
{
	int err = wait_for_completion_interruptible(done);

	if (!err)
		race_acquire(done, "wait_for_completion_interruptible", _RET_IP_);
	return err;
}

RACE_WRAP(int, wait_for_completion_killable, struct completion *done)
{
	int err = wait_for_completion_killable(done);

	if (!err)
		race_acquire(done, "wait_for_completion_killable", _RET_IP_);
	return err;
}

RACE_WRAP(unsigned long, wait_for_completion_timeout, struct completion *done,
	  unsigned long timeout)
{
	unsigned long left = wait_for_completion_timeout(done, timeout);

	if (left)
		race_acquire(done, "wait_for_completion_timeout", _RET_IP_);
	return left;
}

RACE_WRAP(bool, try_wait_for_completion, struct completion *done)
{
	bool completed = try_wait_for_completion(done);

	if (completed)
		race_acquire(done, "try_wait_for_completion", _RET_IP_);
	return completed;
}

RACE_WRAP(bool, completion_done, struct completion *done)
{
	bool completed = completion_done(done);

	if (completed)
		race_acquire(done, "completion_done", _RET_IP_);
	return completed;
}
