/* SPDX-License-Identifier: GPL-2.0-only */
/* liburcu, by names that do not clash with the kernel's. */
#ifndef SIM_URCU_H
#define SIM_URCU_H

void native_urcu_register(void);
void native_urcu_unregister(void);
void native_urcu_read_lock(void);
void native_urcu_read_unlock(void);
void native_urcu_synchronize(void);

#endif /* SIM_URCU_H */
