/* SPDX-License-Identifier: GPL-2.0-only */
/* Sleeping for so long that others have got on. */
#ifndef SIM_DELAY_H
#define SIM_DELAY_H

#include <linux/sched.h>

#define usleep_range(least, most)	sim_yield()

#endif /* SIM_DELAY_H */
