// SPDX-License-Identifier: GPL-2.0-only
/* What a module does with network namespaces, as they come and go. */
#include <net/net_namespace.h>

#include "interpose.h"
#include "wrap.h"

/* Whoever was in a namespace has left it. */
static unsigned long run_exit(const struct race_call *call)
{
	race_methods_over("end of the namespace", _THIS_IP_);
	return race_method(call);
}

static const struct race_slot slots[] = {
	RACE_SLOT(pernet_operations, init, race_method),
	RACE_SLOT(pernet_operations, pre_exit, run_exit),
	RACE_SLOT(pernet_operations, exit, run_exit),
	RACE_SLOT(pernet_operations, exit_batch, run_exit),
};

RACE_WRAP(int, register_pernet_subsys, struct pernet_operations *ops)
{
	race_interpose(ops, slots, _RET_IP_);
	return register_pernet_subsys(ops);
}

RACE_WRAP(int, register_pernet_device, struct pernet_operations *ops)
{
	race_interpose(ops, slots, _RET_IP_);
	return register_pernet_device(ops);
}

RACE_WRAP(void, unregister_pernet_subsys, struct pernet_operations *ops)
{
	unregister_pernet_subsys(ops);
	race_methods_over("unregister_pernet_subsys", _RET_IP_);
}

RACE_WRAP(void, unregister_pernet_device, struct pernet_operations *ops)
{
	unregister_pernet_device(ops);
	race_methods_over("unregister_pernet_device", _RET_IP_);
}
