// SPDX-License-Identifier: GPL-2.0-only
/* Which thread of a case comes first. */
#include <linux/delay.h>
#include <linux/kthread.h>

#include "order.h"

static int reached;

void order_reset(void)
{
	smp_store_release(&reached, 0);
}

void order_reach(int step)
{
	smp_store_release(&reached, step);
}

void order_wait(int step)
{
	while (smp_load_acquire(&reached) < step)
		usleep_range(20, 50);
}

void order_pause(void)
{
	msleep(20);
}

void order_wait_stop(void)
{
	while (!kthread_should_stop())
		usleep_range(20, 50);
}
