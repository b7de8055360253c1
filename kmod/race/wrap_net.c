// SPDX-License-Identifier: GPL-2.0-only
/* What a module does with network namespaces, as they come and go. */
#include <net/net_namespace.h>

#include "file.h"
#include "interpose.h"
#include "wrap.h"

static unsigned long run(void *function, void *a, void *b, void *c, void *d, void *e, void *f)
{
	unsigned long result;

	race_interposed(function);
	result = race_call(function, a, b, c, d, e, f);
	race_method_end();
	return result;
}

/* Whoever was in a namespace has left it. */
static unsigned long run_exit(void *function, void *a, void *b, void *c, void *d, void *e, void *f)
{
	race_methods_over("end of the namespace", _THIS_IP_);
	return run(function, a, b, c, d, e, f);
}

static void watch(const struct pernet_operations *ops, unsigned long pc)
{
	race_interpose(&ops->init, run, pc);
	race_interpose(&ops->pre_exit, run_exit, pc);
	race_interpose(&ops->exit, run_exit, pc);
	race_interpose(&ops->exit_batch, run_exit, pc);
}

RACE_WRAP(int, register_pernet_subsys, struct pernet_operations *ops)
{
	watch(ops, _RET_IP_);
	return register_pernet_subsys(ops);
}

RACE_WRAP(int, register_pernet_device, struct pernet_operations *ops)
{
	watch(ops, _RET_IP_);
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
