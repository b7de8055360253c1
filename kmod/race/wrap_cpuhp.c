// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a module does as CPUs come and go: one CPU after the other does it, and who asks for that,
 * or that it be so no more, waits for all. So it is as if all were under one lock.
 */
#include <linux/cpuhotplug.h>

#include "callbacks.h"
#include "wrap.h"

static char coming_and_going;	/* a clock */

static void begin(const char *what, unsigned long pc)
{
	race_release(&coming_and_going, what, pc);
}

static void end(const char *what, unsigned long pc)
{
	race_acquire(&coming_and_going, what, pc);
}

static unsigned long run(const struct race_call *call)
{
	unsigned long result;

	end("a CPU's coming or going", _THIS_IP_);
	result = race_call(call);
	begin("end of a CPU's coming or going", _THIS_IP_);
	return result;
}

#define SETUP(name)								\
	RACE_WRAP(int, name, enum cpuhp_state state, const char *label, bool invoke, \
		  int (*startup)(unsigned int cpu), int (*teardown)(unsigned int cpu), \
		  bool multi)							\
	{									\
		int got;							\
										\
		begin(#name, _RET_IP_);						\
		got = name(state, label, invoke, race_callback(startup, run),	\
			   race_callback(teardown, run), multi);		\
		end(#name, _RET_IP_);						\
		return got;							\
	}

SETUP(__cpuhp_setup_state)
SETUP(__cpuhp_setup_state_cpuslocked)

#define REMOVE(name)								\
	RACE_WRAP(void, name, enum cpuhp_state state, bool invoke)		\
	{									\
		begin(#name, _RET_IP_);						\
		name(state, invoke);						\
		end(#name, _RET_IP_);						\
	}

REMOVE(__cpuhp_remove_state)
REMOVE(__cpuhp_remove_state_cpuslocked)

#define INSTANCE(name)								\
	RACE_WRAP(int, name, enum cpuhp_state state, struct hlist_node *node, bool invoke) \
	{									\
		int err;							\
										\
		begin(#name, _RET_IP_);						\
		err = name(state, node, invoke);				\
		end(#name, _RET_IP_);						\
		return err;							\
	}

INSTANCE(__cpuhp_state_add_instance)
INSTANCE(__cpuhp_state_remove_instance)
