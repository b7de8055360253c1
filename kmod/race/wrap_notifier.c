// SPDX-License-Identifier: GPL-2.0-only
/*
 * Chains of notifiers, as modules call them: registration comes before a call, and the calls that
 * there were before the end of one.
 */
#include <linux/notifier.h>

#include "wrap.h"

static const void *ends_of(const void *chain)
{
	return (const char *)chain + 1;
}

#define REGISTER(name, type)							\
	RACE_WRAP(int, name, type *chain, struct notifier_block *block)		\
	{									\
		race_release(chain, #name, _RET_IP_);				\
		return name(chain, block);					\
	}

#define UNREGISTER(name, type)							\
	RACE_WRAP(int, name, type *chain, struct notifier_block *block)		\
	{									\
		int err = name(chain, block);					\
										\
		race_acquire(ends_of(chain), #name, _RET_IP_);			\
		return err;							\
	}

#define CALL(name, type)							\
	RACE_WRAP(int, name, type *chain, unsigned long event, void *data)	\
	{									\
		int result;							\
										\
		race_acquire(chain, #name, _RET_IP_);				\
		result = name(chain, event, data);				\
		race_release(ends_of(chain), #name, _RET_IP_);			\
		return result;							\
	}

#define CALL_ROBUST(name, type)							\
	RACE_WRAP(int, name, type *chain, unsigned long up, unsigned long down, void *data) \
	{									\
		int result;							\
										\
		race_acquire(chain, #name, _RET_IP_);				\
		result = name(chain, up, down, data);				\
		race_release(ends_of(chain), #name, _RET_IP_);			\
		return result;							\
	}

#define CHAIN(kind)								\
	REGISTER(kind##_notifier_chain_register, struct kind##_notifier_head)	\
	UNREGISTER(kind##_notifier_chain_unregister, struct kind##_notifier_head) \
	CALL(kind##_notifier_call_chain, struct kind##_notifier_head)

CHAIN(blocking)
CHAIN(atomic)
CHAIN(raw)
#ifdef CONFIG_SRCU
CHAIN(srcu)
#endif
REGISTER(blocking_notifier_chain_register_unique_prio, struct blocking_notifier_head)
REGISTER(atomic_notifier_chain_register_unique_prio, struct atomic_notifier_head)
CALL_ROBUST(blocking_notifier_call_chain_robust, struct blocking_notifier_head)
CALL_ROBUST(raw_notifier_call_chain_robust, struct raw_notifier_head)
