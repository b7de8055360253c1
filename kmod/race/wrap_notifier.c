// SPDX-License-Identifier: GPL-2.0-only
/* Chains of notifiers: those that modules have, and those of the kernel. */
#include <linux/inetdevice.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/oom.h>
#include <linux/reboot.h>
#include <linux/suspend.h>
#include <net/addrconf.h>
#include <net/netevent.h>

#include "notifier.h"
#include "wrap.h"

#define REGISTER(name, parameters, arguments)					\
	RACE_WRAP(int, name, RACE_LIST parameters)				\
	{									\
		race_notifier_begin(block, race_run_notifier, #name, _RET_IP_);	\
		return name arguments;						\
	}

#define UNREGISTER(name, parameters, arguments)					\
	RACE_WRAP(int, name, RACE_LIST parameters)				\
	{									\
		int err = name arguments;					\
										\
		race_notifier_over(block, #name, _RET_IP_);			\
		return err;							\
	}
#define RACE_LIST(...)	__VA_ARGS__

#define CHAIN(kind)								\
	REGISTER(kind##_notifier_chain_register,				\
		 (struct kind##_notifier_head *chain, struct notifier_block *block), \
		 (chain, block))						\
	UNREGISTER(kind##_notifier_chain_unregister,				\
		   (struct kind##_notifier_head *chain, struct notifier_block *block), \
		   (chain, block))

#define UNIQUE(kind)								\
	REGISTER(kind##_notifier_chain_register_unique_prio,			\
		 (struct kind##_notifier_head *chain, struct notifier_block *block), \
		 (chain, block))

CHAIN(blocking)
CHAIN(atomic)
CHAIN(raw)
#ifdef CONFIG_SRCU
CHAIN(srcu)
#endif
UNIQUE(blocking)
UNIQUE(atomic)

/* A chain that has no name. */
#define HIDDEN(name)								\
	REGISTER(register_##name##_notifier, (struct notifier_block *block), (block)) \
	UNREGISTER(unregister_##name##_notifier, (struct notifier_block *block), (block))

HIDDEN(reboot)
HIDDEN(module)
HIDDEN(oom)
#ifdef CONFIG_PM_SLEEP
HIDDEN(pm)
#endif
#ifdef CONFIG_INET
HIDDEN(inetaddr)
HIDDEN(netevent)
#endif
#if IS_ENABLED(CONFIG_IPV6)
HIDDEN(inet6addr)
#endif
