/* SPDX-License-Identifier: GPL-2.0-only */
/* What is logged: see kernel.h. */
#ifndef SIM_PRINTK_H
#define SIM_PRINTK_H

#include <linux/kernel.h>

#endif /* SIM_PRINTK_H */
