// SPDX-License-Identifier: GPL-2.0-only
/* The queued spinlock is first come, first served, from where it can be seen who has come. */
#include <quartet/spinlock.h>

#include "cases.h"
#include "holder.h"
#include "tasks.h"

#define LATE	3	/* the thread that comes last */

static struct quartet_spinlock lock;
static struct holder holder;
static int newest;		/* what the holder has seen; under the lock */
static unsigned int served;	/* a bit a thread; under the lock */
static int go;			/* the late one may come */

static void start(void)
{
	quartet_spin_lock_init(&lock);
	memset(&holder, 0, sizeof(holder));
	newest = QUARTET_SPIN_NO_WAITER;
	served = 0;
	go = 0;
}

static void be_served(void)
{
	holder_enter(&holder);
	served |= 1 << smp_processor_id();
	holder_leave(&holder);
}

/* The late one comes once somebody is seen to wait, or both have been served. */
static void hold_and_look(void)
{
	quartet_spin_lock(&lock);
	while (served != 6 && newest == QUARTET_SPIN_NO_WAITER) {
		newest = quartet_spin_newest_waiter(&lock);
		if (newest == QUARTET_SPIN_NO_WAITER)
			cpu_relax();
	}
	if (newest >= 0 && newest != 1 && newest != 2)
		sim_fail("assertion: CPU %d is seen to wait", newest);
	WRITE_ONCE(go, 1);
	be_served();
	quartet_spin_unlock(&lock);
}

static void lock_once(void)
{
	quartet_spin_lock(&lock);
	be_served();
	quartet_spin_unlock(&lock);
}

static void come_late(void)
{
	while (!READ_ONCE(go))
		cpu_relax();
	quartet_spin_lock(&lock);
	if (newest == QUARTET_SPIN_PENDING_WAITER ? !(served & 6) :
	    newest >= 0 && !(served & 1 << newest))
		sim_fail("overtaken: T%d came after %d, and is granted before it", LATE, newest);
	be_served();
	quartet_spin_unlock(&lock);
}

const struct sim_case spinlock_order = {
	.name = "spinlock-order",
	.what = "who is seen to wait is granted before whoever comes later",
	.start = start,
	.threads = { hold_and_look, lock_once, lock_once, come_late },
	.end = tasks_end,
};
