// SPDX-License-Identifier: GPL-2.0-only
/* Cases of completions and wait queues. */
#include <linux/sched.h>
#include <linux/wait.h>

#include "case.h"

FIRST(other_completion)
{
	shared.value = 1;
	complete(&shared.done);
	complete(&shared.other_done);
	shared.other = 1;
}

SECOND(other_completion)
{
	wait_for_completion(&shared.other_done);
	shared.other++;
}
CASE(other_completion);

FIRST(after_complete)
{
	complete(&shared.done);
	shared.value = 1;
}

SECOND(after_complete)
{
	wait_for_completion(&shared.done);
	shared.value++;
}
CASE(after_complete);

FIRST(before_wait)
{
	shared.value = 1;
	complete(&shared.done);
}

SECOND(before_wait)
{
	shared.value++;
	wait_for_completion(&shared.done);
}
CASE(before_wait);

FIRST(not_yet_done)
{
	shared.value = 1;
}

SECOND(not_yet_done)
{
	if (!try_wait_for_completion(&shared.done))
		shared.value++;
}
CASE(not_yet_done);

FIRST(completion)
{
	shared.value = 1;
	complete(&shared.done);
}

SECOND(completion)
{
	wait_for_completion(&shared.done);
	shared.value++;
}
CASE(completion);

FIRST(complete_all)
{
	shared.value = 1;
	complete_all(&shared.done);
}

SECOND(complete_all)
{
	wait_for_completion_killable(&shared.done);
	shared.value++;
}
CASE(complete_all);

FIRST(completion_timeout)
{
	shared.value = 1;
	complete(&shared.done);
}

SECOND(completion_timeout)
{
	if (wait_for_completion_timeout(&shared.done, HZ))
		shared.value++;
}
CASE(completion_timeout);

FIRST(completion_try)
{
	shared.value = 1;
	complete(&shared.done);
}

SECOND(completion_try)
{
	if (try_wait_for_completion(&shared.done))
		shared.value++;
}
CASE(completion_try);

/* Who need not sleep is ordered by the condition alone. */
FIRST(wait_event_once)
{
	shared.value = 1;
	WRITE_ONCE(shared.flag, 1);
	wake_up(&shared.queue);
}

SECOND(wait_event_once)
{
	wait_event(shared.queue, READ_ONCE(shared.flag));
	shared.value++;
}
CASE(wait_event_once);

FIRST(wait_event)
{
	shared.value = 1;
	smp_store_release(&shared.flag, 1);
	wake_up(&shared.queue);
}

SECOND(wait_event)
{
	wait_event(shared.queue, smp_load_acquire(&shared.flag));
	shared.value++;
}
CASE(wait_event);

/* The first may have been forgotten by then. */
FIRST(complete_twice)
{
	shared.value = 1;
	complete(&shared.done);
}

SECOND(complete_twice)
{
	complete(&shared.done);
	wait_for_completion(&shared.done);
	wait_for_completion(&shared.done);
	shared.value++;
}
CASE(complete_twice);
