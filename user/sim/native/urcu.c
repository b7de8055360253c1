// SPDX-License-Identifier: GPL-2.0-only
/* liburcu, in a file that includes none of the kernel's names. */
#include <urcu/urcu-memb.h>

#include "urcu.h"

void native_urcu_register(void)
{
	urcu_memb_register_thread();
}

void native_urcu_unregister(void)
{
	urcu_memb_unregister_thread();
}

void native_urcu_read_lock(void)
{
	urcu_memb_read_lock();
}

void native_urcu_read_unlock(void)
{
	urcu_memb_read_unlock();
}

void native_urcu_synchronize(void)
{
	urcu_memb_synchronize_rcu();
}
