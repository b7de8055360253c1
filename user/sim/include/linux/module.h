/* SPDX-License-Identifier: GPL-2.0-only */
/* Modules, of which there are none that could go. */
#ifndef SIM_MODULE_H
#define SIM_MODULE_H

#include <linux/export.h>

#define try_module_get(module)	((void)(module), true)
#define module_put(module)	((void)(module))

#endif /* SIM_MODULE_H */
