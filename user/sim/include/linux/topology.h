/* SPDX-License-Identifier: GPL-2.0-only */
/* Two CPUs a node. */
#ifndef SIM_TOPOLOGY_H
#define SIM_TOPOLOGY_H

#include <linux/cpumask.h>

#define cpu_to_node(cpu)	((int)(cpu) / 2)

#endif /* SIM_TOPOLOGY_H */
