/* SPDX-License-Identifier: GPL-2.0-only */
/* Random bytes, always the same: a schedule must be run again as it was. */
#ifndef SIM_RANDOM_H
#define SIM_RANDOM_H

#include <linux/types.h>

#define get_random_bytes(to, size)	((void)memset(to, 0x5a, size))

#endif /* SIM_RANDOM_H */
