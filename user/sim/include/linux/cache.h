/* SPDX-License-Identifier: GPL-2.0-only */
/* Cache lines: see linux/compiler.h. */
#ifndef SIM_CACHE_H
#define SIM_CACHE_H

#include <linux/compiler.h>

#endif /* SIM_CACHE_H */
