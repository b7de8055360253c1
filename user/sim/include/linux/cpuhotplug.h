/* SPDX-License-Identifier: GPL-2.0-only */
/* CPUs do not come and go. */
#ifndef SIM_CPUHOTPLUG_H
#define SIM_CPUHOTPLUG_H

enum cpuhp_state { CPUHP_BP_PREPARE_DYN };

#define cpuhp_setup_state_multi(state, name, startup, teardown)	((void)(teardown), state)
#define cpuhp_remove_multi_state(state)				((void)(state))
#define cpuhp_state_add_instance_nocalls(state, node)		((void)(state), (void)(node), 0)
#define cpuhp_state_remove_instance_nocalls(state, node)	((void)(state), (void)(node))

#endif /* SIM_CPUHOTPLUG_H */
