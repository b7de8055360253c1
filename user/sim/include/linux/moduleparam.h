/* SPDX-License-Identifier: GPL-2.0-only */
/* Parameters: a case sets what sim_parameter_NAME points to. */
#ifndef SIM_MODULEPARAM_H
#define SIM_MODULEPARAM_H

#include <linux/kernel.h>

#define module_param_named(name, variable, type, mode) \
	__typeof__(variable) *const sim_parameter_##name = &(variable)
#define module_param(name, type, mode)	module_param_named(name, name, type, mode)
#define MODULE_PARM_DESC(name, what)	extern int sim_describes_nothing

#endif /* SIM_MODULEPARAM_H */
