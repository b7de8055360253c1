// SPDX-License-Identifier: GPL-2.0-only
/* What orders readers with those who wait for them. */
#include "rcu.h"
#include "sync.h"

static char readers, waiters;	/* clocks */

void race_rcu_read_begin(unsigned long pc)
{
	race_acquire(&waiters, "rcu_read_lock", pc);
}

void race_rcu_read_end(unsigned long pc)
{
	race_release(&readers, "rcu_read_unlock", pc);
}

void race_rcu_waited(const char *what, unsigned long pc)
{
	race_acquire(&readers, what, pc);
	race_release(&waiters, what, pc);
}
