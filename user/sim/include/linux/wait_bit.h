/* SPDX-License-Identifier: GPL-2.0-only */
/* Sleeping until a variable is so. Nobody does while others run: what waits here is the end. */
#ifndef SIM_WAIT_BIT_H
#define SIM_WAIT_BIT_H

#include <linux/sched.h>

#define wait_var_event(var, condition) do { \
	while (!(condition)) \
		cpu_relax(); \
} while (0)
#define wake_up_var(var)	((void)(var))

#endif /* SIM_WAIT_BIT_H */
