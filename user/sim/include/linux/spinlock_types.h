/* SPDX-License-Identifier: GPL-2.0-only */
/* Locks: see spinlock.h. */
#ifndef SIM_SPINLOCK_TYPES_H
#define SIM_SPINLOCK_TYPES_H

#include <linux/spinlock.h>

#endif /* SIM_SPINLOCK_TYPES_H */
