/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the code is. */
#ifndef SIM_INSTRUCTION_POINTER_H
#define SIM_INSTRUCTION_POINTER_H

#include <linux/kernel.h>

#define _THIS_IP_	({ __label__ sim_here; sim_here: (unsigned long)&&sim_here; })

#endif /* SIM_INSTRUCTION_POINTER_H */
