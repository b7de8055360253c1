/* SPDX-License-Identifier: GPL-2.0-only */
/* There are no softirqs. */
#ifndef SIM_BOTTOM_HALF_H
#define SIM_BOTTOM_HALF_H

#define local_bh_disable()	do { } while (0)
#define local_bh_enable()	do { } while (0)

#endif /* SIM_BOTTOM_HALF_H */
